"""How are numbers written in an answer? As plain decimals in JSON strings, unrounded ones with ten decimals or more."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from loans.domain.present_value import context

DECIMALS = 16
TELLING = 12
"""Digits of 1 + rate that are written at least: a rate above −1 never reads as −1."""
WIDE = context(4000)


def rate_text(rate: Decimal) -> str:
    """A rate above −1 with 16 decimals, and more where it lies close to −1.

    >>> rate_text(Decimal("0.0643441249")), rate_text(Decimal("-0.99999999999999999975"))
    ('0.0643441249000000', '-0.9999999999999999997500000000000')
    """
    left = WIDE.add(1, rate)
    return decimal_text(rate, max(DECIMALS, TELLING - left.adjusted()))


def fraction_text(value: Fraction, decimals: int = 20) -> str:
    """An exact fraction as a plain decimal, rounded half to even in its last place.

    >>> fraction_text(Fraction(1, 3))
    '0.33333333333333333333'
    """
    return decimal_text(WIDE.divide(Decimal(value.numerator), Decimal(value.denominator)), decimals)


def decimal_text(value: Decimal, decimals: int) -> str:
    """A decimal with exactly so many decimals, without an exponent or a nought below nought.

    >>> decimal_text(Decimal("-0.004"), 2), decimal_text(Decimal("1E+3"), 2)
    ('0.00', '1000.00')
    """
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, WIDE)
    return format(abs(rounded) if rounded == 0 else rounded, "f")
