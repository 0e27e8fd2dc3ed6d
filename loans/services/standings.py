"""Keeping the rows of where a loan stood and of what was planned: written anew from a day on, where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from loans.domain.events import Event
from loans.domain.standing import Told
from loans.domain.terms import Terms
from loans.models import FOR_EVER, Loan, PlannedInstalment, Standing
from loans.queries import events_of, first_terms_of
from loans.standings import planned_rows, standing_rows, told_standings

Row = TypeVar("Row", bound=Model)


def tell_standings_again(loan: Loan, terms: Terms, events: Iterable[Event], *, since: date) -> None:
    """Tell a locked loan's life anew from a day on, up to what it has to do next, and keep what differs.

    For whoever recorded an event (`since` its effective day) or posted what fell due (`since` the first such day),
    after `next_action_on` is set. A loan of which nothing is kept yet is told from its beginning.
    """
    begin = since if Standing.objects.filter(loan=loan).exists() else date.min
    keep_standings([Retold(loan, told_standings(loan, terms, events, since=begin), begin)])


@transaction.atomic
def rebuild_projections(*, loan: Loan) -> None:
    """Write everything that is kept of where a loan stood anew, as the engine tells it; the books are not touched."""
    locked = Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
    told = told_standings(locked, first_terms_of(locked), events_of(locked))
    keep_standings([Retold(locked, told, date.min)])


@dataclass(frozen=True, slots=True)
class Retold:
    """Where a locked loan stood from a day on, as it is told now."""

    loan: Loan
    told: Told
    since: date


def keep_standings(lives: Sequence[Retold]) -> None:
    """Write what is told of loans where it is not so already; what stood before the day of each stays.

    In the same few statements for one loan and for many.
    """
    stood, planned = _stored(Standing, lives), _stored(PlannedInstalment, lives)
    _keep_standings(lives, stood)
    should = [
        row
        for life in lives
        for row in planned_rows(life.loan, life.told, (row for row in planned[life.loan.pk] if row.since < life.since))
    ]
    _exchange(PlannedInstalment, (row for rows in planned.values() for row in rows), should)


def _stored(model: type[Row], lives: Sequence[Retold]) -> dict[int, list[Row]]:
    """What is kept of each loan and counts on its day or later."""
    since = {life.loan.pk: life.since for life in lives}
    found: dict[int, list[Row]] = {key: [] for key in since}
    rows: QuerySet[Any] = model._default_manager.filter(
        loan__in=since, until__gte=min(since.values(), default=date.min)
    )
    for row in rows.order_by("pk"):
        if row.until >= since[row.loan_id]:
            found[row.loan_id].append(row)
    return found


def _keep_standings(lives: Sequence[Retold], stored: dict[int, list[Standing]]) -> None:
    has: list[Standing] = []
    should: list[Standing] = []
    ended: dict[date, list[int]] = defaultdict(list)
    for life in lives:
        rows, kept = standing_rows(life.loan, life.told), stored[life.loan.pk]
        before = next((row for row in kept if row.effective_on < life.since), None)
        ends = rows[0].effective_on if rows else FOR_EVER
        if before and before.until != ends:
            ended[ends].append(before.pk)
        has += [row for row in kept if row.effective_on >= life.since]
        should += rows
    for ends, keys in ended.items():
        Standing.objects.filter(pk__in=keys).update(until=ends)
    _exchange(Standing, has, should)


def _exchange(model: type[Row], stored: Iterable[Row], rows: Iterable[Row]) -> None:
    """Remove what is no longer so, add what is new, and leave alone what is the same."""
    has = {_content(row): row for row in stored}
    should = {_content(row): row for row in rows}
    gone = [row.pk for content, row in has.items() if content not in should]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    new = [row for content, row in should.items() if content not in has]
    if new:
        model._default_manager.bulk_create(new, batch_size=1000)


def _content(row: Model) -> tuple[object, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)
