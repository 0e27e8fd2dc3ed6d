"""Keeping many loans up to date at once: the same as one by one, in a few statements for all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger import queries as ledger
from ledger.services import post
from loans.domain.corrections import Step
from loans.domain.movements import Happening
from loans.domain.replay import replay
from loans.lives_queries import (
    bank_accounts_by_loan,
    booked_by_loan,
    events_by_loan,
    first_terms_by_loan,
    schedules_by_loan,
)
from loans.models import Booking, Loan
from loans.models import Standing as StoredStanding
from loans.services.booking import OpenLoan, keep_schedule, moves_next_on, told_values
from loans.services.cover import book_cover
from loans.services.own_accounts import open_own_accounts
from loans.services.some_loans import Some, some_of
from loans.services.standings import Retold, keep_standings
from loans.standings import told_standings

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def bring_some_up_to_date(*, book: Book, on: date, by: AbstractBaseUser, wait: bool = True) -> Some:
    """Post what fell due up to and including `on` on some loans of a book, as `bring_all_up_to_date` does.

    Those are the next that no other process works on, or with `wait` the next ones after it; none are left when it
    gives none.
    """
    loans = some_of(Loan.objects.filter(book=book, next_action_on__lte=on), wait=wait)
    return Some(loans, bring_all_up_to_date(book=book, loans=loans, on=on, by=by))


@dataclass(frozen=True, slots=True)
class Turn:
    """A locked loan with something to do: since when, what is to be booked, and up to which day it is posted then."""

    opened: OpenLoan
    since: date
    steps: tuple[Step, ...]
    posted_until: date


@transaction.atomic
def bring_all_up_to_date(*, book: Book, loans: Collection[Loan], on: date, by: AbstractBaseUser) -> int:
    """Post what fell due on loans of one book up to and including `on`, all or none; says how many entries.

    Doing this again, or twice at once, posts nothing more. For as many loans as may be locked together.
    """
    turns = [
        Turn(opened, opened.loan.next_action_on, opened.steps(opened.events, on), on)
        for opened in open_loans(book, [loan.pk for loan in loans])
        if opened.loan.next_action_on is not None and opened.loan.next_action_on <= on
    ]
    if not turns:
        return 0
    moving = [turn for turn in turns if turn.steps]
    posted = len(book_turns(book, moving, key=_due_key(moving), by=by))
    for turn in turns:
        if any(step.kind is Happening.ADVANCE_APPLIED for step in turn.steps):
            book_cover(turn.opened, on, by=by)
    keep_projections_of(book, turns)
    return posted


def _due_key(moving: Sequence[Turn]) -> str:
    """New each time: the first loan that moves has more booked afterwards."""
    if not moving:
        return ""
    first = moving[0]
    return f"loan:{first.opened.loan.reference}:due:{first.since}:{len(first.opened.booked)}:of:{len(moving)}"


def keep_projections_of(book: Book, turns: Sequence[Turn]) -> None:
    """What `booking.keep_projections` keeps of one loan, for many."""
    _keep_schedules(book, turns)
    _keep_standings(turns)


def open_loans(book: Book, keys: Collection[int]) -> list[OpenLoan]:
    """Lock the loans, always in the same order, and read what belongs to each."""
    locked = Loan.objects.select_for_update(of=("self",)).select_related("book").filter(book=book, pk__in=keys)
    found = list(locked.order_by("pk"))
    terms, events, booked = first_terms_by_loan(keys), events_by_loan(keys), booked_by_loan(keys)
    through, open_from = bank_accounts_by_loan(keys), ledger.closed_until(book) or book.opened_on
    return [
        OpenLoan(loan, terms[loan.pk], events[loan.pk], booked[loan.pk], open_from, through[loan.pk]) for loan in found
    ]


def book_turns(
    book: Book, turns: Sequence[Turn], *, key: str, by: AbstractBaseUser, bank_account: str = ""
) -> tuple[int, ...]:
    """One posting request for all, under a key that has to be new; gives the numbers of the entries, step by step."""
    if not turns:
        return ()
    entries = [(turn.opened, entry) for turn in turns for entry in turn.opened.entries(turn.steps, bank_account)]
    open_own_accounts(book, ((opened.loan, entry) for opened, entry in entries))
    posted = post([entry for _, entry in entries], book=book, key=key, by=by)
    steps = [(turn.opened.loan, step) for turn in turns for step in turn.steps]
    Booking.objects.bulk_create(
        Booking(loan=loan, name=step.name, booked_on=step.on, entry_id=entry_id, **step.moved._asdict())
        for (loan, step), entry_id in zip(steps, posted.entry_ids, strict=True)
    )
    return posted.entry_ids


def _keep_schedules(book: Book, turns: Sequence[Turn]) -> None:
    """The rows of the schedules, where they differ, and when each loan has something to do again."""
    kept = schedules_by_loan([turn.opened.loan.pk for turn in turns])
    for turn in turns:
        loan, opened = turn.opened.loan, turn.opened
        told = replay(opened.terms, opened.events, max(turn.since, book.business_date))
        if kept[loan.pk] != told_values(loan, told.instalments):
            keep_schedule(loan, told.instalments)
        loan.next_action_on = moves_next_on(told, turn.posted_until)
    Loan.objects.bulk_update([turn.opened.loan for turn in turns], ["next_action_on"])


def _keep_standings(turns: Sequence[Turn]) -> None:
    keys = [turn.opened.loan.pk for turn in turns]
    stood = set(StoredStanding.objects.filter(loan__in=keys).values_list("loan_id", flat=True).distinct())
    lives = []
    for turn in turns:
        opened, begin = turn.opened, turn.since if turn.opened.loan.pk in stood else date.min
        lives.append(Retold(opened.loan, told_standings(opened.loan, opened.terms, opened.events, since=begin), begin))
    keep_standings(lives)
