"""Our books for programs that we did not write: hledger, beancount, CSV and XLSX, from one reading of the journal."""

from ledger.exports.beancount import beancount_lines
from ledger.exports.hledger import hledger_lines
from ledger.exports.movements import MOVEMENT_COLUMNS, movement_rows
from ledger.exports.reading import read_journal
from ledger.exports.tables import Cell, csv_cell, csv_lines, harmless
from ledger.exports.values import ExportedAccount, ExportedEntry, ExportedPosting, Journal
from ledger.exports.xlsx import write_table, write_xlsx

TEXT_FORMATS = {"hledger": hledger_lines, "beancount": beancount_lines, "csv": csv_lines}
"""The formats that are written line by line; XLSX needs a file (`write_xlsx`)."""

__all__ = [
    "MOVEMENT_COLUMNS",
    "TEXT_FORMATS",
    "Cell",
    "ExportedAccount",
    "ExportedEntry",
    "ExportedPosting",
    "Journal",
    "beancount_lines",
    "csv_cell",
    "csv_lines",
    "harmless",
    "hledger_lines",
    "movement_rows",
    "read_journal",
    "write_table",
    "write_xlsx",
]
