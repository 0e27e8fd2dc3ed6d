"""How much of something stands in which decile? One scale at a time; two in one spread are refused.

What belongs to several places is split by their parts, by largest remainder, so that the categories make the whole to
the last unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from borrowers.domain.deciles import DECILES, Decile, DecileScale, Placed, Unplaced, refuse_mixed
from ledger.domain.split import split_minor


@dataclass(frozen=True, slots=True)
class Share:
    """What stands in one category, in units such as pence, and how many businesses have a part of it."""

    stands: int | Unplaced
    """The decile's number, or why there is none."""
    units: int
    businesses: int

    @property
    def name(self) -> str:
        """The category as it stands in a table."""
        return category_name(self.stands)


@dataclass(frozen=True, slots=True)
class Spread:
    """A whole over the ten deciles of one scale, and the two categories that have none; all twelve, in order."""

    scale: DecileScale
    shares: tuple[Share, ...]

    @property
    def whole(self) -> int:
        """All units together."""
        return sum(share.units for share in self.shares)

    @property
    def placed(self) -> int:
        """The units that stand in a decile."""
        return sum(share.units for share in self.shares if not isinstance(share.stands, Unplaced))

    def within(self, last: int) -> int:
        """The units in the deciles from 1 to `last`."""
        return sum(share.units for share in self.shares if share.stands in range(1, last + 1))


def spread(scale: DecileScale, rows: Iterable[tuple[int, Sequence[Placed]]]) -> Spread:
    """The units of each business over the deciles of one scale. Raises ScalesMixed where a place is of another.

    A business with places in two deciles counts as one in each.
    """
    units: Counter[int | Unplaced] = Counter()
    businesses: Counter[int | Unplaced] = Counter()
    for whole, places in rows:
        refuse_mixed([scale, *(place.stands.scale for place in places if isinstance(place.stands, Decile))])
        for place, part in zip(places, split_minor(whole, [place.percent for place in places]), strict=True):
            units[_category(place)] += part
        businesses.update({_category(place) for place in places})
    categories: list[int | Unplaced] = [*DECILES, *Unplaced]
    return Spread(scale, tuple(Share(one, units[one], businesses[one]) for one in categories))


def category_name(category: int | str | Unplaced) -> str:
    """A decile, a region or an area as it stands in a table, and why there is none.

    >>> category_name(1), category_name("rural"), category_name("North West")
    ('Decile 1 (most deprived)', 'Rural', 'North West')
    """
    if isinstance(category, Unplaced):
        return category.words
    if isinstance(category, int):
        ends = {1: " (most deprived)", 10: " (least deprived)"}
        return f"Decile {category}{ends.get(category, '')}"
    return category.capitalize() if category.islower() else category


def _category(place: Placed) -> int | Unplaced:
    return place.stands.number if isinstance(place.stands, Decile) else place.stands
