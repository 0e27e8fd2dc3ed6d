"""Running pg_dump and pg_restore, which come with the embedded PostgreSQL, as the role that owns the tables."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg.conninfo import make_conninfo

from commonweal.database import packaged_binaries
from commonweal.management.backups.errors import BackupError

SAID = 3
"""Lines that are repeated of what a program complains about."""


def dump(to: Path, *, snapshot: str) -> None:
    """Write the database, as it is in an exported snapshot, into one compressed file.

    Who is logged in is left out: after a restore everybody logs in again. Raises BackupError with pg_dump's words.
    """
    options = ("--format=custom", "--lock-wait-timeout=60s", "--exclude-table-data=django_session")
    _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={to}")


def load(dumped: Path, *, database: str) -> None:
    """Write a dump into an empty database, whole or not at all. Raises BackupError with pg_restore's words."""
    _run("pg_restore", "--single-transaction", "--exit-on-error", str(dumped), database=database)


def owner_login(database: str = "") -> tuple[str, str]:
    """How the owner logs in to a database, by default the configured one: the address, and apart from it the password.

    Apart, because everybody on a machine sees what a program was started with.
    """
    wanted: dict[str, Any] = connections["owner"].settings_dict
    options = {name: value for name, value in wanted["OPTIONS"].items() if name != "pool"}
    place = {"host": wanted["HOST"], "port": wanted["PORT"], "user": wanted["USER"], **options}
    given = {name: value for name, value in place.items() if value}
    return make_conninfo(dbname=database or wanted["NAME"], **given), str(wanted["PASSWORD"])


def _run(program: str, *arguments: str, database: str = "") -> None:
    address, password = owner_login(database)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    done = subprocess.run(
        [packaged_binaries() / program, "--no-password", f"--dbname={address}", *arguments],
        env=environment | ({"PGPASSWORD": password} if password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError("; ".join(done.stderr.strip().splitlines()[:SAID]) or f"{program} ended without a word")
