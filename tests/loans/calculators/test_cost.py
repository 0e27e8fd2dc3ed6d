"""What a loan costs in all: against published rates, and each rate against its own definition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from loans.calculators.cost import Cost, monthly_cost
from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.day_count import DayCount
from loans.domain.rates import flat_of_nominal, in_percent, nominal_of_flat
from loans.domain.schedule import build_schedule
from loans.domain.terms import Terms


def cost(rate: str, months: int, method: str = "declining", fee: str = "0.00", **more: object) -> Cost:
    """The cost of £50,000.00, first repaid on 1 January 2027."""
    terms = Terms(
        principal=Money("50000.00", "GBP"),
        annual_rate=Decimal(rate),
        principal_due=Recurrence(date(2027, 1, 1)),
        instalments=months,
        day_count=DayCount.NOMINAL,
        interest_method=InterestMethod(method),
        **more,  # type: ignore[arg-type]
    )
    return monthly_cost(build_schedule(terms), Money(fee, "GBP"))


def shown(rate: Decimal) -> str:
    return str(in_percent(rate, 3))


@pytest.mark.parametrize(
    ("flat", "months", "nominal", "effective"),
    [
        ("0.035", 120, "6.293", "6.478"),
        ("0.042", 60, "7.770", "8.053"),
        ("0.05", 60, "9.154", "9.548"),
        ("0.06", 12, "10.896", "11.457"),
        ("0.10", 24, "18.157", "19.747"),
    ],
)
def test_a_flat_loan_shows_what_it_really_costs(flat: str, months: int, nominal: str, effective: str) -> None:
    found = cost(flat, months, "flat")
    assert (shown(found.nominal), shown(found.effective), shown(found.apr)) == (nominal, effective, effective)
    assert found.flat == Decimal(flat)
    assert abs(found.nominal - nominal_of_flat(Decimal(flat), months)) < Decimal("0.00001")


def test_the_fee_is_in_the_apr_and_in_no_other_rate() -> None:
    without, found = cost("0.042", 60, "flat"), cost("0.042", 60, "flat", fee="1000.00")
    assert (found.nominal, found.effective, found.flat) == (without.nominal, without.effective, without.flat)
    assert shown(found.apr) == "8.977"
    assert (found.interest, found.total) == (Money("10500.00", "GBP"), Money("11500.00", "GBP"))


def test_a_nominal_rate_is_the_one_agreed_and_its_flat_rate_is_what_an_advertisement_would_say() -> None:
    found = cost("0.075", 60)
    assert found.nominal == Decimal("0.075")
    assert abs(found.flat - flat_of_nominal(Decimal("0.075"), 60)) < Decimal("0.000001")
    assert shown(found.apr) == shown(found.effective)


def test_what_is_repaid_at_the_end_alone_costs_the_same_flat() -> None:
    found = cost("0.06", 36, amortisation=Amortisation.BULLET)
    assert (found.nominal, found.flat) == (Decimal("0.06"), Decimal("0.06"))


def test_a_loan_that_costs_nothing_has_no_rate_above_nought() -> None:
    for method in ("declining", "flat"):
        found = cost("0", 12, method)
        assert {found.nominal, found.effective, found.flat, found.apr, found.total.amount} == {Decimal(0)}
