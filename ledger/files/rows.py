"""What is a row of a spreadsheet, and which cells may not be taken?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.domain.file_errors import FileRefused, FormulaInCell, TooManyRows, UnreadableCell

MAX_CELL = 32_767
"""The most characters that a cell of a workbook holds."""

_BEGINS_A_FORMULA = re.compile(r"[=@＝＠]|[-+－＋](?![\d\s.,()£%]*\Z)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be taken, and the refusal that names it; only where the caller asked to be told of all."""

    refusal: FileRefused

    def __str__(self) -> str:
        return str(self.refusal)


Value = str | Decimal | date | bool | BadCell | None
"""Text as it stands, an exact number, a day, yes or no, or nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty: its number in the sheet from 1, and its values from column A on."""

    number: int
    values: tuple[Value, ...]

    def value(self, column: int) -> Value:
        """The value in a column counted from 0; None beyond the last."""
        return self.values[column] if column < len(self.values) else None

    def address(self, column: int) -> str:
        """What people call the cell: `C7`."""
        return address(self.number, column)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a sheet is read, what it is called in a refusal, and how large it may be."""

    name: str
    max_rows: int
    max_columns: int

    def hold(self, row: int, column: int) -> None:
        """Raise TooManyRows for a value beyond the bounds; the row is counted from 1, the column from 0."""
        if row > self.max_rows:
            raise TooManyRows(f"{self.name} goes on beyond row {self.max_rows:,}. Part it into several files.")
        if column >= self.max_columns:
            last = address(1, self.max_columns - 1)[:-1]
            raise TooManyRows(f"{self.name} goes on beyond column {last} in row {row:,}. Send the columns asked for.")

    def text(self, row: int, column: int, text: str) -> Value:
        """A text as a value: None where it is empty, a BadCell where it is none to take."""
        if not text.strip():
            return None
        if len(text) > MAX_CELL:
            return self.unreadable(row, column, f"a text of more than {MAX_CELL:,} characters")
        if found := _UNSEEN.search(text):
            return self.unreadable(row, column, f"the control sign U+{ord(found[0]):04X}")
        return self.formula(row, column, text) if _BEGINS_A_FORMULA.match(text.lstrip()) else text

    def formula(self, row: int, column: int, text: str) -> BadCell:
        """A cell with a formula, or with what a spreadsheet would take for one."""
        where = f"Cell {address(row, column)} of {self.name}"
        return BadCell(FormulaInCell(f"{where} holds a formula ({text.strip()[:40]}). Paste it as a value."))

    def unreadable(self, row: int, column: int, what: str) -> BadCell:
        """A cell with something else than a text, a number or a date."""
        where = f"Cell {address(row, column)} of {self.name}"
        return BadCell(UnreadableCell(f"{where} holds {what}. Correct the cell."))


def address(row: int, column: int) -> str:
    """The address of a cell from its row, counted from 1, and its column, counted from 0.

    >>> address(7, 2), address(1, 26), address(1, 701), address(1, 702)
    ('C7', 'AA1', 'ZZ1', 'AAA1')
    """
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def column_of(cell: str) -> int:
    """The column of an address, counted from 0. Raises ValueError.

    >>> column_of("C7"), column_of("AA1")
    (2, 26)
    """
    found = re.match(r"[A-Z]{1,3}", cell)
    if found is None:
        raise ValueError(f"{cell!r} is no address of a cell")
    column = 0
    for letter in found[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
