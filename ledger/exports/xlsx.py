"""The journal as a workbook, written row by row so that its length does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ledger.domain.money import minor_digits
from ledger.exports.tables import (
    ACCOUNT_COLUMNS,
    JOURNAL_COLUMNS,
    Cell,
    account_rows,
    harmless,
    journal_rows,
)
from ledger.exports.values import Journal

ROWS_PER_SHEET = 1_000_000
"""A sheet holds 1,048,576 rows at most; a longer journal goes on on the next."""

WIDTHS = {"narrative": 40, "account_name": 40, "chart": 50, "source": 20, "posted_by": 20, "recorded_at": 34}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class _Formats:
    """The formats of a workbook; amounts show the decimals of their currency."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.head: Format = workbook.add_format({"bold": True, "bottom": 1})
        self.day: Format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._amounts: dict[int, Format] = {}

    def amount(self, decimals: int) -> Format:
        if decimals not in self._amounts:
            places = f".{'0' * decimals}" if decimals else ""
            self._amounts[decimals] = self._workbook.add_format({"num_format": f"#,##0{places}"})
        return self._amounts[decimals]


def write_xlsx(journal: Journal, file: BinaryIO) -> None:
    """Write the workbook: the journal, a row for each posting; the accounts; and what it is.

    The same journal gives the same bytes: the workbook is dated by the journal, not by the clock.
    """
    workbook = Workbook(file, OPTIONS)
    try:
        made_on = journal.to_on or journal.opened_on
        workbook.set_properties({"title": journal.name, "created": datetime.combine(made_on, time(), UTC)})
        formats = _Formats(workbook)
        _write_journal(workbook, formats, journal)
        _write_sheet(workbook, formats, "Accounts", ACCOUNT_COLUMNS, account_rows(journal))
        _write_sheet(workbook, formats, "About", ("what", "value"), journal.about)
    finally:
        workbook.close()


def write_table(
    file: BinaryIO, *, title: str, made_on: date, columns: Sequence[str], rows: Iterable[Sequence[Cell]], head: str = ""
) -> None:
    """Write a workbook of one sheet; `head` stands above the columns. The same rows give the same bytes.

    Amounts show the decimals of the currency in the column `currency` of their row.
    """
    workbook = Workbook(file, OPTIONS)
    try:
        workbook.set_properties({"title": title, "created": datetime.combine(made_on, time(), UTC)})
        _write_sheet(workbook, _Formats(workbook), title[:31], columns, rows, head)
    finally:
        workbook.close()


def _write_journal(workbook: Workbook, formats: _Formats, journal: Journal) -> None:
    rows = iter(journal_rows(journal))
    number, first = 1, next(rows, None)
    while first is not None or number == 1:
        title = "Journal" if number == 1 else f"Journal {number}"
        piece = _behind(first, islice(rows, ROWS_PER_SHEET - 1))
        _write_sheet(workbook, formats, title, JOURNAL_COLUMNS, piece)
        number, first = number + 1, next(rows, None)


def _behind(first: tuple[Cell, ...] | None, rest: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    if first is not None:
        yield first
    yield from rest


def _write_sheet(
    workbook: Workbook,
    formats: _Formats,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    head: str = "",
) -> None:
    sheet = workbook.add_worksheet(title)
    top = 1 if head else 0
    if head:
        sheet.write_string(0, 0, head)
    sheet.freeze_panes(top + 1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column, 14))
        sheet.write_string(top, place, column, formats.head)
    currency_at = columns.index("currency") if "currency" in columns else None
    for number, row in enumerate(rows, start=top + 1):
        decimals = minor_digits(str(row[currency_at])) if currency_at is not None else 2
        for place, cell in enumerate(row):
            _write_cell(sheet, formats, number, place, cell, decimals)


def _write_cell(sheet: Worksheet, formats: _Formats, row: int, place: int, cell: Cell, decimals: int) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, place, harmless(cell))
    elif isinstance(cell, Decimal):
        sheet.write_number(row, place, cell, formats.amount(decimals))
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell)
    else:
        sheet.write_datetime(row, place, cell, formats.day)
