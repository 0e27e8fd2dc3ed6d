"""What would a fund say that an outcome is worth? By its own dated proxy and every deduction; nothing else has a value.

    value = our share × amount of one unit × (1 − deadweight) × (1 − attribution to others) × (1 − displacement)
            × (1 − drop-off)^(year − 1)

The steps are those of a social return on investment (Social Value UK, A Guide to Social Return on Investment, 2012). A
statement tells of one year at a time, its first: what lasts is never counted ahead. Such a value is no money: it stands
in no account and is added to no sum. `docs/maths/value.md` works an example.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import ValueProxyRefused

PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductions:
    """What is taken off before a value is said, each as a fraction from nought to one; each may be nought.

    `deadweight` would have happened anyway, `others` is owed to what others did beside the money, `displacement` was
    only moved from elsewhere; `drop_off` is lost with each year after the first. Raises ValueProxyRefused.
    """

    deadweight: Decimal
    others: Decimal
    displacement: Decimal
    drop_off: Decimal

    def __post_init__(self) -> None:
        for field, (name, part) in zip(FIELDS, self.named, strict=True):
            if not 0 <= part <= 1:
                raise ValueProxyRefused(
                    field,
                    f"{name.capitalize()} of {part * 100:f} % is not from 0 to 100 %. Correct it; nothing was changed.",
                )

    @property
    def named(self) -> tuple[tuple[str, Decimal], ...]:
        """Each with its name, in the order in which it is taken off."""
        return (
            ("deadweight", self.deadweight),
            ("attribution to others", self.others),
            ("displacement", self.displacement),
            ("drop-off a year", self.drop_off),
        )

    def left(self, year: int = 1) -> Fraction:
        """Which part is left in a year, the first being 1.

        >>> half, none = Decimal("0.5"), Decimal(0)
        >>> taken = Deductions(deadweight=half, others=none, displacement=none, drop_off=Decimal("0.2"))
        >>> print(taken.left(), taken.left(2))
        1/2 2/5
        """
        kept = (1 - Fraction(part) for part in (self.deadweight, self.others, self.displacement))
        whole = (1 - Fraction(self.drop_off)) ** (year - 1)
        for part in kept:
            whole *= part
        return whole


FIELDS = ("deadweight", "others", "displacement", "drop_off")


@dataclass(frozen=True, slots=True)
class Proxy:
    """What a fund says that one unit of an indicator is worth: how much, by whom, in prices of which day, less what.

    Raises ValueProxyRefused for an amount that is not above nought, or for one that nobody stands behind.
    """

    unit: Money
    source: str
    as_of: date
    deductions: Deductions

    def __post_init__(self) -> None:
        if self.unit.amount <= 0:
            raise ValueProxyRefused(
                "amount",
                f"{self.unit.amount} {self.unit.currency.code} for one unit is not above nought. Correct the amount; "
                "nothing was changed.",
            )
        if not self.source.strip():
            raise ValueProxyRefused(
                "source", "Say where the amount is from: every statement prints it. Nothing was changed."
            )


@dataclass(frozen=True, slots=True)
class Valued:
    """A share in terms of a proxy: before the deductions and after them, in whole units of the currency."""

    proxy: Proxy
    gross: Money
    net: Money


def value_of(share: Fraction | None, proxy: Proxy | None, *, year: int = 1) -> Valued | None:
    """What a share of an outcome, in its unit, is said to be worth; None without a share or without a proxy.

    Rounded once, at the end, to whole units of the currency, half to even: an estimate has no pennies.
    """
    if share is None or proxy is None:
        return None
    gross = share * Fraction(proxy.unit.amount)
    return Valued(
        proxy,
        _whole(gross, proxy.unit.currency.code),
        _whole(gross * proxy.deductions.left(year), proxy.unit.currency.code),
    )


def proxy_sha256(*facts: object) -> str:
    """The fingerprint of a proxy as the database works it out too: its facts, one on a line."""
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()


def six_places(part: Decimal) -> str:
    """A fraction as the fingerprint writes it.

    >>> six_places(Decimal("0.2"))
    '0.200000'
    """
    return f"{part.quantize(PLACES):f}"


def _whole(value: Fraction, currency: str) -> Money:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Money(exact.quantize(Decimal(1), ROUND_HALF_EVEN), currency)
