"""Due dates are counted from their anchor and moved to the next business day."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.bank_holidays import CALENDARS, calendar_days
from loans.domain.calendar import (
    BusinessDayConvention,
    BusinessDays,
    Interval,
    MonthEnd,
    Recurrence,
    Unit,
    add_months,
    interval,
    is_business_day,
    nominal_due_date,
)
from loans.domain.day_count import DayCount, year_fraction
from loans.domain.errors import ImpossibleTerms
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


ANCHORS = st.one_of(
    st.sampled_from([date(2027, 2, 28), date(2028, 2, 29), date(2027, 1, 31), date(2026, 4, 30), date(2026, 12, 28)]),
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
)
INTERVALS = st.builds(Interval, st.integers(1, 40), st.sampled_from(Unit))


@given(st.builds(Recurrence, ANCHORS, INTERVALS, st.booleans(), st.sampled_from(MonthEnd)))
def test_all_dates_are_counted_from_the_anchor_however_they_are_asked_for(due):
    first = int(due.after)
    assert list(islice(due.dates(), 60)) == [due.nth(k) for k in range(first, first + 60)]


@given(st.builds(Recurrence, ANCHORS, INTERVALS, st.booleans(), st.sampled_from(MonthEnd)), st.integers(-400, 20000))
def test_the_place_of_a_day_is_the_last_date_up_to_it(due, days):
    day = due.anchor + timedelta(days=days)
    assert due.nth(due.place(day)) <= day < due.nth(due.place(day) + 1)


def test_dates_end_with_the_calendar():
    with pytest.raises(ImpossibleTerms, match="outside the calendar: shorten the term"):
        list(Recurrence(date(2026, 1, 15), Interval(900, Unit.YEAR)).dates())


@pytest.mark.parametrize(
    "month_end, dates",
    [
        (MonthEnd.CLAMP, "2027-04-30 2027-05-30 2027-06-30"),
        (MonthEnd.STICK, "2027-04-30 2027-05-31 2027-06-30"),
        (MonthEnd.ROLL, "2027-04-30 2027-05-30 2027-06-30"),
    ],
)
def test_the_end_of_april(month_end, dates):
    due = Recurrence(date(2027, 4, 30), month_end=month_end)
    assert [due.nth(k).isoformat() for k in range(3)] == dates.split()


def test_the_31st_of_january_rolls_to_the_first_of_march():
    due = Recurrence(date(2027, 1, 31), month_end=MonthEnd.ROLL)
    assert [due.nth(k).isoformat() for k in range(3)] == ["2027-01-31", "2027-03-01", "2027-03-31"]


@pytest.mark.parametrize("text", ["", "M", "0M", "1m", "1.5M", "-1M", "01M", "1Q", "1001M", "10000M", "1M\n"])
def test_what_is_no_interval_is_refused(text):
    with pytest.raises(ImpossibleTerms) as refusal:
        interval(text)
    assert refusal.value.field == "every"


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.sampled_from(CALENDARS))
def test_every_convention_finds_the_nearest_business_day_its_way(day, name):
    moved = {each: BusinessDays(name, calendar_days(name), each).shift(day) for each in BusinessDayConvention}
    after, before = moved[BusinessDayConvention.FOLLOWING], moved[BusinessDayConvention.PRECEDING]
    assert before <= day <= after
    assert all(is_business_day(each, calendar_days(name)) for each in moved.values())
    between = (before + timedelta(days=n) for n in range(1, (after - before).days))
    assert not any(is_business_day(each, calendar_days(name)) for each in between if before != after)
    assert moved[BusinessDayConvention.MODIFIED_FOLLOWING] == (after if after.month == day.month else before)
    assert moved[BusinessDayConvention.MODIFIED_PRECEDING] == (before if before.month == day.month else after)
