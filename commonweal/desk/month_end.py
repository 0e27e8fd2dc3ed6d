"""Which month is closed next, when does the fund's year end, and what is a span of days called?"""

from __future__ import annotations

from datetime import date, timedelta

from commonweal.templatetags.commonweal import day_short
from ledger import queries
from ledger.queries import Book
from loans.domain.calendar import add_months


def next_month_end(book: Book) -> date:
    """The last day of the first month that is not closed, or of a reopened period."""
    starts_on = queries.closed_until(book) or book.opened_on
    reopened = queries.periods(book).filter(starts_on=starts_on).first()
    if reopened is not None:
        return reopened.last_day
    return add_months(starts_on.replace(day=1), 1) - timedelta(days=1)


def latest_year_end(book: Book) -> date:
    """The last day of the latest of the book's years that is over; of its first year while none is.

    A book's years begin with the month in which it was opened.
    """
    first, today = book.opened_on.replace(day=1), book.business_date
    years_over = today.year - first.year - (today < first.replace(year=today.year))
    return add_months(first, 12 * max(1, years_over)) - timedelta(days=1)


def period_name(first: date, last: date) -> str:
    """How people call a span of days: "October 2026", or its first and last day.

    >>> period_name(date(2026, 10, 1), date(2026, 10, 31)), period_name(date(2026, 4, 15), date(2026, 4, 30))
    ('October 2026', '15 Apr 2026 to 30 Apr 2026')
    """
    is_month = first.day == 1 and last + timedelta(days=1) == add_months(first, 1)
    return f"{first:%B %Y}" if is_month else f"{day_short(first)} to {day_short(last)}"
