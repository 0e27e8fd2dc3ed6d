"""A book of loans as another system would give it, of any size: sheets as CSV files, with totals that tie."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from openpyxl import Workbook

from loans.domain.moving_in.findings import Part
from loans.domain.moving_in.loan_row import LOANS
from loans.domain.moving_in.other_rows import HISTORY, TRIAL_BALANCE
from loans.domain.moving_in.totals import NAMES, TOTALS
from loans.services import BroughtFile

CUT_OVER_ON = date(2026, 11, 1)
HEADINGS = (*LOANS.required, *LOANS.optional)

Row = dict[str, str]


def loan_row(number: int) -> Row:
    """One of many ordinary loans: every tenth is overdue, every fifteenth paid ahead, every twentieth owes a fee."""
    late, ahead, fee = number % 10 == 0, number % 15 == 7, number % 20 == 0
    kind = ("annuity", "annuity", "equal principal", "bullet")[number % 4]
    return {
        "reference": f"OLD-{number:05d}",
        "business": f"Community business {number % 1500}",
        "legal form": "company-by-guarantee",
        "company number": f"{20_000_000 + number % 1500}",
        "place": "Netherby",
        "region": "North East",
        "product": "community-loan",
        "purpose": "Moved in",
        "original amount": "40000.00",
        "agreed on": "2024-03-04",
        "drawn on": "2024-04-01",
        "rate": "6.5",
        "instalments left": str(12 + number % 48),
        "next due on": f"2026-11-{1 + number % 28:02d}",
        "every": "monthly",
        "amortisation": kind,
        "principal not due": f"{10_000 + number % 900}.{number % 100:02d}",
        "overdue principal": "410.25" if late else "",
        "overdue interest": "57.10" if late else "",
        "oldest due on": "2026-10-01" if late else "",
        "accrued interest": "21.37",
        "fees due": "25.00" if fee else "",
        "in advance": "100.00" if ahead else "",
    }


def totals_of(rows: list[Row]) -> dict[str, Decimal]:
    """The control totals, added up column by column as the other system would."""

    def total(*columns: str) -> Decimal:
        return sum((Decimal(row[column] or 0) for row in rows for column in columns), Decimal(0))

    return {
        "loans": Decimal(len(rows)),
        "overdue loans": Decimal(sum(1 for row in rows if row["oldest due on"])),
        "principal": total("principal not due", "overdue principal"),
        "overdue principal": total("overdue principal"),
        "interest due": total("overdue interest"),
        "accrued interest": total("accrued interest"),
        "fees due": total("fees due"),
        "in advance": total("in advance"),
    }


def sheets(rows: list[Row], *, totals: Mapping[str, Decimal] | None = None) -> dict[str, BroughtFile]:
    """The files of a book of loans; the rest of its opening trial balance is accumulated surplus."""
    made = dict(totals_of(rows) if totals is None else totals)
    lines = {
        "1310": made["principal"],
        "1320": made["interest due"],
        "1330": made["fees due"],
        "2110": -made["in advance"],
    }
    lines["3010"] = -sum(lines.values())
    balance = [(code, max(at, Decimal(0)), max(-at, Decimal(0))) for code, at in lines.items()]
    history = [(row["reference"], "2024-04-01", "Drawn", row["original amount"]) for row in rows[:50]]
    return {
        **loans_file(rows),
        Part.TRIAL_BALANCE: csv_file("trial-balance", TRIAL_BALANCE.required, balance),
        Part.TOTALS: csv_file("totals", TOTALS.required, [(name, made[name]) for name in NAMES]),
        Part.HISTORY: csv_file("history", (*HISTORY.required, *HISTORY.optional), history),
    }


def workbook(rows: list[Row]) -> bytes:
    """The same sheets as one XLSX file, numbers as numbers and dates as dates."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for part, file in sheets(rows).items():
        sheet = made.create_sheet(str(part))
        for line in csv.reader(io.StringIO(file.content.decode())):
            sheet.append([_cell(text) for text in line])
    made.save(out := io.BytesIO())
    return out.getvalue()


def _cell(text: str) -> str | date | float:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d\d?", text) else text


def loans_file(rows: list[Row]) -> dict[str, BroughtFile]:
    """The sheet of loans alone."""
    return {Part.LOANS: csv_file("loans", HEADINGS, ([row.get(name, "") for name in HEADINGS] for row in rows))}


def csv_file(name: str, headings: tuple[str, ...], rows: object) -> BroughtFile:
    """A CSV file as a spreadsheet program saves it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows(rows)  # type: ignore[arg-type]
    return BroughtFile(f"{name}.csv", out.getvalue().encode())


def many(count: int) -> list[Row]:
    """So many rows."""
    return [loan_row(number) for number in range(1, count + 1)]


def spoilt(rows: list[Row]) -> Iterator[tuple[int, str]]:
    """Make ten of many rows wrong, each in its own way; says the row in the file and the column that is wrong."""
    wrongs: tuple[tuple[str, str], ...] = (
        ("rate", "0.065"),
        ("next due on", "2026-10-15"),
        ("product", "no-such-loan"),
        ("company number", ""),
        ("principal not due", "-5.00"),
        ("instalments left", "0"),
        ("oldest due on", "2027-01-01"),
        ("every", "now and then"),
        ("reference", rows[0]["reference"]),
        ("original amount", "=40000"),
    )
    for place, (column, value) in enumerate(wrongs, start=1):
        number = place * len(rows) // 11
        rows[number][column] = value
        yield number + 2, column
