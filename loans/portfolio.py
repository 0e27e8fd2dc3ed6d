"""How does the whole portfolio stand on a day? Sums over the rows of where each loan stood, never one loan at a time.

Each function costs one query, of the same kind for a past day as for today. Amounts are in minor units of the book's
currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, Count, DecimalField, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from loans.domain.calendar import add_months
from loans.models import PlannedInstalment, Standing

if TYPE_CHECKING:
    from ledger.models import Book
    from loans.models.standing import StandingQuerySet

LAST_DAYS = (0, 30, 60, 90)
"""Arrears by age: the last day past due of each band, but for the last band, which is open."""

RISKS = LAST_DAYS[1:]
"""A portfolio is at risk (PAR) as far as its loans are later than so many days."""

STEPS = (0, 1, 3, 6, 12, 24, 36, 60)
"""Months from now at which the rungs of the maturity ladder end; the last one is open."""

NOUGHT = Value(0, output_field=BigIntegerField())

BY_SECTOR, BY_REGION, BY_PLACE, BY_PRODUCT = (
    "loan__organisation__sector",
    "loan__organisation__region",
    "loan__organisation__place",
    "loan__product__name",
)
"""What a portfolio can be split by."""


@dataclass(frozen=True, slots=True)
class Band:
    """The running loans of one age of arrears; principal is the whole balance of a loan with anything late."""

    first_day: int
    """The first day past due of the band; 0 for what is paid to date."""
    loans: int
    arrears: int
    principal: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The loans with anything more than `days` late, and the whole principal of them."""

    days: int
    loans: int
    principal: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The running loans of a book on the evening of a day."""

    loans: int
    principal: int
    overdue_principal: int
    """What of the principal has fallen due and is unpaid."""
    arrears: int
    bands: tuple[Band, ...]
    at_risk: tuple[AtRisk, ...]
    restructured: AtRisk
    """Loans under new terms, whether late or not; `days` says nothing."""
    weighted_rate: Decimal | None
    """The nominal rate, weighted by principal; none without principal."""

    def share(self, principal: int) -> Decimal | None:
        """A part of the principal outstanding as a fraction of it; none without principal."""
        return Decimal(principal) / self.principal if self.principal else None


@dataclass(frozen=True, slots=True)
class Group:
    """The running loans of one sector, place or product."""

    name: str
    loans: int
    principal: int
    arrears: int
    at_risk: int
    """The whole principal of those over 30 days late."""


@dataclass(frozen=True, slots=True)
class Rung:
    """Principal that is planned to fall due after `after` and up to and including `through` (None: whenever later)."""

    after: date
    through: date | None
    months: tuple[int, int | None]
    principal: int


def standings(book: Book, as_of: date) -> StandingQuerySet:
    """Where each loan of a book that anything was lent on stood on the evening of a day, one row each."""
    found: StandingQuerySet = Standing.objects.as_at(as_of).filter(loan__book=book)
    return found


def running(book: Book, as_of: date) -> StandingQuerySet:
    """Those of which something is still owed."""
    return standings(book, as_of).filter(Q(principal__gt=0) | Q(unpaid_due__gt=0))


def later_than(days: int, as_of: date, prefix: str = "") -> Q:
    """Of which something was more than so many days late on a day."""
    return Q(**{f"{prefix}oldest_unpaid_due_on__lt": as_of - timedelta(days=days)})


def arrears_on(as_of: date, prefix: str = "") -> Case:
    """What was unpaid after its due date: what fell due on the day itself is not late yet."""
    unpaid, that_day = F(f"{prefix}unpaid_due"), F(f"{prefix}due_that_day")
    return Case(
        When(**{f"{prefix}effective_on": as_of, "then": unpaid - that_day}),
        default=unpaid,
        output_field=BigIntegerField(),
    )


def summary(book: Book, as_of: date) -> Summary:
    """Outstanding, arrears by age, at risk, restructured and the average rate."""
    sums: dict[str, Any] = {
        "overdue": _total(F("unpaid_due") - F("interest_due") - F("fees_due") - F("default_interest_due")),
        "weight": Sum(F("principal") * F("annual_rate"), output_field=DecimalField(max_digits=40, decimal_places=6)),
    }
    ages = {number: _age(number, as_of) for number in range(len(LAST_DAYS) + 1)}
    for number, age in ages.items():
        sums |= {
            f"loans_{number}": Count("pk", filter=age),
            f"principal_{number}": _total("principal", age),
            f"arrears_{number}": _total(arrears_on(as_of), age),
        }
    anew = Q(restructured_on__isnull=False)
    sums |= {"loans_anew": Count("pk", filter=anew), "principal_anew": _total("principal", anew)}
    found = running(book, as_of).aggregate(**sums)
    bands = tuple(
        Band(
            LAST_DAYS[number - 1] + 1 if number else 0,
            found[f"loans_{number}"],
            int(found[f"arrears_{number}"]),
            int(found[f"principal_{number}"]),
        )
        for number in ages
    )
    principal = sum(band.principal for band in bands)
    return Summary(
        loans=sum(band.loans for band in bands),
        principal=principal,
        overdue_principal=int(found["overdue"]),
        arrears=sum(band.arrears for band in bands),
        bands=bands,
        at_risk=tuple(_at_risk(days, bands) for days in RISKS),
        restructured=AtRisk(0, found["loans_anew"], int(found["principal_anew"])),
        weighted_rate=Decimal(found["weight"]) / principal if principal else None,
    )


def groups(book: Book, as_of: date, by: str) -> list[Group]:
    """The running loans by one of the ways to split them, the most principal first."""
    found = (
        running(book, as_of)
        .values_list(by)
        .annotate(
            number=Count("pk"),
            outstanding=_total("principal"),
            late=_total(arrears_on(as_of)),
            risky=_total("principal", later_than(RISKS[0], as_of)),
        )
    )
    rows = [Group(name, loans, *map(int, amounts)) for name, loans, *amounts in found]
    return sorted(rows, key=lambda row: (-row.principal, row.name))


def maturity_ladder(book: Book, as_of: date) -> list[Rung]:
    """When principal that is not due yet is planned to fall due, by the plans as they were on that day."""
    ends = [as_of, *(add_months(as_of, months) for months in STEPS[1:])]
    spans = [*pairwise(ends), (ends[-1], None)]
    sums = {
        f"rung_{number}": _total("principal", Q(due_on__gt=after) & (Q(due_on__lte=through) if through else Q()))
        for number, (after, through) in enumerate(spans)
    }
    planned = PlannedInstalment.objects.filter(
        loan__book=book, since__lte=as_of, until__gt=as_of, due_on__gt=as_of
    ).aggregate(**sums)
    months = [*pairwise(STEPS), (STEPS[-1], None)]
    return [
        Rung(after, through, between, int(planned[f"rung_{number}"]))
        for number, ((after, through), between) in enumerate(zip(spans, months, strict=True))
    ]


def ageing(book: Book, days: Sequence[date]) -> list[tuple[int, ...]]:
    """For each of some days the principal of loans with anything late, by the bands of lateness, in one query."""
    sums = {
        f"day_{place}_{number}": _total("principal", Q(effective_on__lte=on, until__gt=on) & _age(number, on))
        for place, on in enumerate(days)
        for number in range(1, len(LAST_DAYS) + 1)
    }
    late = Standing.objects.filter(
        loan__book=book, oldest_unpaid_due_on__isnull=False, until__gt=min(days), effective_on__lte=max(days)
    )
    found = late.aggregate(**sums)
    return [
        tuple(int(found[f"day_{place}_{number}"]) for number in range(1, len(LAST_DAYS) + 1))
        for place in range(len(days))
    ]


def _age(number: int, on: date) -> Q:
    """The condition of one band of lateness; the first is of what is paid to date."""
    if not number:
        return Q(oldest_unpaid_due_on__isnull=True) | Q(oldest_unpaid_due_on__gte=on)
    age = later_than(LAST_DAYS[number - 1], on)
    return age & ~later_than(LAST_DAYS[number], on) if number < len(LAST_DAYS) else age


def _at_risk(days: int, bands: Iterable[Band]) -> AtRisk:
    late = [band for band in bands if band.first_day > days]
    return AtRisk(days, sum(band.loans for band in late), sum(band.principal for band in late))


def _total(of: Any, where: Q | None = None) -> Coalesce:
    return Coalesce(Sum(of, filter=where, output_field=BigIntegerField()), NOUGHT)
