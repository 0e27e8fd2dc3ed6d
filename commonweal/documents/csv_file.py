"""Figures as a CSV file in which a spreadsheet finds nothing to run: text is made harmless, numbers stay numbers."""

import csv
import io
from collections.abc import Iterable, Sequence

from ledger.exports import Cell, csv_cell


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file with its head, lines ended by CR LF (RFC 4180). Dates are ISO 8601, amounts plain: `-676.65`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
