"""Which rows do the files of a book of loans hold, and would all of them move in? The dry run.

Rows are read one by one whenever they are asked for, and no sheet is held as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from commonweal.access.models import User
from commonweal.jobs.models import Job
from commonweal.jobs.services import enqueue
from ledger.domain.file_errors import FileRefused
from ledger.files import BadCell, read_spreadsheet, sheet_names
from ledger.services import openable_accounts
from loans.domain.errors import MovingInRefused
from loans.domain.moving_in.cells import Cell, Spoilt
from loans.domain.moving_in.checking import DryRun, Rows, dry_run
from loans.domain.moving_in.findings import Part
from loans.models import MovingIn
from loans.moving_in_queries import books_to_fit
from loans.services import keep_dry_run, keep_refusal

E = TypeVar("E", bound=StrEnum)
SentSheet = tuple[str, bytes]
"""A file as it was sent: its name and its content."""
WORKBOOK = ""
"""The part that a workbook with all sheets is kept as."""


def try_moving_in(*, moving_in: MovingIn) -> MovingIn:
    """The dry run: every row that would fail, and why, is kept with the moving in. Nothing else is changed."""
    try:
        answer = _tried(moving_in)
    except (FileRefused, MovingInRefused) as refusal:
        return keep_refusal(moving_in=moving_in, refusal=str(refusal))
    return keep_dry_run(moving_in=moving_in, answer=answer)


def ask_for_dry_run(*, moving_in: MovingIn, by: User) -> Job:
    """Ask for the dry run of files that were prepared; asked twice it is one job."""
    return _asked("try_moving_in", moving_in, by)


def ask_to_move_in(*, moving_in: MovingIn, by: User) -> Job:
    """Ask for what was confirmed to be brought in; asked twice it is one job."""
    return _asked("move_in", moving_in, by)


def sheets_of(moving_in: MovingIn) -> dict[Part, Rows]:
    """The rows of each sheet that was sent, read when they are asked for. Raises a FileRefused."""
    sheets: dict[Part, Rows] = {}
    for file in moving_in.files.select_related("attachment"):
        content = bytes(file.attachment.content)
        if file.part != WORKBOOK:
            sheets[Part(file.part)] = sheet_rows(file.name, content)
            continue
        names = sheet_names(file.name, content)
        sheets |= {part: sheet_rows(file.name, content, part) for part in Part if part in names}
    return sheets


def _asked(kind: str, moving_in: MovingIn, by: User) -> Job:
    key = f"{kind}:{moving_in.pk}"
    return enqueue(kind=kind, arguments={"moving_in": moving_in.pk}, by=by, book=moving_in.book, key=key)


def _tried(moving_in: MovingIn) -> DryRun:
    book, on = moving_in.book, moving_in.cut_over_on
    return dry_run(sheets_of(moving_in), books_to_fit(book, on, openable_accounts(book, on)))


def sheet_rows(name: str, content: bytes, sheet: str = "") -> Rows:
    """The rows of a file, or of one sheet of a workbook, with their numbers, read when they are asked for. Raises a
    FileRefused."""
    for row in read_spreadsheet(name, content, sheet=sheet, tell_bad_cells=True):
        yield row.number, tuple(_cell(value) for value in row.values)


def sent_sheets(sheets: type[E], sent: Mapping[E, SentSheet]) -> dict[E, Rows]:
    """The rows of each sheet that was sent: of one workbook in the place of the first, or of a CSV file for each.

    What was not sent has no rows, so its headings are missed. Raises a FileRefused.
    """
    first = next(iter(sheets))
    if sheet_names(*sent[first]):
        return {sheet: sheet_rows(*sent[first], sheet) for sheet in sheets}
    return {sheet: sheet_rows(*sent[sheet]) if sheet in sent else () for sheet in sheets}


def _cell(value: object) -> Cell:
    return Spoilt(str(value)) if isinstance(value, BadCell) else value  # type: ignore[return-value]
