"""Is an amount the same after it went to whole minor units and came back? And is everything else refused?"""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.errors import WrongAmount
from ledger.domain.money import LIMIT, from_minor, minor_digits, to_minor

DIGITS = {"GBP": 2, "EUR": 2, "JPY": 0, "BHD": 3, "TND": 3}
currencies = st.sampled_from(sorted(DIGITS))
minors = st.integers(-LIMIT + 1, LIMIT - 1)


@pytest.mark.parametrize(("currency", "digits"), DIGITS.items())
def test_decimals_of_a_currency(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("code", ["", "gbp", "POUND", "XX", "G B"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(WrongAmount, match="is not an ISO 4217 currency code"):
        minor_digits(code)


@given(minor=minors, currency=currencies)
def test_minor_units_come_back(minor: int, currency: str) -> None:
    money = from_minor(minor, currency)
    assert to_minor(money.amount, currency) == minor
    assert -money.amount.as_tuple().exponent == DIGITS[currency] or minor_digits(currency) == 0


@given(minor=minors, currency=currencies, zeros=st.integers(0, 30))
def test_the_way_an_amount_is_written_does_not_matter(minor: int, currency: str, zeros: int) -> None:
    plain = f"{from_minor(minor, currency).amount:f}"
    longer = plain + ("" if "." in plain else ".") + "0" * zeros
    assert to_minor(Decimal(longer), currency) == minor


@given(minor=minors, currency=currencies, places=st.integers(1, 50), digit=st.integers(1, 9))
def test_anything_finer_than_the_smallest_unit_is_refused(minor: int, currency: str, places: int, digit: int) -> None:
    with localcontext() as context:
        context.prec = 100
        trace = Decimal(digit).scaleb(-DIGITS[currency] - places)
        amount = from_minor(minor, currency).amount + trace
    with pytest.raises(WrongAmount, match="is finer than the smallest unit"):
        to_minor(amount, currency)


@given(minor=st.integers(LIMIT, LIMIT**4), sign=st.sampled_from([1, -1]), currency=currencies)
def test_amounts_of_the_limit_or_more_are_refused(minor: int, sign: int, currency: str) -> None:
    with localcontext() as context:
        context.prec = 100
        amount = Decimal(sign * minor).scaleb(-DIGITS[currency])
    with pytest.raises(WrongAmount, match="is too large"):
        to_minor(amount, currency)


@pytest.mark.parametrize("text", ["NaN", "-NaN", "sNaN", "NaN123", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(WrongAmount, match="is not a finite amount of money"):
        to_minor(Decimal(text), "GBP")


@pytest.mark.parametrize("text", ["1e60", "1e999999", "9e999999999999", "-1e70"])
def test_an_exponent_is_refused_without_being_written_out(text: str) -> None:
    with pytest.raises(WrongAmount, match="is too large"):
        to_minor(Decimal(text), "GBP")


@pytest.mark.parametrize("text", ["0", "-0", "0.00", "0e-900", "0E+20"])
def test_nought_is_nought_however_written(text: str) -> None:
    assert to_minor(Decimal(text), "GBP") == 0
