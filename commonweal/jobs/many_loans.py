"""Taking a step of the close for every loan that waits for it, by as many workers as are free.

Loans are locked some at a time, and a worker passes over those that another one holds. So the close asks for help where
there is much to do, and whoever helps needs to know nothing but the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from commonweal.access.models import User
from commonweal.jobs.leases import Progress
from commonweal.jobs.services import enqueue
from commonweal.letters.calendars import keep_some_dates
from commonweal.letters.candidates import loans_that_moved
from ledger.domain.words import date_text
from loans.accruals import loans_to_accrue
from loans.queries import loans_with_something_to_do
from loans.services import Some, accrue_some, bring_some_up_to_date

if TYPE_CHECKING:
    from ledger.models import Book

HELP_FROM = 300
"""With fewer loans than this nobody else is asked."""


@dataclass(frozen=True, slots=True)
class Step:
    """Which loans of a book wait for a step on a day, how some of them take it, and what is told of them then."""

    waiting: Callable[[Book, date], Any]
    take: Callable[..., Some]
    note: str


STEPS = {
    "fall due": Step(loans_with_something_to_do, bring_some_up_to_date, "is posted to"),
    "accrue": Step(loans_to_accrue, accrue_some, "has accrued to"),
    "calendars": Step(loans_that_moved, keep_some_dates, "is in calendars as of"),
}


@dataclass(slots=True)
class Told:
    """How far a close is, as it finds out how much there is to do."""

    progress: Progress
    done: int = 0
    total: int = 0

    def expects(self, more: int) -> None:
        """There is more to do."""
        self.total += more

    def did(self, more: int, note: str) -> None:
        """So much of it is done, which may be more than was expected. Raises LeaseLost."""
        self.done += more
        self.total = max(self.total, self.done)
        self.progress(done=self.done, total=self.total, note=note)


def take_step(name: str, *, book: Book, on: date, by: User, told: Told) -> None:
    """Take a step for every loan that waits for it; when this returns, none is left."""
    step = STEPS[name]
    waiting = step.waiting(book, on).count()
    if not waiting:
        return
    told.expects(waiting)
    if waiting >= HELP_FROM:
        _ask_for_help(name, waiting, book, on, by=by)
    for wait in (False, True):
        while loans := step.take(book=book, on=on, by=by, wait=wait).loans:
            waiting -= len(loans)
            told.did(len(loans), f"{loans[-1]} {step.note} {date_text(on)}")
    told.did(max(waiting, 0), f"All {step.note} {date_text(on)}")


def help_with(name: str, *, book: Book, on: date, by: User) -> int:
    """Take a step for loans that nobody else works on, until there are none; says for how many."""
    helped = 0
    while loans := STEPS[name].take(book=book, on=on, by=by, wait=False).loans:
        helped += len(loans)
    return helped


def _ask_for_help(name: str, waiting: int, book: Book, on: date, *, by: User) -> None:
    """One more worker, if one is free; asked again when the same close is begun again with less left to do."""
    key = f"help:{book.code}:{name}:{on}:{waiting}"
    enqueue(
        kind="help_close", arguments={"book": book.code, "step": name, "on": on.isoformat()}, by=by, book=book, key=key
    )
