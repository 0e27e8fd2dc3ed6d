"""At which rate are dated sums worth nothing together? Every rate, and of several the one nearest to nought.

The search goes outward from nought on both sides. It leaves out only stretches on which the total certainly keeps its
sign, and takes a root only from a stretch that has just one, so nothing nearer can have been overlooked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from loans.domain.errors import LoanError
from loans.domain.present_value import (
    Flow,
    Point,
    PresentValue,
    cannot_turn,
    cannot_vanish,
    context,
    netted,
    reversed_in_time,
    sign_changes,
)

SEARCHING, REFINING = context(34), context(48)
FIRST_STEP = Decimal("0.125")
FARTHEST = Decimal(8192)
"""How far ln(1 + rate) is searched on either side: beyond are rates of more than 3,500 digits."""
FARTHEST_WITH_PARTS = Decimal(64)
"""The same for odd parts of a period: far out these only differ by a factor, so nothing new happens there."""
TOTAL_LOSS = Decimal("27.7")
"""How far it is searched below nought at first: to a rate of −0.999999999999, at which a trillionth is left."""
NARROWEST = Decimal("1e-6")
"""The width of a stretch, relative to 1 + z, that is not divided any further: it is taken to turn once at most."""
EXACT = Decimal("1e-38")
TOUCHING = Decimal("1e-30")
SAME = Decimal("1e-20")
"""Two rates that are nearer to each other are one, found at the end of one stretch and the start of the next."""
MOST_WORK = 1_000_000
"""Sums discounted for one answer before the search is given up: some seconds."""


class NoRate(LoanError):
    """Sums are asked for their rate of return and have none. Give money lent a minus, and look at dates and amounts."""


class TooHard(LoanError):
    """The rates of very many sums of changing sign cannot be told apart in reasonable time. Ask for fewer sums."""


def nearest_rate(flows: Iterable[Flow], near: Decimal | None = None) -> Decimal:
    """The rate i per period at which the flows are worth nothing together: of several, the one nearest to nought.

    Some 30 digits of 1 + i are right, fewer where the total only touches nought. `near` is a guess, which only saves
    time: it is checked, and whatever lies nearer to nought is looked for all the same. Raises NoRate, and TooHard where
    the work is out of bounds.
    """
    sums = netted(flows)
    changes = sign_changes(sums)
    if not changes:
        raise NoRate("All that is left of the flows goes one way, so no rate makes them worth nothing. " + BOTH_WAYS)
    with localcontext(SEARCHING):
        if sum(flow.amount for flow in sums) == 0:
            return Decimal(0)
        found = _only_rate(sums, near) if changes == 1 and _is_compound(sums) else _nearest_of_many(sums, near)
    if found is None:
        raise NoRate("No rate above −100% makes these flows worth nothing. Look at their signs, amounts and dates.")
    return found


def every_rate(flows: Iterable[Flow]) -> tuple[Decimal, ...]:
    """All rates per period at which the flows are worth nothing together, the lowest first; empty where there is none.

    Rates that no dozen decimals can tell from −1 are left out. Raises NoRate where all flows go one way, and TooHard.
    """
    sums = netted(flows)
    if sign_changes(sums) < 2:
        return (nearest_rate(sums),)
    with localcontext(SEARCHING):
        above, below = _sides(sums)
        found = [above.rate(z) for z in _roots(above.value, above.farthest)]
        found += [below.rate(z) for z in _roots(below.value, TOTAL_LOSS)]
        ordered = sorted(found)
        return tuple(rate for no, rate in enumerate(ordered) if no == 0 or rate - ordered[no - 1] > SAME)


BOTH_WAYS = "Write money lent with a minus and money repaid without one."


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of nought: `sign` × z = ln(1 + rate) for z ≥ 0."""

    value: PresentValue
    sign: int
    farthest: Decimal

    def rate(self, z: Decimal) -> Decimal:
        """The rate at z, with digits enough to be told from −1."""
        with localcontext(context(REFINING.prec + int(z) // 2)):
            return (self.sign * z).exp() - 1

    def place(self, rate: Decimal) -> Decimal | None:
        """The z of a rate, where it lies on this side."""
        if rate <= -1 or (rate > 0) != (self.sign > 0):
            return None
        return abs((1 + rate).ln())


def _sides(sums: Sequence[Flow]) -> tuple[_Side, _Side]:
    farthest = FARTHEST if _is_compound(sums) else FARTHEST_WITH_PARTS
    return _Side(PresentValue(sums), 1, farthest), _Side(PresentValue(reversed_in_time(sums)), -1, farthest)


def _is_compound(sums: Sequence[Flow]) -> bool:
    return not any(flow.part for flow in sums)


def _only_rate(sums: Sequence[Flow], near: Decimal | None) -> Decimal | None:
    """With one change of sign there is one rate: above nought if the total there has the sign of what comes last."""
    is_gain = sum(flow.amount for flow in sums) > 0
    side = _sides(sums)[0 if is_gain == (sums[-1].amount > 0) else 1]
    guessed = _rate_beside(side, near)
    if guessed is not None:
        return guessed
    for closer, farther in _panels(side.value, side.farthest):
        if _differ(closer, farther):
            return side.rate(_refined(side.value, closer.z, farther.z))
    return None


def _nearest_of_many(sums: Sequence[Flow], near: Decimal | None) -> Decimal | None:
    """A rate that no dozen decimals can tell from −1 counts only where there is no other."""
    above, below = _sides(sums)
    best = _rate_beside(above, near) or _rate_beside(below, near)
    best = _nearer(above, above.farthest, best)
    best = _nearer(below, TOTAL_LOSS, best)
    return _nearer(below, below.farthest, None) if best is None else best


def _nearer(side: _Side, farthest: Decimal, best: Decimal | None) -> Decimal | None:
    """The rate nearest to nought on this side if it is nearer than `best`, otherwise `best`."""
    z = _first_root(side.value, farthest if best is None else min(farthest, _limit(side, best)))
    found = None if z is None else side.rate(z)
    return found if best is None or (found is not None and abs(found) < abs(best)) else best


def _limit(side: _Side, best: Decimal) -> Decimal:
    """How far a rate nearer to nought than `best` can lie on this side."""
    if side.sign < 0 and abs(best) >= 1:
        return side.farthest
    return abs((1 + side.sign * abs(best)).ln())


def _rate_beside(side: _Side, near: Decimal | None) -> Decimal | None:
    """The rate right beside a guess, if the total changes its sign there."""
    z = None if near is None else side.place(near)
    if z is None or z > (side.farthest if side.sign > 0 else TOTAL_LOSS):
        return None
    width = (1 + z) * Decimal("1e-7")
    low, high = max(z - width, Decimal(0)), z + width
    if not _differ(side.value.at(low, SEARCHING), side.value.at(high, SEARCHING)):
        return None
    return side.rate(_refined(side.value, low, high))


def _panels(value: PresentValue, farthest: Decimal) -> Iterator[tuple[Point, Point]]:
    """Stretches outward from nought, each as long as all before it, until the first sum outweighs all others."""
    closer, z = value.at(Decimal(0), SEARCHING), FIRST_STEP
    while closer.z < farthest and not closer.is_settled:
        farther = value.at(min(z, farthest), SEARCHING)
        yield closer, farther
        closer, z = farther, 2 * z


def _first_root(value: PresentValue, farthest: Decimal) -> Decimal | None:
    """The root nearest to nought on this side."""
    return next(_roots(value, farthest), None)


def _roots(value: PresentValue, farthest: Decimal) -> Iterator[Decimal]:
    """The roots on this side, outward from nought; one where two stretches meet comes twice."""
    for panel in _panels(value, farthest):
        waiting = [panel]
        while waiting:
            closer, farther = waiting.pop()
            if cannot_vanish(closer, farther):
                continue
            is_narrow = farther.z - closer.z <= NARROWEST * (1 + farther.z)
            if is_narrow or cannot_turn(closer, farther):
                root = _root_between(value, closer, farther)
                if root is not None:
                    yield root
                continue
            _refuse_endless_work(value)
            middle = value.at((closer.z + farther.z) / 2, SEARCHING)
            waiting += [(middle, farther), (closer, middle)]


def _refuse_endless_work(value: PresentValue) -> None:
    if value.worked > MOST_WORK:
        raise TooHard(
            "These flows have so many rates, or rates so close together, that they cannot be told apart in reasonable "
            "time. Ask for fewer flows."
        )


def _root_between(value: PresentValue, closer: Point, farther: Point) -> Decimal | None:
    """The root on a stretch that is monotone, or so narrow that it turns once at most."""
    if _differ(closer, farther):
        return _refined(value, closer.z, farther.z)
    if (closer.fall > 0) == (farther.fall > 0):
        return None
    turn = _turning_point(value, closer, farther)
    if abs(turn.total) <= TOUCHING * turn.gross:
        return turn.z
    return _refined(value, closer.z, turn.z) if _differ(closer, turn) else None


def _turning_point(value: PresentValue, closer: Point, farther: Point) -> Point:
    """Where the total stops falling, or rising, between two points at which it does one and the other."""
    with localcontext(REFINING):
        low, high, falls = closer.z, farther.z, closer.fall > 0
        middle = value.at((low + high) / 2, REFINING)
        while high - low > EXACT:
            low, high = (middle.z, high) if (middle.fall > 0) == falls else (low, middle.z)
            middle = value.at((low + high) / 2, REFINING)
        return middle


def _differ(one: Point, other: Point) -> bool:
    """Whether the total changes its sign between two points, or is nought at one of them."""
    return one.total == 0 or other.total == 0 or (one.total > 0) != (other.total > 0)


def _refined(value: PresentValue, low: Decimal, high: Decimal) -> Decimal:
    """The root between two points of different sign: Newton's steps, and halves where one leads astray or is slow."""
    with localcontext(REFINING):
        ends = value.at(low, REFINING), value.at(high, REFINING)
        for end in ends:
            if end.total == 0:
                return end.z
        if not _differ(*ends):  # the digits of the search saw a change that more digits do not: the root is an end
            return min(ends, key=lambda end: abs(end.total)).z
        return _newton(value, low, high, is_positive_at_low=ends[0].total > 0)


def _newton(value: PresentValue, low: Decimal, high: Decimal, *, is_positive_at_low: bool) -> Decimal:
    z, before = (low + high) / 2, high - low
    while True:
        point = value.at(z, REFINING)
        if point.total == 0:
            return z
        if (point.total > 0) == is_positive_at_low:
            low = z
        else:
            high = z
        fall = point.fall
        step = point.total / fall if fall else before
        if not low < z + step < high or abs(2 * step) > abs(before):
            step = (low + high) / 2 - z
        z, before = z + step, step
        if abs(step) <= EXACT * (1 + z):
            return z
