"""Books carried to another server: by pg_dump and pg_restore."""

from __future__ import annotations

import subprocess

from commonweal.database import SUPERUSER, EmbeddedServer


def dump_and_restore(url: str, server: EmbeddedServer) -> None:
    """Everything of a database into the empty one of another server."""
    dump = subprocess.run([server.binaries / "pg_dump", "-Fc", url], check=True, capture_output=True).stdout
    restore = [server.binaries / "pg_restore", "--single-transaction", "-d", server.url(SUPERUSER)]
    subprocess.run(restore, input=dump, check=True, capture_output=True)
