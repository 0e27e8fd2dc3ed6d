"""Bringing in a book of loans that two people agreed to: batch by batch, each safe to repeat.

A file is read afresh and never held as a whole; a run that was cut off starts again and finds what is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.leases import Progress, untold
from commonweal.jobs.moving_in import sheets_of
from ledger.services import openable_accounts, seal
from loans.domain.errors import MovingInRefused, TotalsDoNotTie
from loans.domain.moving_in.checking import Reading
from loans.domain.moving_in.findings import Part
from loans.domain.moving_in.other_rows import HISTORY
from loans.models import MovingIn
from loans.moving_in_queries import books_to_fit, brought_totals
from loans.services import bring_in_history, bring_in_loans, bring_in_opening, finish_moving_in

T = TypeVar("T")

BATCH = 200
"""Loans that go in together: enough for a COPY, few enough to be in memory."""
HISTORY_BATCH = 2_000


def move_in(*, moving_in: MovingIn, by: User, progress: Progress = untold) -> MovingIn:
    """Bring in what two people agreed to. Safe to repeat.

    Raises MovingInRefused where it does not fit any more, TotalsDoNotTie, and what posting raises.
    """
    sheets, found = sheets_of(moving_in), moving_in.found or {}
    book, on = moving_in.book, moving_in.cut_over_on
    reading = Reading(books_to_fit(book, on, openable_accounts(book, on)).without_what_stands())
    lines = reading.opening_lines(sheets[Part.TRIAL_BALANCE])
    _refuse_faults(moving_in, reading)
    bring_in_opening(moving_in=moving_in, lines=lines, by=by)
    done = 0
    for batch in _batches(reading.loans(sheets[Part.LOANS]), BATCH):
        _refuse_faults(moving_in, reading)
        done += len(batch)
        with transaction.atomic():
            bring_in_loans(moving_in=moving_in, loans=batch, by=by)
            progress(done=done, total=found["rows"], note=f"{batch[-1].reference} is in")
    for history in _batches(reading.history(sheets.get(Part.HISTORY, [(1, HISTORY.required)])), HISTORY_BATCH):
        bring_in_history(moving_in=moving_in, lines=history)
    _refuse_faults(moving_in, reading)
    brought = brought_totals(moving_in)
    _refuse_untied(moving_in, found["given"], brought)
    seal(book=book)
    return finish_moving_in(moving_in=moving_in, brought=brought)


def _refuse_faults(moving_in: MovingIn, reading: Reading) -> None:
    """Raise MovingInRefused where something has changed in the books since the dry run, so that a row fits no more."""
    if reading.findings:
        raise MovingInRefused(
            f"{moving_in} does not fit the books any more: {reading.findings[0].message} What came before that row is "
            "in. Correct the books as the message says, and try again."
        )


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    found = iter(items)
    while batch := list(islice(found, size)):
        yield batch


def _refuse_untied(moving_in: MovingIn, given: dict[str, int], brought: dict[str, int]) -> None:
    """Raise TotalsDoNotTie where what stands in the books is not what the control totals say."""
    wrong = [name for name, made in brought.items() if given.get(name, 0) != made]
    if wrong:
        raise TotalsDoNotTie(
            f"What {moving_in} brought does not tie to its control totals: {', '.join(wrong)}. Ask whoever runs the "
            "system to look at it before anything else is posted; what is in stays."
        )
