"""One rounding, its mode named: to whole units, ties to the even one or up, and nothing finer let in."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.domain.errors import ImpossibleTerms
from loans.domain.rounding import UNROUNDED_PLACES, Rounding, RoundingMode, Scale, divide, rounding_of

OF_DECIMAL = {RoundingMode.HALF_EVEN: ROUND_HALF_EVEN, RoundingMode.HALF_UP: ROUND_HALF_UP}
WIDE = Context(prec=400)


@pytest.mark.parametrize(
    "numerator, denominator, even, up",
    [
        *((5, 2, 2, 3), (7, 2, 4, 4), (-5, 2, -2, -3), (-7, 2, -4, -4), (1, 2, 0, 1), (-1, 2, 0, -1)),
        *((4, 3, 1, 1), (5, 3, 2, 2), (-5, 3, -2, -2), (0, 7, 0, 0), (6, 3, 2, 2)),
    ],
)
def test_ties(numerator: int, denominator: int, even: int, up: int) -> None:
    assert divide(numerator, denominator) == even
    assert divide(numerator, denominator, RoundingMode.HALF_UP) == up


@given(st.integers(-(10**40), 10**40), st.integers(0, 12), st.sampled_from(RoundingMode))
def test_it_is_the_rounding_of_decimals(numerator: int, places: int, mode: RoundingMode) -> None:
    exact = Decimal(numerator).scaleb(-places, WIDE)
    assert divide(numerator, 10**places, mode) == exact.quantize(Decimal(1), OF_DECIMAL[mode], WIDE)


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**12), st.sampled_from(RoundingMode))
def test_it_is_never_more_than_half_a_unit_away(numerator: int, denominator: int, mode: RoundingMode) -> None:
    assert abs(Fraction(numerator, denominator) - divide(numerator, denominator, mode)) <= Fraction(1, 2)


@given(st.integers(-(10**20), 10**20), st.sampled_from(["GBP", "EUR", "JPY", "BHD"]))
def test_units_and_amounts_are_each_other(units: int, currency: str) -> None:
    rounding = rounding_of(currency)
    amount = Scale(currency, rounding.places).decimal(units)
    assert rounding.units(amount, "principal") == units
    assert -amount.as_tuple().exponent == rounding.places  # type: ignore[operator]


def test_the_smallest_unit_is_the_currency_s() -> None:
    assert [rounding_of(currency).places for currency in ("GBP", "JPY", "BHD")] == [2, 0, 3]
    assert Rounding(None).places == UNROUNDED_PLACES


@pytest.mark.parametrize("amount, places", [("0.001", 2), ("0.5", 0), ("0.0001", 3)])
def test_what_is_finer_is_refused_and_never_rounded(amount: str, places: int) -> None:
    with pytest.raises(ImpossibleTerms, match=f"finer than {places} decimals") as refusal:
        Rounding(places).units(Decimal(amount), "payment")
    assert refusal.value.field == "payment"


@pytest.mark.parametrize(
    "multiple, exact, payment",
    [(None, "676.648", 67665), ("1", "676.648", 67700), ("5", "676.648", 67500), ("0.05", "676.648", 67665)],
)
def test_a_level_payment_goes_to_the_nearest_multiple(multiple: str | None, exact: str, payment: int) -> None:
    rounding = Rounding(2, payment_multiple=Decimal(multiple) if multiple else None)
    assert rounding.payment(*(Fraction(exact) * 100).as_integer_ratio()) == payment
