"""What is said when a backup cannot be made, or is not restored."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection

from commonweal.management.backups import errors, facts, places, restoring
from commonweal.management.backups.making import make_backup
from commonweal.management.backups.manifest import DUMP, Manifest, part_of, read_manifest, write_manifest
from tests.builders import make_book
from tests.refusals.scenes import ends_in

NIGHT = datetime(2026, 11, 22, 21, tzinfo=UTC)
NAME = "commonweal-20261122T210000Z"


def manifest_of(**changed: Any) -> Manifest:
    """The manifest of a backup of nothing."""
    plain = Manifest(
        format=1,
        made_at=NIGHT.isoformat(),
        software="0.1.0",
        postgresql="18.4",
        roles=dict(settings.DATABASE_ROLES),
        migrations=[],
        rows={},
        books=[],
        parts=[],
    )
    return dataclasses.replace(plain, **changed)


@contextmanager
def without_owner() -> Iterator[None]:
    """As on a machine of the web server's, which need not know the owner's password."""
    only = {"default": settings.DATABASES["default"]}
    with mock.patch.object(settings, "DATABASES", only):
        yield


@contextmanager
def called_commonweal(refusal: type[Exception]) -> Iterator[None]:
    """Tell the name of the database as it is outside the tests."""
    try:
        yield
    except refusal as said:
        raise refusal(str(said).replace(places.target(), "commonweal")) from said


@ends_in(errors.BackupNotMade)
def no_owner_to_dump() -> object:
    with without_owner():
        return make_backup(into=Path("var"), now=NIGHT)


@ends_in(errors.NotABackup)
def another_folder() -> object:
    return read_manifest(Path("var/backups"))


@ends_in(errors.BackupDamaged)
def a_flipped_byte() -> object:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, NAME)
        folder.mkdir()
        (folder / DUMP).write_bytes(b"PGDMP")
        write_manifest(folder, manifest_of(parts=[part_of(folder / DUMP)]))
        (folder / DUMP).write_bytes(b"PGDMQ")
        return read_manifest(folder)


@ends_in(errors.BackupOfNewerRelease)
def a_newer_release() -> object:
    newer = manifest_of(software="0.9.0", migrations=["loans.0999_tomorrow"])
    return restoring.refuse_strangers(newer)


@ends_in(errors.RolesDiffer)
def other_roles() -> object:
    return restoring.refuse_strangers(manifest_of(roles={"app": "fund_app", "owner": "fund_owner"}))


@ends_in(errors.RestoreFailed)
def no_owner_to_restore() -> object:
    with without_owner():
        return restoring.refuse_strangers(manifest_of())


@ends_in(errors.BooksInUse)
def books_in_use() -> object:
    make_book()
    with called_commonweal(errors.BooksInUse), mock.patch.object(places, "HOLD", "SELECT 1"):
        return places.hold_empty(connection.connection)


@ends_in(errors.RestoreUnderWay)
def two_restores() -> object:
    database = f"{places.target()}_twice"
    with called_commonweal(errors.RestoreUnderWay), places.only_restore(database), places.only_restore(database):
        return None


@ends_in(errors.RestoreDiffers)
def another_trial_balance() -> object:
    noted = dataclasses.replace(facts.facts_of(make_book()), entries=1, trial_balance_sha256="0" * 64)
    differences = restoring.other_book(noted)
    return restoring.refuse_differences(differences, f"{noted.code} is not what was backed up")
