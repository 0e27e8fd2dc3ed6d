"""Lending the money: a drawdown of an approved loan, and the bank's word that it was paid."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.domain.money import from_minor
from ledger.queries import balances
from ledger.services import match_bank_line
from loans.domain.entries import drawdown_entry, drawdown_paid_entry, payment_on_its_way
from loans.domain.errors import DrawdownRefused
from loans.domain.events import Drawn
from loans.domain.schedule import Instalment, schedule
from loans.domain.words import date_text, money_text
from loans.models import EventKind, Loan, LoanEvent, LoanTerms
from loans.services.booking import (
    OpenLoan,
    keep_schedule,
    open_loan,
    post_for,
    posted_before,
    record_event,
    recorded_before,
    set_next_action,
)
from loans.services.upkeep import post_what_fell_due

AFTER_EVERY_ENTRY = date(9999, 1, 1)


@transaction.atomic
def draw_down(*, loan: Loan, amount: Money, on: date, by: AbstractBaseUser, key: str, reason: str = "") -> LoanEvent:
    """Lend an agreed loan, or a part of it, and book it the same day. The same key again gives the first answer.

    A reason, where one had to be given, is kept with the event. Raises DrawdownRefused, KeyUsedBefore, and PeriodClosed
    for a day in a closed period.
    """
    opened = open_loan(loan)
    earlier = recorded_before(opened.loan, key, EventKind.DRAWN, on, amount=amount)
    if earlier is not None:
        return earlier
    _refuse_amount(opened, amount)
    _refuse_day(opened, on)
    post_what_fell_due(opened, on - timedelta(days=1), by=by)
    drawn = Drawn(on, opened.next_number, amount)
    instalments = _schedule_with(opened, drawn)
    _refuse_rewriting_posted(opened, instalments, on)
    entry = drawdown_entry(opened.loan.reference, on, amount)
    posted = post_for(opened.loan, f"drawn:{drawn.sequence}", [entry], by=by)
    event = record_event(
        opened,
        EventKind.DRAWN,
        on=on,
        amount=amount,
        terms=LoanTerms.objects.filter(loan=opened.loan).latest("version"),
        entry_id=posted.entry_ids[0],
        key=key,
        by=by,
        reason=reason,
    )
    keep_schedule(opened.loan, instalments)
    set_next_action(opened.loan, instalments, after=_posted_until(opened))
    return event


@transaction.atomic
def confirm_drawdown(
    *, loan: Loan, amount: Money, on: date, bank_account: str, bank_line_id: int, by: AbstractBaseUser
) -> int:
    """Book that the bank paid a drawdown out, by the outgoing line that says so; gives the entry's number.

    The same line again with the same content gives the first answer. Raises DrawdownRefused for more than is on its
    way, LineMatchedAlready for more than the line has left, KeyUsedForOtherContent for a line that confirmed otherwise.
    """
    opened = open_loan(loan)
    name = f"paid-out:{bank_line_id}"
    if not posted_before(opened.loan, name):
        _refuse_more_than_is_on_its_way(opened, amount, on)
    entry = drawdown_paid_entry(opened.loan.reference, on, amount, bank_account)
    posted = post_for(opened.loan, name, [entry], by=by)
    if not posted.repeated:
        match_bank_line(line_id=bank_line_id, entry_id=posted.entry_ids[0])
    return posted.entry_ids[0]


def _refuse_more_than_is_on_its_way(opened: OpenLoan, amount: Money, on: date) -> None:
    on_its_way = _on_its_way(opened, on)
    if amount > on_its_way:
        raise DrawdownRefused(
            f"{money_text(amount)} left the bank on {date_text(on)}, but {money_text(on_its_way)} of "
            f"{opened.loan.reference} was on its way by then. Record the drawdown first; nothing was changed."
        )


def _on_its_way(opened: OpenLoan, on: date) -> Money:
    """What was on its way by a day and is not confirmed yet, on that day or later."""
    code = payment_on_its_way(opened.loan.reference)
    return min(-balances(opened.loan.book, [code], day)[code] for day in (on, AFTER_EVERY_ENTRY))


def _refuse_amount(opened: OpenLoan, amount: Money) -> None:
    reference, terms = opened.loan.reference, opened.terms
    if amount.currency.code != terms.currency:
        raise DrawdownRefused(
            f"{reference} is lent in {terms.currency}, not {amount.currency}. "
            "Give the amount in that currency; nothing was changed."
        )
    if amount.amount <= 0:
        raise DrawdownRefused(
            f"A drawdown of {money_text(amount)} lends nothing. Give a positive amount; nothing was changed."
        )
    drawn = (event.amount for event in opened.events if isinstance(event, Drawn))
    undrawn = terms.principal - sum(drawn, from_minor(0, terms.currency))
    if amount > undrawn:
        raise DrawdownRefused(
            f"{money_text(amount)} is {money_text(amount - undrawn)} more than is approved and undrawn of {reference}: "
            f"{money_text(undrawn)} of {money_text(terms.principal)}. Draw less; nothing was changed."
        )


def _refuse_day(opened: OpenLoan, on: date) -> None:
    loan, terms = opened.loan, opened.terms
    if on < loan.approved_on:
        raise DrawdownRefused(
            f"{loan.reference} was approved on {date_text(loan.approved_on)}; it cannot be drawn on {date_text(on)}. "
            "Date the drawdown on or after the approval; nothing was changed."
        )
    if on > loan.book.business_date:
        raise DrawdownRefused(
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Date the drawdown on or before it; nothing was changed."
        )
    if not opened.events and on >= terms.first_due_on:
        raise DrawdownRefused(
            f"The first instalment of {loan.reference} is due on {date_text(terms.first_due_on)}; it has to be drawn "
            "before that day. Agree other terms; nothing was changed."
        )


def _schedule_with(opened: OpenLoan, drawn: Drawn) -> tuple[Instalment, ...]:
    before = [event for event in opened.events if isinstance(event, Drawn)]
    return schedule(opened.terms, [*before, drawn])


def _refuse_rewriting_posted(opened: OpenLoan, instalments: tuple[Instalment, ...], on: date) -> None:
    """An instalment that is posted stays as it is: a drawdown may only change those that come later."""
    posted = [row for row in instalments if row.due_on <= _posted_until(opened)]
    if posted and posted[-1].nominal_due_on >= on:
        raise DrawdownRefused(
            f"Instalment {posted[-1].no} of {opened.loan.reference}, due on {date_text(posted[-1].due_on)}, is posted. "
            "Date the drawdown after it; nothing was changed."
        )


def _posted_until(opened: OpenLoan) -> date:
    """Before the first drawdown nothing is posted, whatever the day."""
    return opened.posted_until if opened.events else date.min
