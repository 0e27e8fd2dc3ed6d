"""Does a financial year end within the days that are to be closed, and is its result carried forward?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from commonweal.jobs.errors import NotReadyToClose
from ledger.domain.entry import Kind
from ledger.domain.words import date_text
from ledger.queries import closed_until, entries, open_drafts
from ledger.services import is_result_carried

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class YearEndState:
    """The end of a financial year: after its month is closed, no journal can be dated in it any more."""

    on: date
    is_carried: bool
    waiting: str = ""
    """The journal that waits for a second person, such as "J-12"."""

    @property
    def note(self) -> str:
        """What to do about it, in half a sentence."""
        if self.is_carried:
            return f"the last month of the financial year to {date_text(self.on)}"
        if self.waiting:
            return f"{self.waiting} carries the result to {date_text(self.on)} and waits for a second person"
        return (
            f"the financial year ends on {date_text(self.on)}: prepare the journal that carries its result, "
            "and have a colleague post it before this close"
        )


def year_end_within(book: Book, through: date) -> YearEndState | None:
    """The financial year that ends in the days from the last close through a date; None where none does."""
    on = book.year_end.before(through + timedelta(days=1))
    if on < (closed_until(book) or book.opened_on):
        return None
    waiting = open_drafts(book).filter(kind=Kind.YEAR_END, effective_on=on).first()
    return YearEndState(on, is_result_carried(book, on), str(waiting or ""))


def refuse_result_left(book: Book, through: date) -> None:
    """Raise NotReadyToClose where the year's result is carried, but not what the close itself posted since.

    A year end without any journal is warned of, and not refused.
    """
    found = year_end_within(book, through)
    if found is None or found.is_carried:
        return
    if entries(book).filter(kind=Kind.YEAR_END, effective_on=found.on).exists():
        raise NotReadyToClose(
            f"Income or costs to {date_text(found.on)} were posted after the year-end journal. Prepare another one for "
            "the rest, let a colleague post it, and close again; no period was closed."
        )


def year_closed_uncarried(book: Book) -> date | None:
    """The last financial year end that was closed over while its result was not carried; None where all was."""
    closed = closed_until(book)
    on = book.year_end.before(closed) if closed else None
    return on if on and on >= book.opened_on and not is_result_carried(book, on) else None
