"""Multiples and rates of return agree with published examples and with pyxirr, and say when there is none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from investors.domain.errors import NoReturn, SeveralReturns
from investors.domain.returns import Multiples, rate_of_return
from ledger.domain.money import from_minor
from loans.domain.present_value import Flow
from loans.domain.roots import every_rate
from tests.builders import pounds
from tests.loans.tables import rows


def flows(table: str) -> list[tuple[date, Money]]:
    """Rows of day, amount."""
    return [(date.fromisoformat(day), pounds(amount)) for day, amount in rows(table)]


FUND = """
    2022-04-01  -60000.00
    2023-04-01  -40000.00
    2024-04-01   20000.00
    2025-04-01   30000.00
    2026-04-01   65000.00
"""
MICROSOFT = """
    2008-01-01 -10000
    2008-03-01   2750
    2008-10-30   4250
    2009-02-15   3250
    2009-04-01   2750
"""
MATHWORKS = """
    2007-01-12 -10000
    2008-02-14   2500
    2008-03-03   2000
    2008-06-14   3000
    2008-12-01   4000
"""


@pytest.mark.parametrize(
    "table, percent", [(FUND, "4.7922"), (MICROSOFT, "37.3362535"), (MATHWORKS, "10.064378")], ids=["fund", "ms", "mw"]
)
def test_published_rates(table: str, percent: str) -> None:
    """Two in the last decimal: Microsoft prints what Excel stops at, a little above the rate."""
    published = Decimal(percent)
    last = Decimal(1).scaleb(-len(percent.partition(".")[2]))
    assert abs(rate_of_return(flows(table)).rate * 100 - published) < 2 * last


def test_multiples_of_a_fund() -> None:
    found = Multiples(pounds("100000.00"), pounds("50000.00"), pounds("65000.00"))
    assert (found.dpi, found.rvpi, found.tvpi) == (Fraction(1, 2), Fraction(13, 20), Fraction(23, 20))
    nought = pounds("0.00")
    not_yet = Multiples(nought, nought, nought)
    assert (not_yet.dpi, not_yet.rvpi, not_yet.tvpi) == (None, None, None)


def test_less_than_a_year_is_said() -> None:
    quarter = rate_of_return(flows("2026-01-01 -1000.00\n 2026-04-01 1010.00"))
    assert quarter.is_under_a_year
    assert quarter.words == "1.00% in 90 days, which would be 4.12% a year"
    assert rate_of_return(flows(FUND)).words == "4.79% a year"


@pytest.mark.parametrize("last", ["2026-03-01", "2030-01-01"])
def test_a_total_loss_is_minus_100_percent(last: str) -> None:
    """What is left going to nought, the rate goes to −100%; at nought it is that, however many days it took."""
    lost = flows(f"2026-01-01 -1000.00\n 2026-02-01 -500.00\n {last} 0.00")
    nearly = flows(f"2026-01-01 -1000.00\n 2026-02-01 -500.00\n {last} 0.01")
    found = rate_of_return(lost)
    assert (found.rate, found.over_the_period) == (-1, -1)
    assert found.words == "−100.00%: all that was paid in is lost"
    assert -1 < rate_of_return(nearly).rate < Decimal("-0.9")


def test_a_nought_beside_the_payment_is_no_loss() -> None:
    """It takes a later day to lose money, and what came back was not lost."""
    with pytest.raises(NoReturn):
        rate_of_return(flows("2026-01-01 -1000.00\n 2026-01-01 0.00"))
    part = rate_of_return(flows("2025-01-01 -1000.00\n 2026-01-01 250.00\n 2027-01-01 0.00"))
    assert part.rate == Decimal("-0.75")


@pytest.mark.parametrize("table", ["", "2026-01-01 -1.00", "2026-01-01 -1.00\n 2026-02-01 -2.00", "2026-01-01 0.00"])
def test_flows_that_go_one_way_have_no_return(table: str) -> None:
    with pytest.raises(NoReturn):
        rate_of_return(flows(table))


def test_several_returns_are_refused_and_named() -> None:
    twice = flows("2025-01-01 -100.00\n 2026-01-01 230.00\n 2027-01-01 -132.00")
    with pytest.raises(SeveralReturns, match=r"10\.00% and 20\.00% a year all satisfy"):
        rate_of_return(twice)


def test_several_changes_of_direction_are_no_reason_where_there_is_one_rate() -> None:
    called_again = flows(FUND) + flows("2025-10-01 -10000.00\n 2026-03-01 11000.00")
    assert Decimal("0.04") < rate_of_return(called_again).rate < Decimal("0.06")


def test_every_rate_finds_each_of_them_once() -> None:
    """(x − 1)(x − 2)(x − 3) and, at the edge of a stretch, (x − 1)(x − 2): x is one and the rate."""

    def rates(*amounts: int) -> list[Decimal]:
        found = every_rate(Flow(Decimal(amount), Fraction(no)) for no, amount in enumerate(amounts))
        return [round(rate, 12) for rate in found]

    assert rates(1, -6, 11, -6) == [0, 1, 2]
    assert rates(1, -3, 2) == [0, 1]
    assert rates(-1, 3, -3) == []


AMOUNTS = st.integers(10**3, 10**6)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 900), AMOUNTS), min_size=1, max_size=4), AMOUNTS, st.integers(1300, 3000))
def test_it_agrees_with_pyxirr(paid_in: list[tuple[int, int]], received: int, day: int) -> None:
    first = date(2020, 1, 1)
    known = [(first + timedelta(each), from_minor(-amount, "GBP")) for each, amount in paid_in]
    known.append((first + timedelta(day), from_minor(received, "GBP")))
    theirs = pyxirr.xirr([on for on, _ in known], [float(amount.amount) for _, amount in known])
    if theirs is not None:
        assert rate_of_return(known).rate == pytest.approx(Decimal(theirs), rel=Decimal("1e-6"), abs=Decimal("1e-6"))
