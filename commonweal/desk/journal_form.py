"""What is asked for a manual journal: its date, its story, a file that explains it, and lines in two columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import formset_factory

from commonweal.desk.forms import use_currency
from commonweal.form_fields import DayField, MoneyField, PlainForm
from ledger import queries
from ledger.domain.entry import Kind
from ledger.services import DraftLine

if TYPE_CHECKING:
    from ledger.models import Book

SPARE_LINES = 6
MOST_LINES = 60


class JournalForm(PlainForm):
    """The head of a manual journal."""

    KINDS = ((Kind.MANUAL.value, "Accrual, correction or other"), (Kind.OPENING.value, "Opening balances"))

    kind = forms.ChoiceField(label="Kind", choices=KINDS, help_text="Opening balances are brought in from other books.")
    on = DayField(noun="the effective date", label="Effective date", help_text="In an open period.")
    narrative = forms.CharField(
        label="What it is for",
        help_text="The auditor reads this.",
        error_messages={"required": "Say what it is for"},
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachment = forms.FileField(
        label="Attachment",
        help_text="What explains it: PDF, PNG, JPEG, DOCX, XLSX, CSV or text, of at most 10 MB.",
    )


class LineForm(PlainForm):
    """One line: an account and an amount on one side."""

    account = forms.CharField(label="Account", widget=forms.TextInput(attrs={"list": "accounts"}))
    debit = MoneyField(noun="the debit", label="Debit", required=False)
    credit = MoneyField(noun="the credit", label="Credit", required=False)

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = book
        use_currency(self, book.base_currency)

    def clean_account(self) -> str:
        """The code of an account of the book; what stands behind it, its name say, does not count."""
        code = str(self.cleaned_data["account"]).split()[0]
        if queries.account(self.book, code) is None:
            raise forms.ValidationError(f"There is no account {code}. Choose one from the list.")
        return code

    def clean(self) -> dict[str, Any]:
        """One of the two sides has an amount."""
        cleaned = super().clean() or {}
        unread = {"debit", "credit"} & self.errors.keys()
        if cleaned.get("account") and not unread and bool(cleaned.get("debit")) == bool(cleaned.get("credit")):
            raise forms.ValidationError("Give a debit or a credit, one of the two.")
        return cleaned


def draft_lines(lines: Iterable[forms.Form]) -> list[DraftLine]:
    """The filled lines as the ledger takes them, debits positive; empty ones do not count."""
    filled = [form.cleaned_data for form in lines if form.cleaned_data.get("account")]
    return [DraftLine(line["account"], line["debit"] or -line["credit"]) for line in filled]


LineFormSet = formset_factory(LineForm, extra=SPARE_LINES, max_num=MOST_LINES)
