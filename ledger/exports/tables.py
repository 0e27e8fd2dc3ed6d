"""The journal for spreadsheets: a row for each posting. Text is made harmless, amounts stay numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ledger.exports.values import Journal

Cell = str | int | Decimal | date | None

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")

JOURNAL_COLUMNS = (
    "book",
    "entry",
    "effective_on",
    "kind",
    "narrative",
    "source",
    "reverses",
    "approval",
    "posted_by",
    "recorded_at",
    "line",
    "account",
    "account_name",
    "account_kind",
    "currency",
    "debit",
    "credit",
    "amount",
)
"""`amount` is signed, debits positive; `debit` and `credit` hold the same on one side or the other."""

ACCOUNT_COLUMNS = ("account", "account_name", "account_kind", "currency", "chart", "opened_on", "closed_on")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before one that begins like it.

    The rule of OWASP's page "CSV injection" (ASVS 5.0, 1.2.10), for blanks before the sign as well.

    >>> harmless("=2+5"), harmless(" @SUM(A1)"), harmless("Bakery")
    ("'=2+5", "' @SUM(A1)", 'Bakery')
    """
    return f"'{text}" if text[:1] in FORMULA_SIGNS or text.lstrip()[:1] in FORMULA_SIGNS else text


def journal_rows(journal: Journal) -> Iterator[tuple[Cell, ...]]:
    """A row for each posting, in the order of JOURNAL_COLUMNS."""
    for entry in journal.entries:
        head: tuple[Cell, ...] = (
            journal.code,
            entry.reference,
            entry.effective_on,
            entry.kind,
            entry.narrative,
            entry.source,
            f"E-{entry.reverses}" if entry.reverses else "",
            f"A-{entry.approval}" if entry.approval else "",
            entry.posted_by,
            entry.recorded_at.isoformat() if entry.recorded_at else "",
        )
        for line, posting in enumerate(entry.postings, start=1):
            account, amount = posting.account, posting.amount
            yield (
                *head,
                line,
                account.code,
                account.name,
                account.kind.value,
                account.currency,
                amount if amount > 0 else None,
                -amount if amount < 0 else None,
                amount,
            )


def account_rows(journal: Journal) -> Iterator[tuple[Cell, ...]]:
    """A row for each account, in the order of ACCOUNT_COLUMNS."""
    for account in journal.accounts:
        chart = " > ".join(f"{code} {name}" for code, name in account.lines_of_chart)
        yield (
            account.code,
            account.name,
            account.kind.value,
            account.currency,
            chart,
            account.opened_on,
            account.closed_on,
        )


def csv_lines(journal: Journal) -> Iterator[str]:
    """The lines of a CSV file in UTF-8, with a head, ended by CR LF (RFC 4180); dates are ISO 8601, amounts plain."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(JOURNAL_COLUMNS)
    for row in journal_rows(journal):
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([csv_cell(cell) for cell in row])
    yield buffer.getvalue()


def csv_cell(cell: Cell) -> str:
    """A cell as it stands in a CSV file: text harmless, dates ISO 8601, amounts plain, nothing empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
