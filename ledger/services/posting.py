"""Posting: entries go in whole, once per key, or not at all; corrections are reversals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from ledger.database_errors import judged_by_database
from ledger.domain.entry import JournalEntry, mirror
from ledger.domain.errors import (
    AccountNotOpen,
    AlreadyReversed,
    BeforeBookOpened,
    KeyUsedForOtherContent,
    MalformedEntry,
    PeriodClosed,
    UnknownAccount,
    UnknownEntry,
)
from ledger.models import Book
from ledger.models import JournalEntry as StoredEntry

COPY_FROM = 20
"""With this many entries a COPY is cheaper than one INSERT … SELECT unnest (measured; see docs/benchmarks.md)."""

RESERVE = """
    SELECT opened_on, ledger_closed_until(id),
           ARRAY(SELECT nextval('ledger_journalentry_id_seq') FROM generate_series(1, %s))
    FROM ledger_book WHERE id = %s
"""
REQUEST = """
    INSERT INTO ledger_postingrequest (book_id, key, fingerprint, entry_ids, posted_by_id)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT (book_id, key) DO NOTHING RETURNING id
"""
REPEATED = "SELECT fingerprint, entry_ids FROM ledger_postingrequest WHERE book_id = %s AND key = %s"
ACCOUNTS = """
    SELECT code, currency, id, opened_on, closed_on FROM ledger_account WHERE book_id = %s AND code = ANY(%s)
"""
ENTRY_COLUMNS = "id, request_id, book_id, effective_on, kind, narrative, source, line_count, reverses_id, approval_id"
ENTRY_TYPES = ("int8", "int8", "int8", "date", "varchar", "varchar", "varchar", "int2", "int8", "int8")
COPY_ENTRIES = f"COPY ledger_journalentry ({ENTRY_COLUMNS}) FROM STDIN (FORMAT binary)"
INSERT_ENTRIES = f"""
    INSERT INTO ledger_journalentry ({ENTRY_COLUMNS})
    SELECT * FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::date[], %s::varchar[], %s::varchar[], %s::varchar[],
                         %s::int2[], %s::int8[], %s::int8[])
"""
POSTING_COLUMNS = "entry_id, line_no, account_id, effective_on, amount"
POSTING_TYPES = ("int8", "int2", "int8", "date", "int8")
COPY_POSTINGS = f"COPY ledger_posting ({POSTING_COLUMNS}) FROM STDIN (FORMAT binary)"
INSERT_POSTINGS = f"""
    INSERT INTO ledger_posting ({POSTING_COLUMNS})
    SELECT * FROM unnest(%s::int8[], %s::int2[], %s::int8[], %s::date[], %s::int8[])
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a call of `post` made, or had made before: entry numbers in the order given."""

    entry_ids: tuple[int, ...]
    repeated: bool


def post(entries: Sequence[JournalEntry], *, book: Book, key: str, by: AbstractBaseUser) -> Posted:
    """Post entries to a book, all or none, once per key.

    The same key with the same content gives the first answer again and posts nothing. Runs in a transaction of its own
    or in the caller's. Raises KeyUsedForOtherContent, UnknownAccount, AccountNotOpen, PeriodClosed, BeforeBookOpened,
    AlreadyReversed, or another LedgerError where the database's guards refuse.
    """
    if not entries:
        raise MalformedEntry(f"Nothing to post under key {key!r}: give at least one entry.")
    content = fingerprint(entries)
    with judged_by_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESERVE, [len(entries), book.pk])
        opened_on, closed_until, entry_ids = cursor.fetchone()
        cursor.execute(REQUEST, [book.pk, key, content, entry_ids, by.pk])
        made = cursor.fetchone()
        if made is None:
            return _first_answer(cursor, book, key, content)
        _refuse_unless_open(entries, opened_on, closed_until)
        _write_entries(cursor, entries, entry_ids, request_id=made[0], book_id=book.pk)
        _write_postings(cursor, entries, entry_ids, _account_ids(cursor, book, entries))
    return Posted(tuple(entry_ids), repeated=False)


def reverse(entry_id: int, *, book: Book, on: date, reason: str, key: str, by: AbstractBaseUser) -> Posted:
    """Post the mirror image of an entry, dated by the accountant in any open period.

    Raises UnknownEntry, AlreadyReversed and what `post` raises.
    """
    stored = StoredEntry.objects.filter(book=book, pk=entry_id).first()
    if stored is None:
        raise UnknownEntry(f"{book} has no entry E-{entry_id}. Check the number; nothing was posted.")
    if on < stored.effective_on:
        raise MalformedEntry(
            f"E-{entry_id} is dated {stored.effective_on}; its reversal cannot be dated earlier, on {on}. Nothing was posted."
        )
    standing = StoredEntry.objects.filter(reverses=stored).select_related("request").first()
    if standing is not None and standing.request.key != key:
        raise AlreadyReversed(f"E-{entry_id} is reversed already, by {standing}. Nothing was posted.")
    return post([mirror(entry_id, as_value(stored), on=on, reason=reason)], book=book, key=key, by=by)


def as_value(stored: StoredEntry) -> JournalEntry:
    """The immutable value of an entry that stands."""
    from ledger.domain.entry import Posting as PostingValue

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


def _first_answer(cursor: CursorWrapper, book: Book, key: str, content: str) -> Posted:
    cursor.execute(REPEATED, [book.pk, key])
    first_content, entry_ids = cursor.fetchone()
    if first_content != content:
        raise KeyUsedForOtherContent(
            f"The key {key!r} was used in {book} for E-{entry_ids[0]} with other content. Use a new key; nothing was posted."
        )
    return Posted(tuple(entry_ids), repeated=True)


def _refuse_unless_open(entries: Sequence[JournalEntry], opened_on: date, closed_until: date | None) -> None:
    earliest = min(entries, key=lambda entry: entry.effective_on)
    if earliest.effective_on < opened_on:
        raise BeforeBookOpened(
            f"{earliest.narrative!r} is dated {earliest.effective_on}, before the book was opened on {opened_on}. "
            "Nothing was posted."
        )
    if closed_until is not None and earliest.effective_on < closed_until:
        raise PeriodClosed(
            f"{earliest.narrative!r} is dated {earliest.effective_on}, in a closed period. Date it on or after "
            f"{closed_until}, or reopen the latest closed period. Nothing was posted."
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
                    f"Account {posting.account} is open from {span[0]}"
                    + (f" to before {span[1]}" if span[1] else "")
                    + f"; {entry.narrative!r} is dated {entry.effective_on}. Nothing was posted."
                )
    return known


def _write_entries(
    cursor: CursorWrapper, entries: Sequence[JournalEntry], entry_ids: Sequence[int], *, request_id: int, book_id: int
) -> None:
    rows = [
        (
            entry_id,
            request_id,
            book_id,
            entry.effective_on,
            str(entry.kind),
            entry.narrative,
            entry.source,
            len(entry.postings),
            entry.reverses,
            entry.approval,
        )
        for entry_id, entry in zip(entry_ids, entries, strict=True)
    ]
    _write(cursor, rows, COPY_ENTRIES, ENTRY_TYPES, INSERT_ENTRIES)


def _write_postings(
    cursor: CursorWrapper,
    entries: Sequence[JournalEntry],
    entry_ids: Sequence[int],
    accounts: dict[tuple[str, str], int],
) -> None:
    rows = list(
        chain.from_iterable(
            [
                (entry_id, line_no, accounts[p.account, p.currency], entry.effective_on, p.minor)
                for line_no, p in enumerate(entry.postings, start=1)
            ]
            for entry_id, entry in zip(entry_ids, entries, strict=True)
        )
    )
    copy = len(entries) >= COPY_FROM
    _write(cursor, rows, COPY_POSTINGS, POSTING_TYPES, INSERT_POSTINGS, copy=copy)


def _write(
    cursor: CursorWrapper,
    rows: Sequence[tuple[object, ...]],
    copy_sql: str,
    types: Sequence[str],
    insert_sql: str,
    *,
    copy: bool | None = None,
) -> None:
    """All rows in one statement, by COPY when there are many."""
    if copy if copy is not None else len(rows) >= COPY_FROM:
        with connection.wrap_database_errors, cursor.copy(copy_sql) as stream:
            stream.set_types(types)
            for row in rows:
                stream.write_row(row)
    else:
        cursor.execute(insert_sql, [list(column) for column in zip(*rows, strict=True)])
