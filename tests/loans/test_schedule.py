"""The annuity to the penny: tables that a banker can amend, and what holds for every loan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.errors import DrawdownRefused
from loans.domain.events import Drawn
from loans.domain.schedule import planned_schedule, schedule
from loans.domain.terms import MAX_MONTHS, Terms
from loans.domain.terms import annuity as agreed_annuity
from tests.loans.tables import annuity, instalment_table, netherby, pounds, rows, schedule_table


def test_the_netherby_loan():
    assert schedule_table(netherby(), [1, 2, 17, 18, 19, 20, 21, 22, 59, 60]) == rows("""
      # no  due         principal  interest   balance
         1  2025-06-02     501.65    175.00  34498.35
         2  2025-07-01     504.16    172.49  33994.19
        17  2026-10-01     543.32    133.33  26122.16
        18  2026-11-02     546.04    130.61  25576.12
        19  2026-12-01     548.77    127.88  25027.35
        20  2027-01-04     551.51    125.14  24475.84
        21  2027-02-01     554.27    122.38  23921.57
        22  2027-03-01     557.04    119.61  23364.53
        59  2030-04-01     669.93      6.72    673.17
        60  2030-05-01     673.17      3.37      0.00
    """)
    assert {row.total for row in planned_schedule(netherby())[:-1]} == {pounds("676.65")}


def test_a_short_loan_whole():
    assert schedule_table(annuity("1000.00", "6%", 3, "2026-02-01")) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     331.67      5.00   668.33
         2  2026-03-01     333.33      3.34   335.00
         3  2026-04-01     335.00      1.68     0.00
    """)


def test_without_interest_the_last_instalment_takes_the_rest():
    assert schedule_table(annuity("100.00", "0%", 3, "2026-02-01")) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01      33.33      0.00    66.67
         2  2026-03-01      33.33      0.00    33.34
         3  2026-04-01      33.34      0.00     0.00
    """)


def test_half_a_penny_of_interest_is_rounded_to_the_even_penny():
    assert schedule_table(annuity("2.50", "2.4%", 1, "2026-02-01"))[0][3] == "0.00"
    assert schedule_table(annuity("7.50", "2.4%", 1, "2026-02-01"))[0][3] == "0.02"


def test_an_early_drawdown_pays_interest_for_its_own_days():
    terms = annuity("1000.00", "6%", 3, "2026-02-01")
    assert instalment_table(schedule(terms, [Drawn(date(2025, 12, 17), 1, pounds("1000.00"))])) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     330.12      7.33   669.88
         2  2026-03-01     334.10      3.35   335.78
         3  2026-04-01     335.78      1.68     0.00
    """)


def test_a_second_drawdown_changes_the_instalments_from_its_next_due_date_on():
    terms = annuity("1500.00", "6%", 3, "2026-02-01")
    drawn = [Drawn(date(2026, 1, 1), 1, pounds("1000.00")), Drawn(date(2026, 2, 16), 2, pounds("500.00"))]
    assert instalment_table(schedule(terms, drawn)) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     331.67      5.00   668.33
         2  2026-03-01     583.33      4.59   585.00
         3  2026-04-01     585.00      2.92     0.00
    """)


def test_nothing_drawn_is_nothing_due():
    assert schedule(netherby(), []) == ()


def test_a_drawdown_on_the_last_due_date_is_refused():
    with pytest.raises(DrawdownRefused, match=r"the last instalment is due on 1 May 2030\. Draw before that day\."):
        schedule(netherby(), [Drawn(date(2030, 5, 1), 1, pounds("1.00"))])


CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "BHD"])
RATES = st.decimals(min_value=0, max_value=Decimal("0.5"), places=4)
ANCHORS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """Any annuity of the four currencies, from the smallest unit to a milliard pounds."""
    return agreed_annuity(
        from_minor(draw(st.integers(1, 10**11)), draw(CURRENCIES)),
        draw(RATES),
        draw(st.integers(1, MAX_MONTHS)),
        draw(ANCHORS),
    )


@given(terms())
def test_every_schedule_repays_exactly_what_was_lent(agreed):
    instalments = planned_schedule(agreed)
    zero = Money(0, agreed.currency)
    assert len(instalments) == agreed.months
    assert sum((row.principal for row in instalments), zero) == agreed.principal
    assert instalments[-1].balance == zero
    balance = agreed.principal
    for row in instalments:
        assert row.principal >= zero
        assert row.interest >= zero
        balance -= row.principal
        assert row.balance == balance


@given(terms(), st.integers(0, 60))
def test_interest_of_each_row_is_the_exact_interest_rounded_once(agreed, days_before):
    drawn_on = agreed.planned_drawn_on - timedelta(days=days_before)
    balance, since = agreed.principal.amount, drawn_on
    unit = from_minor(1, agreed.currency).amount
    for row in schedule(agreed, [Drawn(drawn_on, 1, agreed.principal)]):
        due = row.nominal_due_on
        days = 360 * (due.year - since.year) + 30 * (due.month - since.month) + min(due.day, 30) - min(since.day, 30)
        exact = balance * agreed.annual_rate * days / 360
        assert abs(row.interest.amount - exact) <= unit / 2 + Decimal("1e-15")
        balance, since = row.balance.amount, due


@given(terms().filter(lambda agreed: agreed.first_due_on.day <= 28 and agreed.months > 1))
def test_instalments_are_level_until_the_loan_is_nearly_repaid(agreed):
    instalments = planned_schedule(agreed)
    level = instalments[0].total
    for row in instalments[:-1]:
        assert row.total == level or row.balance == Money(0, agreed.currency)
