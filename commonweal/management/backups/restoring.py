"""Restoring a backup: its hashes first, then into a database beside the real one, looked through there, then in place.

Whatever is not as the manifest says drops that database again, so that a restore changes everything or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command

from commonweal.jobs.checks import examine_everything
from commonweal.management.backups import facts, places, programs
from commonweal.management.backups.errors import (
    BackupError,
    BackupOfNewerRelease,
    RestoreDiffers,
    RestoreFailed,
    RolesDiffer,
)
from commonweal.management.backups.facts import BookFacts
from commonweal.management.backups.manifest import DUMP, GUARDS, NOTHING, Manifest, read_manifest
from ledger.domain.seal import parse_seal
from ledger.queries import book_by_code, one_snapshot
from ledger.services import verify

if TYPE_CHECKING:
    from ledger.models import Book

SHOWN = 3
"""Differences that a message names; beyond it their number alone."""

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a restore is wanted: only tried, or put in place; with findings of `check_books`, or not."""

    rehearse: bool = False
    despite_findings: bool = False
    kept_outside: str = ""


def restore_backup(folder: Path, wish: Wish, tell: Tell) -> Manifest:
    """Restore a backup into the configured database, or rehearse that; `tell` hears what was found right.

    Raises BackupError, having changed nothing.
    """
    manifest = read_manifest(folder, kept_outside=wish.kept_outside)
    tell(f"Every byte of {folder.name} is as it was written at {manifest.made_at}.")
    refuse_strangers(manifest)
    if not wish.rehearse:
        places.refuse_books_in_use()
    database = f"{places.target()}_restoring"
    with places.beside(database) as connection:
        _load(folder / DUMP, database)
        with places.pointed_at(database):
            _look_through(folder, manifest, wish, tell)
        if not wish.rehearse:
            places.put_in_place(connection, database)
    return manifest


def refuse_strangers(manifest: Manifest) -> None:
    """Raise where this installation could not work with what the backup holds."""
    if "owner" not in settings.DATABASES:
        raise RestoreFailed(
            "DATABASE_OWNER_URL is not set: a backup is restored as the role that owns the tables. Set it. " + NOTHING
        )
    if manifest.roles != settings.DATABASE_ROLES:
        theirs = ", ".join(f"{role}: {name}" for role, name in sorted(manifest.roles.items()))
        raise RolesDiffer(
            f"The backup grants its rights to other roles than this installation has ({theirs}). Let the addresses in "
            f"DATABASE_OWNER_URL, DATABASE_URL and DATABASE_AUDITOR_URL name these, run prepare_database. {NOTHING}"
        )
    if unknown := sorted(set(manifest.migrations) - facts.known_migrations()):
        raise BackupOfNewerRelease(
            f"The backup was made by release {manifest.software}, whose tables this one does not know "
            f"({_some(unknown)}). Install that release, and restore with it. {NOTHING}"
        )


def _load(dump: Path, database: str) -> None:
    try:
        programs.load(dump, database=database)
        places.protect(database)
    except BackupError as error:
        raise RestoreFailed(f"PostgreSQL did not take the dump: {error}. {NOTHING}") from error


def _look_through(folder: Path, manifest: Manifest, wish: Wish, tell: Tell) -> None:
    """Hold what was restored to the manifest and to every app's rules. Raises RestoreDiffers."""
    refuse_differences(_other_rows(manifest), "The rows are not those of the manifest")
    refuse_differences(_other_guards(folder), "What guards the rows is not as it was")
    tell(f"{len(manifest.rows)} tables with {sum(manifest.rows.values()):,} rows, and every guard, are as they were.")
    if added := sorted(facts.known_migrations() - set(manifest.migrations)):
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        tell(f"The tables were brought to this release by {len(added)} migrations.")
    with one_snapshot():
        for book in manifest.books:
            refuse_differences(other_book(book), f"{book.code} is not what was backed up")
            if not wish.despite_findings:
                refuse_differences(_findings(book.code), f"check_books finds something in {book.code}")
            tell(
                f"{book.code}: {book.entries:,} entries under the seal {book.seal or '(none yet)'}; same trial balance."
            )


def _other_rows(manifest: Manifest) -> Iterator[str]:
    found = facts.rows()
    for table in sorted(found.keys() | manifest.rows.keys()):
        if found.get(table) != manifest.rows.get(table):
            yield f"{table} has {found.get(table, 0):,} and not {manifest.rows.get(table, 0):,}"


def _other_guards(folder: Path) -> Iterator[str]:
    noted = set((folder / GUARDS).read_text(encoding="utf-8").splitlines())
    found = set(facts.guards())
    yield from (f"missing: {line}" for line in sorted(noted - found))
    yield from (f"new: {line}" for line in sorted(found - noted))


def other_book(noted: BookFacts) -> Iterator[str]:
    """In what a book differs from what was noted of it: its seals, its entries, its trial balance."""
    book = book_by_code(noted.code)
    if book is None:
        yield "there is no such book"
        return
    yield from _broken_seals(book, noted)
    found = facts.facts_of(book, as_of=date.fromisoformat(noted.as_of))
    if found.entries != noted.entries:
        yield f"it has {found.entries:,} entries and not {noted.entries:,}"
    if found.trial_balance_sha256 != noted.trial_balance_sha256:
        yield f"its trial balance as at {noted.as_of} is another"


def _broken_seals(book: Book, noted: BookFacts) -> Iterator[str]:
    """What `verify_seals` finds, held against the seal that the manifest names."""
    yield from (finding.message for finding in verify(book, parse_seal(noted.seal) if noted.seal else None))


def _findings(code: str) -> Iterator[str]:
    book = book_by_code(code)
    yield from (str(finding) for finding in (examine_everything(book) if book else ()))


def refuse_differences(found: Iterator[str], what: str) -> None:
    """Raise RestoreDiffers where anything was found."""
    if differences := list(found):
        raise RestoreDiffers(
            f"{what}: {_some(differences)}. The restored database was dropped again. Take an earlier backup, and find "
            f"out how this one came to be. {NOTHING}"
        )


def _some(lines: list[str]) -> str:
    more = f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return "; ".join(lines[:SHOWN]) + more
