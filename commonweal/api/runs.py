"""The API's own scheduled work: forgetting what it answered long ago."""

from __future__ import annotations

from typing import Any

from commonweal.api.retention import forget_answers
from commonweal.jobs.leases import progress
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job


@job("forget_answers")
def run(asked: Job) -> dict[str, Any]:
    """Remove old answers under idempotency keys; the books do not change."""
    removed = forget_answers()
    words = f"{removed} old answers removed."
    progress(asked, note=words)
    return {"removed": removed, "words": words}
