"""What are dated sums worth together at a rate? The function whose roots are rates of return.

A sum `amount` that falls `whole` and `part` periods from the origin is worth amount / ((1 + part·i)·(1 + i)^whole).
With a part of nought this is compound discounting over any span; the part serves the actuarial method of 12 CFR 1026
Appendix J, which discounts the odd part of a unit-period by simple interest.

Everything is a function of z = ln(1 + i) ≥ 0. Rates below nought are reached by `reversed_in_time`: seen from the last
sum backwards, discounting at −z looks like discounting at z, so one search outward from nought serves both directions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from itertools import pairwise
from operator import mul

ZERO = Decimal(0)


def context(precision: int) -> Context:
    """Arithmetic of so many digits whose exponents never run out: e^(−10⁷) is a number like any other."""
    return Context(prec=precision, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation, DivisionByZero, Overflow])


@dataclass(frozen=True, slots=True)
class Flow:
    """A sum of money, lent (negative) or repaid, `whole` + `part` periods from the origin; `part` is from 0 to below 1.

    Where `part` is nought `whole` may be any span; otherwise it counts whole periods.
    """

    amount: Decimal
    whole: Fraction
    part: Fraction = Fraction(0)


def netted(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """One sum for each time, earliest first; times at which nothing is left over are gone."""
    sums: defaultdict[tuple[Fraction, Fraction], Fraction] = defaultdict(Fraction)
    for flow in flows:
        sums[flow.whole, flow.part] += Fraction(flow.amount)
    return tuple(Flow(_decimal(total), *when) for when, total in sorted(sums.items()) if total)


def reversed_in_time(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """The same sums seen from the last one backwards.

    Times (1 + i)^T, an odd part discounts by 1/((1 + f·i)·(1 + i)^t) = (1 + i)^(T−t) / (1 + f·i), which at −i of the
    other direction is again of the same form, with the odd part 1 − f.
    """
    latest = max(flow.whole + (1 if flow.part else 0) for flow in flows)
    turned = (
        Flow(flow.amount, latest - flow.whole - (1 if flow.part else 0), 1 - flow.part if flow.part else Fraction(0))
        for flow in flows
    )
    return tuple(sorted(turned, key=lambda flow: (flow.whole, flow.part)))


def sign_changes(flows: Sequence[Flow]) -> int:
    """How often the sign of the sums changes in the order of time: no fewer than there are rates (Descartes)."""
    return sum((before.amount > 0) != (after.amount > 0) for before, after in pairwise(flows))


@dataclass(slots=True)
class Point:
    """The sums' worths at one z, and how fast each falls there, relative to itself (`slopes` = −d ln worth / dz)."""

    z: Decimal
    worths: list[Decimal]
    slopes: list[Decimal]
    total: Decimal
    gains: Decimal

    @property
    def losses(self) -> Decimal:
        """What the sums below nought are worth, without their sign."""
        return self.gains - self.total

    @property
    def gross(self) -> Decimal:
        """What all sums are worth without their signs."""
        return self.gains + self.losses

    @property
    def fall(self) -> Decimal:
        """How fast the total falls with z: −d total / dz."""
        return sum(map(mul, self.worths, self.slopes), ZERO)

    @property
    def is_settled(self) -> bool:
        """Whether the first sum outweighs all others together, here and at every greater z."""
        return 2 * abs(self.worths[0]) > self.gross


class PresentValue:
    """Σ amount / ((1 + part·i)·(1 + i)^whole) over netted flows, up to a common factor (1 + i)^first.

    `worked` counts the sums discounted so far, which is the work done.
    """

    def __init__(self, flows: Sequence[Flow]) -> None:
        first = flows[0].whole
        self._amounts = [flow.amount for flow in flows]
        self._times = [_decimal(flow.whole - first) for flow in flows]
        self._parts = [_decimal(flow.part) for flow in flows]
        gaps = [later.whole - earlier.whole for earlier, later in pairwise(flows)]
        places = {gap: place for place, gap in enumerate(dict.fromkeys(gaps))}
        self._gaps = [_decimal(gap) for gap in places]
        self._gap_of = [places[gap] for gap in gaps]
        self._has_parts = any(self._parts)
        self.worked = 0

    def at(self, z: Decimal, arithmetic: Context) -> Point:
        """The worths at 1 + i = e^z, computed with the digits of `arithmetic`, which is also the current context."""
        self.worked += len(self._amounts)
        steps = [(-z * gap).exp(arithmetic) for gap in self._gaps]
        factor = Decimal(1)
        worths = [self._amounts[0]]
        for amount, gap in zip(self._amounts[1:], self._gap_of, strict=True):
            factor *= steps[gap]
            worths.append(amount * factor)
        slopes = self._times
        if self._has_parts:
            worths, slopes = self._with_parts(z.exp(arithmetic), worths)
        gains = sum((worth for worth in worths if worth > 0), ZERO)
        return Point(z, worths, slopes, sum(worths, ZERO), gains)

    def _with_parts(self, growth: Decimal, worths: list[Decimal]) -> tuple[list[Decimal], list[Decimal]]:
        """Discount the odd parts by simple interest as well: 1/(1 + f·i), which falls by f·(1 + i)/(1 + f·i)."""
        bases = [1 + part * (growth - 1) for part in self._parts]
        slopes = [time + part * growth / base for time, part, base in zip(self._times, self._parts, bases, strict=True)]
        return [worth / base for worth, base in zip(worths, bases, strict=True)], slopes


def cannot_vanish(near: Point, far: Point) -> bool:
    """Whether the total is certainly not nought from `near` to `far`, the greater z.

    Every worth falls with z, so gains and losses lie between their values at the two ends.
    """
    return far.gains > near.losses or far.losses > near.gains


def cannot_turn(near: Point, far: Point) -> bool:
    """Whether the total certainly rises or certainly falls all the way from `near` to `far`, the greater z.

    Worths fall with z and slopes do not, so worth × slope lies between far × near and near × far.
    """
    least, most = _falls(far.worths, near.slopes), _falls(near.worths, far.slopes)
    return least[0] > most[1] or least[1] > most[0]


def _falls(worths: Sequence[Decimal], slopes: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """How fast the gains and the losses fall, each without a sign."""
    products = list(map(mul, worths, slopes))
    gains = sum((product for product in products if product > 0), ZERO)
    return gains, gains - sum(products, ZERO)


def _decimal(value: Fraction) -> Decimal:
    return context(60).divide(Decimal(value.numerator), Decimal(value.denominator))
