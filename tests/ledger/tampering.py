"""What a superuser can do to books behind every guard: alterations for the tests of the seals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from django.db import connection as django_connection
from django.db import connections, transaction
from psycopg.conninfo import conninfo_to_dict

from ledger.domain.seal import GENESIS, SealedContent, SealedPosting, SealText, chain
from ledger.services import SealFinding, seal, seal_text, verify
from tests.ledger.small_book import LOAN, OPENED, SmallBook, make_book, simple_entry

COUNT = 30
"""Entries of a sealed book; places 1 to 20 are under its first seal, all under its second."""


@dataclass(frozen=True)
class SealedBook:
    """A book of sealed entries, with their numbers in the order of the chain."""

    small: SmallBook
    entry_ids: list[int]
    outside: SealText
    """The last seal, as somebody outside keeps it."""

    def at(self, place: int) -> int:
        """The entry at a place of the chain."""
        return self.entry_ids[place - 1]


def make_entries(small: SmallBook, first: int, last: int) -> list[int]:
    """Entries of different amounts and narratives: half of them posted together, the others one by one."""
    numbers = range(first, last + 1)
    made = [simple_entry(n * 10, on=OPENED + timedelta(days=n), narrative=f"Entry {n}") for n in numbers]
    middle = len(made) // 2
    ids = [*small.post(*made[:middle]).entry_ids]
    for entry in made[middle:]:
        ids += small.post(entry).entry_ids
    return ids


Tampering = Callable[[psycopg.Connection, SealedBook], None]


def run(statement: str, *values: object) -> Callable[[psycopg.Connection], None]:
    """One statement that has to find something to change."""

    def execute(connection: psycopg.Connection) -> None:
        assert connection.execute(statement, values).rowcount > 0, statement

    return execute


def on_entry(place: int, *statements: str) -> Tampering:
    """Statements about the entry at a place, whose number is `%s` in each."""

    def tamper(connection: psycopg.Connection, books: SealedBook) -> None:
        for statement in statements:
            run(statement, *[books.at(place)] * statement.count("%s"))(connection)

    return tamper


def on_book(*statements: str) -> Tampering:
    """Statements about the whole of the database."""

    def tamper(connection: psycopg.Connection, books: SealedBook) -> None:
        for statement in statements:
            run(statement)(connection)

    return tamper


def swap_places(connection: psycopg.Connection, books: SealedBook) -> None:
    """Two entries change places in the chain, with the hashes that they had."""
    one, other = books.at(4), books.at(9)
    for entry, place in ((one, -1), (other, 4), (one, 9)):
        run("UPDATE ledger_sealedentry SET position = %s WHERE entry_id = %s", place, entry)(connection)


def swap_postings(connection: psycopg.Connection, books: SealedBook) -> None:
    """Two entries change postings: every sum is what it was but the dates'."""
    one, other = books.at(4), books.at(9)
    for entry, becomes in ((one, -1), (other, one), (-1, other)):
        run("UPDATE ledger_posting SET entry_id = %s WHERE entry_id = %s", becomes, entry)(connection)


def forge_entry(connection: psycopg.Connection, books: SealedBook) -> int:
    """An entry that looks as if it was posted with the tenth: its request lists it, its postings balance."""
    like = books.at(10)
    entry = connection.execute("SELECT max(id) + 1000 FROM ledger_journalentry").fetchone()[0]
    columns = "request_id, book_id, effective_on, kind, narrative, source, line_count"
    for statement in (
        f"INSERT INTO ledger_journalentry (id, {columns}) SELECT {entry}, {columns} FROM ledger_journalentry "
        f"WHERE id = {like}",
        "INSERT INTO ledger_posting (entry_id, line_no, account_id, effective_on, amount) "
        f"SELECT {entry}, line_no, account_id, effective_on, sign(amount) * 77 FROM ledger_posting "
        f"WHERE entry_id = {like}",
        f"UPDATE ledger_postingrequest SET entry_ids = entry_ids || {entry}::bigint WHERE {like} = ANY(entry_ids)",
    ):
        run(statement)(connection)
    return int(entry)


def insert(connection: psycopg.Connection, books: SealedBook) -> None:
    forge_entry(connection, books)


def insert_into_the_chain(connection: psycopg.Connection, books: SealedBook) -> None:
    """The forged entry takes place 11, everything after it moves up, the hashes stay."""
    entry = forge_entry(connection, books)
    run("UPDATE ledger_sealedentry SET position = -position WHERE position > 10")(connection)
    run("UPDATE ledger_sealedentry SET position = 1 - position WHERE position < 0")(connection)
    _place(connection, books, entry, 11)


def insert_with_fresh_hashes(connection: psycopg.Connection, books: SealedBook) -> None:
    """As before, and the chain rewritten; the seals now cover one entry more."""
    insert_into_the_chain(connection, books)
    run("UPDATE ledger_seal SET position = position + 1")(connection)
    rewrite(connection)


def insert_out_of_sight(connection: psycopg.Connection, books: SealedBook) -> None:
    """The forged entry is sealed in the chain of a book that is not there, so that it is not unsealed either."""
    entry = forge_entry(connection, books)
    _place(connection, books, entry, 1, book_id=-1)


def alter_with_fresh_hashes(connection: psycopg.Connection, books: SealedBook) -> None:
    """An altered amount, and every hash after it computed anew, the seals' heads as well."""
    run("UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = %s", books.at(15))(connection)
    rewrite(connection)


def cut_the_tail(connection: psycopg.Connection, books: SealedBook) -> None:
    """The last ten entries are gone with their places and with the seal over them."""
    for place in range(COUNT - 9, COUNT + 1):
        _remove(connection, books.at(place))
    run("DELETE FROM ledger_seal WHERE position > %s", COUNT - 10)(connection)


def cut_the_middle(connection: psycopg.Connection, books: SealedBook) -> None:
    """One entry is gone with its place, and the places after it have closed up."""
    _remove(connection, books.at(12))
    run("UPDATE ledger_sealedentry SET position = -position WHERE position > 12")(connection)
    run("UPDATE ledger_sealedentry SET position = -position - 1 WHERE position < 0")(connection)


def cut_with_fresh_hashes(connection: psycopg.Connection, books: SealedBook) -> None:
    """As before, and the chain rewritten; the last seal now names one entry fewer."""
    cut_the_middle(connection, books)
    run("UPDATE ledger_seal SET position = position - 1 WHERE position > 12")(connection)
    rewrite(connection)


def postings_of_nothing(connection: psycopg.Connection, books: SealedBook) -> None:
    """Balanced postings of an entry that does not exist: balances would count them."""
    account, other = books.small.id_of(LOAN), books.small.id_of("4010")
    row = "INSERT INTO ledger_posting (entry_id, line_no, account_id, effective_on, amount) VALUES (-7, %s, %s, %s, %s)"
    for line_no, on, amount in ((1, account, 500), (2, other, -500)):
        run(row, line_no, on, OPENED, amount)(connection)


def rewrite(connection: psycopg.Connection) -> None:
    """Every hash of the chain computed anew from what stands now, and put into the seals."""
    head = GENESIS
    rows = connection.execute(
        """SELECT sealed.position, entry.id, book.code, entry.effective_on, request.recorded_at, entry.kind,
                  entry.narrative, entry.source, request.posted_by_id, entry.reverses_id, entry.approval_id
           FROM ledger_sealedentry sealed JOIN ledger_journalentry entry ON entry.id = sealed.entry_id
           JOIN ledger_book book ON book.id = entry.book_id
           JOIN ledger_postingrequest request ON request.id = entry.request_id ORDER BY sealed.position"""
    ).fetchall()
    for position, entry_id, *content in rows:
        postings = connection.execute(
            """SELECT line_no, account_id, code, currency, amount FROM ledger_posting
               JOIN ledger_account account ON account.id = account_id WHERE entry_id = %s ORDER BY line_no""",
            [entry_id],
        ).fetchall()
        head = chain(head, SealedContent(entry_id, *content, postings=[SealedPosting(*row) for row in postings]))
        run("UPDATE ledger_sealedentry SET sha256 = %s WHERE entry_id = %s", head, entry_id)(connection)
        connection.execute("UPDATE ledger_seal SET head = %s WHERE position = %s", [head.hex(), position])


def _remove(connection: psycopg.Connection, entry: int) -> None:
    for table in ("sealedentry", "posting"):
        run(f"DELETE FROM ledger_{table} WHERE entry_id = %s", entry)(connection)
    run("DELETE FROM ledger_journalentry WHERE id = %s", entry)(connection)
    lists = "UPDATE ledger_postingrequest SET entry_ids = array_remove(entry_ids, %s) WHERE %s = ANY(entry_ids)"
    run(lists, entry, entry)(connection)


def _place(
    connection: psycopg.Connection, books: SealedBook, entry: int, position: int, book_id: int | None = None
) -> None:
    book = books.small.book.pk if book_id is None else book_id
    row = "INSERT INTO ledger_sealedentry (entry_id, book_id, position, sha256) VALUES (%s, %s, %s, %s)"
    run(row, entry, book, position, bytes(32))(connection)


def make_sealed_book() -> SealedBook:
    """Thirty entries in the chain, of which the first seal covers twenty; and another book beside it."""
    small = make_book()
    make_book("another", (small.tom, small.amina))
    entry_ids = make_entries(small, 1, COUNT - 10)
    seal(book=small.book)
    entry_ids += make_entries(small, COUNT - 9, COUNT)
    return SealedBook(small, entry_ids, _sealed(small))


def _sealed(small: SmallBook) -> SealText:
    made = seal(book=small.book)
    assert made is not None
    return seal_text(made)


SIX: dict[str, Tampering] = {
    "alter": on_entry(7, "UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = %s"),
    "delete in the middle": cut_the_middle,
    "insert": insert_into_the_chain,
    "swap": swap_places,
    "delete the tail": cut_the_tail,
    "rewrite the tail": alter_with_fresh_hashes,
}


def findings(books: SealedBook, tamper: Tampering, against: SealText | None) -> list[SealFinding]:
    """What `verify` finds after a tampering, which is undone."""
    with transaction.atomic():
        with django_connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        raw = django_connection.connection
        assert isinstance(raw, psycopg.Connection)
        tamper(raw, books)
        books.small.book.refresh_from_db()
        found = list(verify(books.small.book, against))
        transaction.set_rollback(True)
    books.small.book.refresh_from_db()
    return found


@contextmanager
def logged_in(url: str) -> Iterator[None]:
    """Log Django's connection in as somebody else."""
    wanted, before = conninfo_to_dict(url), dict(connections["default"].settings_dict)
    connections.close_all()
    login = {
        "USER": wanted["user"],
        "PASSWORD": wanted.get("password", ""),
        "HOST": wanted["host"],
        "NAME": wanted["dbname"],
    }
    connections["default"].settings_dict.update(login)
    try:
        yield
    finally:
        connections.close_all()
        connections["default"].settings_dict.update(before)
