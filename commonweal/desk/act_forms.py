"""What is asked before something is done to a live loan; each form makes the event that would be recorded."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass

from commonweal.desk.forms import ApprovalForm, offer, use_currency
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from commonweal.templatetags.commonweal import day, money
from ledger.domain.money import from_minor
from ledger.queries import unmatched_bank_lines
from loans.domain.allocation import Component
from loans.domain.events import (
    FeeCharged,
    Happened,
    HolidayGranted,
    RateChanged,
    Recovered,
    Refunded,
    Repaid,
    Resumed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeKind, FeeSettlement
from loans.domain.servicing import HolidayInterest
from loans.models import Loan
from loans.outlook import new_terms, rearrangement_fee
from loans.queries import position_of

if TYPE_CHECKING:
    from ledger.models import BankStatementLine

Choices = list[tuple[str, str]]


def _words(values: Iterable[str], **other: str) -> Choices:
    """Words of the engine as choices; `other` says some of them in more words."""
    return [(value, other.get(value.replace(" ", "_"), value.capitalize())) for value in map(str, values)]


BOOKED_LATER = "It counts from its own day, and the difference is posted on the first open day."


class ActFormType(DeclarativeFieldsMetaclass, ABCMeta):
    """A form class whose `event` has to be said."""


class ActForm(PlainForm, metaclass=ActFormType):
    """What is done to a loan. Subclasses say when and why, add what is done, and make the event of it."""

    order: tuple[str, ...] = ()
    """The fields that come first."""

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loan = loan
        use_currency(self, loan.currency)
        self.order_fields([*self.order, "on", "reason", "books_later"])

    @property
    def through(self) -> str:
        """The code of the bank account through which money came in."""
        return ""

    @property
    def is_booked_later(self) -> bool:
        """Whether a day in a closed period is booked on the first open day."""
        return bool(self.cleaned_data.get("books_later"))

    @abstractmethod
    def event(self) -> Happened:
        """The event that would be recorded. Raises ImpossibleTerms."""


class DatedForm(ActForm):
    """From which day, and why."""

    on = DayField(
        noun="the day from which it counts",
        label="Counts from",
        help_text="The business date or earlier: an earlier day is worked out again.",
    )
    reason = forms.CharField(
        label="Reason",
        help_text="The second person and the auditor read this.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, loan=loan, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("on", loan.book.business_date)

    @property
    def day(self) -> date:
        """The day from which it counts."""
        on: date = self.cleaned_data["on"]
        return on


class AloneForm(DatedForm):
    """What one person may do, in a closed period too."""

    books_later = forms.BooleanField(
        label="Book it later if that month is closed", help_text=BOOKED_LATER, required=False
    )


class FeeForm(AloneForm):
    """A fee."""

    order = ("amount", "kind", "settlement", "on", "earned_by")
    amount = MoneyField(noun="the fee", label="Fee")
    kind = forms.ChoiceField(label="What for", choices=_words(FeeKind), initial=FeeKind.OTHER.value)
    settlement = forms.ChoiceField(
        label="How it is paid",
        choices=[
            (FeeSettlement.PAID.value, "It is due the same day"),
            (FeeSettlement.CAPITALISED.value, "It is added to principal"),
        ],
    )
    earned_by = DayField(
        noun="the day by which it is earned",
        label="Earned by",
        help_text="Income in equal parts until then; left empty: at once.",
        required=False,
    )

    def event(self) -> Happened:
        given = self.cleaned_data
        kind, settlement = FeeKind(given["kind"]), FeeSettlement(given["settlement"])
        return FeeCharged(self.day, 0, given["amount"], kind, settlement, given["earned_by"])


class RateForm(AloneForm):
    """Another nominal rate."""

    order = ("annual_rate",)
    annual_rate = PercentField(noun="the nominal rate", label="Nominal rate a year")

    def event(self) -> Happened:
        return RateChanged(self.day, 0, self.cleaned_data["annual_rate"])


class WaiverForm(DatedForm):
    """What the fund gives up."""

    order = ("component", "amount")
    component = forms.ChoiceField(label="What of", choices=_words(Component), initial=Component.INTEREST.value)
    amount = MoneyField(noun="the amount given up", label="Amount", help_text="At most what is due and unpaid of it.")

    def event(self) -> Happened:
        return Waived(self.day, 0, self.cleaned_data["amount"], Component(self.cleaned_data["component"]))


class HolidayForm(DatedForm):
    """A pause of principal."""

    order = ("instalments", "interest", "extends")
    instalments = forms.IntegerField(
        label="Instalments without principal",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    interest = forms.ChoiceField(
        label="Interest meanwhile",
        choices=_words(
            HolidayInterest,
            paid="It is paid as it falls due",
            deferred="It waits for the first date after the pause",
            capitalised="It is added to principal",
        ),
    )
    extends = forms.BooleanField(label="The loan ends as much later", required=False)

    def event(self) -> Happened:
        given = self.cleaned_data
        return HolidayGranted(
            self.day, 0, given["instalments"], HolidayInterest(given["interest"]), bool(given["extends"])
        )


class NewTermsForm(DatedForm):
    """New terms for all principal that is owed."""

    order = ("first_due_on", "instalments", "annual_rate", "capitalises")
    first_due_on = DayField(
        noun="the first due date",
        label="Next instalment due",
        help_text="New dates from here on (re-age). Left empty: the dates stay, the amounts are new (re-amortise).",
        required=False,
    )
    instalments = forms.IntegerField(
        label="Over how many instalments",
        help_text="Left empty: as many as are left.",
        min_value=1,
        max_value=480,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    annual_rate = PercentField(
        noun="the nominal rate", label="Nominal rate a year", help_text="Left empty: as it is.", required=False
    )
    capitalises = forms.BooleanField(label="Add unpaid interest and fees to principal", required=False)
    fee = MoneyField(
        noun="the rearrangement fee", label="Rearrangement fee", help_text="Left empty: none.", required=False
    )

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, loan=loan, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("fee", rearrangement_fee(loan, loan.book.business_date))

    def event(self) -> Happened:
        names = ("capitalises", "instalments", "first_due_on", "annual_rate", "fee")
        return new_terms(self.loan, self.day, **{name: self.cleaned_data[name] for name in names})


class RefundForm(DatedForm):
    """Money that goes back."""

    order = ("amount",)
    amount = MoneyField(noun="the refund", label="Amount", help_text="At most what is held in advance.")

    def event(self) -> Happened:
        return Refunded(self.day, 0, self.cleaned_data["amount"])


class SuspendForm(AloneForm):
    """Into non-accrual."""

    def event(self) -> Happened:
        return Suspended(self.day, 0)


class ResumeForm(AloneForm):
    """Back to accrual."""

    def event(self) -> Happened:
        return Resumed(self.day, 0)


class WriteOffForm(DatedForm):
    """What leaves the books."""

    order = ("amount",)
    amount = MoneyField(
        noun="the amount written off",
        label="Principal written off",
        help_text="Left empty: all of it, with everything else that is unpaid.",
        required=False,
    )

    def event(self) -> Happened:
        return WrittenOff(self.day, 0, self.cleaned_data["amount"])


class BankLineField(forms.ModelChoiceField):
    """Money that came in and waits in suspense."""

    def label_from_instance(self, obj: Any) -> str:
        """Day, amount, from whom, and its reference."""
        left = money(from_minor(obj.rest, obj.bank_account.currency))
        return " · ".join(part for part in (day(obj.booked_on), left, obj.counterparty, obj.reference) if part)


class FromBankLineForm(ActForm):
    """Which money it is; the day is the bank's."""

    order = ("line",)
    line = BankLineField(queryset=None, label="Bank line", empty_label="Choose the money that came in")
    reason = forms.CharField(
        label="Reason",
        help_text="Kept with it, if there is something to say.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    books_later = forms.BooleanField(
        label="Book it later if the bank’s month is closed", help_text=BOOKED_LATER, required=False
    )

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, loan=loan, **kwargs)
        offer(self, "line", money_in(loan))

    @property
    def day(self) -> date:
        """The day on which the bank booked it."""
        line: BankStatementLine = self.cleaned_data["line"]
        return line.booked_on

    @property
    def through(self) -> str:
        """Its bank account."""
        line: BankStatementLine = self.cleaned_data["line"]
        return line.bank_account.code

    @property
    def amount(self) -> Any:
        """What of the line is left in suspense."""
        line = self.cleaned_data["line"]
        return from_minor(line.rest, line.bank_account.currency)


class SettleForm(FromBankLineForm):
    """The money that ends a loan."""

    def event(self) -> Happened:
        return Repaid(self.day, 0, self.amount, settles=True)

    def clean(self) -> dict[str, Any]:
        """It has to be enough."""
        given = super().clean() or self.cleaned_data
        if "line" in given and self.amount.currency.code == self.loan.currency:
            asked = position_of(self.loan, self.day).quote.total
            if self.amount < asked:
                short = f"{money(self.amount)} is {money(asked - self.amount)} less than settles the loan"
                self.add_error("line", f"{short} on {day(self.day)}: {money(asked)}. Match it as a repayment instead")
        return given


class RecoveryForm(FromBankLineForm):
    """Money that came back after a write-off."""

    def event(self) -> Happened:
        return Recovered(self.day, 0, self.amount)


def money_in(loan: Loan) -> Any:
    """Bank lines of money that came in, in the loan's currency, with something left in suspense."""
    found = unmatched_bank_lines(loan.book).filter(rest__gt=0, bank_account__currency=loan.currency)
    return found.select_related("bank_account")


class ProposalDecisionForm(ApprovalForm):
    """The same, with what the business reads that asked for it."""

    words = forms.CharField(
        label="What the business reads",
        help_text="It asked for this. Declined without an answer, its request stays open.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RequestDeclinedForm(PlainForm):
    """What a business is told when it does not get what it asked for."""

    words = forms.CharField(
        label="Your answer",
        help_text="The business reads it: say why, and what could help instead.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
