"""What is asked for a manual journal: its date, its story, a file that explains it, and lines in two columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from moneyed import Money

from commonweal.form_fields import DayField
from ledger import queries
from ledger.queries import Book
from ledger.services import DraftLine


class JournalForm(forms.Form):
    """The head of a manual journal."""

    on = DayField(noun="the effective date", label="Effective date", help_text="In an open period.")
    narrative = forms.CharField(label="What it is for", help_text="The auditor reads this.", max_length=300)
    attachment = forms.FileField(
        label="Attachment", help_text="What explains it: a PDF, PNG, JPEG, CSV or text file of at most 10 MB."
    )


class LineForm(forms.Form):
    """One line: an account and an amount on one side."""

    account = forms.CharField(label="Account", widget=forms.TextInput(attrs={"list": "accounts", "class": "input"}))
    debit = forms.DecimalField(
        label="Debit",
        required=False,
        min_value=0,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input input--s num"}),
    )
    credit = forms.DecimalField(
        label="Credit",
        required=False,
        min_value=0,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input input--s num"}),
    )

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = book

    def clean_account(self) -> str:
        code = str(self.cleaned_data["account"]).split()[0]
        if queries.account(self.book, code) is None:
            raise forms.ValidationError(f"There is no account {code}. Choose one from the list.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("account") and bool(cleaned.get("debit")) == bool(cleaned.get("credit")):
            raise forms.ValidationError("Give a debit or a credit, one of the two.")
        return cleaned


def draft_lines(lines: BaseFormSet[LineForm], currency: str) -> list[DraftLine]:
    """The filled lines as the ledger takes them, debits positive; empty ones do not count."""
    filled = [form.cleaned_data for form in lines.forms if form.cleaned_data.get("account")]
    return [DraftLine(line["account"], Money(line.get("debit") or -line["credit"], currency)) for line in filled]


LineFormSet = formset_factory(LineForm, extra=6, max_num=60)
