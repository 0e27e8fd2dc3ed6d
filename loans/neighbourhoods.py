"""What do residents of a neighbourhood want, which loans answer it, and what of that may the public read?

The public reads of a loan only where its business agreed that its loan is published; of the others a number, unless it
is so small that it could tell who is meant, by itself or by subtraction. Then it is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery

from borrowers.domain.outcomes import Use
from borrowers.domain.readings import parts_for_others
from borrowers.domain.small_numbers import hidden_rows
from borrowers.models import Organisation
from borrowers.places import PlaceOf, places_of
from borrowers.queries import who_allows
from ledger.domain.split import split_minor
from loans.lent import lent_by_loan
from loans.models import Loan, Neighbourhood, NeighbourhoodShowing, Priority, PriorityAnswer, Story
from loans.queries import loans
from loans.returns_queries import shown_stories_of

if TYPE_CHECKING:
    from ledger.models import Book

ELSEWHERE = 0
"""The row for all that is in no neighbourhood that the public sees; no neighbourhood has this key."""


@dataclass(frozen=True, slots=True)
class AnsweringLoan:
    """A loan that answers a priority: how, what was lent in minor units, and whether the public may read of it."""

    loan: Loan
    how: str
    lent: int
    is_named: bool
    story: Story | None


@dataclass(frozen=True, slots=True)
class PriorityShown:
    """A priority with its loans. `others` is how many businesses besides those named answer it, None where hidden."""

    priority: Priority
    loans: tuple[AnsweringLoan, ...]
    others: int | None

    @property
    def named(self) -> tuple[AnsweringLoan, ...]:
        """The loans that the public may read of."""
        return tuple(one for one in self.loans if one.is_named)


@dataclass(frozen=True, slots=True)
class Inside:
    """What is inside a neighbourhood on the evening of a day; what was lent in minor units, split by places' parts."""

    named: int = 0
    lent_named: int = 0
    others: int = 0
    lent_others: int = 0


@dataclass(frozen=True, slots=True)
class NeighbourhoodPage:
    """All of a neighbourhood for those who work there, and what of it the public may read.

    `is_hidden` where the number of businesses that are not named, and what was lent to them, must not be told.
    """

    neighbourhood: Neighbourhood
    as_of: date
    areas: tuple[str, ...]
    priorities: tuple[PriorityShown, ...]
    inside: Inside
    is_hidden: bool


def neighbourhoods(book: Book) -> QuerySet[Neighbourhood]:
    """The neighbourhoods of a fund, by name, each with whether the public sees it as `is_shown`."""
    return _with_showing().filter(book=book)


def shown_neighbourhoods() -> QuerySet[Neighbourhood]:
    """Those of every fund that anybody may read of, by name."""
    return _with_showing().filter(is_shown=True)


def priorities_of(found: Iterable[Neighbourhood]) -> QuerySet[Priority]:
    """The priorities that stand, as they were told first to last."""
    mine = Priority.objects.filter(neighbourhood__in=list(found), replaced_by__isnull=True)
    return mine.select_related("neighbourhood", "recorded_by").order_by("told_on", "pk")


def answers_of(priorities: Iterable[Priority]) -> list[PriorityAnswer]:
    """What was said last of each loan and priority, where it was that the one answers the other."""
    said = PriorityAnswer.objects.filter(priority__in=list(priorities)).order_by("priority_id", "loan_id", "-pk")
    latest = said.distinct("priority_id", "loan_id").select_related("loan__organisation")
    return sorted((one for one in latest if one.is_answer), key=lambda one: one.pk)


def shown_as_of(book: Book) -> date:
    """The day of the figures that the public reads: the last of a month, so that no single loan shows by its day."""
    return book.business_date.replace(day=1) - timedelta(days=1)


def neighbourhood_page(found: Neighbourhood, as_of: date) -> NeighbourhoodPage:
    """A neighbourhood with its priorities and loans; in a fixed number of queries for any number of loans."""
    book = found.book
    every = list(loans(book))
    lent = lent_by_loan(book, as_of)
    businesses = {loan.organisation_id: loan.organisation for loan in every if loan.reference in lent}
    named = who_allows(businesses.values(), Use.OPEN_DATA)
    lent_to = _lent_to(every, lent)
    shown = {one.pk: one for one in shown_neighbourhoods().filter(book=book)} | {found.pk: found}
    areas = _areas_of(shown)
    parts = _parts(places_of(businesses.keys(), as_of), areas)
    counts = {
        key: sum(key in of and business not in named for business, of in parts.items()) for key in [*shown, ELSEWHERE]
    }
    is_hidden = found.pk in hidden_rows(counts, unseen=[ELSEWHERE])
    inside = _inside(found.pk, parts, lent_to, named)
    return NeighbourhoodPage(
        neighbourhood=found,
        as_of=as_of,
        areas=tuple(sorted(areas[found.pk])),
        priorities=tuple(_priorities(found, lent, named, None if is_hidden else inside.others)),
        inside=inside,
        is_hidden=is_hidden,
    )


def _with_showing() -> QuerySet[Any]:
    latest = NeighbourhoodShowing.objects.filter(neighbourhood=OuterRef("pk")).order_by("-pk").values("is_shown")
    return Neighbourhood.objects.annotate(is_shown=Subquery(latest[:1])).select_related("book").order_by("name", "pk")


def _lent_to(found: Iterable[Loan], lent: Mapping[str, int]) -> dict[int, int]:
    units: dict[int, int] = defaultdict(int)
    for loan in found:
        units[loan.organisation_id] += lent.get(loan.reference, 0)
    return dict(units)


def _areas_of(found: Collection[int]) -> dict[int, frozenset[str]]:
    areas: dict[int, set[str]] = {key: set() for key in found}
    rows = Neighbourhood.objects.filter(pk__in=found).values_list("pk", "areas__area")
    for key, area in rows:
        areas[key].add(area)
    return {key: frozenset(mine) for key, mine in areas.items()}


def _parts(
    places: Mapping[int, Sequence[PlaceOf]], areas: Mapping[int, frozenset[str]]
) -> dict[int, dict[int, list[tuple[int, bool]]]]:
    """Of each business, by the key of a neighbourhood, its places: all of them in order, with whether they lie there.

    A key is there only where one of its places lies in it; what lies in none is elsewhere.
    """
    found: dict[int, dict[int, list[tuple[int, bool]]]] = {}
    for business, mine in places.items():
        lies = [{key for key, codes in areas.items() if codes & _codes(place)} or {ELSEWHERE} for place in mine]
        found[business] = {
            key: [(place.percent, key in where) for place, where in zip(mine, lies, strict=True)]
            for key in set().union(*lies)
        }
    return found


def _codes(place: PlaceOf) -> set[str]:
    return {place.area_given, place.area_2011, place.area_2021} - {""}


def _inside(
    key: int,
    parts: Mapping[int, Mapping[int, Sequence[tuple[int, bool]]]],
    lent_to: Mapping[int, int],
    named: Collection[int],
) -> Inside:
    counts, units = {True: 0, False: 0}, {True: 0, False: 0}
    for business, of in parts.items():
        if key in of:
            split = split_minor(lent_to.get(business, 0), [percent for percent, _ in of[key]])
            counts[business in named] += 1
            units[business in named] += sum(part for part, (_, lies) in zip(split, of[key], strict=True) if lies)
    return Inside(counts[True], units[True], counts[False], units[False])


def _priorities(
    found: Neighbourhood, lent: Mapping[str, int], named: Collection[int], others_inside: int | None
) -> list[PriorityShown]:
    priorities = list(priorities_of([found]))
    by_priority: dict[int, list[PriorityAnswer]] = defaultdict(list)
    for answer in answers_of(priorities):
        by_priority[answer.priority_id].append(answer)
    answering: list[Organisation] = [one.loan.organisation for ones in by_priority.values() for one in ones]
    stories = {story.organisation_id: story for story, _ in shown_stories_of(dict.fromkeys(answering))}
    return [_priority(one, by_priority[one.pk], lent, named, stories, others_inside) for one in priorities]


def _priority(
    priority: Priority,
    answers: Sequence[PriorityAnswer],
    lent: Mapping[str, int],
    named: Collection[int],
    stories: Mapping[int, Story],
    others_inside: int | None,
) -> PriorityShown:
    answering = tuple(
        AnsweringLoan(
            loan=one.loan,
            how=one.how,
            lent=lent.get(one.loan.reference, 0),
            is_named=one.loan.organisation_id in named,
            story=stories.get(one.loan.organisation_id),
        )
        for one in answers
    )
    unnamed = {one.loan.organisation_id for one in answering if not one.is_named}
    return PriorityShown(priority, answering, _others(len(unnamed), others_inside))


def _others(count: int, inside: int | None) -> int | None:
    """How many businesses that are not named answer a priority; None where the public must not know.

    Priorities overlap, so each is a part of the whole by itself: it and what it leaves of the whole are both protected.
    """
    if not count:
        return 0
    if inside is None or count > inside:
        return None
    seen = parts_for_others(Decimal(inside), {"answering": Decimal(count)})["answering"]
    return None if seen is None else count
