"""Doing claimed jobs, and recording how they ended.

Exactly-once *execution* does not exist; what is promised is that a job is done once in its row, that a finished job is
never run again, and that a worker which lost its lease writes nothing more. A run must therefore be safe to repeat
from its start, and should work in units:

    for number, investor in enumerate(investors, 1):
        with transaction.atomic():
            issue(investor)                     # has its own natural key, so a repeated unit changes nothing
            progress(job, done=number, total=len(investors))
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from commonweal.jobs.clock import database_now
from commonweal.jobs.errors import LeaseLost
from commonweal.jobs.leases import claim, kept, release
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.registry import run_of

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=10)
"""The pause after a technical fault, once for every attempt made so far."""


def worker_name() -> str:
    """A name that no other worker has, so that a lease tells whose it is."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def work(*, worker: str, until: datetime | None = None) -> int:
    """Claim and run jobs until none is left, or until the moment given; answers how many were run."""
    count = 0
    while until is None or timezone.now() < until:
        job = claim(worker=worker)
        if job is None:
            break
        run(job)
        count += 1
    return count


def run(job: Job) -> None:
    """Do a claimed job, outside the transaction that claimed it, and record how it ended.

    A refusal of our own (`REFUSALS`) is the answer, given to people as it stands. Any other fault is tried again until
    the attempts are used up.
    """
    try:
        _attempt(job)
    except LeaseLost as lost:
        log.warning("%s Its result was not recorded.", lost)


def _attempt(job: Job) -> None:
    try:
        with kept(job):
            result = run_of(job.kind)(job)
        with transaction.atomic():
            release(job, state=JobState.DONE, result=result, finished_at=database_now())
    except LeaseLost:
        raise
    except REFUSALS as refusal:
        release(job, state=JobState.FAILED, error=str(refusal), finished_at=database_now())
    except Exception:
        log.exception("%s (%s) met a technical fault in attempt %s.", job.reference, job.kind, job.attempts)
        _after_fault(job, database_now())


def _after_fault(job: Job, now: datetime) -> None:
    if job.attempts < job.attempt_limit:
        release(job, state=JobState.QUEUED, not_before=now + RETRY_AFTER * job.attempts)
    else:
        release(job, state=JobState.FAILED, error=_fault_text(job), finished_at=now)


def _fault_text(job: Job) -> str:
    return (
        f"The work stopped on a technical fault, {job.attempts} times in a row. What it had finished stays. "
        f"Ask whoever runs the system to look for {job.reference} in the log; tried again, it goes on from there."
    )
