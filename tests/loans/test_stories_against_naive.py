"""Stories of one small loan, told twice: the engine and the clerk say the same, and a banker can read what they say.

The loan: £1,200.00 at 12%, six months by 30E/360, drawn on 1 January 2026, so 207.06 on the first of each month.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from loans.domain.allocation import Component
from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation
from loans.domain.events import (
    Drawn,
    Event,
    FeeCharged,
    HolidayGranted,
    Recovered,
    Repaid,
    Restructured,
    Waived,
    WrittenOff,
)
from loans.domain.servicing import DefaultInterest, HolidayInterest, Prepayment, Servicing
from loans.domain.terms import Terms
from tests.loans.naive import Row, simulate
from tests.loans.tables import pounds, rows
from tests.loans.test_against_naive import clerk_says, engine_says

END = date(2027, 6, 30)


def day(text: str) -> date:
    return date.fromisoformat(text)


def loan(rate: str = "0.12", months: int = 6, first: str = "2026-02-01", **more: object) -> Terms:
    """Monthly level instalments of £1,200.00."""
    due = Recurrence(day(first))
    fields = {"principal": pounds("1200.00"), "annual_rate": Decimal(rate), "principal_due": due, "instalments": months}
    return Terms(**(fields | more))  # type: ignore[arg-type]


DRAWN = Drawn(day("2026-01-01"), 1, pounds("1200.00"))


def repaid(
    on: str, sequence: int, amount: str, prepayment: Prepayment | None = None, *, settles: bool = False
) -> Repaid:
    return Repaid(day(on), sequence, pounds(amount), prepayment, settles)


def plan(terms: Terms, events: list[Event]) -> list[list[str]]:
    """The rows that fall due in the end, as both tell them: no, due, principal, interest."""
    told = clerk_says(simulate(terms, events, END))["rows"]
    assert engine_says(terms, events, END)["rows"] == told
    return [row_text(row) for row in told]


def row_text(row: Row) -> list[str]:
    return [str(row.no), row.due_on.isoformat(), pence(row.principal), pence(row.interest)]


def stands(terms: Terms, events: list[Event], days: str) -> list[list[str]]:
    """As of, principal, interest, fees and default interest due, in advance, accrued, figure, days past due."""
    return [standing(terms, events, day(each)) for each in days.split()]


def standing(terms: Terms, events: list[Event], as_of: date) -> list[str]:
    at = simulate(terms, events, as_of)
    assert engine_says(terms, events, as_of) == clerk_says(at)
    due = (at.principal_outstanding, at.interest_due, at.fees_due, at.default_interest_due)
    amounts = (*due, at.in_advance, at.accrued_interest, at.settlement_figure)
    return [as_of.isoformat(), *map(pence, amounts), str(at.days_past_due)]


def pence(units: int) -> str:
    return f"{Decimal(units).scaleb(-2):.2f}"


def test_as_agreed():
    assert plan(loan(), [DRAWN]) == rows("""
      # no  due         principal  interest
        1  2026-02-01  195.06  12.00
        2  2026-03-01  197.01  10.05
        3  2026-04-01  198.98   8.08
        4  2026-05-01  200.97   6.09
        5  2026-06-01  202.98   4.08
        6  2026-07-01  205.00   2.05
    """)


def test_a_late_loan_with_default_interest():
    terms = loan(servicing=Servicing(default_interest=DefaultInterest(Decimal("0.18"), 5)))
    life = [DRAWN, FeeCharged(day("2026-02-10"), 2, pounds("15.00")), repaid("2026-03-10", 3, "220.00")]
    life.append(Waived(day("2026-03-12"), 4, pounds("5.00"), Component.INTEREST))
    days = "2026-02-01 2026-02-06 2026-02-10 2026-02-28 2026-03-01 2026-03-09 2026-03-10 2026-03-12"
    assert stands(terms, life, days) == rows("""
      # as of       principal  interest  fees  default  advance  accrued  figure  days
        2026-02-01  1200.00  12.00   0.00  0.00  0.00  0.00  1212.00   0
        2026-02-06  1200.00  12.00   0.00  0.00  0.00  1.67  1213.67   5
        2026-02-10  1200.00  12.00  15.00  0.00  0.00  3.01  1230.39   9
        2026-02-28  1200.00  12.00  15.00  0.00  0.00  9.04  1238.16  27
        2026-03-01  1200.00  22.05  15.00  2.21  0.00  0.00  1239.26  28
        2026-03-09  1200.00  22.05  15.00  2.21  0.00  2.15  1242.47  36
        2026-03-10  1009.21  10.05   0.00  1.26  0.00  2.42  1022.94  37
        2026-03-12  1009.21   5.05   0.00  1.26  0.00  2.96  1018.68  39
    """)


@pytest.mark.parametrize(
    ("prepayment", "expected"),
    [
        (
            Prepayment.NEXT_INSTALMENT,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01  197.01  10.05
            3  2026-04-01  198.98   8.08
            4  2026-05-01  200.97   6.09
            5  2026-06-01  202.98   4.08
            6  2026-07-01  205.00   2.05
        """,
        ),
        (
            Prepayment.LOWER_PAYMENT,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01   97.00   7.55
            3  2026-04-01  100.47   4.08
            4  2026-05-01  101.48   3.07
            5  2026-06-01  102.49   2.06
            6  2026-07-01  103.50   1.04
        """,
        ),
        (
            Prepayment.SHORTER_TERM,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01  199.51   7.55
            3  2026-04-01  204.01   3.05
            4  2026-05-01  101.42   1.01
        """,
        ),
        (
            Prepayment.LAST_INSTALMENT,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01  197.01   7.55
            3  2026-04-01  198.98   3.08
            4  2026-05-01  108.95   1.09
        """,
        ),
    ],
)
def test_a_prepayment_of_each_kind(prepayment, expected):
    life = [DRAWN, repaid("2026-02-01", 2, "207.06"), repaid("2026-02-16", 3, "500.00", prepayment)]
    assert plan(loan(), life) == rows(expected)


@pytest.mark.parametrize(
    ("interest", "extends", "expected"),
    [
        (
            HolidayInterest.PAID,
            False,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01    0.00  10.05
            3  2026-04-01    0.00  10.05
            4  2026-05-01  331.65  10.05
            5  2026-06-01  334.97   6.73
            6  2026-07-01  338.32   3.38
        """,
        ),
        (
            HolidayInterest.DEFERRED,
            False,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01    0.00   0.00
            3  2026-04-01    0.00   0.00
            4  2026-05-01  331.65  30.15
            5  2026-06-01  334.97   6.73
            6  2026-07-01  338.32   3.38
        """,
        ),
        (
            HolidayInterest.CAPITALISED,
            False,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01    0.00   0.00
            3  2026-04-01    0.00   0.00
            4  2026-05-01  338.32  10.25
            5  2026-06-01  341.70   6.87
            6  2026-07-01  345.12   3.45
        """,
        ),
        (
            HolidayInterest.DEFERRED,
            True,
            """
            1  2026-02-01  195.06  12.00
            2  2026-03-01    0.00   0.00
            3  2026-04-01    0.00   0.00
            4  2026-05-01  197.01  30.15
            5  2026-06-01  198.98   8.08
            6  2026-07-01  200.97   6.09
            7  2026-08-01  202.98   4.08
            8  2026-09-01  205.00   2.05
        """,
        ),
    ],
)
def test_a_holiday_of_each_kind(interest, extends, expected):
    life = [DRAWN, HolidayGranted(day("2026-02-01"), 2, 2, interest, extends)]
    assert plan(loan(), life) == rows(expected)


def test_a_restructure():
    anew = loan("0.06", 4, "2026-05-01", drawn_on=day("2026-04-15"))
    life = [DRAWN, repaid("2026-02-01", 2, "207.06"), Restructured(day("2026-04-15"), 3, anew)]
    assert plan(loan(), life) == rows("""
      # no  due         principal  interest
        1  2026-02-01  195.06  12.00
        2  2026-03-01  197.01  10.05
        3  2026-04-01  198.98   8.08
        4  2026-05-01  248.99   5.52
        5  2026-06-01  250.73   3.78
        6  2026-07-01  251.98   2.53
        7  2026-08-01  253.24   1.27
    """)
    assert stands(loan(), life, "2026-04-14 2026-04-15 2026-05-01") == rows("""
      # as of       principal  interest  fees  default  advance  accrued  figure  days
        2026-04-14  1004.94  18.13  0.00  0.00  0.00  2.64  1025.71  44
        2026-04-15  1004.94  18.13  0.00  0.00  0.00  2.84  1025.91  45
        2026-05-01  1004.94  23.65  0.00  0.00  0.00  0.00  1028.59  61
    """)


def test_a_write_off_with_recovery():
    life = [DRAWN, repaid("2026-02-01", 2, "207.06"), WrittenOff(day("2026-03-10"), 3, pounds("100.00"))]
    life += [WrittenOff(day("2026-06-10"), 4), Recovered(day("2026-09-01"), 5, pounds("80.00"))]
    assert stands(loan(), life, "2026-03-09 2026-03-10 2026-06-09 2026-06-10 2026-09-01") == rows("""
      # as of       principal  interest  fees  default  advance  accrued  figure  days
        2026-03-09  1004.94  10.05  0.00  0.00  0.00  2.15  1017.14    8
        2026-03-10   904.94  10.05  0.00  0.00  0.00  2.42   917.41    9
        2026-06-09   904.94  28.30  0.00  0.00  0.00  0.55   933.79  100
        2026-06-10     0.00   0.00  0.00  0.00  0.00  0.00     0.00    0
        2026-09-01     0.00   0.00  0.00  0.00  0.00  0.00     0.00    0
    """)
    at = simulate(loan(), life, END)
    assert (at.written_off, at.recovered) == (100494, 8000)


def test_a_settlement():
    life = [DRAWN, repaid("2026-02-01", 2, "207.06"), repaid("2026-02-16", 3, "1009.96", settles=True)]
    assert stands(loan(), life, "2026-02-15 2026-02-16 2026-12-31") == rows("""
      # as of       principal  interest  fees  default  advance  accrued  figure  days
        2026-02-15  1004.94  0.00  0.00  0.00  0.00  4.69  1009.63  0
        2026-02-16     0.00  0.00  0.00  0.00  0.00  0.00     0.00  0
        2026-12-31     0.00  0.00  0.00  0.00  0.00  0.00     0.00  0
    """)


# What the random lives found once


def test_a_prepayment_of_nothing_changes_nothing():
    life = [DRAWN, repaid("2026-03-02", 2, "0.01", Prepayment.LOWER_PAYMENT)]
    life += [
        WrittenOff(day("2026-03-03"), 3, pounds("0.01")),
        repaid("2026-03-04", 4, "1.00", Prepayment.LAST_INSTALMENT),
    ]
    assert plan(loan(), life) == plan(loan(), [DRAWN])


def test_default_interest_until_a_restructure_stays_owed():
    terms = loan(servicing=Servicing(default_interest=DefaultInterest(Decimal("0.18"))))
    anew = loan("0.06", 4, "2026-05-01", drawn_on=day("2026-04-15"))
    life = [DRAWN, Restructured(day("2026-02-20"), 2, anew)]
    standing(terms, life, day("2026-03-20"))
    assert simulate(terms, life, day("2026-03-20")).default_interest_accrued == 183


def test_a_drawdown_after_a_prepayment_of_the_last_instalments_is_paid_by_the_given_payment():
    terms = loan(amortisation=Amortisation.GIVEN_PAYMENT, payment=Decimal("300.00"))
    life = [DRAWN, repaid("2026-02-10", 2, "1150.00", Prepayment.LAST_INSTALMENT)]
    life.append(Drawn(day("2026-02-20"), 3, pounds("600.00")))
    assert plan(terms, life) == rows("""
      # no  due         principal  interest
        1  2026-02-01  288.00  12.00
        2  2026-03-01  294.63   5.37
        3  2026-04-01  296.33   3.67
        4  2026-05-01   71.04   0.71
    """)


def test_interest_that_a_given_payment_does_not_cover_is_added_to_what_is_owed():
    terms = loan(amortisation=Amortisation.GIVEN_PAYMENT, payment=Decimal("5.00"))
    life = [DRAWN, repaid("2026-02-01", 2, "5.00")]
    assert stands(terms, life, "2026-02-01 2026-03-02") == rows("""
      # as of       principal  interest  fees  default  advance  accrued  figure  days
        2026-02-01  1207.00  0.00  0.00  0.00  0.00  0.00  1207.00  0
        2026-03-02  1214.07  5.00  0.00  0.00  0.00  0.40  1219.47  1
    """)
