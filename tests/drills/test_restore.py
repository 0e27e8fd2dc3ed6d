"""Do a fund's whole books come back on another server: checks, seals, trial balance? And not when a byte flipped?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from commonweal.database import EmbeddedServer
from commonweal.database_roles import Roles
from commonweal.demo import story
from tests.databases import TestDatabase

FLIPPED = 7
"""In how many places of the dump a byte is flipped."""


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "manage.py", *arguments]
    return subprocess.run(line, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.drill
def test_the_demo_comes_back_elsewhere_and_not_with_a_flipped_byte(
    committing_database: TestDatabase, spare_server: EmbeddedServer, roles: Roles, tmp_path: Path
) -> None:
    here = committing_database.environment
    urls = {"DATABASE_URL": spare_server.url(roles.app), "DATABASE_OWNER_URL": spare_server.url(roles.owner)}
    elsewhere = here | urls
    assert manage(here, "load_demo").returncode == 0
    assert manage(here, "backup", "--into", str(tmp_path)).returncode == 0
    (folder,) = tmp_path.iterdir()

    dump = folder / "database.dump"
    whole = dump.read_bytes()
    for number in range(FLIPPED):
        place = len(whole) * number // FLIPPED
        dump.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        refused = manage(elsewhere, "restore", str(folder))
        assert refused.returncode == 1
        assert "database.dump is not what was written" in refused.stderr
    dump.write_bytes(whole)

    restored = manage(elsewhere, "restore", str(folder))
    assert restored.returncode == 0, restored.stderr
    (seal,) = [word for word in restored.stdout.split() if word.startswith(f"{story.BOOK}:") and word.count(":") == 3]
    for arguments in (["check_books"], ["verify_seals", "--book", story.BOOK, "--against", seal.rstrip(";")]):
        assert manage(elsewhere, *arguments).returncode == 0, arguments
    balance = ["trial_balance", "--book", story.BOOK, "--as-of", "2099-12-31", "--format", "csv"]
    assert manage(elsewhere, *balance).stdout == manage(here, *balance).stdout != ""
