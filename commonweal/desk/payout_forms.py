"""What is asked about payouts and about tax; the services decide what is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from moneyed import Money

from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from investors.domain.payout import HeldMoney, PayoutAsked
from investors.models import Investor
from ledger.domain.money import from_minor


@dataclass(frozen=True, slots=True)
class Candidate:
    """An investor for whom money is held."""

    investor: Investor
    held: HeldMoney

    @property
    def may_be_paid(self) -> bool:
        """Whether something is free, bank details are confirmed, and it is known whether interest is taxed."""
        return bool(self.held.free.amount > 0) and self.held.has_account and not self.tax_is_unsaid

    @property
    def tax_is_unsaid(self) -> bool:
        """Whether interest would be paid of which nobody has said how it is taxed."""
        return self.held.tax_rate is None and self.held.interest_unpaid.amount > 0

    @property
    def interest(self) -> Money:
        """What of the money that is free would be interest, if all of it is paid."""
        return min(self.held.free, max(self.held.interest_unpaid, 0 * self.held.free))


class PayoutForm(PlainForm):
    """Whom to pay, what stays of each one's money, and why."""

    reason = forms.CharField(
        label="Reason", max_length=500, help_text="Such as the quarter. The second person and the auditor read it."
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for one in candidates:
            self._add(one)

    def rows(self) -> Iterable[tuple[Candidate, Any, Any]]:
        """Each candidate with its two fields."""
        for one in self.candidates:
            yield one, self[f"pay_{one.investor.pk}"], self[f"stays_{one.investor.pk}"]

    def asked(self) -> list[PayoutAsked]:
        """What is ticked: all that is free of each, less what stays."""
        given = self.cleaned_data
        chosen = [one for one in self.candidates if given[f"pay_{one.investor.pk}"]]
        return [PayoutAsked(one.investor.code, self._stays(one)) for one in chosen]

    def _stays(self, one: Candidate) -> Money:
        nought = from_minor(0, one.held.held.currency.code)
        return self.cleaned_data[f"stays_{one.investor.pk}"] or nought

    def _add(self, one: Candidate) -> None:
        pay = forms.BooleanField(required=False, initial=one.may_be_paid, disabled=not one.may_be_paid)
        stays = MoneyField(noun="what stays", required=False)
        stays.use_currency(one.held.held.currency.code)
        stays.widget.attrs["class"] = "input--xs num"
        stays.widget.attrs["aria-label"] = f"What stays of the money of {one.investor}"
        self.fields[f"pay_{one.investor.pk}"], self.fields[f"stays_{one.investor.pk}"] = pay, stays


class DecidePayoutForm(PlainForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("approve", "Approve"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


class TakeBackForm(PlainForm):
    """Which lines are taken back, and why."""

    lines = forms.TypedMultipleChoiceField(
        label="Whose money is held again?", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="Reason", max_length=500, help_text="The auditor reads this.", widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = choices


class TaxForm(PlainForm):
    """Whether tax is withheld from an investor's interest from a day on, and why."""

    rate = PercentField(
        noun="the rate of tax",
        label="Tax withheld from interest",
        help_text="0 where interest is paid gross, as to companies, banks and charities; 20 is the basic rate, "
        "which is ordinary for an individual.",
    )
    effective_on = DayField(noun="the first day", label="From", help_text="Payouts of that day and later withhold it.")
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="What it declared, or the rule, and where that is kept. The tax authority and the auditor ask.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
