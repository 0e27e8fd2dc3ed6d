"""Which places did a fund's money reach, and what did the businesses there say? By decile, region, town and area.

One scale of deprivation at a time: a decile carries its scale, and two of them in one table are refused. Money is of
all loans in the fund's currency up to a day; what businesses said is of the year that ends with it, as on the page of
the year. In a fixed number of queries for any number of loans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from borrowers.domain.deciles import DECILES, Decile, DecileScale, Placed, Unplaced, refuse_mixed
from borrowers.domain.outcomes import AddUp
from borrowers.models import Indicator
from borrowers.places import PlaceOf, deciles_on, places_of
from investors.domain.by_place import Category, InPlaces, PlaceRow, by_category, whole
from investors.domain.outcome_totals import Said
from investors.impact_figures import FundYear
from loans.lent import lent_by_loan, principal_in_ledger
from loans.models import Loan
from loans.portfolio import standings

if TYPE_CHECKING:
    from ledger.models import Book


class Cut(StrEnum):
    """What places are told apart by."""

    DECILE = "decile"
    REGION = "region"
    SETTLEMENT = "settlement"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Tie:
    """What stands in the ledger itself, in minor units, for a total that was made from loans."""

    ledger: int
    found: int

    @property
    def apart(self) -> int:
        """How much the two differ; nought as long as the books are sound."""
        return self.ledger - self.found


@dataclass(frozen=True, slots=True)
class ImpactByPlace:
    """A fund's loans by place, with one indicator beside them where any was asked for.

    The rows of each cut make `whole` in money. They make it in the indicator only where that adds up over businesses.
    """

    start: date
    as_of: date
    scale: DecileScale | None
    indicators: tuple[Indicator, ...]
    indicator: Indicator | None
    whole: PlaceRow
    cuts: Mapping[Cut, tuple[PlaceRow, ...]]
    outstanding: Tie
    lent: Tie
    elsewhere: int
    """Loans in another currency than the fund's, which are in no row."""

    @property
    def rule(self) -> AddUp | None:
        """How the indicator's figures may be put together."""
        return AddUp(self.indicator.adds_up) if self.indicator else None


def impact_by_place(book: Book, as_of: date, *, scale: DecileScale | None, indicator: str = "") -> ImpactByPlace:
    """The loans of a book on the evening of a day by place, with what was said of the indicator that has this code.

    Without a code it is the one that most businesses gave a figure for; none where nobody was asked.
    """
    year = FundYear(book, as_of + timedelta(days=1))
    asked = year.indicators
    chosen = next((one for one in asked if not indicator or one.code == indicator), None)
    rule = AddUp(chosen.adds_up) if chosen else None
    lent = lent_by_loan(book, as_of)
    businesses = _businesses(book, as_of, lent, year.said_of(chosen) if chosen else {})
    places = places_of(businesses.keys(), as_of)
    total = whole(rule, businesses.values())
    return ImpactByPlace(
        start=year.start,
        as_of=as_of,
        scale=scale,
        indicators=tuple(asked),
        indicator=chosen,
        whole=total,
        cuts=_cuts(rule, businesses, places, scale),
        outstanding=Tie(principal_in_ledger(book, as_of), total.outstanding),
        lent=Tie(sum(lent.values()), total.lent),
        elsewhere=standings(book, as_of).exclude(loan__currency=book.base_currency).count(),
    )


def _businesses(book: Book, as_of: date, lent: Mapping[str, int], said: Mapping[int, Said]) -> dict[int, InPlaces]:
    """Every business that anything was lent to by the day, by its key; two queries."""
    ever = standings(book, as_of).filter(loan__currency=book.base_currency).order_by().values_list("loan__organisation")
    owed = Count("pk", filter=Q(principal__gt=0) | Q(unpaid_due__gt=0))
    stood = {key: (loans, int(units)) for key, loans, units in ever.annotate(owed=owed, units=Sum("principal"))}
    lent_to: Counter[int] = Counter()
    for reference, key in Loan.objects.filter(book=book, reference__in=lent).values_list("reference", "organisation"):
        lent_to[key] += lent[reference]
    return {
        key: InPlaces(*stood.get(key, (0, 0)), lent=lent_to[key], said=said.get(key))
        for key in sorted({*stood, *lent_to})
    }


def _cuts(
    rule: AddUp | None,
    businesses: Mapping[int, InPlaces],
    places: Mapping[int, Sequence[PlaceOf]],
    scale: DecileScale | None,
) -> dict[Cut, tuple[PlaceRow, ...]]:
    """The rows of every cut; without a scale there are none by decile. One query."""

    def rows(
        parts: Mapping[int, Sequence[tuple[Category, int]]], every: Sequence[Category] = ()
    ) -> tuple[PlaceRow, ...]:
        return tuple(by_category(rule, ((one, parts[key]) for key, one in businesses.items()), every))

    def named(name: str) -> tuple[PlaceRow, ...]:
        return rows(
            {key: [(getattr(one, name) or Unplaced.UNKNOWN, one.percent) for one in places[key]] for key in businesses}
        )

    found = {
        Cut.REGION: named("region"),
        Cut.SETTLEMENT: named("settlement"),
        Cut.AREA: named("any_area"),
    }
    if scale is None:
        return found
    on_scale = {key: _on(scale, placed) for key, placed in deciles_on(places, scale).items()}
    return {Cut.DECILE: rows(on_scale, [*DECILES, *Unplaced]), **found}


def _on(scale: DecileScale, placed: Sequence[Placed]) -> list[tuple[Category, int]]:
    """The deciles of a business's places. Raises ScalesMixed where one is of another scale."""
    refuse_mixed([scale, *(one.stands.scale for one in placed if isinstance(one.stands, Decile))])
    return [(one.stands.number if isinstance(one.stands, Decile) else one.stands, one.percent) for one in placed]
