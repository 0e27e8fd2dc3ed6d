"""Which seals does a book have, and which of them covers what was known?"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from ledger.models import Book, JournalEntry, PostingRequest, Seal


def seals(book: Book) -> QuerySet[Seal]:
    """The seals of a book, the latest first."""
    return Seal.objects.filter(book=book).select_related("book").order_by("-number")


def latest_seal(book: Book, *, at: datetime | None = None) -> Seal | None:
    """The last seal of a book, or the last one before a moment."""
    return (seals(book).filter(sealed_at__lte=at) if at else seals(book)).first()


def first_seal_covering(book: Book, as_of: date) -> Seal | None:
    """The seal that covers every entry effective on or before a date, or None while one of them is unsealed."""
    effective = JournalEntry.objects.filter(book=book, effective_on__lte=as_of)
    if effective.filter(sealed__isnull=True).exists():
        return None
    last = effective.order_by("-sealed__position").values_list("sealed__position", flat=True).first()
    return Seal.objects.filter(book=book, position__gte=last or 0).order_by("number").first()


def seals_of_entries(book: Book, from_on: date, to_on: date) -> list[tuple[Seal, int]]:
    """The seals under which the entries of some days came, both inclusive, each with how many of them, in order."""
    found = list(seals(book).order_by("number"))
    ends = [seal.position for seal in found]
    dated = JournalEntry.objects.filter(book=book, effective_on__gte=from_on, effective_on__lte=to_on)
    places = dated.filter(sealed__isnull=False).values_list("sealed__position", flat=True)
    counted = Counter(bisect_left(ends, place) for place in places.iterator())
    return [(found[number], count) for number, count in sorted(counted.items()) if number < len(found)]


def requests_under(book: Book, prefix: str, seal: Seal) -> dict[str, bool]:
    """The keys of posting requests that begin so, each with whether a seal covers all that was posted under it."""
    found = PostingRequest.objects.filter(book=book, key__startswith=prefix).order_by("pk")
    unknown = Q(entries__sealed=None) | Q(entries__sealed__position__gt=seal.position)
    rows = found.annotate(unknown=Count("entries", filter=unknown)).values_list("key", "unknown")
    return {key: not missing for key, missing in rows}


def is_sealed(book: Book) -> bool:
    """Whether a seal covers all that is posted; by the number of the last request, however long the book is."""
    last = latest_seal(book)
    posted = PostingRequest.objects.filter(book=book, pk__gte=last.settled_before if last else 0)
    return not posted.exists()
