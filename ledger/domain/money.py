"""How much is it in the currency's smallest units, and back? The ledger keeps whole minor units; people read money."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import cache

from moneyed import CURRENCIES, Money

from ledger.domain.errors import WrongAmount

LIMIT = 10**15
"""Amounts of this many minor units or more are refused: a slip of the keyboard, not money of this field."""

_EXACT = Context(prec=60, Emin=-60, Emax=60, traps=[InvalidOperation, Inexact, Overflow])
"""Multiplies without rounding, or raises: the everyday context would round a trace beyond 28 digits away."""


@cache
def minor_digits(currency: str) -> int:
    """Decimals of an ISO 4217 currency: 2 for GBP, 0 for JPY, 3 for BHD.

    Raises WrongAmount for a code that is no currency.
    """
    if currency not in CURRENCIES:
        raise WrongAmount(f"{currency!r} is not an ISO 4217 currency code. Give one, such as GBP; nothing was changed.")
    return len(str(CURRENCIES[currency].sub_unit)) - 1


@cache
def _factor(currency: str) -> Decimal:
    return Decimal(10) ** minor_digits(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Whole minor units of an amount.

    >>> to_minor(Decimal("676.65"), "GBP")
    67665

    Raises WrongAmount if it is not finite, finer than the smallest unit, or not below 10^15 minor units.
    """
    try:
        scaled = _EXACT.multiply(amount, _factor(currency))
        minor = int(scaled)
    except Overflow as error:
        raise WrongAmount(
            f"{amount} {currency} is too large: amounts stay below 10^15 of the smallest unit. Correct it; "
            "nothing was changed."
        ) from error
    except Inexact as error:
        raise WrongAmount(
            f"{amount} {currency} is finer than the smallest unit of {currency}. Round it first; nothing was changed."
        ) from error
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise WrongAmount(
            f"{amount} {currency} is not a finite amount of money. Give a plain number; nothing was changed."
        ) from error
    if minor != scaled:
        raise WrongAmount(
            f"{amount} {currency} is finer than the smallest unit of {currency}. Round it first; nothing was changed."
        )
    if not -LIMIT < minor < LIMIT:
        raise WrongAmount(
            f"{amount} {currency} is too large: amounts stay below 10^15 of the smallest unit. Correct it; "
            "nothing was changed."
        )
    return minor


def from_minor(minor: int, currency: str) -> Money:
    """The money that a number of minor units stands for.

    >>> from_minor(67665, "GBP")
    Money('676.65', 'GBP')
    """
    return Money(Decimal(minor).scaleb(-minor_digits(currency)), currency)
