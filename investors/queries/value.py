"""By which proxies of a fund may a value be said, and which were proposed?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from investors.domain.value import Proxy
from investors.models import ValueProxy

if TYPE_CHECKING:
    from ledger.models import Book


def value_proxies(book: Book) -> QuerySet[ValueProxy]:
    """Every proxy that was proposed, with what became of it, the latest first."""
    found = ValueProxy.objects.filter(book=book)
    return found.select_related("indicator", "proposed_by", "decision__decided_by").order_by("-pk")


def approved_proxies(book: Book) -> QuerySet[ValueProxy]:
    """Those that two people agreed on."""
    return ValueProxy.objects.filter(book=book, decision__outcome="approved")


def proxies_on(book: Book, day: date) -> dict[int, Proxy]:
    """What one unit of each indicator, by its key, is said to be worth in a statement whose last day this is."""
    open_then = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    return {one.indicator_id: one.proxy for one in approved_proxies(book).filter(open_then, valid_from__lte=day)}
