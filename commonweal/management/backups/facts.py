"""What is in a database, in figures that a backup notes and a restore compares: books, rows, and what guards them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from psycopg import sql

from ledger.queries import books, latest_seal
from ledger.services import seal_text, trial_balance_sha256

if TYPE_CHECKING:
    from ledger.models import Book

LEFT_OUT = "django_session"
"""Who is logged in: the one table whose rows are in no backup."""

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"

GUARDS = """
    WITH ours AS (
        SELECT oid, relname, relowner, relacl FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v', 'm')
    ), routine AS (
        SELECT oid, oid::regprocedure::text AS name, proowner, coalesce(proacl, acldefault('f', proowner)) AS acl
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    )
    SELECT format('%s belongs to %s', relname, relowner::regrole) FROM ours
    UNION ALL
    SELECT format('%s on %s to %s', given.privilege_type, relname, nullif(given.grantee, 0)::regrole)
    FROM ours, aclexplode(relacl) given WHERE given.grantee <> relowner
    UNION ALL
    SELECT format('%s on %s.%s to %s', given.privilege_type, relname, attname, nullif(given.grantee, 0)::regrole)
    FROM ours JOIN pg_attribute ON attrelid = ours.oid, aclexplode(attacl) given WHERE given.grantee <> relowner
    UNION ALL
    SELECT format('trigger, %s: %s', tgenabled, pg_get_triggerdef(pg_trigger.oid))
    FROM pg_trigger JOIN ours ON ours.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL
    SELECT format('constraint %s on %s: %s', conname, relname,
                  regexp_replace(pg_get_constraintdef(pg_constraint.oid), '::character varying|::text|[][()]', '', 'g'))
    FROM pg_constraint JOIN ours ON ours.oid = conrelid WHERE contype IN ('c', 'f', 'p', 'u', 'x')
    UNION ALL
    SELECT format('unique index on %s: %s', relname,
                  regexp_replace(pg_get_indexdef(indexrelid), '::character varying|::text|[][()]', '', 'g'))
    FROM pg_index JOIN ours ON ours.oid = indrelid WHERE indisunique
    UNION ALL
    SELECT format('function %s: %s', name, encode(sha256(convert_to(pg_get_functiondef(oid), 'UTF8')), 'hex'))
    FROM routine
    UNION ALL
    SELECT format('%s on %s to %s', given.privilege_type, name, nullif(given.grantee, 0)::regrole)
    FROM routine, aclexplode(acl) given WHERE given.grantee <> proowner
"""
"""Owners, grants, triggers, constraints, unique indexes and functions; nobody after "to" means everybody.

A dump writes casts and brackets of a constraint in another way than it was made with, so these are left out.
"""


@dataclass(frozen=True, slots=True)
class BookFacts:
    """One book: how many entries it has, its last seal (empty where nothing is sealed), and its trial balance."""

    code: str
    entries: int
    seal: str
    as_of: str
    trial_balance_sha256: str


def facts_of(book: Book, *, as_of: date | None = None) -> BookFacts:
    """The figures of a book; its trial balance as at a date, by default one that no entry comes after."""
    latest: date = book.entries.aggregate(latest=Max("effective_on"))["latest"] or book.business_date
    day, last = as_of or max(latest, book.business_date), latest_seal(book)
    return BookFacts(
        code=book.code,
        entries=book.entries.count(),
        seal=str(seal_text(last)) if last else "",
        as_of=day.isoformat(),
        trial_balance_sha256=trial_balance_sha256(book, day),
    )


def all_books() -> list[BookFacts]:
    """The figures of every book, in order of code."""
    return [facts_of(book) for book in books()]


def rows() -> dict[str, int]:
    """How many rows each table has that a backup carries."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name != LEFT_OUT]
        counted = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            counted[name] = int(cursor.fetchone()[0])
    return counted


def guards() -> list[str]:
    """What keeps the rows as they should be, a line for each: who owns what, who may do what, and what refuses."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        return sorted(line for (line,) in cursor.fetchall())


def migrations() -> list[str]:
    """The migrations that were run, as `app.name`."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def postgresql() -> str:
    """The release of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def known_migrations() -> set[str]:
    """The migrations of this release, run or not."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
