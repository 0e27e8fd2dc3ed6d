"""What stands in a sheet of an XLSX workbook? Read as a stream: of a sheet, no more than a piece is in memory.

Our own reader, some two hundred lines: the workbook has been judged already, every part goes through the one safe way
of reading XML, numbers become exact decimals and never binary fractions, and every refusal names its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from ledger.domain.file_errors import NoSuchSheet
from ledger.files.containers import open_container
from ledger.files.office import main_part, related
from ledger.files.parts import AttributesOf, Tags, feed, read_part
from ledger.files.rows import MAX_CELL, Bounds, Row, Value, column_of

DIGITS_KEPT = 15
"""Spreadsheets reckon in binary fractions and show 15 digits: 0.30000000000000004 is shown, and meant, as 0.3."""
LONGEST_NUMBER = 40
MOST_DIGITS = 27
"""Before the point: a number with more is none that an account or a loan could hold."""
MAX_WRITTEN = 7 * MAX_CELL
"""The most characters in which a cell's text can be written: `_x000D_` stands for one."""
MAX_STRINGS = 1_000_000
DATE_FORMATS = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
TIME_FORMATS = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56})

_NOT_SHOWN_BY_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Workbook:
    """A workbook that `judge_file` has let through."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._container = open_container(name, content)
        main = main_part(name, self._container)
        relations = related(name, self._container, main)
        sheets, settings = AttributesOf("sheet"), AttributesOf("workbookPr")
        read_part(name, self._container, main, sheets)
        read_part(name, self._container, main, settings)
        self._from_1904 = any(each.get("date1904") in ("1", "true") for each in settings.found)
        parts = {each["Id"]: each["Target"] for each in relations}
        self.sheets = {each.get("name", ""): parts.get(each.get("id", ""), "") for each in sheets.found}
        by_type = {each["Type"].rpartition("/")[2]: each["Target"] for each in relations}
        self._strings, self._styles = SharedTexts(), _Styles()
        if "sharedStrings" in by_type:
            read_part(name, self._container, by_type["sharedStrings"], self._strings)
        if "styles" in by_type:
            read_part(name, self._container, by_type["styles"], self._styles)

    def sheet(self, title: str) -> tuple[str, str]:
        """The part and the title of a sheet; of the one there is, where no title is given. Raises NoSuchSheet."""
        there = ", ".join(repr(each) for each in self.sheets)
        if not title and len(self.sheets) != 1:
            raise NoSuchSheet(f"{self._name} has the sheets {there}, and one is expected. Keep one, or name it.")
        title = title or next(iter(self.sheets))
        if title not in self.sheets:
            raise NoSuchSheet(f"{self._name} has no sheet {title!r}; it has {there}. Name one of these.")
        return self.sheets[title], title

    def rows(self, part: str, bounds: Bounds) -> Iterator[Row]:
        """The rows of a sheet that are not empty, with BadCells where a cell cannot be taken."""
        cells = _Cells(bounds, self._strings.found, self._styles.dates, self._day)
        for _ in feed(self._name, self._container, part, cells):
            yield from cells.taken()

    def _day(self, serial: Decimal) -> date:
        """A day from its number in a workbook; 1900 has a 29 February there, as the number 60.

        Raises ValueError, and OverflowError for a day after the year 9999.
        """
        if serial != int(serial) or not 1 <= serial < 2_958_466 or (serial == 60 and not self._from_1904):
            raise ValueError("no whole day of the calendar")
        if self._from_1904:
            return date(1904, 1, 1) + timedelta(days=int(serial))
        return date(1899, 12, 30 if serial > 60 else 31) + timedelta(days=int(serial))


class SharedTexts(Tags):
    """The texts that a workbook's cells share; of one that no cell holds, no more than shows that it is too long."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._runs: list[str] = []
        self._pieces: list[str] | None = None
        self._length, self._silent = 0, 0

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        """A text, or a run of it, begins; what stands in `rPh` tells how it is spoken."""
        if tag == "si":
            if len(self.found) == MAX_STRINGS:
                raise ValueError(f"it shares more than {MAX_STRINGS:,} texts")
            self._runs, self._length = [], 0
        elif tag == "rPh":
            self._silent += 1
        elif tag == "t" and not self._silent:
            self._pieces = []

    def closes(self, tag: str) -> None:
        """A text is whole, or a run of it."""
        if tag == "si":
            self.found.append("".join(self._runs))
        elif tag == "rPh":
            self._silent -= 1
        elif tag == "t" and self._pieces is not None:
            self._runs.append(unescaped("".join(self._pieces)))
            self._pieces = None

    def data(self, text: str) -> None:
        """Keep it, as long as a cell could hold it."""
        if self._pieces is not None and self._length <= MAX_WRITTEN:
            self._pieces.append(text[: MAX_WRITTEN + 1])
            self._length += len(text)


class _Styles(Tags):
    """Which styles of a workbook show a number as a date (True) or as a time (False)."""

    def __init__(self) -> None:
        self.dates: dict[int, bool] = {}
        self._own: dict[int, bool | None] = {}
        self._inside, self._number = False, 0

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self._own[int(attributes.get("numFmtId", 0))] = shows(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            code = int(attributes.get("numFmtId", 0))
            built_in = True if code in DATE_FORMATS else False if code in TIME_FORMATS else None
            shown = self._own.get(code, built_in)
            if shown is not None:
                self.dates[self._number] = shown
            self._number += 1

    def closes(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False


class _Cells(Tags):
    """The rows of a sheet as they come."""

    def __init__(
        self, bounds: Bounds, strings: list[str], dates: dict[int, bool], day: Callable[[Decimal], date]
    ) -> None:
        self._bounds, self._strings, self._dates, self._day = bounds, strings, dates, day
        self._rows: list[Row] = []
        self._row, self._values = 0, list[Value]()
        self._column, self._cell = -1, dict[str, str]()
        self._into: list[str] | None = None
        self._texts: dict[str, list[str]] = {}
        self._length, self._silent = 0, 0

    def taken(self) -> list[Row]:
        """The rows that are whole since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._column = column_of(attributes["r"]) if "r" in attributes else self._column + 1
            self._cell, self._texts, self._length = attributes, {}, 0
        elif tag in ("v", "t", "f") and not self._silent:
            self._into = self._texts.setdefault(tag, [])
        elif tag == "row":
            number = int(attributes.get("r", self._row + 1))
            if number <= self._row:
                raise ValueError(f"row {number} comes after row {self._row}")
            self._row, self._column, self._values = number, -1, []
        elif tag == "rPh":
            self._silent += 1

    def data(self, text: str) -> None:
        if self._into is not None and self._length <= MAX_WRITTEN:
            self._into.append(text)
            self._length += len(text)

    def closes(self, tag: str) -> None:
        if tag in ("v", "t", "f"):
            self._into = None
        elif tag == "c":
            self._take()
        elif tag == "row" and self._values:
            self._rows.append(Row(self._row, tuple(self._values)))
        elif tag == "rPh":
            self._silent -= 1

    def _take(self) -> None:
        value = self._value(self._cell.get("t", "n"), "".join(self._texts.get("v", [])))
        self._cell, self._texts, kept = {}, {}, len(self._values)
        if value is None:
            return
        self._bounds.hold(self._row, self._column)
        if self._column < kept:
            raise ValueError(f"row {self._row} has its cells out of order")
        self._values += [None] * (self._column - kept) + [value]

    def _value(self, kind: str, text: str) -> Value:
        row, column = self._row, self._column
        if "f" in self._texts:
            return self._bounds.formula(row, column, f"={''.join(self._texts['f'])}")
        if kind == "inlineStr":
            return self._bounds.text(row, column, unescaped("".join(self._texts.get("t", []))))
        if not text:
            return None
        if kind == "s":
            return self._shared(text)
        if kind == "str":
            return self._bounds.text(row, column, unescaped(text))
        if kind == "b":
            return text == "1"
        if kind == "e":
            return self._bounds.unreadable(row, column, f"the error {text[:20]}")
        return self._written_day(text) if kind == "d" else self._number(text)

    def _shared(self, text: str) -> Value:
        number = int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else MAX_STRINGS
        if number < len(self._strings):
            return self._bounds.text(self._row, self._column, self._strings[number])
        return self._bounds.unreadable(self._row, self._column, f"the text number {text[:20]!r}, which is not there")

    def _written_day(self, text: str) -> Value:
        try:
            return date.fromisoformat(text.removesuffix("T00:00:00").removesuffix("T00:00:00Z"))
        except ValueError:
            return self._bounds.unreadable(self._row, self._column, f"{text[:40]!r}, which is no day")

    def _number(self, text: str) -> Value:
        number = exact(text)
        if number is None:
            return self._bounds.unreadable(self._row, self._column, f"{text[:40]!r}, which is no number to take")
        shown = self._dates.get(int(self._cell.get("s", 0)))
        if shown is None:
            return number
        try:
            if shown:
                return self._day(number)
        except (ValueError, OverflowError):
            pass
        return self._bounds.unreadable(self._row, self._column, "a time, or a day with a time. Keep the day alone")


def unescaped(text: str) -> str:
    """A text of a workbook with its signs that XML does not write, such as `_x000D_` for a carriage return."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def exact(text: str) -> Decimal | None:
    """The number that a workbook means: rounded to the 15 digits that it keeps; None where it is none.

    >>> exact("0.30000000000000004"), exact("1234.5600000000001"), exact("1E3"), exact("NaN")
    (Decimal('0.3'), Decimal('1234.56'), Decimal('1000'), None)
    """
    try:
        number = Decimal(text) if len(text) <= LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation:
        return None
    if not number.is_finite() or not -DIGITS_KEPT <= number.adjusted() < MOST_DIGITS:
        return Decimal(0) if number.is_finite() and not number else None
    rounded = number.quantize(Decimal(1).scaleb(number.adjusted() - DIGITS_KEPT + 1)) if number else Decimal(0)
    short = rounded.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def shows(code: str) -> bool | None:
    """Whether a number format shows a date (True), a time alone (False) or neither (None).

    >>> shows("yyyy-mm-dd"), shows("[h]:mm"), shows('#,##0.00 "days"'), shows("General")
    (True, False, None, None)
    """
    letters = _NOT_SHOWN_BY_DATE.sub("", code.partition(";")[0]).lower()
    if letters.strip() == "general":
        return None
    if "y" in letters or "d" in letters or ("m" in letters and not re.search("[hs]", letters)):
        return True
    return False if re.search("[hs]", letters) else None
