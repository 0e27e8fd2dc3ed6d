"""The database beside the real one in which a backup is restored and looked through, and how it takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from commonweal.database_roles import Roles, create_database, protect_database
from commonweal.management.backups.errors import BooksInUse, RestoreFailed, RestoreUnderWay
from commonweal.management.backups.programs import owner_login

MAINTENANCE = "postgres"
"""The database that every server has, to which one logs in to make, rename and drop others."""

ONE_RESTORE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema' ORDER BY relname
"""
OUR_BOOKS = "ledger_book"
HOLD = "LOCK TABLE ledger_book IN ACCESS EXCLUSIVE MODE"
SHOWN = 3


def target() -> str:
    """The name of the database that is configured."""
    return str(connections["owner"].settings_dict["NAME"])


def logged_in(database: str) -> psycopg.Connection:
    """A connection of the owner's, outside Django's."""
    address, password = owner_login(database)
    given = {"password": password} if password else {}
    return psycopg.connect(make_conninfo(address, **given), autocommit=True)


@contextmanager
def only_restore(database: str) -> Iterator[psycopg.Connection]:
    """A connection that makes and drops, while nobody else restores into that database. Raises RestoreUnderWay."""
    with logged_in(MAINTENANCE) as connection:
        held = connection.execute(ONE_RESTORE, [f"restoring {database}"]).fetchone()
        if not held or not held[0]:
            raise RestoreUnderWay(f"Another restore into {target()} is under way. Wait for it; nothing was restored.")
        yield connection


@contextmanager
def beside(database: str) -> Iterator[psycopg.Connection]:
    """Make an empty database beside the configured one; it goes again, unless it took the other's place.

    Gives the connection that makes and drops. Raises RestoreUnderWay and RestoreFailed.
    """
    with only_restore(database) as connection:
        roles = Roles(**settings.DATABASE_ROLES)
        _drop(connection, database)
        try:
            create_database(connection, database, owner=roles.owner)
        except psycopg.errors.InsufficientPrivilege as error:
            raise RestoreFailed(
                f"{roles.owner} may not make databases: a backup is restored beside the books and looked through "
                f"there. As an administrator: ALTER ROLE {roles.owner} CREATEDB. Nothing was restored."
            ) from error
        try:
            yield connection
        finally:
            connections.close_all()
            _drop(connection, database)


def protect(database: str) -> None:
    """Say what each role may do in a restored database; said before the tables are there, it would grant too much."""
    with logged_in(database) as connection:
        protect_database(connection, Roles(**settings.DATABASE_ROLES))


@contextmanager
def pointed_at(database: str) -> Iterator[None]:
    """Let Django's connections work on another database of the server for a while."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(before, database))
    try:
        yield
    finally:
        _point(before)


def refuse_books_in_use() -> None:
    """Raise BooksInUse where the configured database has a book, or tables that are not ours."""
    if _exists(target()):
        with logged_in(target()) as connection, connection.transaction():
            hold_empty(connection)


def put_in_place(connection: psycopg.Connection, database: str) -> None:
    """Let a database take the place of the configured one, which has no books: nobody can open one meanwhile.

    Raises BooksInUse.
    """
    connections.close_all()
    if _exists(target()):
        with closing(logged_in(target())) as old:
            old.autocommit = False
            hold_empty(old)
            _drop(connection, target())
    names = sql.Identifier(database), sql.Identifier(target())
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def hold_empty(connection: psycopg.Connection) -> None:
    """Lock the table of books until the transaction ends, having found it empty. Raises BooksInUse."""
    tables = [name for (name,) in connection.execute(TABLES).fetchall()]
    if not tables:
        return
    if OUR_BOOKS not in tables:
        raise BooksInUse(
            f"The database {target()} has tables that are not Commonweal's, such as {', '.join(tables[:SHOWN])}. "
            "Restore into a database of its own; nothing was restored."
        )
    connection.execute(HOLD)
    if codes := [code for (code,) in connection.execute("SELECT code FROM ledger_book ORDER BY code").fetchall()]:
        raise BooksInUse(
            f"The database {target()} has books in use: {', '.join(codes)}. A restore never replaces books. Restore "
            "into an empty database (another VAR_DIR or DATABASE_URL), or try the backup with --rehearse; nothing was "
            "restored."
        )


def _exists(database: str) -> bool:
    with logged_in(MAINTENANCE) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is not None


def _drop(connection: psycopg.Connection, database: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def _point(names: dict[str, str]) -> None:
    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name
