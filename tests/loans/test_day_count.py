"""Each convention counts as its definition says: tables to amend, and sums of days for the ones that are such sums."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.domain.calendar import Interval, MonthEnd, Recurrence, Unit
from loans.domain.day_count import YEAR_OF, DayCount, counted_days, nominal_fraction, year_fraction
from loans.domain.errors import ImpossibleTerms
from tests.loans.plain_reckoning import BY_DAYS, share_of_year
from tests.loans.tables import rows

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "start, end, e, bond, isda",
    rows("""
      # start       end         30e/360  30/360-bond  30e/360-isda
      2026-01-31  2026-07-31        180          180           180
      2026-01-31  2026-02-28         28           28            30
      2026-02-28  2026-03-31         32           33            30
      2026-01-30  2026-03-31         60           60            60
      2026-01-15  2026-03-31         75           76            75
      2028-02-29  2028-03-31         31           32            30
      2028-02-28  2028-02-29          1            1             2
      2026-02-01  2026-03-01         30           30            30
      2025-12-31  2026-12-31        360          360           360
    """),
)
def test_three_conventions_of_thirty_days_that_are_not_the_same(
    start: str, end: str, e: str, bond: str, isda: str
) -> None:
    span = date.fromisoformat(start), date.fromisoformat(end)
    conventions = (DayCount.THIRTY_E_360, DayCount.THIRTY_360_BOND, DayCount.THIRTY_E_360_ISDA)
    assert [counted_days(count, *span) for count in conventions] == [int(e), int(bond), int(isda)]


def test_the_last_of_february_is_no_30th_where_the_loan_ends_on_it() -> None:
    span = date(2026, 1, 31), date(2026, 2, 28)
    assert counted_days(DayCount.THIRTY_E_360_ISDA, *span, termination_on=date(2026, 2, 28)) == 28


@pytest.mark.parametrize(
    "convention, fraction",
    rows("""
      # convention                  12 December 2027 to 12 January 2028
      actual/365f                   31/365
      actual/360                    31/360
      actual/actual-isda            20/365+11/366
      actual/actual-31-dec          19/365+12/366
      actual/actual-leap-period     31/365
      30e/360                       30/360
    """),
)
def test_a_month_over_the_beginning_of_a_leap_year(convention: str, fraction: str) -> None:
    expected = sum(Fraction(part) for part in fraction.split("+"))
    assert year_fraction(DayCount(convention), date(2027, 12, 12), date(2028, 1, 12)) == expected


@pytest.mark.parametrize(
    "start, end, year",
    [("2028-02-29", "2028-03-29", 365), ("2028-02-28", "2028-02-29", 366), ("2028-01-31", "2028-02-28", 365)],
)
def test_a_period_is_of_a_leap_year_where_it_holds_the_29th_of_february_after_its_first_day(
    start: str, end: str, year: int
) -> None:
    span = date.fromisoformat(start), date.fromisoformat(end)
    assert year_fraction(DayCount.ACTUAL_ACTUAL_LEAP_PERIOD, *span) == Fraction((span[1] - span[0]).days, year)


@given(st.sampled_from(BY_DAYS), DAYS, st.integers(0, 1200))
def test_a_span_is_the_sum_of_its_days(convention: DayCount, start: date, length: int) -> None:
    days = (start + timedelta(days=day) for day in range(length))
    expected = sum((share_of_year(day, convention) for day in days), Fraction(0))
    assert year_fraction(convention, start, start + timedelta(days=length)) == expected


@given(st.sampled_from(BY_DAYS), DAYS, DAYS, DAYS)
def test_spans_add_up_and_turn_round(convention: DayCount, one: date, two: date, three: date) -> None:
    first, second = year_fraction(convention, one, two), year_fraction(convention, two, three)
    assert first + second == year_fraction(convention, one, three)
    assert year_fraction(convention, two, one) == -first


@given(st.sampled_from(sorted(YEAR_OF)), DAYS, DAYS)
def test_the_fraction_is_the_days_over_the_year(convention: DayCount, start: date, end: date) -> None:
    assert year_fraction(convention, start, end) == Fraction(counted_days(convention, start, end), YEAR_OF[convention])


@given(DAYS, st.integers(-60, 60), st.sampled_from(MonthEnd), st.sampled_from(Unit), st.integers(1, 12))
def test_a_nominal_period_counts_its_part_of_a_year_whatever_the_calendar(
    anchor: date, k: int, month_end: MonthEnd, unit: Unit, number: int
) -> None:
    due = Recurrence(anchor, Interval(number, unit), month_end=month_end)
    part = {Unit.DAY: (1, 360), Unit.WEEK: (7, 360), Unit.MONTH: (1, 12), Unit.YEAR: (1, 1)}[unit]
    assert nominal_fraction(due, due.nth(k), due.nth(k + 1)) == number * Fraction(*part)


def test_a_part_of_a_nominal_month_is_its_share_of_the_days() -> None:
    february = Recurrence(date(2026, 2, 1))
    assert nominal_fraction(february, date(2026, 2, 1), date(2026, 2, 8)) == Fraction(7, 28) / 12


def test_the_nominal_count_needs_a_schedule() -> None:
    with pytest.raises(ImpossibleTerms, match="needs the interval of a schedule") as refusal:
        year_fraction(DayCount.NOMINAL, date(2026, 1, 1), date(2026, 2, 1))
    assert refusal.value.field == "convention"
