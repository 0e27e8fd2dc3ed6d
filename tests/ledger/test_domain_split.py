"""Is no penny lost when an amount is shared?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.errors import WrongAmount
from ledger.domain.split import split, split_minor

weights = st.lists(st.one_of(st.integers(0, 10**9), st.decimals(0, 10**6, places=4)), min_size=1, max_size=12).filter(
    any
)
totals = st.integers(-(10**15) + 1, 10**15 - 1)


@given(total=totals, shares=weights)
def test_parts_sum_to_the_whole_each_within_a_unit_of_its_exact_share(total: int, shares: list[Decimal | int]) -> None:
    parts = split_minor(total, shares)
    whole = sum(map(Fraction, shares))
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * Fraction(share) / whole) < 1
        assert share or not part


@given(total=totals, shares=weights, data=st.data())
def test_a_larger_share_never_gets_less(total: int, shares: list[Decimal | int], data: st.DataObject) -> None:
    one, other = (data.draw(st.integers(0, len(shares) - 1)) for _ in range(2))
    if shares[one] > shares[other]:
        parts = split_minor(total, shares)
        assert abs(parts[one]) >= abs(parts[other])


@given(total=st.integers(0, 10**6), count=st.integers(1, 12))
def test_ties_go_to_the_earliest(total: int, count: int) -> None:
    parts = split_minor(total, [1] * count)
    assert list(parts) == sorted(parts, reverse=True)
    assert max(parts) - min(parts) <= 1


@given(total=totals, shares=weights)
def test_a_debt_is_split_as_an_asset_is(total: int, shares: list[Decimal | int]) -> None:
    assert split_minor(-total, shares) == tuple(-part for part in split_minor(total, shares))


@pytest.mark.parametrize(
    ("total", "currency", "shares", "parts"),
    [
        ("676.65", "GBP", (21000, 10500, 3500), ("405.99", "203.00", "67.66")),
        ("0.05", "GBP", (1, 1, 1), ("0.02", "0.02", "0.01")),
        ("-0.05", "GBP", (1, 1, 1), ("-0.02", "-0.02", "-0.01")),
        ("100", "JPY", (1, 1, 1), ("34", "33", "33")),
        ("1.00", "GBP", (0, 1, 0), ("0.00", "1.00", "0.00")),
        ("0.00", "GBP", (1, 2), ("0.00", "0.00")),
    ],
)
def test_examples(total: str, currency: str, shares: tuple[int, ...], parts: tuple[str, ...]) -> None:
    assert split(Money(total, currency), shares) == tuple(Money(part, currency) for part in parts)


@pytest.mark.parametrize("shares", [(), (0,), (0, 0), (1, -1), (5, -1)])
def test_weights_that_share_nothing_out_are_refused(shares: tuple[int, ...]) -> None:
    with pytest.raises(WrongAmount, match="none is negative and one is positive"):
        split(Money("1.00", "GBP"), shares)
