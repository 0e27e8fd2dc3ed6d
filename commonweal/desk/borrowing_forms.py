"""What is asked about the fund's own borrowing: what is agreed, and what happened to it."""

from __future__ import annotations

from typing import Any

from django import forms

from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from investors.domain.borrowing import Agreement, facility_terms
from investors.domain.borrowing_covenants import MOST_DAYS_LATE, Covenants
from investors.models import Investor
from loans.domain.calendar import interval
from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.events import Drawn, FeeCharged, Happened, RateChanged, Repaid
from loans.domain.fees import FeeKind
from loans.domain.offer_words import APART, KINDS, PREPAID
from loans.domain.servicing import Prepayment

EVERY = [(f"{months}M", words.capitalize()) for months, words in APART.items()]
WAYS = (Amortisation.ANNUITY, Amortisation.EQUAL_PRINCIPAL, Amortisation.BULLET)
SMALL: dict[str, Any] = {"widget": forms.NumberInput(attrs={"class": "input--xs num"})}
TIMES: dict[str, Any] = {"widget": forms.NumberInput(attrs={"class": "input--xs num", "step": "0.01"})}

PARTS = (
    ("The agreement", ("lender", "reference", "effective_on", "available_until", "security")),
    (
        "What is lent, and how it comes back",
        (
            *("amount", "annual_rate", "amortisation", "every", "first_due_on", "instalments"),
            *("interest_only_periods", "day_count", "arrangement_fee", "commitment_fee"),
        ),
    ),
    ("What the fund promises", ("advance_rate", "days_late", "arrears_share", "interest_cover", "minimum_cash")),
)
"""The fields of a facility under their headings."""


class FacilityForm(PlainForm):
    """What the fund and a lender agreed."""

    lender: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Lender", empty_label="Choose a lender"
    )
    reference = forms.CharField(
        label="The lender’s number of the agreement", max_length=35, help_text="Payments to the lender bear it."
    )
    effective_on = DayField(noun="the first day", label="Counts from")
    available_until = DayField(noun="the last day on which it may be drawn", label="May be drawn until")
    security = forms.CharField(
        label="Security", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    amount = MoneyField(noun="the amount", label="Amount", help_text="The most that may be drawn in all.")
    annual_rate = PercentField(noun="the nominal rate", label="Nominal rate a year")
    amortisation = forms.ChoiceField(label="Repayment", choices=[(str(kind), KINDS[kind]) for kind in WAYS])
    every = forms.ChoiceField(label="Instalments", choices=EVERY, initial="3M")
    first_due_on = DayField(noun="the first due date", label="First due date")
    instalments = forms.IntegerField(label="Number of instalments", min_value=1, max_value=480, **SMALL)
    interest_only_periods = forms.IntegerField(
        label="Interest-only periods", min_value=0, max_value=480, initial=0, **SMALL
    )
    day_count = forms.ChoiceField(
        label="Day count",
        choices=[(str(one), str(one).upper()) for one in DayCount],
        initial=str(DayCount.ACTUAL_365_FIXED),
    )
    arrangement_fee = PercentField(noun="the arrangement fee", label="Arrangement fee", required=False)
    commitment_fee = PercentField(
        noun="the commitment fee",
        label="Commitment fee a year",
        required=False,
        help_text="Of what is undrawn.",
    )
    advance_rate = PercentField(
        noun="the advance rate",
        label="Advance rate",
        required=False,
        help_text="What of the eligible loans may be drawn. Empty: no borrowing base.",
    )
    days_late = forms.IntegerField(
        label="Days late",
        min_value=0,
        max_value=MOST_DAYS_LATE,
        initial=90,
        help_text="A later loan is not eligible, and counts as in arrears.",
        **SMALL,
    )
    arrears_share = PercentField(noun="the arrears share", label="In arrears at most", required=False)
    interest_cover = forms.DecimalField(
        label="Interest cover at least",
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text="Times, over twelve months.",
        **TIMES,
    )
    minimum_cash = MoneyField(noun="the minimum cash", label="Cash at least", required=False)
    reason = forms.CharField(label="Reason", max_length=500, help_text="The second person and the auditor read it.")

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings; the lender of a facility that stands is not asked."""
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in PARTS]

    def agreement(self) -> Agreement:
        """What is agreed, as a value. Raises ImpossibleTerms and FacilityRefused."""
        given = self.cleaned_data
        names = ("amount", "annual_rate", "first_due_on", "instalments", "interest_only_periods")
        terms = facility_terms(
            **{name: given[name] for name in names},
            amortisation=Amortisation(given["amortisation"]),
            every=interval(given["every"]),
            day_count=DayCount(given["day_count"]),
            arrangement_fee=given["arrangement_fee"],
            commitment_fee=given["commitment_fee"],
        )
        promised = ("advance_rate", "days_late", "arrears_share", "interest_cover", "minimum_cash")
        return Agreement(
            reference=given["reference"],
            terms=terms,
            effective_on=given["effective_on"],
            available_until=given["available_until"],
            security=given["security"],
            covenants=Covenants(**{name: given[name] for name in promised}),
        )


def as_initial(agreement: Agreement) -> dict[str, Any]:
    """The fields as an agreement has them, for the form of new terms."""
    terms, promised = agreement.terms, agreement.covenants
    fees = {fee.kind: fee.share for fee in terms.fees}
    return {
        "reference": agreement.reference,
        "available_until": agreement.available_until,
        "security": agreement.security,
        "amount": terms.principal,
        "annual_rate": terms.annual_rate,
        "amortisation": str(terms.amortisation),
        "every": str(terms.cycle.every),
        "instalments": terms.instalments,
        "interest_only_periods": terms.interest_only_periods,
        "day_count": str(terms.day_count),
        "arrangement_fee": fees.get(FeeKind.ARRANGEMENT),
        "commitment_fee": fees.get(FeeKind.COMMITMENT),
        "advance_rate": promised.advance_rate,
        "days_late": promised.days_late,
        "arrears_share": promised.arrears_share,
        "interest_cover": promised.interest_cover,
        "minimum_cash": promised.minimum_cash,
    }


class DecideTermsForm(PlainForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("approve", "Approve"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


class BorrowingActForm(PlainForm):
    """When something happened; what, the forms below ask."""

    on = DayField(noun="the day", label="Date")

    def event(self) -> Happened:
        """What is recorded."""
        raise TypeError(f"{type(self).__name__} asks for no event")


class DrawForm(BorrowingActForm):
    """A draw, to see what it would change."""

    amount = MoneyField(noun="the draw", label="Amount")

    def event(self) -> Happened:
        return Drawn(self.cleaned_data["on"], 0, self.cleaned_data["amount"])


class RepayForm(BorrowingActForm):
    """A repayment to the lender."""

    amount = MoneyField(noun="the repayment", label="Amount")
    prepayment = forms.ChoiceField(
        label="Beyond what is due",
        required=False,
        choices=[("", "As agreed"), *((str(rule), words.capitalize()) for rule, words in PREPAID.items())],
    )
    settles = forms.BooleanField(label="It ends the debt, if it is enough", required=False)

    def event(self) -> Happened:
        rule = self.cleaned_data["prepayment"]
        amount, settles = self.cleaned_data["amount"], self.cleaned_data["settles"]
        return Repaid(self.cleaned_data["on"], 0, amount, Prepayment(rule) if rule else None, settles)


class RateForm(BorrowingActForm):
    """Another rate from a day on."""

    annual_rate = PercentField(noun="the nominal rate", label="Nominal rate a year")
    reason = forms.CharField(label="Reason", max_length=500, help_text="The auditor reads it.")

    def event(self) -> Happened:
        return RateChanged(self.cleaned_data["on"], 0, self.cleaned_data["annual_rate"])


class FeeForm(BorrowingActForm):
    """A fee that the lender charges."""

    amount = MoneyField(noun="the fee", label="Amount")
    reason = forms.CharField(label="Reason", max_length=500, help_text="The auditor reads it.")

    def event(self) -> Happened:
        return FeeCharged(self.cleaned_data["on"], 0, self.cleaned_data["amount"])


class TakeBackForm(PlainForm):
    """From when on something counts no more, and why."""

    on = DayField(noun="the day", label="From", help_text="From that day on it counts no more.")
    reason = forms.CharField(label="Reason", max_length=500, help_text="The auditor reads it.")
