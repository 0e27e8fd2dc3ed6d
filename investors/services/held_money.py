"""One spends the money that a fund holds for investors after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from ledger.models import Book

ONE_SPENDS = "SELECT pg_advisory_xact_lock(7414, %s)"


def one_spends_held_money(book: Book) -> None:
    """Wait for whoever lends or sells in this book, so that two do not spend the same money; held to the end of the
    transaction.

    It comes before the row of any loan, the facilities (`one_borrows`) and the book (`hold_book`), so that nobody who
    holds one of those waits for somebody who waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_SPENDS, [book.pk])
