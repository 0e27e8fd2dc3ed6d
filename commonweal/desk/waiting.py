"""What waits for somebody at the desk, counted for the navigation and the home page."""

from __future__ import annotations

from django.urls import reverse

from commonweal.components import Todo
from ledger.queries import Book, unmatched_bank_lines


def waiting_counts(book: Book) -> dict[str, int]:
    """How many things wait, by the URL name of the section where they are."""
    return {"desk:repayments": unmatched_bank_lines(book).count()}


def todos(book: Book) -> list[Todo]:
    """Each kind of work that waits, with the way to it."""
    counts = waiting_counts(book)
    return [
        Todo(counts["desk:repayments"], "Bank lines not matched", reverse("desk:repayments", args=[book.code])),
    ]
