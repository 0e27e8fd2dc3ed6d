"""Does a financial year end within the days that are to be closed, and is its result carried forward?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

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
    has_journal: bool = False
    """Whether a journal carried what there was of the result when it was posted."""
    waiting: str = ""
    """The journal that waits for a second person, such as "J-12"."""

    @property
    def note(self) -> str:
        """What of the result is not carried, in half a sentence; "" where all is."""
        if self.is_carried:
            return ""
        if self.has_journal:
            return f"income or costs to {date_text(self.on)} were posted after it"
        if self.waiting:
            return f"{self.waiting} carries the result to {date_text(self.on)} and waits for a second person"
        return f"the financial year ends on {date_text(self.on)} and its result is not carried forward"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.has_journal:
            return "Prepare another one for the rest, and let a colleague post it"
        if self.waiting:
            return "Let a colleague post it"
        return "Prepare the year-end journal, and let a colleague post it"


def year_end_within(book: Book, through: date) -> YearEndState | None:
    """The financial year that ends in the days from the last close through a date; None where none does."""
    on = book.year_end.before(through + timedelta(days=1))
    if on < (closed_until(book) or book.opened_on):
        return None
    if is_result_carried(book, on):
        return YearEndState(on, True)
    waiting = open_drafts(book).filter(kind=Kind.YEAR_END, effective_on=on).first()
    posted = entries(book).filter(kind=Kind.YEAR_END, effective_on=on, reversed_by__isnull=True)
    return YearEndState(on, False, posted.exists(), str(waiting or ""))


def year_closed_uncarried(book: Book) -> date | None:
    """The last financial year end that was closed over while its result was not carried; None where all was."""
    closed = closed_until(book)
    on = book.year_end.before(closed) if closed else None
    return on if on and on >= book.opened_on and not is_result_carried(book, on) else None
