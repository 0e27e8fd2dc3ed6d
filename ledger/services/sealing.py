"""Sealing: chaining a book's entries by hash, outside the transactions that post them; and finding what was altered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from ledger.domain.seal import GENESIS, SealedContent, SealedPosting, SealText, chain
from ledger.models import Book, Seal

ONE_SEALER = "SELECT pg_advisory_xact_lock(7412, %s)"

HORIZON = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
           (SELECT system_identifier FROM pg_control_system())
"""

CONTENT = """
    SELECT entry.id, book.code, entry.effective_on, request.recorded_at, entry.kind, entry.narrative, entry.source,
           request.posted_by_id, entry.reverses_id, entry.approval_id,
           posting.line_no, posting.account_id, account.code, account.currency, posting.amount
"""

UNSEALED = (
    CONTENT
    + """
    FROM ledger_postingrequest request
    JOIN ledger_book book ON book.id = request.book_id
    JOIN ledger_journalentry entry ON entry.id = ANY(request.entry_ids)
    JOIN ledger_posting posting ON posting.entry_id = entry.id
    JOIN ledger_account account ON account.id = posting.account_id
    WHERE request.book_id = %(book)s AND request.xact >= %(from)s
      AND (request.xact < %(settled_before)s OR request.xact >= %(not_of_this_cluster)s)
      AND NOT EXISTS (SELECT FROM ledger_sealedentry sealed WHERE sealed.entry_id = entry.id)
    ORDER BY request.xact, entry.id, posting.line_no
"""
)

SEALED = """
    SELECT sealed.position, sealed.sha256, sealed.entry_id, content.*
    FROM ledger_sealedentry sealed
    LEFT JOIN LATERAL (
""" + (
    CONTENT
    + """
        FROM ledger_journalentry entry
        LEFT JOIN ledger_book book ON book.id = entry.book_id
        LEFT JOIN ledger_postingrequest request ON request.id = entry.request_id
        LEFT JOIN ledger_posting posting ON posting.entry_id = entry.id
        LEFT JOIN ledger_account account ON account.id = posting.account_id
        WHERE entry.id = sealed.entry_id
    ) content ON true
    WHERE sealed.book_id = %(book)s
    ORDER BY sealed.position, content.line_no
"""
)

LEFT_OUT = """
    SELECT entry.id FROM ledger_journalentry entry
    LEFT JOIN ledger_postingrequest request ON request.id = entry.request_id
    WHERE entry.book_id = %(book)s
      AND NOT EXISTS (SELECT FROM ledger_sealedentry sealed WHERE sealed.entry_id = entry.id)
      AND (request.id IS NULL OR NOT entry.id = ANY(request.entry_ids)
           OR request.recorded_at < %(sealed_at)s - interval '1 day'
           OR (request.xact < %(settled_before)s AND %(same_cluster)s))
    ORDER BY entry.id LIMIT 10
"""

COPY_SEALED = "COPY ledger_sealedentry (entry_id, book_id, position, sha256) FROM STDIN"

PIECE = 10_000
"""Postings held in memory at a time while sealing and verifying."""


@dataclass(frozen=True, slots=True)
class SealFinding:
    """Something wrong with a chain: where, and what."""

    position: int
    entry_id: int | None
    message: str


def seal(*, book: Book) -> Seal | None:
    """Seal every entry whose transaction is over, and give the latest seal; None while a book has no entries.

    Entries of transactions still in flight wait for the next seal: none can appear behind this one. A book that was
    restored into another server is looked through from the start, because transaction numbers begin anew there.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_SEALER, [book.pk])
        last = Seal.objects.filter(book=book).order_by("-number").first()
        cursor.execute(HORIZON)
        settled_before, next_xact, cluster = cursor.fetchone()
        bounds = {
            "book": book.pk,
            "from": last.settled_before if last is not None and last.cluster == cluster else 0,
            "settled_before": settled_before,
            "not_of_this_cluster": next_xact,
        }
        position, head = _extend(cursor, book, bounds, last)
        if last is not None and position == last.position:
            return last
        if position == 0:
            return None
        return Seal.objects.create(
            book=book,
            number=last.number + 1 if last else 1,
            position=position,
            head=head.hex(),
            settled_before=settled_before,
            cluster=cluster,
        )


def seal_text(seal: Seal) -> SealText:
    """A seal as it is printed on statements and kept outside."""
    return SealText(seal.book.code, seal.number, seal.position, seal.head)


def verify(book: Book, against: SealText | None = None) -> Iterator[SealFinding]:
    """Walk a book's chain from its first entry, computing every hash again; yields what is wrong, the first first.

    With a seal from outside it also finds a tail that was cut off, or rewritten with fresh hashes; without one it cannot.
    """
    head, position = GENESIS, 0
    heads: dict[int, bytes] = {}
    wanted = {against.position} if against else set()
    wanted |= set(Seal.objects.filter(book=book).values_list("position", flat=True))
    for place, stored, entry_id, content in _chain(book):
        position += 1
        if place != position:
            yield SealFinding(position, None, f"the chain has no entry at place {position}; the next is at {place}")
            return
        if content is None:
            yield SealFinding(position, entry_id, f"E-{entry_id} was sealed at place {position} and is gone")
            return
        head = chain(head, content)
        if head != stored:
            yield SealFinding(
                position,
                entry_id,
                f"E-{entry_id}, at place {position}, is not what was sealed: it or its postings changed",
            )
            return
        if position in wanted:
            heads[position] = head
    yield from _compare_seals(book, heads, position)
    yield from _compare_outside(against, heads, position)
    yield from _left_out(book)


def _compare_seals(book: Book, heads: dict[int, bytes], position: int) -> Iterator[SealFinding]:
    for kept in Seal.objects.filter(book=book).order_by("number"):
        if kept.position > position:
            yield SealFinding(
                position, None, f"seal {kept.number} covers {kept.position} entries; the chain ends at {position}"
            )
        elif heads[kept.position].hex() != kept.head:
            yield SealFinding(kept.position, None, f"seal {kept.number} names another head than the chain has there")


def _compare_outside(against: SealText | None, heads: dict[int, bytes], position: int) -> Iterator[SealFinding]:
    if against is None:
        return
    if against.position > position:
        yield SealFinding(
            position,
            None,
            f"the seal from outside covers {against.position} entries, the chain has {position}: "
            f"{against.position - position} were cut off, the first at place {position + 1}",
        )
    elif heads[against.position].hex() != against.head:
        yield SealFinding(
            against.position,
            None,
            f"the chain is whole in itself but leads to another head at place {against.position} than the seal from "
            "outside: entries at or before that place were rewritten with fresh hashes",
        )


def _left_out(book: Book) -> Iterator[SealFinding]:
    last = Seal.objects.filter(book=book).order_by("-number").first()
    if last is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        cluster = cursor.fetchone()[2]
        bounds = {"book": book.pk, "sealed_at": last.sealed_at, "settled_before": last.settled_before}
        cursor.execute(LEFT_OUT, bounds | {"same_cluster": last.cluster == cluster})
        for (entry_id,) in cursor.fetchall():
            yield SealFinding(
                last.position, entry_id, f"E-{entry_id} claims to be older than seal {last.number} but is under no seal"
            )


def _extend(cursor: CursorWrapper, book: Book, bounds: dict[str, int], last: Seal | None) -> tuple[int, bytes]:
    """Chain what is unsealed behind the last seal; gives the new position and head."""
    position, head = (last.position, bytes.fromhex(last.head)) if last else (0, GENESIS)
    pending: list[tuple[int, int, int, bytes]] = []
    for content in _contents(UNSEALED, bounds):
        position, head = position + 1, chain(head, content)
        pending.append((content.entry_id, book.pk, position, head))
        if len(pending) >= PIECE:
            _keep(cursor, pending)
    _keep(cursor, pending)
    return position, head


def _keep(cursor: CursorWrapper, pending: list[tuple[int, int, int, bytes]]) -> None:
    with connection.wrap_database_errors, cursor.copy(COPY_SEALED) as stream:
        for row in pending:
            stream.write_row(row)
    pending.clear()


def _contents(query: str, bounds: dict[str, int]) -> Iterator[SealedContent]:
    for _, rows in groupby(_stream(query, bounds), key=itemgetter(0)):
        yield _content(list(rows))


def _chain(book: Book) -> Iterator[tuple[int, bytes, int, SealedContent | None]]:
    """Places of the chain with the stored hash and what stands there now."""
    for (place, stored, entry_id), rows in groupby(_stream(SEALED, {"book": book.pk}), key=itemgetter(0, 1, 2)):
        found = [row[3:] for row in rows]
        yield place, bytes(stored), entry_id, None if found[0][0] is None else _content(found)


def _stream(query: str, bounds: dict[str, int]) -> Iterator[tuple[object, ...]]:
    """Rows of a query, a piece at a time, from a server-side cursor."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query, bounds)
        while rows := cursor.fetchmany(PIECE):
            yield from rows


def _content(rows: list[tuple[object, ...]]) -> SealedContent:
    entry_id, book, effective_on, recorded_at, kind, narrative, source, by, reverses, approval = rows[0][:10]
    return SealedContent(
        entry_id=_int(entry_id),
        book=str(book),
        effective_on=effective_on if isinstance(effective_on, date) else date.min,
        recorded_at=recorded_at if isinstance(recorded_at, datetime) else datetime.min,
        kind=str(kind),
        narrative=str(narrative),
        source=str(source),
        posted_by=_int(by),
        reverses=None if reverses is None else _int(reverses),
        approval=None if approval is None else _int(approval),
        postings=[
            SealedPosting(_int(row[10]), _int(row[11]), str(row[12]), str(row[13]), _int(row[14]))
            for row in rows
            if row[10] is not None
        ],
    )


def _int(value: object) -> int:
    return value if isinstance(value, int) else -1
