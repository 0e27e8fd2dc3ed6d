"""Kinds of work that only the tests know. Each unit leaves a `ReadRecord`, so that a unit done twice is seen."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from django.db import transaction

from commonweal.access.models import ReadRecord, User
from commonweal.jobs.errors import JobError
from commonweal.jobs.leases import progress
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job

UNITS = 4
GREET = "test.greet"


class NotToday(JobError):
    """Raised by the test's own work, to see a refusal's text reach the person who asked."""


@job(GREET)
def greet(row: Job) -> dict[str, Any]:
    """One unit."""
    mark(row, 1)
    return {"said": f"Good day, {row.arguments['name']}"}


@job("test.refuse")
def refuse(row: Job) -> None:
    """Refuses, in words for people."""
    mark(row, 1)
    raise NotToday("Lines 3 and 7 of the file are in euros; the account is in pounds. Nothing was changed.")


@job("test.fault")
def fault(row: Job) -> None:
    """Breaks, in words for nobody."""
    mark(row, row.attempts)
    raise RuntimeError("index 7 out of range")


@job("test.units")
def units(row: Job) -> dict[str, Any]:
    """Four units, each with its own natural key; before the third, waits for ever if a file named `hold` is there."""
    for number in range(1, UNITS + 1):
        hold = Path(row.arguments.get("hold", "/nonexistent"))
        if number == 3 and hold.exists():
            hold.with_suffix(".reached").write_text(str(os.getpid()))
            time.sleep(60)
        with transaction.atomic():
            if not ReadRecord.objects.filter(what=row.reference, subject=f"unit {number}").exists():
                mark(row, number)
            progress(row, done=number, total=UNITS, note=f"unit {number}")
    return {"units": UNITS}


@job("test.quiet")
def quiet(row: Job) -> None:
    """Works for a while without a word."""
    time.sleep(row.arguments["seconds"])


@job("test.poison")
def poison(row: Job) -> None:
    """Kills whatever worker touches it."""
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.unserialisable")
def unserialisable(row: Job) -> dict[str, Any]:
    """Answers with something that JSON cannot hold."""
    return {"said": object()}


def mark(row: Job, number: int) -> None:
    """Leave a trace that a unit was done."""
    user = User.objects.get(pk=row.requested_by_id)
    ReadRecord.objects.create(user=user, what=row.reference, subject=f"unit {number}")


def marks(row: Job) -> list[str]:
    """The traces that a job has left, in order."""
    return list(ReadRecord.objects.filter(what=row.reference).order_by("id").values_list("subject", flat=True))
