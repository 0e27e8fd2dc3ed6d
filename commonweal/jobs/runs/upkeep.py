"""The runs that come by the clock: seals, letters of the day, and the check of a book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonweal.access.models import User
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.errors import BookNotInOrder
from commonweal.jobs.leases import progress
from commonweal.jobs.letters import daily_round
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from ledger.queries import book_by_code, one_snapshot
from ledger.services import seal, seal_text

if TYPE_CHECKING:
    from ledger.models import Book

SHOWN = 5
"""Findings that a message names; beyond it their number alone."""


@job("seal_book")
def run_seal(asked: Job) -> dict[str, Any]:
    """Seal what was posted."""
    made = seal(book=_book(asked))
    words = f"Sealed to place {made.position}." if made else "There is nothing to seal."
    progress(asked, note=words)
    return {"seal": str(seal_text(made)) if made else "", "words": words}


@job("write_letters")
def run_letters(asked: Job) -> dict[str, Any]:
    """Write the letters and take the reminders of the business date; what was written already is not written again."""
    if not isinstance(asked.requested_by, User):
        raise LookupError("the job names no person")
    brought = daily_round(book=_book(asked), by=asked.requested_by)
    progress(asked, note=brought.words)
    return {"letters": brought.letters, "steps": brought.steps, "words": brought.words}


@job("check_book")
def run_check(asked: Job) -> dict[str, Any]:
    """Look through a book by every app's rules. Raises BookNotInOrder."""
    book = _book(asked)
    with one_snapshot():
        findings = [str(finding) for finding in examine_everything(book)]
    if findings:
        told = "; ".join(findings[:SHOWN])
        count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
        raise BookNotInOrder(
            f"{book} is not in order: {count}, such as {told}. Run `check_books`, and have whoever runs the system "
            "look at it before the month is closed; nothing was changed."
        )
    progress(asked, note="Nothing was found.")
    return {"findings": 0, "words": "Nothing was found."}


def _book(asked: Job) -> Book:
    book = book_by_code(asked.arguments["book"])
    if book is None:
        raise LookupError("the job names a book that does not exist")
    return book
