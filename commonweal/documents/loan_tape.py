"""The loan tape as a file: a row a loan, under the columns of docs/loan-tape.md."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from commonweal.documents.list_files import Sheet
from investors.loan_tape import COLUMNS, TapeRow, loan_tape
from investors.models import Investor

if TYPE_CHECKING:
    from ledger.models import Book


def tape_sheet(investor: Investor, book: Book, as_of: date, rows: list[TapeRow] | None = None) -> Sheet:
    """The tape of an investor as at a day, for CSV and XLSX."""
    found = loan_tape(investor, book, as_of) if rows is None else rows
    name = f"loan-tape-{book.code}-{investor.code}-{as_of}"
    return Sheet(name, tuple(COLUMNS), [tuple(row.values().values()) for row in found])
