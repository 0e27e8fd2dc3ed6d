"""Giving applications and loans their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from loans.models import NumberSeries, Series

if TYPE_CHECKING:
    from ledger.models import Book


def next_number(book: Book, series: Series) -> int:
    """Take the next number of a series; who asks at the same time waits, and gets the one after it."""
    NumberSeries.objects.get_or_create(book=book, series=series)
    row = NumberSeries.objects.select_for_update().get(book=book, series=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


@transaction.atomic
def continue_numbering(*, book: Book, series: Series, after: int) -> None:
    """Go on from the last number of another system; a number that is given out already is never given again."""
    NumberSeries.objects.get_or_create(book=book, series=series)
    row = NumberSeries.objects.select_for_update().get(book=book, series=series)
    row.last = max(row.last, after)
    row.save(update_fields=["last"])
