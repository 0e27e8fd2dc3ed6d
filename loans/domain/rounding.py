"""How is an amount brought to whole units of money? One rounding per period, its mode named, nothing lost in between.

Inside the engine money is a whole number of units. A unit is the currency's smallest, or 10^-24 of the currency where
nothing is to be rounded, so that both kinds of schedule are one computation. `docs/maths/rounding.md` works an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from functools import cache

from moneyed import Money

from ledger.domain.money import minor_digits
from loans.domain.errors import ImpossibleTerms

UNROUNDED_PLACES = 24
"""Decimals carried where nothing is rounded: far below anything that is printed or compared."""

_WIDE = Context(prec=200)
"""Moves the decimal point of any amount without rounding it."""


class RoundingMode(StrEnum):
    """Where a tie goes; the names are those of the calculator commands."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    """Away from nought."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How amounts and level payments are rounded.

    `decimals` of the currency, or None for no rounding at all; `payment_multiple` brings a level payment to its nearest
    multiple; `smooth` spreads what the last payment would differ by.
    """

    decimals: int | None
    mode: RoundingMode = RoundingMode.HALF_EVEN
    payment_multiple: Decimal | None = None
    smooth: bool = False

    @property
    def places(self) -> int:
        """Decimals of the units that the engine counts in."""
        return UNROUNDED_PLACES if self.decimals is None else self.decimals

    def units(self, amount: Decimal, field: str) -> int:
        """An amount as a whole number of units. Raises ImpossibleTerms, naming the field, where it is finer.

        >>> Rounding(2).units(Decimal("676.65"), "principal")
        67665
        """
        exact = amount.scaleb(self.places, _WIDE)
        units = int(exact)
        if units != exact:
            raise ImpossibleTerms(
                field, f"{amount} is finer than {self.places} decimals. Round it first, or allow more decimals."
            )
        return units

    def payment(self, numerator: int, denominator: int) -> int:
        """A level payment in whole units: the nearest multiple, or the nearest unit. The ratio is in units too."""
        if self.payment_multiple is None:
            return divide(numerator, denominator, self.mode)
        multiple = self.units(self.payment_multiple, "rounding")
        return divide(numerator, denominator * multiple, self.mode) * multiple


@cache
def rounding_of(currency: str) -> Rounding:
    """The rounding to the smallest unit of a currency, ties to even: two decimals for GBP, none for JPY."""
    return Rounding(minor_digits(currency))


def divide(numerator: int, denominator: int, mode: RoundingMode = RoundingMode.HALF_EVEN) -> int:
    """The whole number nearest to numerator ÷ denominator (positive); the mode says where a tie goes.

    >>> divide(5, 2), divide(5, 2, RoundingMode.HALF_UP), divide(-5, 2, RoundingMode.HALF_UP)
    (2, 3, -3)
    """
    whole, rest = divmod(numerator, denominator)
    twice = rest + rest
    if twice > denominator:
        return whole + 1
    if twice == denominator:
        up = whole & 1 if mode is RoundingMode.HALF_EVEN else numerator > 0
        return whole + 1 if up else whole
    return whole


@dataclass(frozen=True, slots=True)
class Scale:
    """What a whole number of units stands for: units of 10^-`places` of a currency."""

    currency: str
    places: int

    def decimal(self, units: int) -> Decimal:
        """The amount as a plain decimal with exactly its places."""
        return Decimal(units).scaleb(-self.places, _WIDE)

    def money(self, units: int) -> Money:
        """The amount as money."""
        return Money(self.decimal(units), self.currency)
