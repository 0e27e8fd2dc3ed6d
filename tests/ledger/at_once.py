"""Doing things at once: threads with a connection each, started together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import connection, connections

from ledger.domain.errors import LedgerError

T = TypeVar("T")


def all_at_once(doings: Sequence[Callable[[], T]], *, timeout: float = 60) -> list[T | Exception]:
    """What each thing gave, or how it was refused, in order; all are begun at the same moment."""
    barrier = Barrier(len(doings))

    def run(doing: Callable[[], T]) -> T | Exception:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout)
            return doing()
        except (LedgerError, DatabaseError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings, timeout=timeout))


def with_own_connection(doing: Callable[[], T]) -> T:
    """What a thing gives in a thread that nobody waits for yet; its connection is closed after it."""
    try:
        return doing()
    finally:
        connections.close_all()


def wait_until_somebody_waits() -> None:
    """Until another connection waits for a lock of ours, ten seconds at most."""
    waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
