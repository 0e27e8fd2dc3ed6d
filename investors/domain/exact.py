"""Exact parts of an amount by holder: cut in proportion, added up, and at last made whole units.

A part is a whole number of the smallest fraction that is kept of a minor unit, far below any penny that a life of
postings could move, so adding parts up is adding whole numbers: nothing grows, and nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

FINEST = 10**18
"""Parts are kept to this fraction of a minor unit."""

NEAR = 10**9
"""Remainders that differ by less than this many of the smallest fraction are equal: they were cut, not meant."""

Parts = dict[str, int]
"""By holder, in the smallest fraction of a minor unit."""


def exactly(units: int) -> int:
    """Whole minor units as parts are counted."""
    return units * FINEST


def whole_units(parts: Mapping[str, int]) -> dict[str, int]:
    """Exact parts as whole minor units, by largest remainder: they sum to the same, each within one of its exact part.

    Of equal remainders the earliest goes first. What is negative in all is the mirror of what is positive.
    """
    whole = sum(parts.values())
    sign = -1 if whole < 0 else 1
    found, remainders = {}, {}
    for holder, part in parts.items():
        found[holder], rest = divmod(sign * part + NEAR // 2, FINEST)
        remainders[holder] = rest // NEAR
    left = abs(whole) // FINEST - sum(found.values())
    if left:
        for holder in sorted(parts, key=remainders.__getitem__, reverse=True)[:left]:
            found[holder] += 1
    return found if sign > 0 else {holder: -units for holder, units in found.items()}


def cut(amount: int, weights: Mapping[str, int]) -> Parts:
    """An exact amount in proportion to weights, none where it is nought; the parts sum to it.

    What cannot be cut to the smallest fraction is borne by the first.
    """
    whole = sum(weights.values())
    if not amount or not whole:
        return {}
    if amount < 0:
        return negative(cut(-amount, weights))
    parts = {holder: amount * weight // whole for holder, weight in weights.items()}
    if rest := amount - sum(parts.values()):
        parts[next(iter(parts))] += rest
    return parts


def sum_of(*many: Mapping[str, int]) -> Parts:
    """Several parts of each holder, added up."""
    found: Parts = defaultdict(int)
    for parts in many:
        for holder, part in parts.items():
            found[holder] += part
    return found


def negative(parts: Mapping[str, int]) -> Parts:
    """The same parts the other way."""
    return {holder: -part for holder, part in parts.items()}
