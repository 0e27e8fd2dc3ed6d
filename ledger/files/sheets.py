"""What stands in the rows of this CSV or XLSX file? Values with their addresses; formulas are never worked out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.domain.file_errors import DamagedFile
from ledger.domain.file_kinds import FileKind
from ledger.files.judging import judge_file
from ledger.files.parts import IMPORTED
from ledger.files.rows import BadCell, Bounds, Row
from ledger.files.workbook import Workbook

MAX_ROWS = 50_000
MAX_COLUMNS = 200
SPREADSHEETS = frozenset({FileKind.CSV, FileKind.XLSX})
SEPARATORS = ",;\t"
MOST_SEPARATORS = 100_000
"""More of them in a row of CSV are no commas in its texts; the row is refused before it is parted into cells."""


def read_spreadsheet(
    name: str,
    content: bytes,
    *,
    sheet: str = "",
    max_rows: int = MAX_ROWS,
    max_columns: int = MAX_COLUMNS,
    tell_bad_cells: bool = False,
) -> Iterator[Row]:
    """The rows of a CSV or XLSX file that are not empty, one by one; `name` is the file's own, with its ending.

    `sheet` names the sheet of a workbook; it may be left out where there is one alone (`sheet_names` tells them). In
    CSV every value is text, parted by comma, semicolon or tab. Numbers of a workbook are exact to the 15 digits that
    it keeps; a number shown as a date is a date. `read_text`, `read_number` and `read_date` read a value of either.

    A cell with a formula, an error or a time is refused with its address; with `tell_bad_cells` it comes as a
    `BadCell` in its row instead, so that all of them can be listed. Raises a FileRefused: before the first row what
    `judge_file` raises and NoSuchSheet, and on the way TooManyRows, FormulaInCell, UnreadableCell and DamagedFile.
    """
    kind = judge_file(name, content, among=SPREADSHEETS, xml=IMPORTED)
    if kind is FileKind.XLSX:
        workbook = Workbook(name, content)
        part, title = workbook.sheet(sheet)
        rows = workbook.rows(part, Bounds(f"sheet {title!r} in {name}", max_rows, max_columns))
    else:
        rows = _csv_rows(name, content, Bounds(name, max_rows, max_columns))
    return rows if tell_bad_cells else _without_bad_cells(rows)


def sheet_names(name: str, content: bytes) -> tuple[str, ...]:
    """The names of a workbook's sheets in their order; none of a CSV file. Raises what `judge_file` raises."""
    kind = judge_file(name, content, among=SPREADSHEETS, xml=IMPORTED)
    return tuple(Workbook(name, content).sheets) if kind is FileKind.XLSX else ()


def _csv_rows(name: str, content: bytes, bounds: Bounds) -> Iterator[Row]:
    text = content.decode("utf-8-sig")
    first = text.partition("\n")[0]
    lines = _Lines(io.StringIO(text, newline=""), max(SEPARATORS, key=first.count), bounds)
    try:
        for cells in csv.reader(lines, delimiter=lines.separator, strict=True):
            lines.row_is_whole()
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                bounds.hold(lines.row, len(cells) - 1)
                yield Row(lines.row, tuple(bounds.text(lines.row, column, cell) for column, cell in enumerate(cells)))
    except csv.Error as error:
        raise DamagedFile(f"{name} is not CSV throughout ({error}). Save it anew as “CSV UTF-8”.") from error


@dataclass
class _Lines:
    """The lines of a CSV file on their way to be parted, held to the separators that a row may have.

    A row may go over several lines, so they are counted until it is whole. Raises TooManyRows.
    """

    lines: Iterator[str]
    separator: str
    bounds: Bounds
    row: int = 0
    seen: int = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.seen += line.count(self.separator)
            if self.seen > MOST_SEPARATORS:
                self.bounds.hold(self.row + 1, self.seen)
            yield line

    def row_is_whole(self) -> None:
        """Count anew from here."""
        self.row, self.seen = self.row + 1, 0


def _without_bad_cells(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        for value in row.values:
            if isinstance(value, BadCell):
                raise value.refusal
        yield row
