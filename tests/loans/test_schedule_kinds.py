"""One short table for each kind of loan, which a banker can check with a pocket calculator and amend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from loans.domain.calendar import MonthEnd
from loans.domain.conventions import Amortisation, InterestMethod, Pattern, RateChange, Stub, Tranche
from loans.domain.day_count import DayCount
from loans.domain.rounding import Rounding, RoundingMode
from loans.domain.schedule import build_schedule
from loans.domain.terms import Terms
from tests.loans.tables import ENGLAND, annuity, instalment_table, pounds, rows


def loan(months: int = 6, lent: str = "1000.00", rate: str = "6%", **changes: Any) -> Terms:
    """£1,000.00 at 6%, monthly from 1 February 2026, by 30E/360, but for what is said: half a percent a month."""
    return replace(annuity(lent, rate, months, "2026-02-01"), **changes)


def until(end: str, **changes: Any) -> Terms:
    """The same loan with a last day instead of a number of instalments."""
    return loan(instalments=None, maturity=date.fromisoformat(end), **changes)


def table(terms: Terms) -> list[list[str]]:
    return instalment_table(build_schedule(terms).instalments)


def totals(terms: Terms) -> set[str]:
    return {str(row.total.amount) for row in build_schedule(terms).instalments}


def test_a_balloon_is_paid_as_if_over_five_years_and_falls_due_after_six_months() -> None:
    assert table(until("2026-07-01", amortised_to=date(2031, 1, 1), principal=pounds("10000.00"))) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     143.33     50.00  9856.67
         2  2026-03-01     144.05     49.28  9712.62
         3  2026-04-01     144.77     48.56  9567.85
         4  2026-05-01     145.49     47.84  9422.36
         5  2026-06-01     146.22     47.11  9276.14
         6  2026-07-01    9276.14     46.38     0.00
    """)


def test_a_principal_holiday_pays_interest_alone_for_two_months() -> None:
    assert table(loan(interest_only_periods=2)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01       0.00      5.00  1000.00
         2  2026-03-01       0.00      5.00  1000.00
         3  2026-04-01     248.13      5.00   751.87
         4  2026-05-01     249.37      3.76   502.50
         5  2026-06-01     250.62      2.51   251.88
         6  2026-07-01     251.88      1.26     0.00
    """)


def test_a_full_holiday_puts_the_interest_off_without_interest_on_it() -> None:
    assert table(loan(interest_only_periods=2, deferred_interest_periods=2)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01       0.00      0.00  1000.00
         2  2026-03-01       0.00      0.00  1000.00
         3  2026-04-01     248.13     15.00   751.87
         4  2026-05-01     249.37      3.76   502.50
         5  2026-06-01     250.62      2.51   251.88
         6  2026-07-01     251.88      1.26     0.00
    """)


def test_capitalised_interest_is_added_to_principal_and_bears_interest() -> None:
    assert table(loan(capitalise_interest_until=date(2026, 3, 1))) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01       0.00      0.00  1005.00
         2  2026-03-01       0.00      0.00  1010.02
         3  2026-04-01     250.62      5.05   759.40
         4  2026-05-01     251.87      3.80   507.53
         5  2026-06-01     253.13      2.54   254.40
         6  2026-07-01     254.40      1.27     0.00
    """)


def test_two_months_without_interest_are_part_of_the_level_payment() -> None:
    assert table(loan(interest_free_periods=2)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     168.05      0.00   831.95
         2  2026-03-01     168.05      0.00   663.90
         3  2026-04-01     164.73      3.32   499.17
         4  2026-05-01     165.55      2.50   333.62
         5  2026-06-01     166.38      1.67   167.24
         6  2026-07-01     167.24      0.84     0.00
    """)


def test_nothing_in_august_and_twice_as_much_in_december() -> None:
    """August's interest falls due with September's: 6,079.54 × 6% × 60/360 = 60.80."""
    pattern = Pattern(by_month=((8, Decimal(0)), (12, Decimal(2))))
    assert table(loan(12, "12000.00", pattern=pattern)) == rows("""
      # no  due         principal  interest   balance
         1  2026-02-01     974.48     60.00  11025.52
         2  2026-03-01     979.35     55.13  10046.17
         3  2026-04-01     984.25     50.23   9061.92
         4  2026-05-01     989.17     45.31   8072.75
         5  2026-06-01     994.12     40.36   7078.63
         6  2026-07-01     999.09     35.39   6079.54
         7  2026-08-01       0.00      0.00   6079.54
         8  2026-09-01     973.68     60.80   5105.86
         9  2026-10-01    1008.95     25.53   4096.91
        10  2026-11-01    1014.00     20.48   3082.91
        11  2026-12-01    2053.55     15.41   1029.36
        12  2027-01-01    1029.36      5.15      0.00
    """)
    assert totals(loan(12, "12000.00", pattern=pattern)) == {"1034.48", "0.00", "2068.96", "1034.51"}


@pytest.mark.parametrize("day_count", DayCount)
def test_two_idle_months_leave_the_last_payment_level_whatever_the_day_count(day_count: DayCount) -> None:
    terms = loan(12, "12000.00", pattern=Pattern(by_month=((7, Decimal(0)), (8, Decimal(0)))), day_count=day_count)
    schedule = build_schedule(terms)
    paid = [row.principal_units + row.interest_units for row in schedule.instalments]
    assert schedule.payment_units == paid[0]
    assert [place for place, units in enumerate(paid, 1) if units != paid[0]] in ([6, 7], [6, 7, 12])
    assert abs(paid[-1] - paid[0]) <= 6


def test_half_the_payment_for_three_months_then_half_as_much_again() -> None:
    assert table(loan(pattern=Pattern(steps=((1, Decimal("0.5")), (4, Decimal("1.5")))))) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01      80.12      5.00   919.88
         2  2026-03-01      80.52      4.60   839.36
         3  2026-04-01      80.92      4.20   758.44
         4  2026-05-01     251.55      3.79   506.89
         5  2026-06-01     252.81      2.53   254.08
         6  2026-07-01     254.08      1.27     0.00
    """)


def test_three_drawdowns_each_change_the_payment_from_the_next_due_date_on() -> None:
    """£500 on the first day, £500 in mid-January, £500 on the day after the second instalment."""
    drawdowns = tuple(
        Tranche(date.fromisoformat(day), pounds("500.00")) for day in ("2026-01-01", "2026-01-16", "2026-03-02")
    )
    assert table(loan(4, "1500.00", drawn_on=date(2026, 1, 1), drawdowns=drawdowns)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     249.07      3.75   750.93
         2  2026-03-01     249.07      3.75   501.86
         3  2026-04-01     499.72      4.93   502.14
         4  2026-05-01     502.14      2.51     0.00
    """)


def test_a_rate_that_rises_in_mid_period_changes_the_next_payment() -> None:
    """751.87 × (14/360 × 6% + 16/360 × 9%) = 4.76, and the payment is solved again with it."""
    assert table(loan(4, rate_changes=(RateChange(date(2026, 2, 15), Decimal("0.09")),))) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     248.13      5.00   751.87
         2  2026-03-01     249.34      4.76   502.53
         3  2026-04-01     250.33      3.77   252.20
         4  2026-05-01     252.20      1.89     0.00
    """)


def test_equal_principal() -> None:
    assert table(loan(amortisation=Amortisation.EQUAL_PRINCIPAL)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     166.67      5.00   833.33
         2  2026-03-01     166.67      4.17   666.66
         3  2026-04-01     166.67      3.33   499.99
         4  2026-05-01     166.67      2.50   333.32
         5  2026-06-01     166.67      1.67   166.65
         6  2026-07-01     166.65      0.83     0.00
    """)


def test_a_bullet() -> None:
    assert table(loan(3, amortisation=Amortisation.BULLET)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01       0.00      5.00  1000.00
         2  2026-03-01       0.00      5.00  1000.00
         3  2026-04-01    1000.00      5.00     0.00
    """)


def test_a_given_payment_goes_on_until_the_loan_is_clear() -> None:
    assert table(loan(instalments=None, amortisation=Amortisation.GIVEN_PAYMENT, payment=Decimal("300.00"))) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     295.00      5.00   705.00
         2  2026-03-01     296.48      3.52   408.52
         3  2026-04-01     297.96      2.04   110.56
         4  2026-05-01     110.56      0.55     0.00
    """)


def test_flat_interest_is_the_same_every_month_for_five_years() -> None:
    """£50,000 × 4.2% × 5 = £10,500; (50,000 + 10,500) ÷ 60 = £1,008.33."""
    terms = loan(60, "50000.00", "4.2%", interest_method=InterestMethod.FLAT)
    found = table(terms)
    assert [found[place] for place in (0, 1, 58, 59)] == rows("""
      # no  due         principal  interest   balance
         1  2026-02-01     833.33    175.00  49166.67
         2  2026-03-01     833.33    175.00  48333.34
        59  2030-12-01     833.33    175.00    833.53
        60  2031-01-01     833.53    175.00      0.00
    """)
    assert build_schedule(terms).interest_units == 10_500_00
    assert build_schedule(terms).payment_units == 1_008_33


def test_the_last_month_of_a_flat_loan_takes_the_difference_of_its_interest() -> None:
    """£100 at 1% flat is 8⅓p a month: 8p eleven times, and 12p to make £1.00 of the year."""
    found = table(loan(12, "100.00", "1%", interest_method=InterestMethod.FLAT))
    assert [row[3] for row in found] == ["0.08"] * 11 + ["0.12"]


def test_where_rounding_has_charged_too_much_the_last_interest_of_a_flat_loan_is_negative_and_flagged() -> None:
    """£1.00 at 6.6% is 0.55p a month and rounds to 1p; the year's 6.6p rounds to 7p: the last month gives 4p back."""
    schedule = build_schedule(loan(12, "1.00", "6.6%", interest_method=InterestMethod.FLAT))
    assert schedule.interest_units == 7
    assert schedule.instalments[-1].interest_units == -4
    assert schedule.has_negative_parts


@pytest.mark.parametrize(
    "currency, table_",
    [
        (
            "JPY",
            """
      # no  due         principal  interest  balance
         1  2026-02-01     332917      1250   667083
         2  2026-03-01     333333       834   333750
         3  2026-04-01     333750       417        0
    """,
        ),
        (
            "BHD",
            """
      # no  due           principal  interest      balance
         1  2026-02-01   332917.014  1250.000   667082.986
         2  2026-03-01   333333.160   833.854   333749.826
         3  2026-04-01   333749.826   417.187        0.000
    """,
        ),
    ],
)
def test_a_million_at_one_and_a_half_percent_in_whole_yen_and_in_thousandths_of_a_dinar(
    currency: str, table_: str
) -> None:
    assert table(loan(3, rate="1.5%", principal=Money(1_000_000, currency))) == rows(table_)


def test_a_short_last_period_of_its_own() -> None:
    assert table(until("2026-04-15"))[-2:] == rows("""
      # no  due         principal  interest  balance
         3  2026-04-01     250.46      2.51   252.36
         4  2026-04-15     252.36      0.59     0.00
    """)


def test_a_long_last_period() -> None:
    assert table(until("2026-04-15", stub=Stub.LONG)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     331.93      5.00   668.07
         2  2026-03-01     333.59      3.34   334.48
         3  2026-04-15     334.48      2.45     0.00
    """)


def test_real_days_make_the_interest_of_a_month_follow_its_length() -> None:
    assert table(loan(4, day_count=DayCount.ACTUAL_365_FIXED)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     247.99      5.10   752.01
         2  2026-03-01     249.63      3.46   502.38
         3  2026-04-01     250.53      2.56   251.85
         4  2026-05-01     251.85      1.24     0.00
    """)


@pytest.mark.parametrize(
    "adjusted, first", [(False, "1 2027-01-04 331.58 5.10 668.42"), (True, "1 2027-01-04 331.15 5.59 668.85")]
)
def test_interest_runs_to_the_agreed_day_or_to_the_one_it_is_moved_to(adjusted: bool, first: str) -> None:
    """New Year's Day 2027 is a Friday: 31 days of interest to the 1st, 34 to Monday the 4th."""
    terms = replace(
        annuity("1000.00", "6%", 3, "2027-01-01"),
        day_count=DayCount.ACTUAL_365_FIXED,
        business_days=replace(ENGLAND, interest_adjusted=adjusted),
    )
    assert table(terms)[0] == first.split()


def test_a_payment_in_advance_on_the_day_of_the_drawdown_bears_no_interest() -> None:
    assert table(loan(3, drawn_on=date(2026, 2, 1))) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     335.00      0.00   665.00
         2  2026-03-01     331.68      3.32   333.32
         3  2026-04-01     333.32      1.67     0.00
    """)


def test_a_running_loan_is_taken_over_with_the_interest_that_had_accrued() -> None:
    taken_over = loan(3, drawn_on=date(2026, 1, 16), accrued_interest=Decimal("2.50"))
    assert table(taken_over) == table(loan(3))


def test_a_running_loan_keeps_its_anchor_and_has_so_many_instalments_still_to_come() -> None:
    terms = replace(annuity("1000.00", "6%", 3, "2025-02-01"), drawn_on=date(2026, 1, 2))
    assert [row[1] for row in table(terms)] == ["2026-02-01", "2026-03-01", "2026-04-01"]
    assert terms.nominal_maturity == date(2026, 4, 1)


def test_whole_pounds_a_month_and_the_last_one_takes_the_rest() -> None:
    assert totals(loan(4, rounding=Rounding(2, payment_multiple=Decimal(1)))) == {"253.00", "253.53"}


def test_an_instalment_alone_has_a_payment_too() -> None:
    assert build_schedule(loan(1)).payment_units == 100500


@pytest.mark.parametrize(
    "month_end, due",
    [
        (MonthEnd.CLAMP, "2027-02-28 2027-03-28 2027-04-28"),
        (MonthEnd.STICK, "2027-02-28 2027-03-31 2027-04-30"),
        (MonthEnd.ROLL, "2027-02-28 2027-03-28 2027-04-28"),
    ],
)
def test_the_last_day_of_february_is_a_month_end_for_those_who_stick_to_it(month_end: MonthEnd, due: str) -> None:
    terms = annuity("1000.00", "6%", 3, "2027-02-28")
    assert terms.principal_due
    terms = replace(terms, principal_due=replace(terms.principal_due, month_end=month_end))
    assert [row[1] for row in table(terms)] == due.split()


def test_half_a_penny_goes_to_the_even_one_or_up_as_agreed() -> None:
    """£2.50 × 2.4% ÷ 12 is half a penny."""
    half = {mode: table(loan(1, "2.50", "2.4%", rounding=Rounding(2, mode)))[0][3] for mode in RoundingMode}
    assert half == {RoundingMode.HALF_EVEN: "0.00", RoundingMode.HALF_UP: "0.01"}
