"""Exact parts of an amount by holder: cut in proportion, added up, and at last made whole units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import floor

FINEST = 10**18
"""Exact parts are kept to this fraction of a unit, where their denominators would grow without end."""

Parts = dict[str, Fraction]
"""By holder, in minor units."""


def whole_units(parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Exact parts as whole units, by largest remainder: they sum to the same, each within one of its exact part.

    Of equal remainders the earliest goes first. What is negative in all is the mirror of what is positive.
    """
    whole = sum(parts.values(), Fraction())
    sign = -1 if whole < 0 else 1
    floors = {holder: floor(sign * part) for holder, part in parts.items()}
    left = int(abs(whole)) - sum(floors.values())
    by_remainder = sorted(parts, key=lambda holder: floors[holder] - sign * parts[holder])
    for holder in by_remainder[:left]:
        floors[holder] += 1
    return {holder: sign * units for holder, units in floors.items()}


def cut(amount: Fraction, weights: Mapping[str, Fraction]) -> Parts:
    """An amount in exact proportion to weights, none where it is nought; the parts sum to it.

    Where a denominator grows beyond FINEST, the parts are cut to that and the first bears the difference.
    """
    whole = sum(weights.values())
    if not amount or not whole:
        return {}
    parts = {holder: amount * weight / whole for holder, weight in weights.items()}
    if all(part.denominator <= FINEST for part in parts.values()):
        return parts
    parts = {holder: Fraction(round(part * FINEST), FINEST) for holder, part in parts.items()}
    first = next(iter(parts))
    parts[first] += amount - sum(parts.values())
    return parts


def sum_of(*many: Mapping[str, Fraction]) -> Parts:
    """Several parts of each holder, added up."""
    found: Parts = defaultdict(Fraction)
    for parts in many:
        for holder, part in parts.items():
            found[holder] += part
    return found


def negative(parts: Mapping[str, Fraction]) -> Parts:
    """The same parts the other way."""
    return {holder: -part for holder, part in parts.items()}
