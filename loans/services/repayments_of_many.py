"""Recording repayments of many loans at once: the same as one by one, in a few statements for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from loans.services.upkeep_of_many import (
    Turn,
    book_turns,
    bring_all_up_to_date,
    keep_projections_of,
    open_loans,
)

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Received:
    """Money of one bank line that repays one loan, under the key of the line."""

    loan: Loan
    amount: Money
    line: int
    key: str


@dataclass(frozen=True, slots=True)
class _Repaying:
    received: Received
    turn: Turn
    event: Repaid

    @property
    def own_step(self) -> int:
        """The place of the step that books the repayment itself."""
        no = self.event.sequence
        return next(at for at, step in enumerate(self.turn.steps) if step.no == no and step.kind not in BY_ITSELF)


@transaction.atomic
def record_repayments(
    *, book: Book, received: Sequence[Received], on: date, bank_account: str, by: AbstractBaseUser
) -> dict[int, str]:
    """Book money of one day through one bank account, for each loan once, and match its lines.

    Says of each line why it was refused, or "" where it is booked. A loan whose life asks for more than that, as losses
    do, and a line that was recorded before, are left out: they go one by one. Raises what the ledger refuses all of
    them for; then nothing was changed.
    """
    if on <= book.business_date:
        bring_all_up_to_date(book=book, loans=[one.loan for one in received], on=on, by=by)
    opened = {one.loan.pk: one for one in open_loans(book, [one.loan.pk for one in received])}
    apart = _apart(received)
    said: dict[int, str] = {}
    repaying = []
    for one in (one for one in received if one.loan.pk not in apart):
        try:
            repaying.append(_repaying(opened[one.loan.pk], one, on))
            said[one.line] = ""
        except LoanError as refusal:
            said[one.line] = str(refusal)
    if repaying:
        _book(book, repaying, bank_account, by=by)
    return said


def _apart(received: Sequence[Received]) -> set[int]:
    """The loans that go one by one: with a loss, or with the line recorded already."""
    keys = [one.loan.pk for one in received]
    lost = LossEntry.objects.filter(loan__in=keys).values_list("loan_id", flat=True)
    off = LoanEvent.objects.filter(loan__in=keys, kind=EventKind.WRITTEN_OFF).values_list("loan_id", flat=True)
    by_key = {(one.loan.pk, one.key) for one in received}
    found = LoanEvent.objects.filter(loan__in=keys, key__in=[one.key for one in received])
    recorded = {loan for loan, key in found.values_list("loan_id", "key") if (loan, key) in by_key}
    return {*lost, *off, *recorded}


def _repaying(opened: OpenLoan, received: Received, on: date) -> _Repaying:
    repaid = Repaid(on, opened.next_number, received.amount, None, settles=False)
    refuse_repaying(opened, received.amount, on)
    if received.amount > _principal_left(opened):
        refuse_more_than_is_owed(opened, repaid)
    return _Repaying(received, Turn(opened, on, opened.changed_by(repaid), max(opened.posted_until, on)), repaid)


def _principal_left(opened: OpenLoan) -> Money:
    """The principal that is booked, less what is held in advance: no loan owes less to its end."""
    units = sum(step.moved.principal - abs(step.moved.in_advance) for step in opened.booked)
    return opened.terms.scale.money(units)


def _book(book: Book, repaying: Sequence[_Repaying], bank_account: str, *, by: AbstractBaseUser) -> None:
    """One posting request under the first event's name, the events with their lines, and what lists show."""
    first, circumstances = repaying[0], Circumstances(bank_account=bank_account)
    key = f"loan:{first.turn.opened.loan.reference}:event:{first.event.sequence}:of:{len(repaying)}"
    turns = [one.turn for one in repaying]
    entries = list(_own(repaying, book_turns(book, turns, key=key, by=by, bank_account=bank_account)))
    LoanEvent.objects.bulk_create(
        event_row(one.turn.opened, one.event, entry_id, by=by, key=one.received.key, circumstances=circumstances)
        for one, entry_id in zip(repaying, entries, strict=True)
    )
    lines = [one.received.line for one in repaying]
    match_bank_lines_whole(entry_by_line=dict(zip(lines, entries, strict=True)))
    for one in repaying:
        accrue_again(one.turn.opened.loan, one.turn.since)
        one.turn.opened.events = (*one.turn.opened.events, one.event)
    keep_projections_of(book, turns)


def _own(repaying: Sequence[_Repaying], entry_ids: Sequence[int]) -> Iterator[int]:
    """The entry of each repayment among those of all steps."""
    at = 0
    for one in repaying:
        yield entry_ids[at + one.own_step]
        at += len(one.turn.steps)
