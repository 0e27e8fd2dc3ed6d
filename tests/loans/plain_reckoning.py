"""A schedule reckoned the long way: day by day, in fractions, sharing nothing with the engine but its terms.

It knows loans with one recurrence of months, and counts by which a period is the sum of its days.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.rounding import RoundingMode
from loans.domain.terms import Terms

DAY = timedelta(days=1)


def share_of_year(day: date, count: DayCount) -> Fraction:
    """What the night after `day` counts for."""
    after = day + DAY
    match count:
        case DayCount.ACTUAL_365_FIXED:
            return Fraction(1, 365)
        case DayCount.ACTUAL_360:
            return Fraction(1, 360)
        case DayCount.ACTUAL_ACTUAL_ISDA:
            return Fraction(1, 366 if isleap(day.year) else 365)
        case DayCount.ACTUAL_ACTUAL_31_DEC:
            return Fraction(1, 366 if isleap(after.year) else 365)
        case DayCount.THIRTY_E_360:
            return Fraction(_place_of_360(after) - _place_of_360(day), 360)
    raise AssertionError(f"{count} is not the sum of its days")


BY_DAYS = [
    *(DayCount.ACTUAL_365_FIXED, DayCount.ACTUAL_360, DayCount.ACTUAL_ACTUAL_ISDA),
    *(DayCount.ACTUAL_ACTUAL_31_DEC, DayCount.THIRTY_E_360),
]


def _place_of_360(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def nearest(exact: Fraction, mode: RoundingMode) -> int:
    """The nearest whole number; Python's own rounding goes to the even one."""
    if mode is RoundingMode.HALF_EVEN:
        return round(exact)
    return int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)


def clamped(anchor: date, months: int) -> date:
    """The same day so many months on, or the last that the month has."""
    number = 12 * anchor.year + anchor.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


@dataclass
class Reckoning:
    """One loan, on its way from day to day."""

    terms: Terms
    owed: int = 0
    rate: Fraction = Fraction(0)
    running: Fraction = Fraction(0)
    put_off: int = 0
    payment: int | None = None
    wanted: bool = True
    rows: list[tuple[date, int, int, int]] = field(default_factory=list)

    def dates(self) -> list[date]:
        """The due dates."""
        due, number = self.terms.principal_due, self.terms.instalments
        assert due
        assert number
        first = 1 if due.after else 0
        return [clamped(due.anchor, (first + k) * due.every.months) for k in range(number)]

    def units(self, amount: object) -> int:
        """An amount in the smallest unit."""
        return int(Fraction(amount) * 10**self.terms.rounded.places)  # type: ignore[call-overload]

    def reckon(self) -> list[tuple[date, int, int, int]]:
        """Every row: date, principal, interest, balance."""
        dates, terms = self.dates(), self.terms
        self.rate = Fraction(terms.annual_rate)
        draws = [(tranche.on, self.units(tranche.amount.amount)) for tranche in terms.drawdowns]
        draws = draws or [(terms.planned_drawn_on, self.units(terms.principal.amount))]
        day = terms.planned_drawn_on
        while day <= dates[-1]:
            for on, units in draws:
                if on == day:
                    self.owed, self.wanted = self.owed + units, True
            if day in dates:
                self.fall_due(dates, dates.index(day))
            for change in terms.rate_changes:
                if change.on == day:
                    self.rate = Fraction(change.annual_rate)
                    self.wanted = self.wanted or terms.amortisation is Amortisation.ANNUITY
            free = sum(on <= day for on in dates) < terms.interest_free_periods
            self.running += 0 if free else self.owed * self.rate * share_of_year(day, terms.day_count)
            day += DAY
        return self.rows

    def fall_due(self, dates: list[date], k: int) -> None:
        """What falls due on date `k`."""
        interest = nearest(self.running, self.terms.rounded.mode)
        principal = self.owed if k + 1 == len(dates) else self.principal(dates, k, interest)
        self.running = Fraction(0)
        self.owed -= principal
        interest, self.put_off = interest + self.put_off, 0
        if k < self.terms.deferred_interest_periods and k + 1 < len(dates):
            interest, self.put_off = 0, interest
        self.rows.append((dates[k], principal, interest, self.owed))

    def principal(self, dates: list[date], k: int, interest: int) -> int:
        """The principal that falls due on date `k`, not the last."""
        terms = self.terms
        if terms.amortisation is Amortisation.BULLET or k < terms.interest_only_periods:
            return 0
        if self.wanted:
            self.payment, self.wanted = nearest(self.level(dates, k), terms.rounded.mode), False
        assert self.payment is not None
        if terms.amortisation is Amortisation.EQUAL_PRINCIPAL:
            return min(self.payment, self.owed)
        is_put_off = k < terms.deferred_interest_periods
        least = 0 if is_put_off or terms.day_count is DayCount.THIRTY_E_360 else self.payment - interest
        return min(max(self.payment - interest, least), self.owed)

    def level(self, dates: list[date], k: int) -> Fraction:
        """The level payment from date `k` on: what is left at the end is linear in it."""
        if self.terms.amortisation is Amortisation.EQUAL_PRINCIPAL:
            return Fraction(self.owed, len(dates) - k)
        nothing, one = self.left(dates, k, 0), self.left(dates, k, 1)
        return nothing / (nothing - one)

    def left(self, dates: list[date], k: int, payment: int) -> Fraction:
        """What is left after the last date when every payment from date `k` on is this one."""
        owed = self.owed + self.running - payment
        for no, (start, end) in enumerate(zip(dates[k:], dates[k + 1 :], strict=False), k + 1):
            free = no < self.terms.interest_free_periods
            part = sum(share_of_year(day, self.terms.day_count) for day in _days(start, end))
            owed += (0 if free else owed * self.rate * part) - payment
        return owed


def _days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += DAY
