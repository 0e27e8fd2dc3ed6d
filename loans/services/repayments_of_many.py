"""Recording repayments of many loans at once: the same as one by one, in a few statements for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.services import match_bank_lines_whole
from loans.domain.errors import LoanError
from loans.domain.events import Repaid
from loans.domain.movements import BY_ITSELF
from loans.models import EventKind, Loan, LoanEvent, LossEntry
from loans.services.acts import Circumstances, event_row
from loans.services.booking import OpenLoan, accrue_again
from loans.services.repayments import refuse_more_than_is_owed, refuse_repaying
from loans.services.upkeep_of_many import Turn, book_turns, bring_all_up_to_date, keep_projections_of, open_loans

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Received:
    """Money of one bank line that repays one loan on a day, under the key of the line."""

    loan: Loan
    amount: Money
    on: date
    line: int
    key: str


@dataclass(frozen=True, slots=True)
class _Repaying:
    """A loan, what was received for it, the events that this makes, and what they change in the books."""

    received: Sequence[Received]
    events: Sequence[Repaid]
    turn: Turn


@transaction.atomic
def record_repayments(
    *, book: Book, received: Sequence[Received], bank_account: str, by: AbstractBaseUser
) -> dict[int, str]:
    """Book money that came through one bank account, on any days, and match its lines: each loan is told once for all
    that it received, and brought up to the last of those days.

    Says of each line why it was refused, or "" where it is booked. Left out, to go one by one, is every line of a loan
    whose life asks for more than that, as losses do, that has a line which was recorded before, or of several lines one
    that is refused. Raises what the ledger refuses all of them for; then nothing was changed.
    """
    first_on = min(one.on for one in received)
    if first_on <= book.business_date:
        bring_all_up_to_date(book=book, loans=[one.loan for one in received], on=first_on, by=by)
    by_loan: dict[int, list[Received]] = defaultdict(list)
    for one in sorted(received, key=lambda one: (one.on, one.line)):
        by_loan[one.loan.pk].append(one)
    for key in _apart(received):
        del by_loan[key]
    said: dict[int, str] = {}
    repaying = []
    for opened in open_loans(book, by_loan.keys()):
        its = by_loan[opened.loan.pk]
        try:
            repaying.append(_repaying(opened, its))
        except LoanError as refusal:
            said |= {one.line: str(refusal) for one in its if len(its) == 1}
    if repaying:
        _book(book, repaying, bank_account, by=by)
    return said | {one.line: "" for repaid in repaying for one in repaid.received}


def _apart(received: Sequence[Received]) -> set[int]:
    """The loans that go one by one: with a loss, or with a line that is recorded already."""
    keys = {one.loan.pk for one in received}
    lost = LossEntry.objects.filter(loan__in=keys).values_list("loan_id", flat=True)
    off = LoanEvent.objects.filter(loan__in=keys, kind=EventKind.WRITTEN_OFF).values_list("loan_id", flat=True)
    by_key = {(one.loan.pk, one.key) for one in received}
    found = LoanEvent.objects.filter(loan__in=keys, key__in=[one.key for one in received])
    recorded = {loan for loan, key in found.values_list("loan_id", "key") if (loan, key) in by_key}
    return {*lost, *off, *recorded}


def _repaying(opened: OpenLoan, received: Sequence[Received]) -> _Repaying:
    for one in received:
        refuse_repaying(opened, one.amount, one.on)
    events = [
        Repaid(one.on, number, one.amount, None, settles=False)
        for number, one in enumerate(received, opened.next_number)
    ]
    if sum(one.amount for one in received) > _principal_left(opened):
        _refuse_more_than_is_owed(opened, events)
    first, last = received[0].on, received[-1].on
    until = max(opened.posted_until, last)
    steps = opened.steps((*opened.events, *events), until)
    return _Repaying(received, events, Turn(opened, min(first, opened.loan.next_action_on or first), steps, until))


def _principal_left(opened: OpenLoan) -> Money:
    """The principal that is booked, less what is held in advance: no loan owes less to its end."""
    units = sum(step.moved.principal - abs(step.moved.in_advance) for step in opened.booked)
    return opened.terms.scale.money(units)


def _refuse_more_than_is_owed(opened: OpenLoan, events: Sequence[Repaid]) -> None:
    """Each as it would be refused once those before it are recorded."""
    recorded = opened.events
    for event in events:
        refuse_more_than_is_owed(replace(opened, events=recorded), event)
        recorded = (*recorded, event)


def _book(book: Book, repaying: Sequence[_Repaying], bank_account: str, *, by: AbstractBaseUser) -> None:
    """One posting request under the first event's name, the events with their lines, and what lists show."""
    first, circumstances = repaying[0], Circumstances(bank_account=bank_account)
    turns = [one.turn for one in repaying]
    key = f"loan:{first.turn.opened.loan.reference}:event:{first.events[0].sequence}:of:{len(turns)}"
    entry_ids = iter(book_turns(book, turns, key=key, by=by, bank_account=bank_account))
    rows, entry_by_line = [], {}
    for one in repaying:
        opened, own = one.turn.opened, _own_entries(one.turn, entry_ids)
        for received, event in zip(one.received, one.events, strict=True):
            entry_by_line[received.line] = entry_id = own[event.sequence]
            rows.append(event_row(opened, event, entry_id, by=by, key=received.key, circumstances=circumstances))
        accrue_again(opened.loan, one.turn.since)
        opened.events = (*opened.events, *one.events)
    LoanEvent.objects.bulk_create(rows)
    match_bank_lines_whole(entry_by_line=entry_by_line)
    keep_projections_of(book, turns)


def _own_entries(turn: Turn, entry_ids: Iterator[int]) -> Mapping[int, int]:
    """The entry that books an event itself, by the event's number, of those of a loan's steps."""
    booked = [(step, next(entry_ids)) for step in turn.steps]
    return {step.no: entry_id for step, entry_id in booked if step.kind not in BY_ITSELF}
