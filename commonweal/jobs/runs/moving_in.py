"""The runs that try a book of loans from another system, and bring it in."""

from __future__ import annotations

from typing import Any

from commonweal.access.models import User
from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.leases import progress, told_to
from commonweal.jobs.models import Job
from commonweal.jobs.moving_in import try_moving_in
from commonweal.jobs.registry import job
from loans.models import MovingIn
from loans.moving_in_queries import moving_in_by_key


@job("try_moving_in")
def run_dry(asked: Job) -> dict[str, Any]:
    """Read every row and keep what is wrong; a second run changes nothing."""
    tried = try_moving_in(moving_in=_asked_for(asked))
    found = tried.found or {}
    words = (
        f"{tried}: all {found['rows']} loans would move in, and tie to the control totals."
        if tried.state == MovingIn.State.READY
        else f"{tried} would fail: {found['findings']} findings, in {found['wrong_rows']} rows."
    )
    progress(asked, done=1, total=1, note=words)
    return {"moving_in": tried.pk, "words": words, **found}


@job("move_in")
def run(asked: Job) -> dict[str, Any]:
    """Bring in loan by loan; a run that was cut off starts again and finds what is in."""
    if not isinstance(asked.requested_by, User):
        raise LookupError("the job names a person that does not exist")
    done = move_in(moving_in=_asked_for(asked), by=asked.requested_by, progress=told_to(asked))
    brought = done.brought or {}
    words = f"{done} is in: {brought['loans']} loans, tied to the control totals."
    progress(asked, note=words)
    return {"moving_in": done.pk, "words": words, "brought": brought}


def _asked_for(asked: Job) -> MovingIn:
    found = moving_in_by_key(asked.arguments["moving_in"])
    if found is None or found.book_id != asked.book_id:
        raise LookupError("the job names a moving in that does not exist")
    return found
