"""Who holds a job, and for how long: the one place that a worker writes to a job's row.

A worker holds a job as (`lease_owner`, `attempts`). Each claim raises `attempts`, so a worker whose lease ran out and
was taken over matches the row no longer and can write nothing more. When a lease ends is told by the database's clock
alone, so that two machines cannot disagree.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from commonweal.jobs.clock import database_now
from commonweal.jobs.errors import LeaseLost
from commonweal.jobs.models import Job, JobState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
"""How long a job stays with a worker that was not heard of; a worker that lives is heard of three times as often."""


class Progress(Protocol):
    """Told by long work how far it is; what is left out stays as it was said."""

    def __call__(self, *, done: int | None = None, total: int | None = None, note: str | None = None) -> None: ...


@transaction.atomic
def claim(*, worker: str, now: datetime | None = None) -> Job | None:
    """Take the oldest job that waits, or whose worker was not heard of in time; None if there is none.

    In time by the database's clock, unless another moment is given.

    Rows that another worker is just taking are skipped, so no two workers get the same job. A job that has lost its
    worker too often is given up here, so that one which kills its workers cannot go on for ever.
    """
    now = now or database_now()
    waits = Q(state=JobState.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    lost = Q(state=JobState.RUNNING, lease_until__lte=now)
    while job := Job.objects.select_for_update(skip_locked=True).filter(waits | lost).order_by("id").first():
        if job.attempts < job.attempt_limit:
            lease = {"lease_owner": worker, "lease_until": now + LEASE, "attempts": job.attempts + 1}
            return job.change(state=JobState.RUNNING, started_at=job.started_at or now, **lease)
        job.change(state=JobState.FAILED, error=_given_up(job), finished_at=now, lease_owner="", lease_until=None)
    return None


def progress(job: Job, *, done: int | None = None, total: int | None = None, note: str | None = None) -> None:
    """Say how far a running job is, and keep it for another minute.

    Called inside the transaction of a unit of work, it makes unit and count stand or fall together.
    Raises LeaseLost if the job was cancelled or taken over: stop, and let the transaction in hand roll back.
    """
    said = {"done": done, "total": total, "note": note}
    write(job, lease_until=Now() + LEASE, **{name: value for name, value in said.items() if value is not None})


def told_to(job: Job) -> Progress:
    """Tells the row of a job; raises what `progress` raises."""
    return partial(progress, job)


def told_aside(job: Job) -> Progress:
    """Tells the row of a job on a connection of its own: for work in one snapshot, in which nothing can be written.

    Within a transaction of the caller's that is not such a snapshot's it is told there. Raises what `progress` raises.
    """
    told = partial(progress, job)
    return told if connection.in_atomic_block else partial(_tell_aside, told)


def _tell_aside(told: Progress, **said: Any) -> None:
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(_tell_and_leave, told, said).result()


def _tell_and_leave(told: Progress, said: dict[str, Any]) -> None:
    try:
        told(**said)
    finally:
        connection.close()


def untold(*, done: int | None = None, total: int | None = None, note: str | None = None) -> None:
    """Tells nobody: for work that somebody waits for at a command."""


@contextmanager
def kept(job: Job) -> Iterator[None]:
    """Keep a job for as long as this process works on it, however seldom the work says how far it is.

    A thread renews the lease; it dies with the process, so the lease of a killed worker still runs out.
    """
    finished = threading.Event()
    thread = threading.Thread(target=_renew, args=[job, finished], name=f"lease of {job.reference}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def _renew(job: Job, finished: threading.Event) -> None:
    while not finished.wait(LEASE.total_seconds() / 3):
        try:
            write(job, lease_until=Now() + LEASE)
        except LeaseLost:
            return
        except DatabaseError as error:
            log.warning("The lease of %s could not be renewed (%s).", job.reference, error)
        finally:
            connection.close()


def release(job: Job, *, state: JobState, **values: Any) -> None:
    """Write how an attempt ended and let the job go. Raises LeaseLost if this worker no longer holds it."""
    write(job, state=state, lease_owner="", lease_until=None, **values)


def write(job: Job, **values: Any) -> None:
    """Change the row of a job that this worker holds. Raises LeaseLost if it no longer does."""
    mine = {"state": JobState.RUNNING, "lease_owner": job.lease_owner, "attempts": job.attempts}
    if not Job.objects.filter(pk=job.pk, **mine).update(**values):
        raise LeaseLost(f"{job.reference} is no longer held by {job.lease_owner}: it was cancelled or taken over.")


def _given_up(job: Job) -> str:
    return (
        f"The work was started {job.attempts} times and its worker was lost each time. What it had finished stays. "
        f"Ask whoever runs the system to look for {job.reference} in the log; tried again, it goes on from there."
    )
