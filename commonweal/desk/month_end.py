"""Which month is closed next, and when does the fund's year end?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger import queries
from loans.domain.calendar import add_months

if TYPE_CHECKING:
    from ledger.models import Book


def next_month_end(book: Book) -> date:
    """The last day of the first month that is not closed, or of a reopened period."""
    starts_on = queries.closed_until(book) or book.opened_on
    reopened = queries.periods(book).filter(starts_on=starts_on).first()
    if reopened is not None:
        return reopened.last_day
    return add_months(starts_on.replace(day=1), 1) - timedelta(days=1)


def open_year_end(book: Book) -> date:
    """The last day of the latest financial year that is over, if it is open; otherwise of the first that is open."""
    year_end, open_from = book.year_end.before(book.business_date), queries.closed_until(book) or book.opened_on
    return year_end if year_end >= open_from else book.year_end.on_or_after(open_from)
