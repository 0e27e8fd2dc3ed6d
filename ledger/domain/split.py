"""How is an amount shared without losing a penny? By largest remainder: floors first, then one unit each to the
largest fractions (the Hamilton method of apportionment)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from moneyed import Money

from ledger.domain.errors import WrongAmount
from ledger.domain.money import from_minor, to_minor


def split(total: Money, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
    """Parts of `total` in proportion to `weights`; they sum to the whole, each within one unit of its exact share.

    Ties go to the earliest weight; a weight of nought gets nought.

    >>> [str(part.amount) for part in split(Money("0.05", "GBP"), (1, 1, 1))]
    ['0.02', '0.02', '0.01']

    Raises WrongAmount where no weight is positive or one is negative.
    """
    currency = total.currency.code
    return tuple(from_minor(part, currency) for part in split_minor(to_minor(total.amount, currency), weights))


def split_minor(total: int, weights: Sequence[Decimal | int]) -> tuple[int, ...]:
    """The same in whole units: what `split` does for money, for any count."""
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise WrongAmount("An amount can only be split by weights of which none is negative and one is positive.")
    sign = -1 if total < 0 else 1
    exact = [abs(total) * share / whole for share in shares]
    parts = [int(part) for part in exact]
    left = abs(total) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[:left]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
