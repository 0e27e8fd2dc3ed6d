"""Due dates are counted from their anchor and moved to the next business day."""

from datetime import date

import pytest

from loans.domain.calendar import add_months, nominal_due_date
from loans.domain.day_count import DayCount, year_fraction
from tests.loans.tables import ENGLAND, rows


def test_due_dates_are_counted_from_the_anchor_and_never_stepped():
    january = date(2027, 1, 31)
    due = [nominal_due_date(january, no).isoformat() for no in range(1, 6)]
    assert due == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_the_29th_of_february_is_met_in_a_leap_year():
    assert add_months(date(2027, 12, 29), 2) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 29), 2) == date(2027, 2, 28)


def test_months_are_counted_back_over_a_new_year():
    assert add_months(date(2027, 1, 31), -2) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "nominal, due",
    rows("""
      # nominal     due
      2025-06-01  2025-06-02
      2026-12-01  2026-12-01
      2027-01-01  2027-01-04
      2026-12-25  2026-12-29
      2026-08-29  2026-09-01
    """),
)
def test_a_due_date_moves_past_weekends_and_bank_holidays(nominal, due):
    assert ENGLAND.shift(date.fromisoformat(nominal)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    "start, end, days",
    rows("""
      # start       end         days
      2026-11-01  2026-12-01     30
      2026-02-01  2026-03-01     30
      2026-01-31  2026-02-28     28
      2026-02-28  2026-03-31     32
      2026-11-01  2026-11-30     29
      2025-05-01  2030-05-01   1800
    """),
)
def test_every_month_has_thirty_days_by_30e_360(start, end, days):
    span = year_fraction(DayCount.THIRTY_E_360, date.fromisoformat(start), date.fromisoformat(end))
    assert span * 360 == int(days)
