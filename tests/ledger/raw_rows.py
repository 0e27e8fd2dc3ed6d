"""Going round the services: the rows of an entry, written by INSERT, by COPY or by MERGE as the app role.

`Rows` makes the three statements of an honest entry (request, head, postings); a test breaks one thing in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from tests.ledger.small_book import TODAY, SmallBook

Row = dict[str, Any]


@dataclass
class NumberOf:
    """The number that the database gives to a request, once it is written."""

    request: Row

    def __str__(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM ledger_postingrequest WHERE key = %s", [self.request["key"]])
            found = cursor.fetchone()
        return str(found[0]) if found else "999999999"


@dataclass
class Statement:
    """One statement: rows that go into a table together."""

    table: str
    rows: list[Row]


@dataclass
class Rows:
    """The rows of an entry in the order they are written; `statements` is what a test changes."""

    statements: list[Statement] = field(default_factory=list)

    @property
    def request(self) -> Row:
        return self._rows("ledger_postingrequest")[0]

    @property
    def head(self) -> Row:
        return self._rows("ledger_journalentry")[0]

    @property
    def postings(self) -> list[Row]:
        return self._rows("ledger_posting")

    def without(self, table: str) -> Rows:
        """The same without the statements on one table."""
        return Rows([s for s in self.statements if s.table != table])

    def __add__(self, other: Rows) -> Rows:
        return Rows([*self.statements, *other.statements])

    def _rows(self, table: str) -> list[Row]:
        return next(s.rows for s in self.statements if s.table == table)


def entry_rows(small: SmallBook, lines: Sequence[tuple[int, object]], *, on: date = TODAY, **head: object) -> Rows:
    """An entry with these (account number, amount) lines and its request; `head` sets columns of the head."""
    entry_id = _next("ledger_journalentry_id_seq")
    request = {
        "book_id": small.book.pk,
        "key": uuid4().hex,
        "fingerprint": "by hand",
        "entry_ids": f"{{{entry_id}}}",
        "posted_by_id": small.tom.pk,
    }
    entry = {
        "id": entry_id,
        "request_id": NumberOf(request),
        "book_id": small.book.pk,
        "effective_on": on.isoformat(),
        "kind": "general",
        "narrative": "By hand",
        "source": "",
        "line_count": len(lines),
        "reverses_id": None,
        "approval_id": None,
    } | head
    postings = [
        {"entry_id": entry_id, "line_no": n, "account_id": account, "effective_on": on.isoformat(), "amount": amount}
        for n, (account, amount) in enumerate(lines, start=1)
    ]
    tables = {"ledger_postingrequest": [request], "ledger_journalentry": [entry], "ledger_posting": postings}
    return Rows([Statement(table, rows) for table, rows in tables.items()])


def write_by_insert(cursor: CursorWrapper, statement: Statement) -> None:
    """INSERT … VALUES with every value as psql would send it, untyped."""
    columns = list(statement.rows[0])
    one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    query = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(statement.table), _names(columns), sql.SQL(", ").join([one] * len(statement.rows))
    )
    cursor.execute(query, [_text(value) for row in statement.rows for value in row.values()])


def write_by_copy(cursor: CursorWrapper, statement: Statement) -> None:
    """COPY … FROM STDIN in text format."""
    columns = list(statement.rows[0])
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(statement.table), _names(columns))
    rows = [[_text(value) for value in row.values()] for row in statement.rows]
    with connection.wrap_database_errors, cursor.copy(query) as stream:
        for row in rows:
            stream.write_row(row)


def write_by_merge(cursor: CursorWrapper, statement: Statement) -> None:
    """MERGE … WHEN NOT MATCHED THEN INSERT, which the app role may do as it may insert."""
    columns = list(statement.rows[0])
    arrays = [{k: _array(v) if k == "entry_ids" else v for k, v in row.items()} for row in statement.rows]
    query = sql.SQL(
        "MERGE INTO {table} USING (SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)) new ON false "
        "WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})"
    ).format(
        table=sql.Identifier(statement.table),
        names=_names(columns),
        values=sql.SQL(", ").join(sql.Identifier("new", column) for column in columns),
    )
    cursor.execute(query, [json.dumps(arrays, default=str)])


WAYS: dict[str, Callable[[CursorWrapper, Statement], None]] = {
    "insert": write_by_insert,
    "copy": write_by_copy,
    "merge": write_by_merge,
}


def write(rows: Rows, way: str = "insert") -> None:
    """Write each statement in one transaction and judge it as commit would; a refusal leaves nothing behind."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in rows.statements:
            WAYS[way](cursor, statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refusal(error: DatabaseError) -> tuple[str, str]:
    """The code and the message that PostgreSQL refused with."""
    cause = error.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.sqlstate or "", cause.diag.message_primary or ""


def fingerprints() -> dict[str, tuple[int, str]]:
    """How many rows each table of the ledger has, and a hash of all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND starts_with(relname, 'ledger_')")
        one = "SELECT {name}, count(*), coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM {table} t"
        parts = [
            sql.SQL(one).format(name=sql.Literal(table), table=sql.Identifier(table)) for (table,) in cursor.fetchall()
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _array(value: object) -> list[str | None]:
    return [None if part == "NULL" else part for part in str(value).strip("{}").split(",") if part]
