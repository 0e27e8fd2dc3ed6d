"""Keeping a loan's books up to date: what fell due is posted, and money held in advance is applied to it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.entry import JournalEntry
from loans.domain.entries import advance_applied_entry, instalment_due_entry
from loans.domain.movements import Happening, Movement
from loans.domain.replay import replay
from loans.models import Loan
from loans.services.booking import (
    OpenLoan,
    keep_schedule,
    keep_standings_since,
    open_loan,
    post_for,
    set_next_action,
)


@transaction.atomic
def bring_up_to_date(*, loan: Loan, on: date, by: AbstractBaseUser) -> tuple[int, ...]:
    """Post what fell due up to and including `on`; gives the numbers of the entries.

    Each instalment has a key of its own, so doing this again, or twice at once, posts nothing more. Raises PeriodClosed
    where an instalment fell due in a period that was closed without it.
    """
    return post_what_fell_due(open_loan(loan), on, by=by)


@transaction.atomic
def rebuild_schedule(*, loan: Loan) -> None:
    """Write the schedule that is kept for lists anew, as the engine gives it; the books are not touched."""
    opened = open_loan(loan)
    keep_schedule(opened.loan, replay(opened.terms, opened.events, date.max).instalments)


def post_what_fell_due(opened: OpenLoan, on: date, *, by: AbstractBaseUser) -> tuple[int, ...]:
    """The same for a loan that is locked already."""
    loan = opened.loan
    if loan.next_action_on is None or loan.next_action_on > on:
        return ()
    told = replay(opened.terms, opened.events, on)
    by_instalment: dict[int, list[JournalEntry]] = defaultdict(list)
    for movement in told.movements:
        if movement.on >= loan.next_action_on and (entry := _entry(loan.reference, movement)):
            by_instalment[movement.no].append(entry)
    posted = [post_for(loan, f"due:{no}", entries, by=by) for no, entries in by_instalment.items()]
    since = loan.next_action_on
    set_next_action(loan, told.instalments, after=on)
    keep_standings_since(opened, since)
    return tuple(entry_id for answer in posted for entry_id in answer.entry_ids)


def _entry(loan: str, movement: Movement) -> JournalEntry | None:
    """The entry of a movement that an instalment caused; none where nothing moves on the accounts."""
    match movement.kind:
        case Happening.FELL_DUE if movement.effect:
            return instalment_due_entry(loan, movement.on, movement.no, movement.effect.interest)
        case Happening.ADVANCE_APPLIED:
            return advance_applied_entry(loan, movement.on, movement.no, movement.effect)
        case _:
            return None
