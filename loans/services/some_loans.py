"""Going through many loans, so many at a time as are locked in one transaction, also by several processes at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from loans.models import Loan

TOGETHER = 100
"""Loans that are locked in one transaction, and posted to in one request."""


class Some(NamedTuple):
    """The loans that a step went through, and how many entries it posted."""

    loans: Sequence[Loan]
    posted: int


def hold_loans(keys: Iterable[int]) -> None:
    """Lock loans in the order in which everybody locks them, before anything is done with several of them in one
    transaction, so that no two people wait for each other."""
    list(Loan.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def some_of(found: QuerySet[Loan], *, wait: bool) -> list[Loan]:
    """Lock the next loans of those that something is to be done with, always in the same order.

    Without `wait` those that another process holds are passed over; with it, they are waited for, and given only if
    there is still something to do. To be called in the transaction that does it.
    """
    locked = found.select_for_update(of=("self",), skip_locked=not wait).select_related("book").order_by("pk")
    return list(locked[:TOGETHER])
