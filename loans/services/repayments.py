"""Money received: recorded on its day, allocated, and taken back where it proves wrong."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.domain.entry import JournalEntry
from ledger.queries import entry_postings
from ledger.services import match_bank_line, reverse
from loans.domain.entries import (
    interest_receivable,
    loan_principal,
    reallocation_entry,
    repayment_entry,
    repayments_in_advance,
)
from loans.domain.errors import RepaymentRefused
from loans.domain.events import Drawn, Repaid, Reversed, in_force
from loans.domain.movements import Balances, nothing
from loans.domain.position import position
from loans.domain.words import date_text, money_text
from loans.models import EventKind, Loan, LoanEvent
from loans.services.booking import (
    OpenLoan,
    keep_standings_since,
    open_loan,
    post_for,
    record_event,
    recorded_before,
    refuse_reversal,
)
from loans.services.upkeep import post_what_fell_due


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
) -> LoanEvent:
    """Book money received from the borrower: it leaves suspense, pays what is due, and the rest is held in advance.

    With `bank_line_id` the bank line is matched. An earlier day is allowed while its period is open: money that was
    received later is then allocated again. The same key again gives the first answer. Raises RepaymentRefused,
    KeyUsedBefore, and PeriodClosed for a day in a closed period.
    """
    opened = open_loan(loan)
    earlier = recorded_before(opened.loan, key, EventKind.REPAID, on, amount=amount)
    if earlier is not None:
        return earlier
    _refuse_amount_and_day(opened, amount, on)
    post_what_fell_due(opened, on, by=by)
    _refuse_more_than_is_owed(opened, amount)
    repaid = Repaid(on, opened.next_number, amount)
    entries = _repayment_entries(opened, repaid, bank_account)
    posted = post_for(opened.loan, f"repaid:{repaid.sequence}", entries, by=by)
    if bank_line_id is not None:
        match_bank_line(line_id=bank_line_id, entry_id=posted.entry_ids[0])
    keep_standings_since(opened, on, happened=repaid)
    return record_event(opened, EventKind.REPAID, on=on, amount=amount, entry_id=posted.entry_ids[0], key=key, by=by)


@transaction.atomic
def reverse_repayment(*, event: LoanEvent, on: date, reason: str, by: AbstractBaseUser, key: str) -> LoanEvent:
    """Take back a repayment from a day on: its entry is reversed, and money received later is allocated again.

    Raises ReversalRefused, KeyUsedBefore, and PeriodClosed for a day in a closed period.
    """
    opened = open_loan(event.loan)
    earlier = recorded_before(opened.loan, key, EventKind.REVERSED, on, of=event)
    if earlier is not None:
        return earlier
    refuse_reversal(opened, event, on, reason, kind=EventKind.REPAID)
    post_what_fell_due(opened, on, by=by)
    taken_back = Reversed(on, opened.next_number, of=event.number)
    name = f"reversed:{taken_back.sequence}"
    mirror = reverse(
        event.entry_id, book=opened.loan.book, on=on, reason=reason, key=f"loan:{opened.loan.reference}:{name}", by=by
    )
    again = _allocated_again(opened, event, taken_back)
    if again:
        post_for(opened.loan, f"{name}:again", again, by=by)
    keep_standings_since(opened, on, happened=taken_back)
    return record_event(
        opened, EventKind.REVERSED, on=on, reverses=event, reason=reason, entry_id=mirror.entry_ids[0], key=key, by=by
    )


def _repayment_entries(opened: OpenLoan, repaid: Repaid, bank_account: str) -> list[JournalEntry]:
    """The repayment's own entry first, then what it changes for money received later."""
    on, loan = repaid.effective_on, opened.loan.reference
    changed = opened.changed_by(repaid)
    own = changed.pop(on)
    return [
        repayment_entry(loan, on, repaid.amount, own, bank_account),
        *(reallocation_entry(loan, day, effect) for day, effect in changed.items()),
    ]


def _allocated_again(opened: OpenLoan, event: LoanEvent, taken_back: Reversed) -> list[JournalEntry]:
    """What a reversal changes beyond the mirror of the repayment's own entry."""
    on, loan = taken_back.effective_on, opened.loan.reference
    changed = opened.changed_by(taken_back)
    changed[on] = changed.get(on, nothing(opened.terms.currency)) + _effect_of_entry(opened, event)
    return [reallocation_entry(loan, day, effect) for day, effect in sorted(changed.items()) if effect]


def _effect_of_entry(opened: OpenLoan, event: LoanEvent) -> Balances:
    """What the entry of an event moved on the loan's accounts."""
    loan = opened.loan.reference
    moved = {posting.account.code: posting.amount for posting in entry_postings(event.entry)}
    principal, interest, in_advance = (
        opened.money(moved.get(code, 0))
        for code in (loan_principal(loan), interest_receivable(loan), repayments_in_advance(loan))
    )
    return Balances(principal, interest, -in_advance)


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
    drawn = [event.effective_on for event in in_force(opened.events, date.max) if isinstance(event, Drawn)]
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


def _refuse_more_than_is_owed(opened: OpenLoan, amount: Money) -> None:
    owed = position(opened.terms, opened.events, opened.posted_until).owed_in_all
    if amount > owed:
        raise RepaymentRefused(
            f"{money_text(amount)} is {money_text(amount - owed)} more than {opened.loan.reference} owes to the end of "
            f"its schedule: {money_text(owed)}. Record that much, and give the rest back; nothing was changed."
        )
