"""Does a financial year end within the days that are to be closed, and is its result carried forward?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.domain.words import date_text
from ledger.queries import closed_until
from ledger.services import is_result_carried

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class YearEndState:
    """The end of a financial year: after its month is closed, no journal can be dated in it any more."""

    on: date
    is_carried: bool

    @property
    def note(self) -> str:
        """What to do about it, in half a sentence."""
        if self.is_carried:
            return f"the last month of the financial year to {date_text(self.on)}"
        return (
            f"the financial year ends on {date_text(self.on)}: prepare the journal that carries its result, "
            "and have a colleague post it before this close"
        )


def year_end_within(book: Book, through: date) -> YearEndState | None:
    """The financial year that ends in the days from the last close through a date; None where none does."""
    on = book.year_end.before(through + timedelta(days=1))
    if on < (closed_until(book) or book.opened_on):
        return None
    return YearEndState(on, is_result_carried(book, on))
