"""The run that closes a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from commonweal.access.models import User
from commonweal.jobs.close import close_month
from commonweal.jobs.leases import progress, told_to
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from commonweal.templatetags.commonweal import day, span
from ledger.queries import book_by_code


@job("close_month")
def run(asked: Job) -> dict[str, Any]:
    """Post, share, seal and close; a run that was cut off starts again and finds what is posted, or the close."""
    book, through = book_by_code(asked.arguments["book"]), date.fromisoformat(asked.arguments["through"])
    if book is None or not isinstance(asked.requested_by, User):
        raise LookupError("the job names a book or a person that does not exist")
    event = close_month(book=book, through=through, by=asked.requested_by, progress=told_to(asked))
    period = event.period
    name = span(period.starts_on, period.last_day)
    words = f"{name} is closed: nothing can be posted before {day(period.ends_on)}."
    asked.refresh_from_db(fields=["total"])
    progress(asked, done=asked.total, note=words)
    return {
        "starts_on": period.starts_on.isoformat(),
        "last_day": period.last_day.isoformat(),
        "trial_balance_sha256": event.trial_balance_sha256,
        "words": words,
    }
