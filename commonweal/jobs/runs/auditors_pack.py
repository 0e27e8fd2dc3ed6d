"""The run that makes an auditor's pack."""

from __future__ import annotations

from datetime import date
from typing import Any

from commonweal.access.models import User
from commonweal.jobs.auditors_pack import KIND, make_pack, pack_days
from commonweal.jobs.leases import progress, told_aside
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from ledger.queries import book_by_code


@job(KIND)
def run(asked: Job) -> dict[str, Any]:
    """Make it and store it; a run that was cut off starts again and finds the one that stands."""
    book = book_by_code(asked.arguments["book"])
    if book is None or not isinstance(asked.requested_by, User):
        raise LookupError("the job names a book or a person that does not exist")
    from_on, through = (date.fromisoformat(asked.arguments[name]) for name in ("from", "through"))
    days = pack_days(book, through, from_on)
    made = make_pack(book=book, days=days, by=asked.requested_by, progress=told_aside(asked))
    document = made.document
    words = f"{document.file_name} {'stood already' if made.repeated else 'is made'}."
    progress(asked, note=words)
    return {"document": document.pk, "number": document.number, "sha256": document.sha256, "words": words}
