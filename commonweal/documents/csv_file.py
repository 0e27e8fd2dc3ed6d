"""Figures as a CSV file in which a spreadsheet finds nothing to run: text is made harmless, numbers stay numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before one that starts like it.

    The rule of OWASP's "CSV injection" page, which ASVS 5.0 asks for in 1.2.10.

    >>> harmless('=HYPERLINK("http://x")')[:12], harmless("Bakery")
    ("'=HYPERLINK(", 'Bakery')
    """
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file with its head, lines ended by CR LF (RFC 4180). Dates are ISO 8601, amounts plain: `-676.65`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
