"""Which rows and columns does a CSV file have? Decoded strictly, bounded, with the headings told apart."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.domain.bank_errors import BeyondXmlLimits, CutOff, MappingDoesNotFit, MissingPart, WrongEncoding
from ledger.domain.csv_mapping import DELIMITERS, CsvMapping

MAX_CELLS = 1_000_000
"""More cells than this is no statement: twenty thousand lines have fewer. It bounds the memory of the table."""
_AGAIN = "Download it again."


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file: the line it ends in, and its cells without the blanks around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings, each of its own, and the rows behind them that are not blank."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, purpose: str, heading: str) -> int:
        """Where a column stands. Raises MappingDoesNotFit, naming it."""
        if heading in self.headings:
            return self.headings.index(heading)
        raise MappingDoesNotFit(
            f"The mapping reads the {purpose.replace('_', ' ')} from the column {heading[:60]!r}, which the file does "
            f"not have; its columns are {', '.join(map(repr, self.headings))[:300]}. Confirm a new mapping."
        )


def is_csv(head: bytes) -> bool:
    """Whether the first bytes of a file may be CSV: text, with a delimiter in it."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.replace(b"\x00", b"")
    is_text = not any(byte < 32 and byte not in b"\t\r\n" for byte in head)
    return is_text and any(delimiter.encode() in head for delimiter in DELIMITERS)


def decoded(data: bytes, encoding: str) -> str:
    """The text of a file. Raises WrongEncoding, naming the line, also for UTF-8 under another name."""
    if encoding.startswith(("iso-8859", "windows")) and not data.isascii() and _is_utf_8(data):
        raise WrongEncoding(
            f"The CSV file is written in utf-8, and its mapping says {encoding}. Confirm a new mapping."
        )
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        raise WrongEncoding(
            f"Line {line} of the CSV file is not written in {encoding}. Confirm a new mapping."
        ) from error
    if "\x00" in text:
        raise WrongEncoding(f"The CSV file is not written in {encoding}: it holds noughts. Confirm a new mapping.")
    return text


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def all_rows(text: str, delimiter: str) -> list[Row]:
    """Every row that is not blank. Raises BeyondXmlLimits, CutOff and MappingDoesNotFit."""
    if text.count(delimiter) + text.count("\n") + text.count("\r") > MAX_CELLS:
        raise BeyondXmlLimits(f"The CSV file has over {MAX_CELLS:,} cells. Ask for shorter periods.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        rows.extend(
            Row(reader.line_num, tuple(" ".join(cell.split()) for cell in cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        )
    except csv.Error as error:
        line = reader.line_num
        if "unexpected end" in str(error):
            raise CutOff(f"The CSV file ends in the middle of a quoted text, in line {line}. {_AGAIN}") from error
        raise MappingDoesNotFit(f"Line {line} of the CSV file is not CSV: {error}. {_AGAIN}") from error
    return rows


def read_table(data: bytes, mapping: CsvMapping) -> Table:
    """The table of a file as its mapping shapes it. Raises what `decoded` and `all_rows` raise, and MissingPart."""
    text = decoded(data, mapping.encoding)
    rows = all_rows(text, mapping.delimiter)
    before = [row for row in rows if row.number <= mapping.header_row]
    header = before[-1] if before else None
    if mapping.header_row and (header is None or header.number != mapping.header_row):
        raise MappingDoesNotFit(
            f"The mapping has the headings in line {mapping.header_row}; that line is blank. Confirm a new mapping."
        )
    behind = rows[len(before) :]
    if not behind:
        raise MissingPart("The CSV file has no lines behind its headings. Choose a period in which money moved.")
    headings = headings_of(header.cells if header else (), max(len(row.cells) for row in behind))
    return Table(headings, tuple(_whole(row, headings, text, is_last=row is behind[-1]) for row in behind))


def headings_of(cells: Sequence[str], columns: int) -> tuple[str, ...]:
    """Headings that differ: a blank one is called by its place, a second one by its number.

    >>> headings_of(["Date", "", "Date"], 3)
    ('Date', 'Column 2', 'Date (2)')
    """
    named = [cell or f"Column {place}" for place, cell in enumerate(cells, start=1)]
    if not named:
        named = [f"Column {place}" for place in range(1, columns + 1)]
    seen: Counter[str] = Counter()
    headings = []
    for name in named:
        seen[name] += 1
        headings.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(headings)


def _whole(row: Row, headings: tuple[str, ...], text: str, *, is_last: bool) -> Row:
    """A row with as many cells as there are headings; delimiters at its end are no cells."""
    missing = len(headings) - len(row.cells)
    if missing > 0 and is_last and not text.endswith(("\n", "\r")):
        raise CutOff(f"The CSV file ends in the middle of line {row.number}: {missing} columns are missing. {_AGAIN}")
    if missing > 0 or any(row.cells[len(headings) :]):
        raise MappingDoesNotFit(
            f"Line {row.number} of the CSV file has {len(row.cells)} columns and its headings {len(headings)}. "
            "Ask the bank for a file whose texts are quoted, or confirm a new mapping."
        )
    return Row(row.number, row.cells[: len(headings)])
