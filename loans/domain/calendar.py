"""On which day does a payment fall due? Counted from one anchor, then moved off weekends and bank holidays."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5


class BusinessDayConvention(StrEnum):
    """Where a due date goes that is not a business day; the names are those of the calculator commands."""

    FOLLOWING = "following"


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """A business-day rule: its convention, the calendar's name, and that calendar's bank holidays as data.

    Interest is unadjusted: it runs to the unshifted date, so a weekend costs nobody anything.
    """

    calendar: str
    holidays: frozenset[date] = field(default=frozenset(), repr=False)
    convention: BusinessDayConvention = BusinessDayConvention.FOLLOWING

    def shift(self, day: date) -> date:
        """The business day on which something due on `day` falls due.

        >>> BusinessDays("GB-ENG", frozenset({date(2027, 1, 1)})).shift(date(2027, 1, 1))
        datetime.date(2027, 1, 4)
        """
        while not is_business_day(day, self.holidays):
            day += timedelta(days=1)
        return day


def is_business_day(day: date, holidays: frozenset[date]) -> bool:
    """Whether `day` is neither at a weekend nor one of the bank holidays given."""
    return day.weekday() < SATURDAY and day not in holidays


def add_months(anchor: date, months: int) -> date:
    """The day of the anchor that many months on (or back); a day that the month lacks becomes its last.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    years, month_index = divmod(anchor.month - 1 + months, 12)
    year, month = anchor.year + years, month_index + 1
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def nominal_due_date(first_due_on: date, no: int) -> date:
    """The due date of instalment `no` (from 1) before any shift, counted from the first and never stepped."""
    return add_months(first_due_on, no - 1)
