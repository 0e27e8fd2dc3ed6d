"""What every act on a fund's capital says, and what its reversal and its decision say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from moneyed import Money

from commonweal.access.models import User
from commonweal.access.scope import investors_for
from commonweal.desk.forms import offer, use_currency
from commonweal.form_fields import DayField, PlainForm
from investors.models import FundClass
from ledger.domain.money import to_minor

if TYPE_CHECKING:
    from ledger.models import Book

INVESTORS = {"investor", "seller", "buyer"}
"""The fields in which one of the investors is chosen that the person may see."""


class ActForm(PlainForm):
    """What every act says: from which day it counts, and what for."""

    on = DayField(noun="the day", label="Counts from")
    words = forms.CharField(
        label="What for", max_length=300, help_text="The second person, the investors and the auditor read it."
    )

    def __init__(self, book: Book, person: User, classes: Sequence[FundClass], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book, self.of_fund = book, classes
        use_currency(self, book.base_currency)
        self.fields["on"].initial = book.business_date
        for name in ("fund_class", "classes"):
            if (field := self.fields.get(name)) and isinstance(field, forms.ChoiceField):
                field.choices = [(one.code, one.name) for one in classes]
        for name in INVESTORS & self.fields.keys():
            offer(self, name, investors_for(person).order_by("name"))
        self.order_fields([name for name in self.fields if name not in ("on", "words")] + ["on", "words"])

    def asked(self) -> dict[str, Any]:
        """What is asked for, as `investors.queries.preview_act` reads it."""
        return {}

    def minor(self, amount: Money) -> int:
        """An amount in minor units of the book's currency."""
        return to_minor(amount.amount, self.book.base_currency)


class ReverseActForm(PlainForm):
    """When and why an act is taken back."""

    on = DayField(noun="the day of the reversal", label="From", help_text="In any open period.")
    words = forms.CharField(label="Why", max_length=300, help_text="The second person and the auditor read it.")


class DecideActForm(PlainForm):
    """Whether exactly what was shown is agreed to, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("approve", "Approve"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")
