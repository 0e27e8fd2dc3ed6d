"""Does a backup come back elsewhere as it was, guards included, and is one refused of which a byte was changed?"""

from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from commonweal.database import EmbeddedServer
from commonweal.database_roles import Roles
from commonweal.management.backups import facts, places
from commonweal.management.backups.errors import BackupDamaged, BooksInUse, RestoreDiffers, RestoreUnderWay
from commonweal.management.backups.making import Backup, make_backup
from commonweal.management.backups.manifest import (
    DUMP,
    GUARDS,
    ITS_HASH,
    MANIFEST,
    part_of,
    read_manifest,
    write_manifest,
)
from commonweal.management.backups.restoring import Wish, restore_backup
from tests.databases import TestDatabase
from tests.ledger import tampering
from tests.ledger.tampering import logged_in
from tests.tools import refuse_or_skip

NIGHT = datetime(2026, 11, 22, 21, tzinfo=UTC)
REHEARSE = Wish(rehearse=True)


@pytest.fixture
def books(committing_database: TestDatabase) -> tampering.SealedBook:
    """Thirty sealed entries, and some behind the last seal."""
    made = tampering.make_sealed_book()
    tampering.make_entries(made.small, 31, 33)
    return made


def unheard(line: str) -> None:
    """Nobody listens."""


def databases(database: TestDatabase) -> list[str]:
    with psycopg.connect(database.owner_url) as connection:
        mine = f"{database.name}%"
        return [name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [mine])]


def refusal(statement: str, url: str) -> str:
    """Why somebody may not do that."""
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(statement)
    return str(refused.value)


def test_a_backup_comes_back_on_another_server_guards_and_all(
    committing_database: TestDatabase,
    books: tampering.SealedBook,
    spare_server: EmbeddedServer,
    roles: Roles,
    tmp_path: Path,
) -> None:
    out = io.StringIO()
    call_command("backup", "--into", str(tmp_path), stdout=out)
    (folder,) = tmp_path.iterdir()
    digest = (folder / ITS_HASH).read_text().split()[0]
    assert f"Keep this hash elsewhere: {digest}" in out.getvalue()
    assert {file.name for file in folder.iterdir()} == {MANIFEST, ITS_HASH, DUMP, GUARDS}
    assert folder.stat().st_mode & 0o077 == 0
    before = facts.facts_of(books.small.book)

    urls = {"DATABASE_URL": spare_server.url(roles.app), "DATABASE_OWNER_URL": spare_server.url(roles.owner)}

    def restore(*options: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "manage.py", "restore", str(folder), "--kept-outside", digest, *options]
        environment = committing_database.environment | urls
        return subprocess.run(line, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    restored = restore()
    assert restored.returncode == 0, restored.stderr
    assert f"33 entries under the seal {books.outside}; same trial balance." in restored.stdout
    with logged_in(spare_server.url(roles.app)):
        assert facts.facts_of(books.small.book) == before
    app = spare_server.url(roles.app)
    assert "permission denied" in refusal("UPDATE ledger_posting SET amount = 1", app)
    assert "permission denied" in refusal("TRUNCATE ledger_posting", app)
    assert "permission denied" in refusal("CREATE TABLE mine ()", app)
    assert "ledger_posting" in refusal("DELETE FROM ledger_posting", spare_server.url(roles.owner))

    again = restore()
    assert again.returncode == 1
    assert "has books in use: another, small" in again.stderr
    assert restore("--rehearse").returncode == 0


@pytest.mark.committing
def test_a_flipped_byte_anywhere_is_found(books: tampering.SealedBook, tmp_path: Path) -> None:
    folder = make_backup(into=tmp_path, now=NIGHT).folder
    for file in sorted(folder.iterdir()):
        whole = file.read_bytes()
        for place in (0, len(whole) // 2, len(whole) - 1):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(BackupDamaged, match=file.name):
                restore_backup(folder, REHEARSE, unheard)
        file.write_bytes(whole)
    with pytest.raises(BackupDamaged, match="kept outside"):
        read_manifest(folder, kept_outside="0" * 64)
    assert read_manifest(folder).books == facts.all_books()


Tamper = Callable[[psycopg.Connection, tampering.SealedBook], None]


def change_amounts(connection: psycopg.Connection, books: tampering.SealedBook) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.execute("UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = %s", [books.at(7)])


def remove_a_person(connection: psycopg.Connection, books: tampering.SealedBook) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.execute("DELETE FROM access_user WHERE id = %s", [books.small.amina.pk])


def drop_a_guard(connection: psycopg.Connection, books: tampering.SealedBook) -> None:
    connection.execute("DROP TRIGGER append_only ON ledger_posting")


def grant_too_much(connection: psycopg.Connection, books: tampering.SealedBook) -> None:
    connection.execute("GRANT UPDATE ON ledger_posting TO PUBLIC")


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change_amounts, "small is not what was backed up: E-.*, at place 7, is not what was sealed.*trial balance"),
        (remove_a_person, "access_user has .* and not"),
        (drop_a_guard, "missing: trigger.* ON .*ledger_posting"),
        (grant_too_much, "new: UPDATE on ledger_posting to "),
    ],
)
@pytest.mark.committing
def test_a_dump_with_fresh_hashes_is_still_held_to_the_books(
    committing_database: TestDatabase, books: tampering.SealedBook, tmp_path: Path, tamper: Tamper, said: str
) -> None:
    if committing_database.superuser_url is None:
        refuse_or_skip("set DATABASE_SUPERUSER_URL to tamper with the books")
    good = make_backup(into=tmp_path, now=NIGHT)
    with psycopg.connect(committing_database.superuser_url) as connection:
        tamper(connection, books)
    forge(good, make_backup(into=tmp_path, now=NIGHT + timedelta(hours=1)))
    before = databases(committing_database)
    with pytest.raises(RestoreDiffers, match=said):
        restore_backup(good.folder, REHEARSE, unheard)
    assert databases(committing_database) == before


def forge(good: Backup, other: Backup) -> None:
    """Put the dump of another backup into a good one, and write the hashes anew."""
    (other.folder / DUMP).replace(good.folder / DUMP)
    parts = [part_of(good.folder / part.name) for part in good.manifest.parts]
    write_manifest(good.folder, dataclasses.replace(good.manifest, parts=parts))


@pytest.mark.committing
def test_what_stands_in_the_way_of_a_restore(
    committing_database: TestDatabase, books: tampering.SealedBook, tmp_path: Path
) -> None:
    folder = make_backup(into=tmp_path, now=NIGHT).folder
    with pytest.raises(BooksInUse, match="has books in use: another, small"):
        restore_backup(folder, Wish(), unheard)
    with (
        places.beside(f"{committing_database.name}_restoring"),
        pytest.raises(RestoreUnderWay, match="Wait for it"),
    ):
        restore_backup(folder, REHEARSE, unheard)
    with pytest.raises(CommandError, match="no backup: it has no manifest"):
        call_command("restore", str(tmp_path))
    said = json.loads((folder / MANIFEST).read_text())
    assert said["books"][1]["seal"] == str(books.outside)
