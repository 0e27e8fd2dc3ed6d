"""What the books say in words that do not depend on the numbers that rows were given, to compare two of them."""

from __future__ import annotations

import re

from ledger.models import Book, JournalEntry
from ledger.queries import trial_balance
from loans.models import Standing


def entries_told(book: Book) -> list[tuple[object, ...]]:
    """Every entry with its lines."""
    found = JournalEntry.objects.filter(book=book).prefetch_related("postings__account")
    entries = {f"E{one.pk}": f"{one.effective_on} {one.narrative}" for one in found}

    def named(text: str) -> str:
        return re.sub(r"\bE-?(\d+)", lambda number: entries[f"E{number[1]}"], text)

    return sorted(
        (
            one.effective_on,
            one.kind,
            named(one.narrative),
            named(one.source),
            tuple((line.account.code, line.amount) for line in one.postings.all()),
        )
        for one in found
    )


def standings_told(book: Book) -> set[tuple[object, ...]]:
    """Where every loan stood."""
    columns = [field.attname for field in Standing._meta.concrete_fields if field.name not in ("id", "loan")]
    return set(Standing.objects.filter(loan__book=book).values_list("loan__reference", *columns))


def balances_told(book: Book) -> dict[str, int]:
    """The trial balance after every entry."""
    return {row.code: row.minor for row in trial_balance(book, book.business_date.replace(year=9999))}
