"""The two messages that workers understand. Both only say: look at the job table."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init
from django.utils import timezone

from commonweal.celery import SWEEP, WAKE, app
from commonweal.documents.errors import MissingSystemLibrary
from commonweal.documents.renderer import warm_up
from commonweal.jobs.schedules import ask_for_what_is_due
from commonweal.jobs.wakeup import wake_workers
from commonweal.jobs.worker import work, worker_name

log = logging.getLogger(__name__)

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
    """Ask for what is due by the clock; then find what no message announced, such as the job of a worker that died."""
    try:
        ask_for_what_is_due()
    finally:
        wake()


@worker_process_init.connect(dispatch_uid="warm up documents")
def load_documents(**_: Any) -> None:
    """Load what renders documents when a worker process starts, instead of within somebody's first job."""
    try:
        warm_up()
    except MissingSystemLibrary as missing:
        log.warning("%s", missing)
