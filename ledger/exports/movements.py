"""What moved each account? A row for its opening, for each posting with the balance after it, and for its closing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.domain.money import from_minor
from ledger.exports.tables import Cell
from ledger.models import Posting

if TYPE_CHECKING:
    from ledger.models import Book
    from ledger.queries import PeriodMovement

MOVEMENT_COLUMNS = (
    "account",
    "account_name",
    "currency",
    "what",
    "effective_on",
    "entry",
    "kind",
    "narrative",
    "source",
    "debit",
    "credit",
    "balance",
)

FIELDS = (
    "account_id",
    "effective_on",
    "entry_id",
    "amount",
    "entry__kind",
    "entry__narrative",
    "entry__source",
)

PIECE = 10_000
"""Postings held in memory at a time."""


def movement_rows(
    book: Book, moved: Sequence[PeriodMovement], from_on: date, to_on: date
) -> Iterator[tuple[Cell, ...]]:
    """The rows of every account in order of code, dates both inclusive; `moved` are the accounts with their openings.

    Read a piece at a time, in the snapshot in which `moved` was read.
    """
    found = Posting.objects.filter(account__book=book, effective_on__gte=from_on, effective_on__lte=to_on)
    ordered = found.order_by("account__code", "account__currency", "effective_on", "entry_id", "line_no")
    postings = ordered.values_list(*FIELDS).iterator(chunk_size=PIECE)
    by_account = groupby(postings, key=itemgetter(0))
    waiting = next(by_account, None)
    for one in moved:
        lines: Iterator[tuple[Any, ...]] = iter(())
        if waiting is not None and waiting[0] == one.account.pk:
            lines = waiting[1]
        yield from _rows_of(one, lines, from_on, to_on)
        if waiting is not None and waiting[0] == one.account.pk:
            waiting = next(by_account, None)


def _rows_of(
    one: PeriodMovement, lines: Iterator[tuple[Any, ...]], from_on: date, to_on: date
) -> Iterator[tuple[Cell, ...]]:
    account, running = one.account, one.opening
    head = (account.code, account.name, account.currency)
    rest = (None, "", "", "", None, None)
    yield (*head, "opening balance", from_on, *rest, one.amount(running))
    for _, on, entry, minor, kind, narrative, source in lines:
        running += minor
        amount = from_minor(abs(minor), account.currency).amount
        sides = (amount, None) if minor > 0 else (None, amount)
        yield (*head, "posting", on, f"E-{entry}", kind, narrative, source, *sides, one.amount(running))
    yield (*head, "closing balance", to_on, *rest, one.amount(running))
