"""Money received: recorded on its day, allocated, given back, and taken back where it proves wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.services import match_bank_line
from loans.domain.errors import RepaymentRefused
from loans.domain.events import BroughtIn, Drawn, Recovered, Repaid
from loans.domain.position import position
from loans.domain.quote import settlement_quote
from loans.domain.servicing import Prepayment
from loans.domain.words import date_text, money_text
from loans.models import EventKind, Loan, LoanEvent
from loans.services.act_refusals import refuse_closed_day
from loans.services.acts import PLAIN, Circumstances, Preview, act, preview, reverse_event
from loans.services.booking import OpenLoan, fingerprint, looked_at, open_loan, recorded_before
from loans.services.upkeep import post_what_fell_due


@dataclass(frozen=True, slots=True)
class HowRepaid:
    """What a repayment is for: what becomes of money beyond everything due (None: as agreed), whether it is to end the
    loan, and whether a day in a closed period is booked on the first open day, with the reason."""

    prepayment: Prepayment | None = None
    settles: bool = False
    books_later: bool = False
    reason: str = ""


ORDINARY = HowRepaid()


@transaction.atomic
def record_repayment(
    *,
    loan: Loan,
    amount: Money,
    on: date,
    bank_account: str,
    by: AbstractBaseUser,
    key: str,
    bank_line_id: int | None = None,
    how: HowRepaid = ORDINARY,
) -> LoanEvent:
    """Book money received from the borrower: it leaves suspense, pays what is due, and the rest is held in advance.

    With `bank_line_id` the bank line is matched. An earlier day is allowed: money that was received later is then
    allocated again, in open periods. The same key again gives the first answer. Raises RepaymentRefused, KeyUsedBefore,
    and ActRefused for a day in a closed period unless it is said that it is booked later.
    """
    opened = open_loan(loan)
    repaid = Repaid(on, 0, amount, how.prepayment, how.settles)
    earlier = recorded_before(opened.loan, key, fingerprint(opened.loan, repaid))
    if earlier is not None:
        return earlier
    circumstances = Circumstances(reason=how.reason.strip(), bank_account=bank_account, books_later=how.books_later)
    refuse_repaying(opened, amount, on, books_later=how.books_later)
    post_what_fell_due(opened, on, by=by)
    refuse_more_than_is_owed(opened, repaid)
    recorded = act(opened, repaid, by=by, key=key, circumstances=circumstances)
    if bank_line_id is not None and recorded.entry_id is not None:
        match_bank_line(line_id=bank_line_id, entry_id=recorded.entry_id)
    return recorded


def preview_repayment(*, loan: Loan, amount: Money, on: date, bank_account: str, how: HowRepaid = ORDINARY) -> Preview:
    """What `record_repayment` would change; nothing is written. Raises what it raises, but for the key."""
    opened, repaid = looked_at(loan), Repaid(on, 0, amount, how.prepayment, how.settles)
    _refuse_amount_and_day(opened, amount, on)
    refuse_more_than_is_owed(opened, repaid)
    return preview(loan=loan, event=repaid, bank_account=bank_account, books_later=how.books_later)


@transaction.atomic
def record_recovery(
    *,
    loan: Loan,
    amount: Money,
    on: date,
    bank_account: str,
    by: AbstractBaseUser,
    key: str,
    bank_line_id: int | None = None,
    circumstances: Circumstances = PLAIN,
) -> LoanEvent:
    """Book money that came in after a write-off: it leaves suspense and is income of recoveries.

    Raises RepaymentRefused where nothing was written off by then, KeyUsedBefore, and ActRefused for a day in a closed
    period unless it is said that it is booked later.
    """
    opened = open_loan(loan)
    recovered = Recovered(on, 0, amount)
    earlier = recorded_before(opened.loan, key, fingerprint(opened.loan, recovered))
    if earlier is not None:
        return earlier
    _refuse_amount_and_day(opened, amount, on)
    refuse_closed_day(opened, on, books_later=circumstances.books_later)
    _refuse_without_write_off(opened, on)
    circumstances = replace(circumstances, bank_account=bank_account)
    recorded = act(opened, recovered, by=by, key=key, circumstances=circumstances)
    if bank_line_id is not None and recorded.entry_id is not None:
        match_bank_line(line_id=bank_line_id, entry_id=recorded.entry_id)
    return recorded


def preview_recovery(*, loan: Loan, amount: Money, on: date, bank_account: str, books_later: bool = False) -> Preview:
    """What `record_recovery` would change; nothing is written. Raises what it raises, but for the key."""
    opened = looked_at(loan)
    _refuse_amount_and_day(opened, amount, on)
    _refuse_without_write_off(opened, on)
    return preview(loan=loan, event=Recovered(on, 0, amount), bank_account=bank_account, books_later=books_later)


@transaction.atomic
def reverse_repayment(*, event: LoanEvent, on: date, reason: str, by: AbstractBaseUser, key: str) -> LoanEvent:
    """Take back a repayment from a day on: its entry is reversed, and money received later is allocated again.

    Raises ReversalRefused and KeyUsedBefore.
    """
    return reverse_event(event=event, on=on, reason=reason, by=by, key=key, kinds=[EventKind.REPAID])


def refuse_repaying(opened: OpenLoan, amount: Money, on: date, *, books_later: bool = False) -> None:
    """Raise RepaymentRefused for another currency, nothing, or a day outside, ActRefused for one in a closed period."""
    _refuse_amount_and_day(opened, amount, on)
    refuse_closed_day(opened, on, books_later=books_later)


def _refuse_amount_and_day(opened: OpenLoan, amount: Money, on: date) -> None:
    loan, terms = opened.loan, opened.terms
    if amount.currency.code != terms.currency:
        raise RepaymentRefused(
            f"{loan.reference} is repaid in {terms.currency}, not in {amount.currency}. "
            "Give the amount in that currency; nothing was changed."
        )
    if amount.amount <= 0:
        raise RepaymentRefused(
            f"A repayment of {money_text(amount)} repays nothing. Give a positive amount; nothing was changed."
        )
    drawn = [event.effective_on for event in opened.standing if isinstance(event, Drawn | BroughtIn)]
    if not drawn or on < min(drawn):
        what = f"was drawn on {date_text(min(drawn))}" if drawn else "is not drawn yet"
        raise RepaymentRefused(
            f"{loan.reference} {what}; nothing can be repaid on {date_text(on)}. "
            "Choose another loan, or a day on which something was lent; nothing was changed."
        )
    if on > loan.book.business_date:
        raise RepaymentRefused(
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Correct the date; nothing was changed."
        )


def _refuse_without_write_off(opened: OpenLoan, on: date) -> None:
    if not position(opened.terms, opened.events, on).written_off:
        raise RepaymentRefused(
            f"Nothing of {opened.loan.reference} was written off by {date_text(on)}, so nothing is recovered. "
            "Record a repayment; nothing was changed."
        )


def refuse_more_than_is_owed(opened: OpenLoan, repaid: Repaid) -> None:
    """Money beyond all that is still to be paid stays in suspense, but where it settles the loan: that rest is held."""
    if repaid.settles:
        _refuse_less_than_settles(opened, repaid)
        return
    amount = repaid.amount
    on = max(opened.posted_until, repaid.effective_on)
    owed = position(opened.terms, opened.events, on).owed_in_all
    if amount > owed:
        raise RepaymentRefused(
            f"{money_text(amount)} is {money_text(amount - owed)} more than {opened.loan.reference} owes to the end of "
            f"its schedule: {money_text(owed)}. Record that much, and give the rest back; nothing was changed."
        )


def _refuse_less_than_settles(opened: OpenLoan, repaid: Repaid) -> None:
    quote = settlement_quote(opened.terms, opened.events, repaid.effective_on)
    if repaid.amount < quote.total:
        raise RepaymentRefused(
            f"{money_text(repaid.amount)} is {money_text(quote.total - repaid.amount)} less than settles "
            f"{opened.loan.reference} on {date_text(repaid.effective_on)}: {money_text(quote.total)}. Record it as a "
            "repayment, or settle with the whole figure; nothing was changed."
        )
