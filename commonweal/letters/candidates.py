"""Of which loans has a day something to say? Found in what is kept for lists, so that only those need be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from commonweal.letters.ladder import ladder_of
from commonweal.letters.models import CalendarDate, Reminder
from loans.domain.position import Position
from loans.models import Instalment, Loan, PlannedInstalment, Standing
from loans.queries import loans, positions_of

if TYPE_CHECKING:
    from ledger.models import Book

BATCH = 200
"""Loans told at once."""


def late_positions(book: Book, on: date) -> list[tuple[Loan, Position]]:
    """The loans of which something is late, with where each stands."""
    return positions(loans(book).filter(_is_late(on)), on)


def loans_to_tell(book: Book, on: date, days: int) -> QuerySet[Loan]:
    """The loans that may have a step of the reminders before them, or of which something falls due within so many days
    after a day."""
    return loans(book).filter(_has_a_step(book, on) | _falls_due(on, on + timedelta(days=days)))


def loans_that_moved(book: Book, on: date) -> QuerySet[Loan]:
    """The loans whose schedule says other days than calendars were told."""
    return loans(book).filter(is_lent(on) & _has_other_days(book))


def in_batches(book: Book, found: QuerySet[Loan], on: date) -> Iterator[list[tuple[Loan, Position]]]:
    """As `positions` tells them, so many at a time that no more than those are held in memory."""
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield positions(loans(book).filter(pk__in=keys[start : start + BATCH]), on)


def positions(found: QuerySet[Loan], on: date) -> list[tuple[Loan, Position]]:
    """Loans of which something is lent, with where each stands."""
    every = list(found)
    stands = positions_of(every, on)
    return [(loan, stands[loan.pk]) for loan in every if stands[loan.pk].drawn]


def _is_late(on: date) -> Q:
    late = Standing.objects.as_at(on).filter(oldest_unpaid_due_on__lt=on)
    return Q(pk__in=late.values("loan"))


def _has_a_step(book: Book, on: date) -> Q:
    """Something is late, and for a payment since then a step has come that was neither taken nor left out."""
    late = Standing.objects.as_at(on).filter(loan=OuterRef("loan"), oldest_unpaid_due_on__lte=OuterRef("due_on"))
    found = Q()
    for step in ladder_of(book):
        taken = Reminder.objects.filter(loan=OuterRef("loan"), due_on=OuterRef("due_on"), act=step.act)
        come = Instalment.objects.filter(loan__book=book, due_on__lte=on - timedelta(days=step.days))
        found |= Q(pk__in=come.filter(Exists(late), ~Exists(taken)).values("loan"))
    return found


def is_lent(on: date) -> Q:
    """Of loans: something was lent by a day."""
    return Q(pk__in=Standing.objects.as_at(on).filter(drawn__gt=0).values("loan"))


def _falls_due(after: date, through: date) -> Q:
    """As planned on the first of these days, which is not one of those looked at."""
    planned = PlannedInstalment.objects.filter(since__lte=after, until__gt=after)
    return Q(pk__in=planned.filter(due_on__gt=after, due_on__lte=through).values("loan"))


def _has_other_days(book: Book) -> Q:
    """A payment that no calendar knows on its day, or one in a calendar that the schedule does not have."""
    same = {"loan": OuterRef("loan"), "no": OuterRef("no")}
    known = CalendarDate.objects.filter(loan__book=book, is_cancelled=False)
    told = CalendarDate.objects.filter(**same, due_on=OuterRef("due_on"), is_cancelled=False)
    untold = Instalment.objects.filter(loan__book=book).exclude(Exists(told))
    gone = known.exclude(Exists(Instalment.objects.filter(**same)))
    return Q(pk__in=untold.values("loan")) | Q(pk__in=gone.values("loan"))
