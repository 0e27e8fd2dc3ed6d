"""Asking for long work, and changing one's mind about it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.clock import database_now
from commonweal.jobs.errors import JobAlreadyFinished, JobKeyReused, JobNotFinished
from commonweal.jobs.models import ATTEMPTS, Job, JobState
from commonweal.jobs.registry import run_of
from commonweal.jobs.wakeup import wake_workers


@transaction.atomic
def enqueue(
    *,
    kind: str,
    arguments: dict[str, Any],
    by: User | None,
    book: Any = None,
    key: str | None = None,
    attempts: int = ATTEMPTS,
) -> Job:
    """Ask for work in the caller's transaction; a worker is woken when that commits.

    `key` names the work by what it is about, so that asking twice makes one job; one that failed or was cancelled is
    queued again. It is begun at most so many `attempts`, however its workers end.
    Raises UnknownJobKind; JobKeyReused if the key names other work.
    """
    run_of(kind)
    wanted = {"kind": kind, "book": book, "arguments": arguments}
    if key is None:
        job = Job.objects.create(**wanted, requested_by=by, attempt_limit=attempts)
    else:
        job, _ = Job.objects.get_or_create(key=key, defaults={**wanted, "requested_by": by, "attempt_limit": attempts})
        _refuse_other_work(job, **wanted)
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        return retry(job=job, attempts=attempts)
    if job.state == JobState.QUEUED:
        transaction.on_commit(wake_workers, robust=True)
    return job


@transaction.atomic
def cancel(*, job: Job) -> Job:
    """Stop a job: one that waits never starts, one that runs stops at its next `progress`. Finished units stay.

    One that failed is done with: it waits for nobody any more, and what it said stays. Raises JobAlreadyFinished.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state == JobState.FAILED:
        return job.change(state=JobState.CANCELLED)
    if job.is_finished:
        raise JobAlreadyFinished(
            f"{job.reference} has already ended: {job.get_state_display().lower()}. "
            "What it did stands; nothing was changed."
        )
    return job.change(state=JobState.CANCELLED, finished_at=database_now(), lease_owner="", lease_until=None)


@transaction.atomic
def retry(*, job: Job, attempts: int = ATTEMPTS) -> Job:
    """Queue a failed or cancelled job again, with so many fresh attempts; a job that is done stays done.

    Raises JobNotFinished.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state == JobState.DONE:
        return job
    if not job.is_finished:
        raise JobNotFinished(
            f"{job.reference} is not over yet ({job.get_state_display().lower()}). Wait for it or cancel it "
            "first; nothing was changed."
        )
    transaction.on_commit(wake_workers, robust=True)
    limit = job.attempts + attempts
    return job.change(state=JobState.QUEUED, error="", finished_at=None, attempt_limit=limit, not_before=None)


def _refuse_other_work(job: Job, *, kind: str, book: Any, arguments: dict[str, Any]) -> None:
    book_id = None if book is None else book.pk
    if (job.kind, job.book_id, job.arguments) != (kind, book_id, arguments):
        raise JobKeyReused(
            f"The key {job.key!r} already names {job.reference}, which is other work ({job.kind}). "
            "Use a new key; nothing was changed."
        )
