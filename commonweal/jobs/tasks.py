"""The two messages that workers understand. Both only say: look at the job table."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonweal.celery import SWEEP, WAKE, app
from commonweal.jobs.wakeup import wake_workers
from commonweal.jobs.worker import work, worker_name

PATIENCE = timedelta(minutes=10)
"""After this a wake-up takes no further job but sends a fresh wake-up, so that no message runs into its time limit."""


@app.task(name=WAKE)
def wake() -> None:
    """Run jobs until none is left."""
    until = timezone.now() + PATIENCE
    work(worker=worker_name(), until=until)
    if timezone.now() >= until:
        wake_workers()


@app.task(name=SWEEP)
def sweep() -> None:
    """Find what no message announced: a wake-up that was lost, a worker that died, an attempt that is due again."""
    wake()
