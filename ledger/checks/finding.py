"""What does a check report? Findings as values; none means that what it looks at is in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ledger.domain.bank_statement import plain
from ledger.domain.money import from_minor
from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the books that should not be: what kind, on what, and in words what, by how much and what to do."""

    code: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}: {self.message}"


Check = Callable[[Book], Iterator[Finding]]
"""One rule, looked at for one book; the first line of its docstring says the rule."""


def rows(query: str, book: Book, *, using: str = "") -> Iterator[tuple[Any, ...]]:
    """What a query finds wrong in a book, which it knows as `%(book)s`; `using` is a WITH that it stands on."""
    with connection.cursor() as cursor:
        cursor.execute(using + query, {"book": book.pk})
        yield from cursor.fetchall()


def amount(minor: int | None, currency: str) -> str:
    """Minor units as a message shows them; None is nothing at all.

    >>> amount(-123450, "GBP"), amount(None, "GBP")
    ('-£1,234.50', 'nothing')
    """
    return "nothing" if minor is None else plain(from_minor(int(minor), currency))
