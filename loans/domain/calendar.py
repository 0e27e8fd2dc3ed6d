"""On which day does a payment fall due? Counted from one anchor, then moved off weekends and bank holidays."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from itertools import count

from loans.domain.errors import ImpossibleTerms

SATURDAY = 5
EVERY_MONTH_HAS = 28
"""Days that every month has: an anchor below needs no rule for the ends of months."""
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year."""
FEBRUARY = 2
LAST_MONTH = 12 * MAXYEAR + 11
"""The last month of the calendar, counted from year nought."""
ONE_DAY = timedelta(days=1)
MONTHS_A_YEAR = 12


class Unit(StrEnum):
    """What an interval counts; the letters are those of the calculator commands."""

    DAY = "D"
    WEEK = "W"
    MONTH = "M"
    YEAR = "Y"


class MonthEnd(StrEnum):
    """What happens to a day that the month lacks; the names are those of the calculator commands.

    `clamp`: its last day (31 January, 28 February, 31 March). `stick`: as clamp, and when the anchor is the last day
    of its month every date is. `roll`: the first of the next month (31 January, 1 March, 31 March).
    """

    CLAMP = "clamp"
    STICK = "stick"
    ROLL = "roll"


@dataclass(frozen=True, slots=True)
class Interval:
    """So many days, weeks, months or years."""

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 1000:
            raise ImpossibleTerms("every", f"An interval of {self.number}{self.unit} is not possible: from 1 to 1000.")

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def months(self) -> int:
        """Months in it; 0 for days and weeks."""
        match self.unit:
            case Unit.MONTH:
                return self.number
            case Unit.YEAR:
                return MONTHS_A_YEAR * self.number
            case _:
                return 0

    @property
    def days(self) -> int:
        """Days in it; 0 for months and years."""
        match self.unit:
            case Unit.DAY:
                return self.number
            case Unit.WEEK:
                return 7 * self.number
            case _:
                return 0

    @property
    def nominal(self) -> tuple[int, int]:
        """The part of a year that it counts for, whatever the calendar: months over 12, days over 360."""
        return (self.months, MONTHS_A_YEAR) if self.months else (self.days, 360)


MONTHLY = Interval(1, Unit.MONTH)


def interval(text: str) -> Interval:
    """`1M`, `2W`, `9D` or `1Y` as an interval. Raises ImpossibleTerms.

    >>> interval("3M").months
    3
    """
    found = re.fullmatch(r"([1-9][0-9]{0,3})([DWMY])", text)
    if not found:
        raise ImpossibleTerms("every", f"{text!r} is no interval: write a number and D, W, M or Y, such as 1M.")
    return Interval(int(found[1]), Unit(found[2]))


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Dates at an interval, all counted from one anchor and never stepped from the date before.

    The first date is the anchor itself, or one interval `after` it.
    """

    anchor: date
    every: Interval = MONTHLY
    after: bool = False
    month_end: MonthEnd = MonthEnd.CLAMP

    def nth(self, k: int) -> date:
        """The date `k` intervals from the anchor; `k` may be negative. Raises ImpossibleTerms outside the years 1-9999.

        >>> [str(Recurrence(date(2027, 1, 31)).nth(k)) for k in range(3)]
        ['2027-01-31', '2027-02-28', '2027-03-31']
        """
        try:
            if months := self.every.months:
                return add_months(self.anchor, k * months, self.month_end)
            return self.anchor + timedelta(days=k * self.every.days)
        except (ValueError, OverflowError):
            raise ImpossibleTerms(
                "every", f"Date {k} at an interval of {self.every} lies outside the calendar: shorten the term."
            ) from None

    def dates(self, *, since: date | None = None) -> Iterator[date]:
        """All its dates, in order, without an end; or those from a day on."""
        months, anchor, first = self.every.months, self.anchor, int(self.after)
        if since and self.nth(first) < since:
            first = self.place(since - ONE_DAY) + 1
        if months and (anchor.day < EVERY_MONTH_HAS or self.month_end is MonthEnd.CLAMP):
            day, month = anchor.day, 12 * anchor.year + anchor.month - 1
            for number in range(month + first * months, LAST_MONTH + 1, months):
                year, place = divmod(number, MONTHS_A_YEAR)
                yield date(year, place + 1, day if day <= LENGTHS[place] else days_in_month(year, place + 1))
            first = (LAST_MONTH - month) // months + 1
        yield from map(self.nth, count(first))

    def place(self, day: date) -> int:
        """The `k` of the last date on or before `day`."""
        if months := self.every.months:
            k = (12 * (day.year - self.anchor.year) + day.month - self.anchor.month) // months
        else:
            k = (day - self.anchor).days // self.every.days
        while self.nth(k) > day:
            k -= 1
        while self.nth(k + 1) <= day:
            k += 1
        return k


class BusinessDayConvention(StrEnum):
    """Where a due date goes that is not a business day; the names are those of the calculator commands.

    The modified ones turn round where they would leave the month.
    """

    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified_preceding"


@dataclass(frozen=True, slots=True)
class _Either:
    """The days of two calendars."""

    one: Container[object]
    other: frozenset[date]

    def __contains__(self, day: object) -> bool:
        return day in self.other or day in self.one


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """A business-day rule: its convention, the calendar's name, and that calendar's bank holidays as data.

    Interest is unadjusted by default: it runs to the unshifted date, so a weekend costs nobody anything. Adjusted, it
    runs to the shifted one.
    """

    calendar: str
    holidays: Container[date] = field(default=frozenset(), repr=False, compare=False)
    convention: BusinessDayConvention = BusinessDayConvention.FOLLOWING
    interest_adjusted: bool = False

    def shift(self, day: date) -> date:
        """The business day on which something due on `day` falls due, always counted from the unshifted day.

        >>> BusinessDays("GB-ENG", frozenset({date(2027, 1, 1)})).shift(date(2027, 1, 1))
        datetime.date(2027, 1, 4)
        """
        match self.convention:
            case BusinessDayConvention.FOLLOWING:
                return self._next(day, ONE_DAY)
            case BusinessDayConvention.PRECEDING:
                return self._next(day, -ONE_DAY)
            case BusinessDayConvention.MODIFIED_FOLLOWING:
                return self._within_month(day, ONE_DAY)
            case BusinessDayConvention.MODIFIED_PRECEDING:
                return self._within_month(day, -ONE_DAY)

    def closed_too(self, days: Iterable[date]) -> BusinessDays:
        """The same rule with days on which the fund itself is closed.

        >>> rule = BusinessDays("weekdays").closed_too([date(2026, 11, 23)])
        >>> rule.shift(date(2026, 11, 21))
        datetime.date(2026, 11, 24)
        """
        return replace(self, holidays=_Either(self.holidays, frozenset(days)))

    def _next(self, day: date, step: timedelta) -> date:
        while not is_business_day(day, self.holidays):
            day += step
        return day

    def _within_month(self, day: date, step: timedelta) -> date:
        shifted = self._next(day, step)
        return shifted if shifted.month == day.month else self._next(day, -step)


def is_business_day(day: date, holidays: Container[date]) -> bool:
    """Whether `day` is neither at a weekend nor one of the bank holidays given."""
    return day.weekday() < SATURDAY and day not in holidays


def add_months(anchor: date, months: int, month_end: MonthEnd = MonthEnd.CLAMP) -> date:
    """The day of the anchor that many months on (or back); `month_end` says what to do where the month lacks it.

    Raises ValueError outside the years 1 to 9999.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    years, month_index = divmod(anchor.month - 1 + months, 12)
    year, month = anchor.year + years, month_index + 1
    if anchor.day < EVERY_MONTH_HAS:
        return date(year, month, anchor.day)
    last = days_in_month(year, month)
    if month_end is MonthEnd.STICK and is_month_end(anchor):
        return date(year, month, last)
    if anchor.day <= last:
        return date(year, month, anchor.day)
    return date(year, month, last) + (ONE_DAY if month_end is MonthEnd.ROLL else timedelta())


def is_month_end(day: date) -> bool:
    """Whether `day` is the last of its month."""
    return day.day == days_in_month(day.year, day.month)


def last_month_end(on: date) -> date:
    """The day itself where a month ends on it, or else the last such day before."""
    return on if is_month_end(on) else on.replace(day=1) - ONE_DAY


def month_ends(since: date, through: date) -> list[date]:
    """The last days of the months that end between two days, both inclusive.

    >>> [str(day) for day in month_ends(date(2026, 1, 31), date(2026, 3, 30))]
    ['2026-01-31', '2026-02-28']
    """
    found, day = [], since
    while (end := day.replace(day=days_in_month(day.year, day.month))) <= through:
        found.append(end)
        day = end + ONE_DAY
    return found


def days_in_month(year: int, month: int) -> int:
    """How many days the month has.

    >>> days_in_month(2028, 2)
    29
    """
    return LENGTHS[month - 1] + (month == FEBRUARY and isleap(year))


def nominal_due_date(first_due_on: date, no: int) -> date:
    """The due date of monthly instalment `no` (from 1) before any shift, counted from the first and never stepped."""
    return add_months(first_due_on, no - 1)
