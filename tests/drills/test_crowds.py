"""Is every acknowledged entry in the books exactly once, and nothing else, when many post at random? After a kill too?

Processes with connections of their own write, take trial balances, seal and close at the same time. The short forms are
in the suite; `make drills` runs the long ones.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from commonweal.database import EmbeddedServer
from commonweal.database_roles import Roles
from tests.databases import TestDatabase
from tests.drills.crowd import everything_agrees, make_crowded_book, set_off
from tests.ledger.dumps import dump_and_restore
from tests.ledger.tampering import logged_in
from tests.tools import refuse_or_skip

LONG = {"write": 16, "read": 3, "keep": 1}
SHORT = {"write": 4, "read": 1, "keep": 1}
SIZES = [
    pytest.param(SHORT, 2.5, id="short"),
    pytest.param(LONG, 30.0, id="long", marks=pytest.mark.drill),
]


@pytest.mark.committing
@pytest.mark.parametrize(("crowd", "seconds"), SIZES)
def test_a_crowd_loses_nothing(
    committing_database: TestDatabase, tmp_path: Path, crowd: dict[str, int], seconds: float
) -> None:
    book = make_crowded_book()
    environment = committing_database.environment
    notes = set_off(crowd, book=book, seconds=seconds, environment=environment, folder=tmp_path)
    print(notes)
    assert not notes.counts["fault"]
    assert set(notes.made.values()) == {1}
    assert notes.counts.keys() >= {"closed", "sealed", "refused"}
    everything_agrees(book, notes)


@pytest.mark.committing
@pytest.mark.parametrize(("crowd", "seconds"), SIZES)
def test_a_crowd_loses_nothing_when_postgresql_is_killed_half_way(
    committing_database: TestDatabase,
    spare_server: EmbeddedServer,
    roles: Roles,
    tmp_path: Path,
    crowd: dict[str, int],
    seconds: float,
) -> None:
    if committing_database.superuser_url is None:
        refuse_or_skip("set DATABASE_SUPERUSER_URL to copy the books to a server that may be killed")
    dump_and_restore(committing_database.superuser_url, spare_server)
    with logged_in(spare_server.url(roles.app)):
        book = make_crowded_book()
        urls = {"DATABASE_URL": spare_server.url(roles.app), "DATABASE_OWNER_URL": spare_server.url(roles.owner)}
        notes = set_off(
            crowd,
            book=book,
            seconds=seconds,
            environment=committing_database.environment | urls,
            folder=tmp_path,
            meanwhile=killing(spare_server, after=seconds / 2),
        )
        connections.close_all()
        print(notes)
        assert notes.counts["fault"] >= crowd["write"]
        everything_agrees(book, notes)


def killing(server: EmbeddedServer, *, after: float) -> Callable[[], None]:
    """Kill the server (-9) after a while, and start it again as an operator does."""

    def kill() -> None:
        time.sleep(after)
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        start = [sys.executable, "-m", "commonweal.database", "start"]
        environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(server.var_dir)}
        subprocess.run(start, check=True, cwd=settings.BASE_DIR, env=environment, capture_output=True)
        assert server.pid() not in {pid, None}

    return kill
