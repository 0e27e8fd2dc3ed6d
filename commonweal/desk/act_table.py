"""What can be done to a live loan: a row for each act, with its form, how many people it takes, and when it can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from commonweal.access.models import User
from commonweal.desk import act_forms
from commonweal.desk.act_forms import ActForm, money_in
from commonweal.jobs.servicing import act_on, recover_from_bank_line, settle_from_bank_line
from loans.domain.events import Happened
from loans.domain.position import Position
from loans.models import EventKind, Loan, LoanEvent, Standing
from loans.services import Circumstances

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Live:
    """A loan as its acts see it."""

    loan: Loan
    at: Position
    stood: Standing | None
    has_money_in: bool


Recorder = Callable[..., LoanEvent]
WhyNot = Callable[[Live], str]


@dataclass(frozen=True, slots=True)
class Act:
    """One row. `impossible` says why it cannot be done now, or nothing; `record` does what one person may do."""

    name: str
    label: str
    form: type[ActForm]
    will: str
    will_not: str
    impossible: WhyNot
    kind: EventKind
    record: Recorder | None = None

    @property
    def takes_two(self) -> bool:
        """Whether one person proposes it and another approves."""
        return self.record is None

    def why_impossible(self, live: Live) -> str:
        """Why it cannot be done as things stand; empty if it can."""
        if not live.at.drawn:
            return "Nothing is lent yet."
        return self.impossible(live)


def _circumstances(form: ActForm) -> Circumstances:
    return Circumstances(reason=form.cleaned_data["reason"], books_later=form.is_booked_later)


def _record(*, loan: Loan, form: ActForm, event: Happened, by: User, key: str) -> LoanEvent:
    return act_on(loan=loan, event=event, by=by, key=key, circumstances=_circumstances(form))


def _settle(*, loan: Loan, form: ActForm, event: Happened, by: User, key: str) -> LoanEvent:
    return settle_from_bank_line(loan=loan, line=form.cleaned_data["line"], by=by, circumstances=_circumstances(form))


def _recover(*, loan: Loan, form: ActForm, event: Happened, by: User, key: str) -> LoanEvent:
    return recover_from_bank_line(loan=loan, line=form.cleaned_data["line"], by=by, circumstances=_circumstances(form))


def _owes_nothing(live: Live) -> str:
    return "" if live.at.principal_outstanding else "No principal is owed."


def _over(live: Live) -> str:
    return "The loan is over." if live.at.is_over else ""


def _nothing_unpaid(live: Live) -> str:
    at = live.at
    unpaid: Decimal = (at.arrears + at.interest_due + at.fees_due + at.default_interest_due).amount
    return "" if unpaid else "Nothing is due and unpaid."


def _nothing_to_come(live: Live) -> str:
    return "" if any(row.instalment.due_on > live.at.as_of for row in live.at.instalments) else "No instalment is left."


def _nothing_in_advance(live: Live) -> str:
    return "" if live.at.in_advance else "Nothing is held in advance."


def _suspended(live: Live, *, wanted: bool) -> str:
    is_suspended = live.stood is not None and live.stood.is_suspended
    if is_suspended is wanted:
        return _over(live)
    return "It is in non-accrual already." if is_suspended else "It accrues as usual."


def _no_money_to_settle(live: Live) -> str:
    return _owes_nothing(live) or ("" if live.has_money_in else "No money waits in suspense.")


def _no_money_recovered(live: Live) -> str:
    if not live.at.written_off:
        return "Nothing was written off."
    return "" if live.has_money_in else "No money waits in suspense."


ACTS = (
    Act(
        "fee",
        "Charge a fee",
        act_forms.FeeForm,
        "charge the fee: the business owes it, or its principal grows by it.",
        "send the business anything. Tell it what the fee is for.",
        _over,
        EventKind.FEE_CHARGED,
        _record,
    ),
    Act(
        "rate",
        "Change the rate",
        act_forms.RateForm,
        "count interest at the new rate from that day, and make the instalments to come anew.",
        "change what fell due before that day.",
        _owes_nothing,
        EventKind.RATE_CHANGED,
        _record,
    ),
    Act(
        "settle",
        "Settle from a bank line",
        act_forms.SettleForm,
        "pay everything that is owed on the day on which the money came in, and end the loan; more is held.",
        "take less than the figure of that day.",
        _no_money_to_settle,
        EventKind.REPAID,
        _settle,
    ),
    Act(
        "non-accrual",
        "Stop accruing income",
        act_forms.SuspendForm,
        "take unpaid interest out of income: from that day interest is income when it is received.",
        "change what the business owes.",
        partial(_suspended, wanted=False),
        EventKind.SUSPENDED,
        _record,
    ),
    Act(
        "accrual",
        "Accrue income again",
        act_forms.ResumeForm,
        "take the interest that is owed into income, and all that comes.",
        "change what the business owes.",
        partial(_suspended, wanted=True),
        EventKind.RESUMED,
        _record,
    ),
    Act(
        "recovery",
        "Recover from a bank line",
        act_forms.RecoveryForm,
        "book the money as recovered, and share it with whoever bore the loss.",
        "bring the loan back to life.",
        _no_money_recovered,
        EventKind.RECOVERED,
        _recover,
    ),
    Act(
        "holiday",
        "Grant a repayment holiday",
        act_forms.HolidayForm,
        "ask for no principal on these dates, and make the schedule anew.",
        "forgive anything: interest is still owed.",
        _nothing_to_come,
        EventKind.HOLIDAY_GRANTED,
    ),
    Act(
        "new-terms",
        "Agree new terms",
        act_forms.NewTermsForm,
        "carry all principal that is owed, late or not, into a new schedule.",
        "forgive anything. Interest and fees that are unpaid become principal, or have to be settled first.",
        _owes_nothing,
        EventKind.RESTRUCTURED,
    ),
    Act(
        "waiver",
        "Waive what is due",
        act_forms.WaiverForm,
        "give up this much of what is due and unpaid, the oldest first.",
        "change what falls due later.",
        _nothing_unpaid,
        EventKind.WAIVED,
    ),
    Act(
        "refund",
        "Refund money in advance",
        act_forms.RefundForm,
        "owe the payment to the business: it is on its way until the bank confirms it.",
        "make the payment at the bank.",
        _nothing_in_advance,
        EventKind.REFUNDED,
    ),
    Act(
        "write-off",
        "Write off",
        act_forms.WriteOffForm,
        "take the amount out of the books as a loss, which the guarantee and the provision bear first.",
        "forgive anything: what comes in later is recovered.",
        _owes_nothing,
        EventKind.WRITTEN_OFF,
    ),
)
"""Every act, those of one person first."""

ALONE = {act.name: act for act in ACTS if not act.takes_two}
TOGETHER = {act.name: act for act in ACTS if act.takes_two}
BY_KIND = {act.kind: act for act in ACTS}


def live(loan: Loan, at: Position, stood: Standing | None) -> Live:
    """A loan as its acts see it, as its position and its standing of the business date say."""
    return Live(loan, at, stood, money_in(loan).exists())
