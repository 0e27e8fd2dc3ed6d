"""A share of revenue, up to a multiple: never a penny more, nothing on nil revenue, and parts that add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from loans.domain.calendar import add_months
from loans.domain.errors import ImpossibleTerms
from loans.domain.revenue_share import Declared, RevenueShare, revenue_payments
from tests.loans.tables import pounds, rows


def participation(**changes: Any) -> RevenueShare:
    """£50,000 for 4% of revenue, up to one and a half times, by the end of 2030."""
    agreed = {"principal": pounds("50000.00"), "share": Decimal("0.04"), "cap": Decimal("1.5")}
    return RevenueShare(**agreed | {"ends_on": date(2030, 12, 31)} | changes)


def declared(*revenues: str, currency: str = "GBP") -> list[Declared]:
    """Yearly revenues from 2026 on."""
    return [Declared(date(2026 + no, 12, 31), Money(revenue, currency)) for no, revenue in enumerate(revenues)]


def table(terms: RevenueShare, *revenues: str) -> list[list[str]]:
    return [
        [str(row.period_ends_on), *("-" if part is None else str(part.amount) for part in row[1:])]  # type: ignore[union-attr]
        for row in revenue_payments(terms, declared(*revenues))
    ]


def test_it_ends_at_the_cap() -> None:
    assert table(participation(), "333333.33", "0.00", "612345.67", "1500000.00", "900000.00") == rows("""
      # period ends  payment   principal    income   paid to date      left
      2026-12-31    13333.33     8888.89   4444.44       13333.33  61666.67
      2027-12-31        0.00        0.00      0.00       13333.33  61666.67
      2028-12-31    24493.83    16329.22   8164.61       37827.16  37172.84
      2029-12-31    37172.84    24781.89  12390.95       75000.00      0.00
      2030-12-31        0.00        0.00      0.00       75000.00      0.00
    """)


def test_or_on_its_last_day_whatever_was_paid() -> None:
    last = table(participation(), *["100000.00"] * 7)
    assert [row[0] for row in last] == [f"{year}-12-31" for year in range(2026, 2031)]
    assert last[-1][4] == "20000.00"


def test_without_a_cap_principal_comes_back_first() -> None:
    assert table(participation(cap=None), "1000000.00", "500000.00") == rows("""
      # period ends  payment   principal    income   paid to date  left
      2026-12-31    40000.00    40000.00      0.00       40000.00     -
      2027-12-31    20000.00    10000.00  10000.00       60000.00     -
    """)


@given(
    st.sampled_from(["GBP", "JPY", "BHD"]),
    st.integers(1, 10**9),
    st.decimals(Decimal("0.001"), 1, places=3),
    st.decimals(1, 5, places=2),
    st.lists(st.integers(0, 10**9), max_size=40),
)
def test_parts_add_up_and_the_cap_is_never_passed(
    currency: str, principal: int, share: Decimal, cap: Decimal, revenues: list[int]
) -> None:
    terms = RevenueShare(Money(principal, currency), share, cap)
    told = [Declared(add_months(date(2026, 1, 31), no), Money(each, currency)) for no, each in enumerate(revenues)]
    paid = repaid = Decimal(0)
    most = terms.scale.decimal(terms.most or 0)
    unit = terms.scale.decimal(1)
    for each, row in zip(told, revenue_payments(terms, reversed(told)), strict=True):
        wanted = min(each.eligible_revenue.amount * share, most - paid)
        assert abs(row.payment.amount - wanted) <= unit / 2
        assert row.payment == row.principal + row.income
        assert row.principal.amount >= 0
        assert row.income.amount >= 0
        paid, repaid = paid + row.payment.amount, repaid + row.principal.amount
        assert abs(repaid - paid * principal / most) <= unit
        assert row.left == Money(most - paid, currency)
    assert paid <= most
    assert (repaid == principal) or paid < most


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"principal": pounds("0.00")}, "principal"),
        ({"principal": pounds("0.001")}, "principal"),
        ({"share": Decimal(0)}, "share"),
        ({"share": Decimal(4)}, "share"),
        ({"cap": Decimal("0.5")}, "cap"),
        ({"cap": Decimal(200)}, "cap"),
        ({"cap": Decimal("NaN")}, "cap"),
        ({"cap": None, "ends_on": None}, "cap"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ImpossibleTerms) as refusal:
        participation(**changes)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "told, field",
    [
        (declared("-0.01"), "eligible_revenue"),
        (declared("0.001"), "eligible_revenue"),
        (declared("1.00", currency="EUR"), "eligible_revenue"),
        (declared("1.00") * 2, "period_ends_on"),
    ],
)
def test_declarations_that_make_no_sense_are_refused(told: list[Declared], field: str) -> None:
    with pytest.raises(ImpossibleTerms) as refusal:
        revenue_payments(participation(), told)
    assert refusal.value.field == field
