"""Doing things at once: threads with a connection each, started together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import connections

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
