"""Keeping the rows of where a loan stood and of what was planned: written anew from a day on, where they differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

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
    keep_standings(loan, told_standings(loan, terms, events, since=begin), since=begin)


@transaction.atomic
def rebuild_projections(*, loan: Loan) -> None:
    """Write everything that is kept of where a loan stood anew, as the engine tells it; the books are not touched."""
    locked = Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
    told = told_standings(locked, first_terms_of(locked), events_of(locked))
    keep_standings(locked, told, since=date.min)


def keep_standings(loan: Loan, told: Told, *, since: date) -> None:
    """Write what is told from a day on where it is not so already; what stood before that day stays."""
    _keep_standings(loan, standing_rows(loan, told), since)
    stored = list(PlannedInstalment.objects.filter(loan=loan, until__gte=since))
    _exchange(PlannedInstalment, stored, planned_rows(loan, told, (row for row in stored if row.since < since)))


def _keep_standings(loan: Loan, rows: list[Standing], since: date) -> None:
    stored = list(Standing.objects.filter(loan=loan, until__gte=since).order_by("effective_on"))
    before = next((row for row in stored if row.effective_on < since), None)
    ends = rows[0].effective_on if rows else FOR_EVER
    if before and before.until != ends:
        Standing.objects.filter(pk=before.pk).update(until=ends)
    _exchange(Standing, [row for row in stored if row.effective_on >= since], rows)


def _exchange(model: type[Row], stored: Iterable[Row], rows: Iterable[Row]) -> None:
    """Remove what is no longer so, add what is new, and leave alone what is the same."""
    has = {_content(row): row for row in stored}
    should = {_content(row): row for row in rows}
    gone = [row.pk for content, row in has.items() if content not in should]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    new = [row for content, row in should.items() if content not in has]
    if new:
        model._default_manager.bulk_create(new)


def _content(row: Model) -> tuple[object, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)
