"""Posting: entries go in whole, once per key, or not at all; corrections are reversals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from ledger.database_errors import judged_by_database
from ledger.domain.entry import JournalEntry, mirror
from ledger.domain.entry import Posting as PostingValue
from ledger.domain.errors import (
    AccountNotOpen,
    AlreadyReversed,
    BeforeBookOpened,
    KeyUsedForOtherContent,
    MalformedEntry,
    PeriodClosed,
    ReasonNeeded,
    UnknownAccount,
    UnknownEntry,
)
from ledger.domain.words import date_text
from ledger.models import Book
from ledger.models import JournalEntry as StoredEntry

COPY_FROM = 20
"""With this many entries COPY is cheaper than one call of a function (measured; see docs/benchmarks.md)."""

LONGEST_KEY = 200

POST_FEW = """
    SELECT entry_ids, first_content
    FROM ledger_post(%s, %s, %s, %s, %s::date[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int8[], %s::int8[],
                     %s::int[], %s::int[], %s::text[], %s::text[], %s::int8[])
"""
OPEN_REQUEST = "SELECT request_id, entry_ids, first_content FROM ledger_open_request(%s, %s, %s, %s, %s)"
SPAN = "SELECT opened_on, ledger_closed_until(id) FROM ledger_book WHERE id = %s"
ACCOUNTS = """
    SELECT code, currency, id, opened_on, closed_on FROM ledger_account WHERE book_id = %s AND code = ANY(%s)
"""
COPY_ENTRIES = """
    COPY ledger_journalentry (id, request_id, book_id, effective_on, kind, narrative, source, line_count, reverses_id,
                              approval_id) FROM STDIN (FORMAT binary)
"""
ENTRY_TYPES = ("int8", "int8", "int8", "date", "varchar", "varchar", "varchar", "int2", "int8", "int8")
COPY_POSTINGS = "COPY ledger_posting (entry_id, line_no, account_id, effective_on, amount) FROM STDIN (FORMAT binary)"
POSTING_TYPES = ("int8", "int2", "int8", "date", "int8")

EXPLAINED = (UnknownAccount, AccountNotOpen, PeriodClosed, BeforeBookOpened)
"""Refusals by the database's guards that are said again in the words of the entry."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a call of `post` made, or had made before: entry numbers in the order given."""

    entry_ids: tuple[int, ...]
    repeated: bool


_noted: ContextVar[list[JournalEntry] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[JournalEntry]]:
    """Every entry that is posted inside, in order; what a repeated key did not post anew is left out."""
    inside: list[JournalEntry] = []
    outside, token = _noted.get(), _noted.set(inside)
    try:
        yield inside
    finally:
        _noted.reset(token)
        if outside is not None:
            outside.extend(inside)


def post(entries: Sequence[JournalEntry], *, book: Book, key: str, by: AbstractBaseUser) -> Posted:
    """Post entries to a book, all or none, once per key.

    The same key with the same content gives the first answer again and posts nothing. Runs in a transaction of its own
    or in the caller's. Raises KeyUsedForOtherContent, UnknownAccount, AccountNotOpen, PeriodClosed, BeforeBookOpened,
    AlreadyReversed, or another LedgerError where the database's guards refuse.
    """
    if not entries:
        raise MalformedEntry(f"Nothing to post under key {key!r}: give at least one entry. Nothing was posted.")
    if not 0 < len(key) <= LONGEST_KEY:
        raise MalformedEntry(
            f"A posting key has 1 to {LONGEST_KEY} characters, and not {len(key)}. Shorten it; nothing was posted."
        )
    content = fingerprint(entries)
    write = _post_few if len(entries) < COPY_FROM else _post_many
    try:
        with judged_by_database(), _one_transaction(single_statement=write is _post_few), connection.cursor() as cursor:
            entry_ids, first_content = write(cursor, entries, book=book, key=key, content=content, by=by)
    except EXPLAINED:
        _explain(entries, book)
        raise
    if first_content is not None and first_content != content:
        raise KeyUsedForOtherContent(
            f"The key {key!r} was used in {book} for E-{entry_ids[0]} with other content. Use a new key; "
            "nothing was posted."
        )
    repeated, noted = first_content is not None, _noted.get()
    if noted is not None and not repeated:
        noted.extend(entries)
    return Posted(tuple(entry_ids), repeated=repeated)


def reverse(entry_id: int, *, book: Book, on: date, reason: str, key: str, by: AbstractBaseUser) -> Posted:
    """Post the mirror image of an entry, dated by the accountant in any open period.

    Raises ReasonNeeded, UnknownEntry, AlreadyReversed and what `post` raises.
    """
    if not reason.strip():
        raise ReasonNeeded(f"Say why E-{entry_id} is reversed; the auditor reads it. Nothing was posted.")
    stored = StoredEntry.objects.filter(book=book, pk=entry_id).first()
    if stored is None:
        raise UnknownEntry(f"{book} has no entry E-{entry_id}. Check the number; nothing was posted.")
    if on < stored.effective_on:
        raise MalformedEntry(
            f"E-{entry_id} is dated {date_text(stored.effective_on)}; its reversal cannot be dated earlier, on "
            f"{date_text(on)}. Date it on that day or later; nothing was posted."
        )
    standing = StoredEntry.objects.filter(reverses=stored).select_related("request").first()
    if standing is not None and standing.request.key != key:
        raise AlreadyReversed(f"E-{entry_id} is reversed already, by {standing}. Look at that; nothing was posted.")
    return post([mirror(entry_id, as_value(stored), on=on, reason=reason)], book=book, key=key, by=by)


def as_value(stored: StoredEntry) -> JournalEntry:
    """The immutable value of an entry that stands."""
    lines = stored.postings.select_related("account").order_by("line_no")
    return JournalEntry(
        effective_on=stored.effective_on,
        narrative=stored.narrative,
        postings=tuple(PostingValue(line.account.code, line.amount, line.account.currency) for line in lines),
        kind=stored.kind,
        source=stored.source,
        reverses=stored.reverses_id,
        approval=stored.approval_id,
    )


def fingerprint(entries: Iterable[JournalEntry], *, with_approval: bool = True) -> str:
    """SHA-256 in hexadecimal over the content of entries, whoever posts them and whenever."""
    content = [
        [
            entry.effective_on.isoformat(),
            entry.narrative,
            entry.kind,
            entry.source,
            entry.reverses,
            entry.approval if with_approval else None,
            [[p.account, p.minor, p.currency] for p in entry.postings],
        ]
        for entry in entries
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _one_transaction(*, single_statement: bool) -> AbstractContextManager[object]:
    """A transaction of its own or a savepoint in the caller's; a single statement outside both needs neither."""
    alone = single_statement and not connection.in_atomic_block and connection.get_autocommit()
    return nullcontext() if alone else transaction.atomic()


def _post_few(
    cursor: CursorWrapper, entries: Sequence[JournalEntry], *, book: Book, key: str, content: str, by: AbstractBaseUser
) -> tuple[list[int], str | None]:
    """Entry numbers, and the fingerprint of the first content if the key was used before."""
    lines = [(place, number, line) for place, e in enumerate(entries, 1) for number, line in enumerate(e.postings, 1)]
    by_entry = [
        (e.effective_on, str(e.kind), e.narrative, e.source, len(e.postings), e.reverses, e.approval) for e in entries
    ]
    by_line = [(place, number, line.account, line.currency, line.minor) for place, number, line in lines]
    arrays = [list(column) for rows in (by_entry, by_line) for column in zip(*rows, strict=True)]
    cursor.execute(POST_FEW, [book.pk, key, content, by.pk, *arrays])
    entry_ids, first_content = cursor.fetchone()
    return entry_ids, first_content


def _post_many(
    cursor: CursorWrapper, entries: Sequence[JournalEntry], *, book: Book, key: str, content: str, by: AbstractBaseUser
) -> tuple[list[int], str | None]:
    """The same by COPY."""
    cursor.execute(OPEN_REQUEST, [book.pk, key, content, by.pk, len(entries)])
    request_id, entry_ids, first_content = cursor.fetchone()
    if request_id is not None:
        accounts = _account_ids(cursor, book, entries)
        heads = (
            (
                entry_id,
                request_id,
                book.pk,
                entry.effective_on,
                str(entry.kind),
                entry.narrative,
                entry.source,
                len(entry.postings),
                entry.reverses,
                entry.approval,
            )
            for entry_id, entry in zip(entry_ids, entries, strict=True)
        )
        lines = (
            (entry_id, line_no, accounts[line.account, line.currency], entry.effective_on, line.minor)
            for entry_id, entry in zip(entry_ids, entries, strict=True)
            for line_no, line in enumerate(entry.postings, start=1)
        )
        _copy(cursor, COPY_ENTRIES, ENTRY_TYPES, heads)
        _copy(cursor, COPY_POSTINGS, POSTING_TYPES, lines)
    return entry_ids, first_content


def _copy(cursor: CursorWrapper, statement: str, types: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    with connection.wrap_database_errors, cursor.copy(statement) as stream:
        stream.set_types(types)
        for row in rows:
            stream.write_row(row)


def _explain(entries: Sequence[JournalEntry], book: Book) -> None:
    """Raise what the database refused in the words of the entry; nothing where all is well by now."""
    with connection.cursor() as cursor:
        cursor.execute(SPAN, [book.pk])
        _refuse_unless_open(entries, *cursor.fetchone())
        _account_ids(cursor, book, entries)


def _refuse_unless_open(entries: Sequence[JournalEntry], opened_on: date, closed_until: date | None) -> None:
    earliest = min(entries, key=lambda entry: entry.effective_on)
    if earliest.effective_on < opened_on:
        raise BeforeBookOpened(
            f"{earliest.narrative!r} is dated {date_text(earliest.effective_on)}, before the book was opened on "
            f"{date_text(opened_on)}. Date it on that day or later; nothing was posted."
        )
    if closed_until is not None and earliest.effective_on < closed_until:
        raise PeriodClosed(
            f"{earliest.narrative!r} is dated {date_text(earliest.effective_on)}, in a closed period. Date it on or "
            f"after {date_text(closed_until)}, or reopen the latest closed period. Nothing was posted."
        )


def _account_ids(cursor: CursorWrapper, book: Book, entries: Sequence[JournalEntry]) -> dict[tuple[str, str], int]:
    codes = {posting.account for entry in entries for posting in entry.postings}
    cursor.execute(ACCOUNTS, [book.pk, list(codes)])
    rows = cursor.fetchall()
    known = {(code, currency): account_id for code, currency, account_id, _, _ in rows}
    spans = {(code, currency): (opened, closed) for code, currency, _, opened, closed in rows}
    for entry in entries:
        for posting in entry.postings:
            span = spans.get((posting.account, posting.currency))
            if span is None:
                raise UnknownAccount(
                    f"{book} has no account {posting.account} in {posting.currency}. Open it or correct the code; "
                    "nothing was posted."
                )
            if entry.effective_on < span[0] or (span[1] is not None and entry.effective_on >= span[1]):
                raise AccountNotOpen(
                    f"Account {posting.account} is open from {date_text(span[0])}"
                    + (f" to before {date_text(span[1])}" if span[1] else "")
                    + f"; {entry.narrative!r} is dated {date_text(entry.effective_on)}. "
                    "Correct the date or the account; nothing was posted."
                )
    return known
