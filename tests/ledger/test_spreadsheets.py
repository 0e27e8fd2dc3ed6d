"""Rows of CSV and XLSX files: exact values with addresses, no formulas, and one way to read both."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledger.domain import file_errors as refused
from ledger.files import BadCell, read_date, read_number, read_spreadsheet, read_text, sheet_names
from tests.ledger.odd_files import docx, with_part, xlsx

CSV = "\ufeffReference;Outstanding;Next due\r\n\r\nHH-0108;-33,412.07;01/12/2026\r\n+44 1632 960108;;-\r\n".encode()


def some_rows(sheet: Worksheet) -> None:
    sheet.append(["Reference", None, " "])
    sheet.append([])
    sheet.append(["0108", 0.1 + 0.2, date(2026, 12, 1), 46357, True, 12, "_x0041_"])
    sheet["D3"].number_format = "[$-809]d mmmm"
    sheet["B3"].number_format = '#,##0.00 "days"'


def test_a_workbook_gives_exact_values_under_their_addresses() -> None:
    head, row = read_spreadsheet("loans.xlsx", xlsx(some_rows))
    assert (head.number, head.values) == (1, ("Reference",))
    assert row.values == ("0108", Decimal("0.3"), date(2026, 12, 1), date(2026, 12, 1), True, Decimal(12), "A")
    assert (row.address(1), row.value(1), row.value(90)) == ("B3", Decimal("0.3"), None)


def test_texts_that_cells_share_and_days_of_another_program() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"date_1904": True}) as workbook:
        sheet, day = workbook.add_worksheet("Loans"), workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_rich_string("A1", "Netherby ", workbook.add_format({"bold": True}), "Shop")
        sheet.write_string("B1", "Netherby")
        sheet.write_datetime("C1", date(2026, 12, 1), day)
    (row,) = read_spreadsheet("loans.xlsx", file.getvalue())
    assert row.values == ("Netherby Shop", "Netherby", date(2026, 12, 1))


def test_csv_gives_text_that_is_read_like_a_workbook() -> None:
    _, row, phone = read_spreadsheet("loans.csv", CSV)
    assert (row.number, read_text(row.value(0))) == (3, "HH-0108")
    assert (read_number(row.value(1)), read_date(row.value(2))) == (Decimal("-33412.07"), date(2026, 12, 1))
    assert phone.values == ("+44 1632 960108", None, "-")


@pytest.mark.parametrize("text", ["=1+1", " =cmd|' /C calc'!A0", "@SUM(A1)", "+A1", "-A1*2", "\t=1"])
def test_a_formula_in_a_text_cell_is_refused_with_its_address(text: str) -> None:
    with pytest.raises(refused.FormulaInCell, match=r"Cell B1 of loans.csv holds a formula"):
        list(read_spreadsheet("loans.csv", f'a,"{text}"\n'.encode()))


def test_all_bad_cells_can_be_told_at_once() -> None:
    def write(sheet: Worksheet) -> None:
        sheet.append(["=A2", "#REF!", 46357.5, "fine"])
        sheet["C1"].number_format = "yyyy-mm-dd hh:mm"
        sheet["B1"].data_type = "e"
        sheet["E1"] = "=cmd"
        sheet["E1"].data_type = "s"

    (row,) = read_spreadsheet("loans.xlsx", xlsx(write), tell_bad_cells=True)
    said = [str(value).partition(" holds ")[::2] for value in row.values if isinstance(value, BadCell)]
    assert [where for where, _ in said] == [
        f"Cell {cell} of sheet 'Loans' in loans.xlsx" for cell in ("A1", "B1", "C1", "E1")
    ]
    assert [what.partition(".")[0] for _, what in said] == [
        "a formula (=A2)",
        "the error #REF!",
        "a time, or a day with a time",
        "a formula (=cmd)",
    ]


def test_bounds_and_sheets() -> None:
    two = io.BytesIO()
    workbook = load_workbook(io.BytesIO(xlsx()))
    workbook.create_sheet("Notes")
    workbook.save(two)
    assert sheet_names("loans.xlsx", two.getvalue()) == ("Loans", "Notes")
    assert len(list(read_spreadsheet("loans.xlsx", two.getvalue(), sheet="Loans"))) == 2
    for sheet in ("", "Loan"):
        with pytest.raises(refused.NoSuchSheet, match="'Loans', 'Notes'"):
            read_spreadsheet("loans.xlsx", two.getvalue(), sheet=sheet)
    for bounds in ({"max_rows": 1}, {"max_columns": 2}):
        with pytest.raises(refused.TooManyRows, match=r"beyond (row 1|column B)"):
            list(read_spreadsheet("loans.xlsx", xlsx(), **bounds))


@pytest.mark.parametrize(
    ("refusal", "name", "content"),
    [
        (refused.UnknownFileType, "letter.docx", docx()),
        (refused.NotWhatItsName, "loans.xlsx", CSV),
        (refused.DamagedFile, "loans.csv", b'a,"b'),
        (refused.DamagedFile, "loans.xlsx", with_part(xlsx(), "xl/worksheets/sheet1.xml", "<worksheet><row r='2'/>")),
        (refused.DamagedFile, "loans.xlsx", with_part(xlsx(), "xl/styles.xml", "<!DOCTYPE a><sst/>")),
    ],
)
def test_what_is_no_spreadsheet_is_refused(refusal: type[Exception], name: str, content: bytes) -> None:
    with pytest.raises(refusal, match="Nothing was kept"):
        list(read_spreadsheet(name, content))
