"""What is not done to a loan: a day or an amount that is not possible, and what would leave something behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from loans.domain.errors import ActRefused, InterestLeftUnpaid, MoreThanIsOwed, TwoPeopleNeeded
from loans.domain.events import (
    BEGINS,
    Event,
    Happened,
    HolidayGranted,
    Refunded,
    Restructured,
    Waived,
    WrittenOff,
)
from loans.domain.position import Position
from loans.domain.reschedule import arrears_but_principal
from loans.domain.words import date_text, money_text
from loans.models import Loan
from loans.services.booking import OpenLoan

if TYPE_CHECKING:
    from ledger.models import Approval

COSTS_MONEY = (Waived, HolidayGranted, Restructured, WrittenOff, Refunded)
"""Events that cost the fund money, or pay it out: one person proposes them, another approves."""


def refuse_amount(opened: OpenLoan, event: Happened) -> None:
    """Raise ActRefused for an amount that is not above nought, or in another currency."""
    amount, currency = getattr(event, "amount", None), opened.loan.currency
    if amount is not None and not (amount.currency.code == currency and amount.amount > 0):
        raise ActRefused(
            f"{money_text(amount)} is not possible on {opened.loan.reference}: give an amount above nought in "
            f"{currency}; nothing was changed."
        )


def refuse_day(opened: OpenLoan, event: Happened, *, books_later: bool) -> None:
    """Raise ActRefused for a day to come, one before the loan began, or one that one person cannot book any more."""
    loan, on = opened.loan, event.effective_on
    if on > loan.book.business_date:
        raise ActRefused(
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Correct the date; nothing was changed."
        )
    began = min((one.effective_on for one in opened.standing if isinstance(one, BEGINS)), default=None)
    if not isinstance(event, BEGINS) and (began is None or on < began):
        what = f"was drawn on {date_text(began)}" if began else "is not drawn yet"
        raise ActRefused(
            f"{loan.reference} {what}; nothing can happen to it on {date_text(on)}. "
            "Choose another loan, or a later day; nothing was changed."
        )
    if not isinstance(event, COSTS_MONEY):
        refuse_closed_day(opened, on, books_later=books_later)


def refuse_closed_day(opened: OpenLoan, on: date, *, books_later: bool = False, may_follow: bool = True) -> None:
    """Raise ActRefused for a day in a closed period, unless it is said that the books follow on the first open day."""
    if on >= opened.open_from or books_later:
        return
    first = date_text(opened.open_from)
    remedy = (
        "If it really happened that day, say that it is booked later: it counts from its own day, and the difference "
        f"is posted on {first}"
        if may_follow
        else f"Date it on or after {first}"
    )
    raise ActRefused(
        f"{date_text(on)} is in a period of {opened.loan.book} that is closed: the books are open from {first}. "
        f"{remedy}; nothing was changed."
    )


def refuse_alone(opened: OpenLoan, event: Happened, sha256: str, approval: Approval | None) -> None:
    """Raise TwoPeopleNeeded for what costs money and is not approved, or not as it stands."""
    if not isinstance(event, COSTS_MONEY):
        return
    if approval is None or approval.content_sha256 != sha256:
        raise TwoPeopleNeeded(
            f"This costs the fund money, so two people decide about it on {opened.loan.reference}. "
            "Propose it, and let a colleague approve it; nothing was changed."
        )


def refuse_unpaid_interest(loan: Loan, event: Event, before: Position) -> None:
    """Raise InterestLeftUnpaid for new terms that would leave interest or fees behind."""
    if not isinstance(event, Restructured) or event.capitalises:
        return
    unpaid = arrears_but_principal(before)
    if unpaid:
        raise InterestLeftUnpaid(
            f"New terms on {date_text(event.effective_on)} would leave {money_text(unpaid)} of interest and fees of "
            f"{loan.reference} unpaid. Add it to principal, waive it, or have it paid first; nothing was changed."
        )


def refuse_more_than_is_owed(loan: Loan, event: Event, before: Position) -> None:
    """Raise MoreThanIsOwed for a write-off of more principal than there is, or of nothing."""
    if not isinstance(event, WrittenOff):
        return
    owed, on = before.principal_outstanding, date_text(before.as_of)
    everything = owed + arrears_but_principal(before)
    if not everything:
        raise MoreThanIsOwed(f"{loan.reference} owes nothing on {on}. Choose another loan; nothing was changed.")
    if event.amount is not None and event.amount > owed:
        raise MoreThanIsOwed(
            f"{money_text(event.amount)} is {money_text(event.amount - owed)} more than the principal of "
            f"{loan.reference} on {on}: {money_text(owed)}. Write off less, or all of it; nothing was changed."
        )
