"""What was lent to places, and what did the businesses there say? Rows that make the whole, as far as it may be added.

What belongs to several places is split by their parts: money by largest remainder, to the last unit; a figure that adds
up, or that counts people, exactly. An average and what is never added up stay as they are, because they have no parts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from borrowers.domain.deciles import Unplaced
from borrowers.domain.outcomes import AddUp
from investors.domain.outcome_totals import OutcomeTotal, Said, outcome_total
from ledger.domain.split import split_minor

Category = int | str | Unplaced
"""A decile's number, the name of a region or of an area, or why there is none."""

ALL = "all places"


@dataclass(frozen=True, slots=True)
class InPlaces:
    """One business: its loans of which something is owed, the principal outstanding, and what was ever lent to it.

    Amounts are in minor units of one currency. `said` is what it said of an indicator, None where it was not asked.
    """

    loans: int
    outstanding: int
    lent: int
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One decile, region or area; `told` is what the businesses said of the indicator, None without one.

    A business with places in two categories counts in each, and so do its loans.
    """

    category: Category
    businesses: int
    loans: int
    outstanding: int
    lent: int
    told: OutcomeTotal | None


def by_category(
    rule: AddUp | None,
    businesses: Iterable[tuple[InPlaces, Sequence[tuple[Category, int]]]],
    every: Sequence[Category] = (),
) -> list[PlaceRow]:
    """Businesses, each with its places and their parts in whole per cent that make 100, by category.

    In the order of `every`, which stand whether or not anything is in them; then the most outstanding first, and what
    is not known last.
    """
    money: dict[str, Counter[Category]] = {"lent": Counter(), "outstanding": Counter()}
    counts: dict[str, Counter[Category]] = {"businesses": Counter(), "loans": Counter()}
    said: dict[Category, list[Said]] = defaultdict(list)
    for one, places in businesses:
        parts = [percent for _, percent in places]
        for name, units in (("lent", one.lent), ("outstanding", one.outstanding)):
            for (category, _), part in zip(places, split_minor(units, parts), strict=True):
                money[name][category] += part
        for category, percent in _together(places).items():
            counts["businesses"][category] += 1
            counts["loans"][category] += one.loans
            if one.said is not None:
                said[category].append(part_of(rule, one.said, percent))
    rows = [
        PlaceRow(
            category=category,
            businesses=counts["businesses"][category],
            loans=counts["loans"][category],
            outstanding=money["outstanding"][category],
            lent=money["lent"][category],
            told=outcome_total(rule, said[category]) if rule else None,
        )
        for category in dict.fromkeys([*every, *counts["businesses"]])
    ]
    return rows if every else sorted(rows, key=_most_first)


def whole(rule: AddUp | None, businesses: Iterable[InPlaces]) -> PlaceRow:
    """All places together, each business once: what the rows of a table are parts of."""
    (row,) = by_category(rule, [(one, ((ALL, 100),)) for one in businesses], [ALL])
    return row


def part_of(rule: AddUp | None, said: Said, percent: int) -> Said:
    """The part of what a business said that belongs to a place with so many per cent of its benefit."""
    part = Decimal(percent) / 100
    fewer = replace(said, average=said.average * Fraction(percent, 100))
    if rule is AddUp.AVERAGE:
        return replace(fewer, weight=_times(said.weight, part))
    if rule is AddUp.NEVER:
        return fewer
    return replace(
        fewer, value=_times(said.value, part), before=_times(said.before, part), target=_times(said.target, part)
    )


def _times(value: Decimal | None, part: Decimal) -> Decimal | None:
    return None if value is None else value * part


def _together(places: Sequence[tuple[Category, int]]) -> Counter[Category]:
    found: Counter[Category] = Counter()
    for category, percent in places:
        found[category] += percent
    return found


def _most_first(row: PlaceRow) -> tuple[bool, int, int, str]:
    return (isinstance(row.category, Unplaced), -row.outstanding, -row.lent, str(row.category))
