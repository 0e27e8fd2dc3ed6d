"""What is wrong with a file, and where? A finding names the sheet, the row and the column, and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from loans.domain.errors import HeadingsWrong
from loans.domain.moving_in.cells import Cell, CellUnread, Spoilt, is_empty

T = TypeVar("T")


class Part(StrEnum):
    """The sheets that a book of loans moves in with; as CSV, a file for each."""

    LOANS = "Loans"
    TRIAL_BALANCE = "Opening trial balance"
    TOTALS = "Control totals"
    HISTORY = "History"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps a book of loans out. `row` counts from 1, the headings; 0 where it is no single row."""

    part: StrEnum
    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of a sheet, in the order in which they are documented."""

    part: StrEnum
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def places(self, headings: Sequence[Cell]) -> dict[str, int]:
        """Where each column stands, whatever the order. Raises HeadingsWrong."""
        found = [" ".join(str(one).split()).casefold() if one is not None else "" for one in headings]
        while found and not found[-1]:
            found.pop()
        known = (*self.required, *self.optional)
        missing = [f"“{name}”" for name in self.required if name not in found]
        strange = [f"“{name}”" for name in found if name not in known]
        twice = [f"“{name}”" for place, name in enumerate(found) if name in found[:place]]
        wrong = [
            f"{what} {', '.join(dict.fromkeys(names))}"
            for what, names in (("missing:", missing), ("not known:", strange), ("there twice:", twice))
            if names
        ]
        if wrong:
            raise HeadingsWrong(
                f"The headings of {self.part} are not those of the format; {'; '.join(wrong)}. Write the first row as "
                f"{', '.join(self.required)}, and where you have them {', '.join(self.optional) or 'no others'}. "
                "Nothing was changed."
            )
        return {name: place for place, name in enumerate(found)}


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one row, and gathers what is wrong with any of them."""

    part: StrEnum
    number: int
    cells: Mapping[str, Cell]
    findings: list[Finding] = field(default_factory=list)

    def cell(self, column: str) -> Cell:
        """What stands in a column."""
        return self.cells.get(column)

    def read(self, column: str, reading: Callable[[Cell], T], otherwise: T) -> T:
        """What a cell says; where it cannot be read, a finding and the value given."""
        cell = self.cell(column)
        if isinstance(cell, Spoilt):
            self.wrong(column, f"cannot be taken: {_without_end(cell.message)}")
            return otherwise
        try:
            return reading(cell)
        except CellUnread as unread:
            self.wrong(column, str(unread))
            return otherwise

    def needed(self, column: str) -> None:
        """Find fault with an empty cell."""
        if is_empty(self.cell(column)):
            self.wrong(column, "is empty. Fill it in")

    def wrong(self, column: str, message: str) -> None:
        """Keep a finding about a column, unless there is one; the message goes on from the column's name."""
        if all(each.column != column for each in self.findings):
            self.findings.append(Finding(self.part, self.number, column, f"“{column}” {message.rstrip('.')}."))

    def refused(self, column: str, refusal: Exception) -> None:
        """Keep what a refusal says of a column, in its own words."""
        self.wrong(column, f"is refused: {_without_end(str(refusal))}")


def row_of(places: Mapping[str, int], cells: Sequence[Cell]) -> dict[str, Cell]:
    """The cells of a row by their columns; a row may be shorter than the headings."""
    return {name: cells[place] if place < len(cells) else None for name, place in places.items()}


def _without_end(message: str) -> str:
    """A refusal without the assurance at its end, which a dry run gives once for all of them."""
    for end in ("; nothing was changed.", " Nothing was changed.", " Nothing was kept."):
        message = message.removesuffix(end)
    return message


def rows_told(findings: Iterable[Finding]) -> int:
    """In how many rows something is wrong."""
    return len({(each.part, each.row) for each in findings})
