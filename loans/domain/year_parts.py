"""Which part of a year is a period of a schedule, and a part of that period? Exact, and additive by construction.

A part of a period is counted from the period's own start, as the difference of two counts. So any split of a period
gives the same total, also for conventions that are not additive between dates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from loans.domain.calendar import Recurrence
from loans.domain.day_count import (
    COMMON_YEAR,
    NOMINAL_YEAR,
    YEAR_OF,
    DayCount,
    nominal_fraction,
    thirty_e_360_days,
    year_fraction,
)

if TYPE_CHECKING:
    from loans.domain.terms import Terms

Ratio: TypeAlias = tuple[int, int]
"""Numerator and denominator."""


REAL_DAYS = frozenset({DayCount.ACTUAL_365_FIXED, DayCount.ACTUAL_360})
"""Conventions that count the calendar's days over a year that is always the same."""

ADDITIVE = REAL_DAYS | {DayCount.THIRTY_E_360}
"""Conventions whose count from one day to another does not depend on the period around them."""


class YearParts:
    """The year fractions of one loan's periods, by its day count."""

    def __init__(self, terms: Terms, first_principal_on: date, ends_on: date) -> None:
        self._day_count = terms.day_count
        self._ends_on = ends_on
        self._first_principal_on = first_principal_on
        self._principal_due = terms.cycle
        self._interest_due = terms.interest_due or terms.cycle
        self._by_principal = terms.pays_level
        self._places: dict[date, int] = {}
        self.whole = self._whole_count()

    def part(self, start: date, end: date, since: date, until: date) -> Ratio:
        """The year fraction from `since` to `until`, inside the period from `start` to `end`."""
        if self._day_count in ADDITIVE:
            return self.whole(since, until)
        match self._day_count:
            case DayCount.NOMINAL:
                found = nominal_fraction(self._grid(start), since, until)
            case DayCount.ACTUAL_ACTUAL_LEAP_PERIOD:
                found = self._count(start, end) * Fraction((until - since).days, (end - start).days or 1)
            case _:
                found = self._count(start, until) - self._count(start, since)
        return found.numerator, found.denominator

    def wholes(self, days: Sequence[date]) -> list[Ratio]:
        """The year fractions of the periods between consecutive days."""
        if self._day_count in REAL_DAYS:
            year, ordinals = YEAR_OF[self._day_count], list(map(date.toordinal, days))
            return [(end - start, year) for start, end in pairwise(ordinals)]
        return list(map(self.whole, days, days[1:]))

    def _whole_count(self) -> Callable[[date, date], Ratio]:
        """The count of a whole period, as plain as the convention allows: it runs for every row of every schedule."""
        match self._day_count:
            case DayCount.ACTUAL_365_FIXED:
                return lambda start, end: ((end - start).days, COMMON_YEAR)
            case DayCount.ACTUAL_360:
                return lambda start, end: ((end - start).days, NOMINAL_YEAR)
            case DayCount.THIRTY_E_360:
                return lambda start, end: (thirty_e_360_days(start, end), NOMINAL_YEAR)
            case DayCount.NOMINAL:
                return cache(self._nominal)
            case _:
                return cache(lambda start, end: self._count(start, end).as_integer_ratio())

    def _count(self, start: date, end: date) -> Fraction:
        return year_fraction(self._day_count, start, end, termination_on=self._ends_on)

    def _nominal(self, start: date, end: date) -> Ratio:
        grid = self._grid(start)
        place = self._places.get(start)
        if place is None or grid.nth(place) != start:
            place = grid.place(start)
        if grid.nth(place) == start and grid.nth(place + 1) == end:
            self._places[end] = place + 1
            return grid.every.nominal
        return nominal_fraction(grid, start, end).as_integer_ratio()

    def _grid(self, start: date) -> Recurrence:
        """The recurrence whose intervals count: that of principal once level payments have begun, else of interest."""
        return self._principal_due if self._by_principal and start >= self._first_principal_on else self._interest_due
