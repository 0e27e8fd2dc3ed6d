"""A table of the pack, as CSV and as a workbook; what is not closed says so above the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.auditors_pack.zip_file import PackFile
from ledger.exports import Cell, csv_cell, write_table

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; `rows` is called for each file that is made of it."""

    stem: str
    columns: Sequence[str]
    rows: Callable[[], Iterable[Row]]
    as_workbook: bool = True


def add_table(pack: PackFile, about: PackAbout, table: Table) -> None:
    """The table as CSV, and as XLSX unless it is too long for one."""
    with pack.written(about.named(table.stem, "csv")) as out:
        for line in csv_lines(about, table.columns, table.rows()):
            out.write(line.encode())
    if table.as_workbook:
        pack.add_made_aside(
            about.named(table.stem, "xlsx"),
            lambda file: write_table(
                file,
                title=table.stem,
                made_on=about.last_day,
                columns=table.columns,
                rows=table.rows(),
                head=about.state,
            ),
        )


def csv_lines(about: PackAbout, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file, ended by CR LF (RFC 4180); dates are ISO 8601, amounts plain: `-676.65`."""
    out = io.StringIO()
    writer = csv.writer(out)
    if about.state:
        writer.writerow([about.state])
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()
