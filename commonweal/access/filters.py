"""Which lists does somebody want to see again? Filters by a name of one's own, per person and book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from commonweal.access.models import SavedFilter, User

if TYPE_CHECKING:
    from ledger.models import Book


def saved_filters(user: User, book: Book, page: str) -> QuerySet[SavedFilter]:
    """A person's own filters of a list, by name."""
    return SavedFilter.objects.filter(user=user, book=book, page=page).order_by("name")


def save_filter(*, user: User, book: Book, page: str, name: str, query: str) -> SavedFilter:
    """Keep a filter under a name; one of the same name makes room for it."""
    kept, _ = SavedFilter.objects.update_or_create(
        user=user, book=book, page=page, name=name, defaults={"query": query}
    )
    return kept


def forget_filter(*, user: User, book: Book, page: str, name: str) -> bool:
    """Remove one of a person's own filters, and say whether there was one."""
    return bool(SavedFilter.objects.filter(user=user, book=book, page=page, name=name).delete()[0])
