"""Which entries and accounts go into an export? They are read a piece at a time, whatever the length of the books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.auth import get_user_model

from ledger import queries
from ledger.domain.chart import AccountKind
from ledger.exports.values import BROUGHT_FORWARD, ExportedAccount, ExportedEntry, ExportedPosting, Journal
from ledger.models import Account, Book, ChartNode, Posting, PostingRequest

PIECE = 10_000
"""Postings held in memory at a time."""

FIELDS = (
    "entry_id",
    "account_id",
    "amount",
    "entry__effective_on",
    "entry__kind",
    "entry__narrative",
    "entry__source",
    "entry__reverses_id",
    "entry__reverses__kind",
    "entry__approval_id",
    "entry__request__posted_by_id",
    "entry__request__recorded_at",
)


def read_journal(book: Book, *, from_on: date | None = None, to_on: date | None = None) -> Journal:
    """The journal of a book, or of some of its dates, both inclusive. Read it, and use it, in one snapshot.

    A date before the book was opened is as good as its opening day. The entries can be gone through once.
    """
    accounts = _accounts(book, to_on)
    starts_on = from_on if from_on is not None and from_on > book.opened_on else None
    seal = queries.latest_seal(book)
    return Journal(
        code=book.code,
        name=book.name,
        fund_name=book.fund_name,
        base_currency=book.base_currency,
        opened_on=book.opened_on,
        accounts=tuple(accounts.values()),
        entries=_entries(book, accounts, starts_on, to_on),
        from_on=starts_on,
        to_on=to_on,
        seal=f"{book.code}:{seal.number}:{seal.position}:{seal.head}" if seal else "",
    )


def _accounts(book: Book, to_on: date | None) -> dict[int, ExportedAccount]:
    nodes = {node.pk: node for node in ChartNode.objects.filter(book=book)}
    found = Account.objects.filter(book=book).order_by("code", "currency", "pk")
    return {
        account.pk: ExportedAccount(
            number=account.pk,
            code=account.code,
            subject=account.subject,
            name=account.name,
            kind=AccountKind(nodes[account.node_id].kind),
            currency=account.currency,
            lines_of_chart=tuple(_lines_of_chart(nodes, account.node_id)),
            opened_on=account.opened_on,
            closed_on=account.closed_on,
        )
        for account in (found.filter(opened_on__lte=to_on) if to_on else found)
    }


def _lines_of_chart(nodes: Mapping[int, ChartNode], node_id: int) -> list[tuple[str, str]]:
    node = nodes[node_id]
    above = [] if node.parent_id is None else _lines_of_chart(nodes, node.parent_id)
    return [*above, (node.code, node.name)]


def _entries(
    book: Book, accounts: Mapping[int, ExportedAccount], from_on: date | None, to_on: date | None
) -> Iterator[ExportedEntry]:
    if from_on is not None:
        yield from _brought_forward(book, accounts, from_on - timedelta(days=1))
    found = Posting.objects.filter(entry__book=book)
    if from_on is not None:
        found = found.filter(effective_on__gte=from_on)
    if to_on is not None:
        found = found.filter(effective_on__lte=to_on)
    people = _people(book)
    rows = found.order_by("effective_on", "entry_id", "line_no").values_list(*FIELDS).iterator(chunk_size=PIECE)
    for _, lines in groupby(rows, key=itemgetter(0)):
        yield _entry(list(lines), accounts, people)


def _brought_forward(book: Book, accounts: Mapping[int, ExportedAccount], on: date) -> Iterator[ExportedEntry]:
    balances = queries.minor_balances(book, list(accounts), on)
    postings = tuple(
        ExportedPosting(account, balances[number]) for number, account in accounts.items() if balances.get(number)
    )
    if postings:
        yield ExportedEntry(None, on, BROUGHT_FORWARD, f"Balances at the end of {on} brought forward", postings)


def _entry(
    lines: list[tuple[Any, ...]], accounts: Mapping[int, ExportedAccount], people: Mapping[int, str]
) -> ExportedEntry:
    number, _, _, on, kind, narrative, source, reverses, reverses_kind, approval, posted_by, recorded_at = lines[0]
    return ExportedEntry(
        number=number,
        effective_on=on,
        kind=kind,
        narrative=narrative,
        postings=tuple(ExportedPosting(accounts[line[1]], line[2]) for line in lines),
        source=source,
        reverses=reverses,
        reverses_kind=reverses_kind or "",
        approval=approval,
        posted_by=people[posted_by],
        recorded_at=recorded_at,
    )


def _people(book: Book) -> dict[int, str]:
    """The names of those who posted to a book, by their number."""
    numbers = PostingRequest.objects.filter(book=book).values("posted_by_id").distinct()
    return {person.pk: str(person) for person in get_user_model()._default_manager.filter(pk__in=numbers)}
