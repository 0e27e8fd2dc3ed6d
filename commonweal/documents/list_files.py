"""Every list as a file: the rows of a table as CSV or XLSX, with text made harmless and numbers left as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import BinaryIO, TypeVar

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.documents.csv_file import csv_text
from ledger.exports import csv_cell

Response = TypeVar("Response", bound=HttpResponseBase)

Value = str | int | Decimal | date | Money | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it is downloaded: a file name without its ending, headings and rows.

    Rows that come one after the other, however many, are written as they come.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(request: PersonRequest, sheet: Sheet) -> HttpResponse | None:
    """The file that `?download=csv` or `?download=xlsx` asks for, or None where a page was asked for."""
    match request.GET.get("download"):
        case "csv":
            return _named(HttpResponse(as_csv(sheet), content_type=CSV_TYPE), f"{sheet.name}.csv")
        case "xlsx":
            return _named(HttpResponse(as_xlsx(sheet), content_type=XLSX_TYPE), f"{sheet.name}.xlsx")
        case _:
            return None


def download_workbook(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """Several sheets as one XLSX file under a name without its ending."""
    return _named(HttpResponse(as_workbook(sheets), content_type=XLSX_TYPE), f"{name}.xlsx")


def download_long(request: PersonRequest, sheet: Sheet) -> HttpResponseBase | None:
    """The same for a list of any length: its rows are written as they come, and never all in memory."""
    match request.GET.get("download"):
        case "csv":
            return _named(StreamingHttpResponse(_csv_lines(sheet), content_type=CSV_TYPE), f"{sheet.name}.csv")
        case "xlsx":
            return _named(FileResponse(_long_xlsx(sheet), content_type=XLSX_TYPE), f"{sheet.name}.xlsx")
        case _:
            return None


def _named(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def as_csv(sheet: Sheet) -> bytes:
    """The sheet as CSV in UTF-8."""
    return csv_text(sheet.headings, [[_plain(value) for value in row] for row in sheet.rows]).encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """The sheet as XLSX: dates are dates, numbers numbers, and no text is ever taken for a formula."""
    return as_workbook([sheet])


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Several sheets as one XLSX, each under its own name."""
    out = io.BytesIO()
    _write_xlsx(sheets, out, {"in_memory": True})
    return out.getvalue()


def _csv_lines(sheet: Sheet) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(sheet.headings)
    for row in sheet.rows:
        yield _taken(out)
        writer.writerow([csv_cell(_plain(value)) for value in row])
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    """What has been written since the last time."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _long_xlsx(sheet: Sheet) -> BinaryIO:
    """A workbook in a file that goes when it is closed; one row at a time is in memory."""
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    _write_xlsx([sheet], file, {"constant_memory": True})
    file.seek(0)
    return file


def _write_xlsx(sheets: Sequence[Sheet], out: BinaryIO, options: dict[str, bool]) -> None:
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain | options) as workbook:
        bold, days, amounts = (
            workbook.add_format(style)
            for style in ({"bold": True}, {"num_format": "d mmm yyyy"}, {"num_format": "#,##0.00;-#,##0.00"})
        )
        for sheet in sheets:
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
            if "in_memory" in options:
                worksheet.autofit()


def _plain(value: Value) -> str | int | Decimal | date | None:
    return value.amount if isinstance(value, Money) else value
