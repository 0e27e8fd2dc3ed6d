"""The run that brings in a bank file which somebody uploaded."""

from __future__ import annotations

from typing import Any

from commonweal.access.models import User
from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.leases import progress
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from ledger.queries import attachment, book_by_code


@job("import_bank")
def import_bank(asked: Job) -> dict[str, Any]:
    """Bring in the file kept as `attachment`; a run that was cut off starts again and finds what is done."""
    book, file = book_by_code(asked.arguments["book"]), attachment(asked.arguments["attachment"])
    if book is None or file is None or not isinstance(asked.requested_by, User):
        raise LookupError("the job names a book, a file or a person that does not exist")
    progress(asked, done=0, total=1, note="Reading the file")
    brought = bring_in_bank_file(
        book=book,
        name=asked.arguments["name"],
        content=bytes(file.content),
        by=asked.requested_by,
        bank_account=asked.arguments.get("bank_account", ""),
    )
    progress(asked, done=1, total=1, note=brought.in_words())
    return {
        "new_lines": brought.new_lines,
        "matched": brought.matched,
        "left": brought.left,
        "words": brought.in_words(),
    }
