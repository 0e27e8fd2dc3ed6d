"""What is lent to which places? The principal outstanding of a book by decile, region, town or country, and small area.

All of it in seven queries for any number of loans. A business's principal is split by the parts of its places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

from borrowers.domain.deciles import DecileScale
from borrowers.places import PlaceOf, deciles_on, places_of
from ledger.domain.split import split_minor
from loans.domain.by_place import Spread, spread
from loans.portfolio import running

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """What is lent in one region, kind of settlement or small area; `name` is "" where it is not known."""

    name: str
    units: int
    businesses: int


@dataclass(frozen=True, slots=True)
class LentByPlace:
    """Principal outstanding of a book on the evening of a day, by place; amounts in minor units."""

    principal: Mapping[int, int]
    """By business."""
    places: Mapping[int, Sequence[PlaceOf]]

    @property
    def whole(self) -> int:
        """All principal outstanding."""
        return sum(self.principal.values())

    @property
    def recorded(self) -> int:
        """The principal of businesses whose places of benefit are recorded, and not taken from the register."""
        return sum(units for key, units in self.principal.items() if self.places[key][0].recorded)

    def share(self, units: int) -> Decimal | None:
        """A part of the principal as a fraction of all of it; none without principal."""
        return Decimal(units) / self.whole if self.whole else None

    def by_decile(self, scale: DecileScale) -> Spread:
        """Over the deciles of one scale; one query."""
        deciles = deciles_on(self.places, scale)
        return spread(scale, ((units, deciles[key]) for key, units in self.principal.items()))

    def by_region(self) -> list[PlaceGroup]:
        """The most principal first; what is not known comes last."""
        return self._by(lambda place: place.region)

    def by_settlement(self) -> list[PlaceGroup]:
        """In town or country."""
        return self._by(lambda place: place.settlement)

    def by_area(self) -> list[PlaceGroup]:
        """By small area."""
        return self._by(lambda place: place.any_area)

    def _by(self, name_of: Callable[[PlaceOf], str]) -> list[PlaceGroup]:
        units: dict[str, int] = defaultdict(int)
        businesses: dict[str, set[int]] = defaultdict(set)
        for key, whole in self.principal.items():
            places = self.places[key]
            for place, part in zip(places, split_minor(whole, [one.percent for one in places]), strict=True):
                units[name_of(place)] += part
                businesses[name_of(place)].add(key)
        found = [PlaceGroup(name, total, len(businesses[name])) for name, total in units.items()]
        return sorted(found, key=lambda group: (not group.name, -group.units, group.name))


def lent_by_place(book: Book, as_of: date) -> LentByPlace:
    """What a book has lent to which places, on the evening of a day; six queries."""
    rows = running(book, as_of).values_list("loan__organisation").annotate(units=Sum("principal")).order_by()
    principal = {key: int(units) for key, units in rows if units}
    return LentByPlace(principal, places_of(principal.keys(), as_of))
