"""Which dates are closed, and what happened to each period?"""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from ledger.models import Book, Period


def closed_until(book: Book) -> date | None:
    """The first date that is not closed, or None while no period is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_closed_until(%s)", [book.pk])
        first_open: date | None = cursor.fetchone()[0]
    return first_open


def periods(book: Book) -> QuerySet[Period]:
    """The periods of a book, the latest first, with what happened to each."""
    return Period.objects.filter(book=book).prefetch_related("events__recorded_by").order_by("-starts_on")
