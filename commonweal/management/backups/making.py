"""Making a backup: everything of one moment, in a folder that is there whole or not at all."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from commonweal.management.backups import facts, programs
from commonweal.management.backups.errors import BackupError, BackupNotMade
from commonweal.management.backups.manifest import DUMP, FORMAT, GUARDS, Manifest, part_of, write_manifest
from ledger.queries import one_snapshot


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where it lies, what it holds, and the hash of its manifest."""

    folder: Path
    manifest: Manifest
    sha256: str

    @property
    def bytes(self) -> int:
        """How large its parts are."""
        return sum(part.bytes for part in self.manifest.parts)


def make_backup(*, into: Path, now: datetime) -> Backup:
    """Dump the database of this moment into a new folder under `into`, with a manifest. Nobody has to stop working.

    The folder appears under its name when everything is in it. Raises BackupNotMade.
    """
    if "owner" not in settings.DATABASES:
        raise BackupNotMade(
            "DATABASE_OWNER_URL is not set: a backup is made as the role that owns the tables. Set it; no backup was "
            "made."
        )
    if behind := sorted(facts.known_migrations() - set(facts.migrations())):
        raise BackupNotMade(
            f"The database is not of this release ({behind[0]} was not run). Run migrate first, or make the backup "
            "with the release before; no backup was made."
        )
    folder = into / f"commonweal-{now:%Y%m%dT%H%M%SZ}"
    try:
        with _made_whole(folder) as unfinished:
            manifest = _write(unfinished, now)
            sha256 = write_manifest(unfinished, manifest)
    except (BackupError, OSError) as error:
        raise BackupNotMade(f"{error}. Mend that and make it again; no backup was made.") from error
    return Backup(folder, manifest, sha256)


def _write(folder: Path, now: datetime) -> Manifest:
    """Write the parts, and note what they hold in the same snapshot."""
    with one_snapshot():
        programs.dump(folder / DUMP, snapshot=_exported_snapshot())
        (folder / GUARDS).write_text("\n".join([*facts.guards(), ""]), encoding="utf-8")
        return Manifest(
            format=FORMAT,
            made_at=now.isoformat(),
            software=software(),
            postgresql=facts.postgresql(),
            roles=dict(settings.DATABASE_ROLES),
            migrations=facts.migrations(),
            rows=facts.rows(),
            books=facts.all_books(),
            parts=[part_of(folder / name) for name in (DUMP, GUARDS)],
        )


def software() -> str:
    """The release of Commonweal."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as project:
        return str(tomllib.load(project)["project"]["version"])


def _exported_snapshot() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


@contextmanager
def _made_whole(folder: Path) -> Iterator[Path]:
    """A folder for us alone that gets its name when all is written, and goes when that fails."""
    if folder.exists():
        raise BackupNotMade(f"{folder} is there already")
    unfinished = folder.with_name(f"{folder.name}.part")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
