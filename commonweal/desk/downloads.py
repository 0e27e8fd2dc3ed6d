"""Every list as a file: the rows of a table as CSV or XLSX, with text made harmless and numbers left as numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.documents.csv_file import csv_text

Value = str | int | Decimal | date | Money | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it is downloaded: a file name without its ending, headings and rows."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def download(request: PersonRequest, sheet: Sheet) -> HttpResponse | None:
    """The file that `?download=csv` or `?download=xlsx` asks for, or None where a page was asked for."""
    match request.GET.get("download"):
        case "csv":
            content, kind = as_csv(sheet), "text/csv; charset=utf-8"
        case "xlsx":
            content, kind = as_xlsx(sheet), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case _:
            return None
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{request.GET["download"]}"'
    return response


def as_csv(sheet: Sheet) -> bytes:
    """The sheet as CSV in UTF-8."""
    return csv_text(sheet.headings, [[_plain(value) for value in row] for row in sheet.rows]).encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """The sheet as XLSX: dates are dates, numbers numbers, and no text is ever taken for a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        bold, days, amounts = (
            workbook.add_format(style)
            for style in ({"bold": True}, {"num_format": "d mmm yyyy"}, {"num_format": "#,##0.00;-#,##0.00"})
        )
        worksheet = workbook.add_worksheet(sheet.name[:31])
        worksheet.freeze_panes(1, 0)
        worksheet.write_row(0, 0, sheet.headings, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(map(_plain, row)):
                if isinstance(value, date):
                    worksheet.write_datetime(number, column, value, days)
                elif isinstance(value, Decimal):
                    worksheet.write_number(number, column, value, amounts)
                elif isinstance(value, int):
                    worksheet.write_number(number, column, value)
                elif value:
                    worksheet.write_string(number, column, value)
        worksheet.autofit()
    return out.getvalue()


def _plain(value: Value) -> str | int | Decimal | date | None:
    return value.amount if isinstance(value, Money) else value
