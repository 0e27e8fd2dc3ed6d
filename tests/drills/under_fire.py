"""Long work while its machine falls over: parts are killed at random moments, and it has to end by itself."""

from __future__ import annotations

import time
from random import Random

from django.db import DatabaseError, connections

from commonweal.jobs.models import Job, JobState
from tests.drills.machine import POSTGRESQL, REDIS, WEB, Machine
from tests.drills.test_parts_away import WORKERS

KILLS = 20
LONGEST = 1800
"""Seconds after which the work should have ended, however often it was begun anew."""


def is_over(job: Job) -> bool:
    """Whether the work has ended; PostgreSQL may be away while we look."""
    try:
        job.refresh_from_db()
    except DatabaseError:
        connections.close_all()
        return False
    assert job.state != JobState.FAILED, job.error
    return job.state == JobState.DONE


def kill_until_over(parts: Machine, job: Job, random: Random, killed: list[str], *, pause: tuple[float, float]) -> None:
    """Kill one part after the other, so many seconds apart, until the work has ended or enough were killed, and wait
    for its end. What was killed is added to `killed`."""
    ends = time.monotonic() + LONGEST
    while not is_over(job):
        assert time.monotonic() < ends, (job.state, job.note)
        time.sleep(random.uniform(*pause))
        if len(killed) < KILLS and not is_over(job):
            part = random.choice([*WORKERS, *WORKERS, WEB, REDIS, POSTGRESQL, POSTGRESQL])
            parts.kill(part)
            killed.append(part)
            connections.close_all()
            parts.start(part)
