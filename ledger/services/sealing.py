"""Sealing: chaining a book's entries by hash, outside the transactions that post them; and finding what was altered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from ledger.database_errors import judged_by_database
from ledger.domain.seal import GENESIS, SealedContent, SealedPosting, SealText, chain
from ledger.models import Book, Seal

ONE_SEALER = "SELECT pg_advisory_xact_lock(7412, %s)"

SETTLED = "SELECT ledger_settled_before(%s)"

UNSEALED = """
    SELECT entry.id, book.code, entry.effective_on, request.recorded_at, entry.kind, entry.narrative, entry.source,
           request.posted_by_id, entry.reverses_id, entry.approval_id,
           posting.line_no, posting.account_id, account.code, account.currency, posting.amount
    FROM ledger_postingrequest request
    JOIN ledger_book book ON book.id = request.book_id
    CROSS JOIN LATERAL unnest(request.entry_ids) listed(entry_id)
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_journalentry WHERE id = listed.entry_id AND book_id = request.book_id OFFSET 0
    ) entry
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_posting WHERE entry_id = entry.id AND effective_on = entry.effective_on OFFSET 0
    ) posting
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_account WHERE id = posting.account_id AND book_id = entry.book_id OFFSET 0
    ) account
    WHERE request.book_id = %(book)s AND request.id >= %(settled)s AND request.id < %(settled_before)s
      AND NOT EXISTS (SELECT FROM ledger_sealedentry sealed WHERE sealed.entry_id = entry.id)
    ORDER BY request.id, entry.id, posting.line_no
"""
"""OFFSET 0 keeps the order: a plan that begins with the book's accounts goes through all of them for every entry."""

SEALED = """
    SELECT sealed.position, sealed.sha256, sealed.entry_id, content.*
    FROM ledger_sealedentry sealed
    LEFT JOIN LATERAL (
        SELECT entry.id, book.code, entry.effective_on, request.recorded_at, entry.kind, entry.narrative, entry.source,
               request.posted_by_id, entry.reverses_id, entry.approval_id,
               posting.line_no, posting.account_id, account.code, account.currency, posting.amount
        FROM ledger_journalentry entry
        LEFT JOIN ledger_book book ON book.id = entry.book_id
        LEFT JOIN ledger_postingrequest request ON request.id = entry.request_id
        LEFT JOIN ledger_posting posting ON posting.entry_id = entry.id AND posting.effective_on = entry.effective_on
        LEFT JOIN ledger_account account ON account.id = posting.account_id AND account.book_id = entry.book_id
        WHERE entry.id = sealed.entry_id
    ) content ON true
    WHERE sealed.book_id = %(book)s
    ORDER BY sealed.position, content.line_no
"""

LEFT_OUT = """
    SELECT entry.id FROM ledger_journalentry entry
    LEFT JOIN ledger_postingrequest request ON request.id = entry.request_id
    WHERE entry.book_id = %(book)s
      AND NOT EXISTS (
        SELECT FROM ledger_sealedentry sealed
        WHERE sealed.entry_id = entry.id AND sealed.book_id = entry.book_id AND sealed.position <= %(sealed)s)
      AND (request.id IS NULL OR NOT entry.id = ANY(request.entry_ids) OR request.id < %(settled_before)s
           OR request.recorded_at < %(sealed_at)s - interval '1 day')
    ORDER BY entry.id LIMIT 10
"""

HEADLESS = """
    SELECT posting.entry_id, posting.line_no
    FROM ledger_account account JOIN ledger_posting posting ON posting.account_id = account.id
    WHERE account.book_id = %(book)s AND NOT EXISTS (SELECT FROM ledger_journalentry WHERE id = posting.entry_id)
    ORDER BY posting.entry_id, posting.line_no LIMIT 10
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

    It waits a moment for the postings in flight, so that none can appear behind the seal; should they take too long,
    they wait for the next seal, with what came after them. Raises UnsafeTransaction.
    """
    with judged_by_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_SEALER, [book.pk])
        last = Seal.objects.filter(book=book).order_by("-number").first()
        number = settled_before(book=book)
        if number is None:
            return last
        settled = last.settled_before if last else 0
        position, head = _extend(cursor, {"book": book.pk, "settled": settled, "settled_before": number}, last)
        if position == (last.position if last else 0):
            return last
        return Seal.objects.create(
            book=book,
            number=last.number + 1 if last else 1,
            position=position,
            head=head.hex(),
            settled_before=number,
        )


def settled_before(*, book: Book) -> int | None:
    """The number before which every posting request of a book is settled: what of it is not there yet never will be.

    For who goes through what is new and must miss nothing. None where the postings in flight take longer than a
    second. Raises UnsafeTransaction.
    """
    with judged_by_database(), connection.cursor() as cursor:
        cursor.execute(SETTLED, [book.pk])
        number: int | None = cursor.fetchone()[0]
    return number


def seal_text(seal: Seal) -> SealText:
    """A seal as it is printed on statements and kept outside."""
    return SealText(seal.book.code, seal.number, seal.position, seal.head)


def verify(book: Book, against: SealText | None = None) -> Iterator[SealFinding]:
    """Walk a book's chain from its first entry, computing every hash again; yields what is wrong, the first first.

    With a seal from outside it also finds a tail that was cut off, or rewritten with fresh hashes; without one it
    cannot.
    """
    seals = list(Seal.objects.filter(book=book).order_by("number"))
    wanted = {kept.position for kept in seals} | ({against.position} if against else set())
    heads = {0: GENESIS}
    head, position = GENESIS, 0
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
    yield from _compare_seals(seals, heads, position)
    yield from _compare_outside(book, against, heads, position)
    yield from _left_out(book, seals[-1] if seals else None)


def _compare_seals(seals: Sequence[Seal], heads: dict[int, bytes], position: int) -> Iterator[SealFinding]:
    for number, kept in enumerate(seals, start=1):
        if kept.number != number:
            yield SealFinding(kept.position, None, f"seal {number} is missing: the next is seal {kept.number}")
            return
        if kept.position > position:
            yield SealFinding(
                position, None, f"seal {kept.number} covers {kept.position} entries; the chain ends at {position}"
            )
        elif heads[kept.position].hex() != kept.head:
            yield SealFinding(kept.position, None, f"seal {kept.number} names another head than the chain has there")


def _compare_outside(
    book: Book, against: SealText | None, heads: dict[int, bytes], position: int
) -> Iterator[SealFinding]:
    if against is None:
        return
    if against.book != book.code:
        yield SealFinding(0, None, f"the seal from outside is of the book {against.book} and not of {book.code}")
    elif against.position > position:
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


def _left_out(book: Book, last: Seal | None) -> Iterator[SealFinding]:
    """What stands beside the chain and was not posted since: heads under no seal, postings without a head."""
    with connection.cursor() as cursor:
        cursor.execute(HEADLESS, {"book": book.pk})
        for entry_id, line_no in cursor.fetchall():
            yield SealFinding(
                last.position if last else 0,
                entry_id,
                f"E-{entry_id}/{line_no} is a posting of an entry that is not there",
            )
        if last is None:
            return
        bounds = {"book": book.pk, "sealed": last.position, "settled_before": last.settled_before}
        cursor.execute(LEFT_OUT, {**bounds, "sealed_at": last.sealed_at})
        for (entry_id,) in cursor.fetchall():
            yield SealFinding(
                last.position, entry_id, f"E-{entry_id} claims to be older than seal {last.number} but is under no seal"
            )


def _extend(cursor: CursorWrapper, bounds: dict[str, int], last: Seal | None) -> tuple[int, bytes]:
    """Chain what is unsealed behind the last seal; gives the new position and head."""
    position, head = (last.position, bytes.fromhex(last.head)) if last else (0, GENESIS)
    pending: list[tuple[int, int, int, bytes]] = []
    for content in _contents(UNSEALED, bounds):
        position, head = position + 1, chain(head, content)
        pending.append((content.entry_id, bounds["book"], position, head))
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
        recorded_at=recorded_at if isinstance(recorded_at, datetime) else datetime.min.replace(tzinfo=UTC),
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
