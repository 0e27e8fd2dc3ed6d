"""Which part of a year lies between two dates? Each convention is named in full, because each gives another answer.

Sources: ISDA 2006 definitions, section 4.16; `docs/maths/day-counts.md` works one example of each.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from enum import StrEnum
from fractions import Fraction

from loans.domain.calendar import ONE_DAY, Recurrence, is_month_end
from loans.domain.errors import ImpossibleTerms

COMMON_YEAR, LEAP_YEAR, NOMINAL_YEAR = 365, 366, 360
FEBRUARY, LONGEST = 2, 31


class DayCount(StrEnum):
    """Day count conventions; the names are those of the calculator commands."""

    ACTUAL_365_FIXED = "actual/365f"
    ACTUAL_360 = "actual/360"
    ACTUAL_ACTUAL_ISDA = "actual/actual-isda"
    THIRTY_E_360 = "30e/360"
    THIRTY_E_360_ISDA = "30e/360-isda"
    THIRTY_360_BOND = "30/360-bond"
    NOMINAL = "nominal"
    ACTUAL_ACTUAL_31_DEC = "actual/actual-31-dec"
    ACTUAL_ACTUAL_LEAP_PERIOD = "actual/actual-leap-period"


YEAR_OF = {
    DayCount.ACTUAL_365_FIXED: COMMON_YEAR,
    DayCount.ACTUAL_360: NOMINAL_YEAR,
    DayCount.THIRTY_E_360: NOMINAL_YEAR,
    DayCount.THIRTY_E_360_ISDA: NOMINAL_YEAR,
    DayCount.THIRTY_360_BOND: NOMINAL_YEAR,
}
"""Days of the year that a convention divides by, where it is always the same."""

EQUAL_MONTHS = frozenset(
    {DayCount.NOMINAL, DayCount.THIRTY_E_360, DayCount.THIRTY_E_360_ISDA, DayCount.THIRTY_360_BOND}
)
"""Conventions by which months are as long as each other, but for the ends of some."""


def year_fraction(day_count: DayCount, start: date, end: date, *, termination_on: date | None = None) -> Fraction:
    """The part of a year from `start` (inclusive) to `end` (exclusive), exact.

    `termination_on` matters to 30E/360 (ISDA) alone: the last day of February counts as the 30th unless it is that day.
    Raises ImpossibleTerms for `nominal`, which needs the interval of a schedule.

    >>> year_fraction(DayCount.THIRTY_E_360, date(2026, 11, 1), date(2026, 12, 1))
    Fraction(1, 12)
    """
    match day_count:
        case DayCount.ACTUAL_ACTUAL_ISDA:
            return _by_calendar_year(start, end)
        case DayCount.ACTUAL_ACTUAL_31_DEC:
            return _by_calendar_year(start + ONE_DAY, end + ONE_DAY)
        case DayCount.ACTUAL_ACTUAL_LEAP_PERIOD:
            return Fraction((end - start).days, LEAP_YEAR if _holds_29_february(start, end) else COMMON_YEAR)
        case _:
            days = counted_days(day_count, start, end, termination_on=termination_on)
            return Fraction(days, YEAR_OF[day_count])


def counted_days(day_count: DayCount, start: date, end: date, *, termination_on: date | None = None) -> int:
    """The days that the convention counts from `start` to `end`: 180 for half a year of 360 days.

    Raises ImpossibleTerms for `nominal`, which needs the interval of a schedule.
    """
    match day_count:
        case DayCount.THIRTY_E_360:
            return thirty_e_360_days(start, end)
        case DayCount.THIRTY_E_360_ISDA:
            return _days_of_360(start, end, _isda_day(start, None), _isda_day(end, termination_on))
        case DayCount.THIRTY_360_BOND:
            first = min(start.day, 30)
            return _days_of_360(start, end, first, 30 if end.day == LONGEST and first == 30 else end.day)
        case DayCount.NOMINAL:
            raise ImpossibleTerms(
                "convention", "The nominal count has no meaning between two dates: it needs the interval of a schedule."
            )
        case _:
            return (end - start).days


def thirty_e_360_days(start: date, end: date) -> int:
    """Days by 30E/360: every month has 30, a 31st counts as the 30th (ISDA 2006 definitions, section 4.16(g)).

    >>> thirty_e_360_days(date(2026, 1, 31), date(2026, 2, 28))
    28
    """
    return _days_of_360(start, end, min(start.day, 30), min(end.day, 30))


def nominal_fraction(recurrence: Recurrence, start: date, end: date) -> Fraction:
    """The part of a year between two days by the intervals of a schedule, whatever the calendar.

    An interval of n months counts n/12, of n weeks 7n/360, of n days n/360; a part of one counts its share of its days.

    >>> nominal_fraction(Recurrence(date(2027, 1, 31)), date(2027, 2, 28), date(2027, 3, 31))
    Fraction(1, 12)
    """
    months, year = recurrence.every.nominal
    return (_intervals(recurrence, end) - _intervals(recurrence, start)) * Fraction(months, year)


def _intervals(recurrence: Recurrence, day: date) -> Fraction | int:
    """How many intervals lie between the anchor and `day`."""
    k = recurrence.place(day)
    start = recurrence.nth(k)
    if day == start:
        return k
    return k + Fraction((day - start).days, (recurrence.nth(k + 1) - start).days)


def _by_calendar_year(start: date, end: date) -> Fraction:
    """Days in leap years over 366, days in other years over 365."""
    if end < start:
        return -_by_calendar_year(end, start)
    if start.year == end.year:
        return Fraction((end - start).days, _year_of(start))
    first = Fraction((date(start.year + 1, 1, 1) - start).days, _year_of(start))
    last = Fraction((end - date(end.year, 1, 1)).days, _year_of(end))
    return first + (end.year - start.year - 1) + last


def _year_of(day: date) -> int:
    return LEAP_YEAR if isleap(day.year) else COMMON_YEAR


def _holds_29_february(start: date, end: date) -> bool:
    """Whether a 29 February lies after `start`, up to and including `end`."""
    years = (year for year in range(start.year, end.year + 1) if isleap(year))
    return any(start < date(year, FEBRUARY, 29) <= end for year in years)


def _isda_day(day: date, termination_on: date | None) -> int:
    if is_month_end(day) and (day.month != FEBRUARY or day != termination_on):
        return 30
    return day.day


def _days_of_360(start: date, end: date, first: int, last: int) -> int:
    return NOMINAL_YEAR * (end.year - start.year) + 30 * (end.month - start.month) + last - first
