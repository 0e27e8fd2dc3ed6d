"""Rows of CSV and XLSX files: exact values with addresses, no formulas, and one way to read both."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledger.domain import file_errors as refused
from ledger.files import BadCell, Value, read_date, read_number, read_spreadsheet, read_text, sheet_names
from ledger.files.rows import MAX_CELL, Bounds
from ledger.files.workbook import MAX_WRITTEN, SharedTexts
from tests.ledger.odd_files import docx, sheet_of, with_part, xlsx

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


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"=," * 201, id="one row"),
        pytest.param(b'=,"\n",' * 100_000, id="one row of many lines"),
        pytest.param(b"=," * 200_000, id="more than is parted"),
    ],
)
def test_a_row_of_too_many_cells_is_refused_before_its_cells_are_made(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(Bounds, "text", lambda *_: pytest.fail("a cell was made"))
    with pytest.raises(refused.TooManyRows, match="goes on beyond column GR in row 1"):
        list(read_spreadsheet("loans.csv", content, tell_bad_cells=True))


def test_a_row_with_far_more_separators_than_columns_is_not_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    parted: list[str] = []
    monkeypatch.setattr("csv.reader", lambda lines, **_: (parted.append(line) for line in lines))
    with pytest.raises(refused.TooManyRows, match="goes on beyond column GR in row 1"):
        list(read_spreadsheet("loans.csv", b"," * 100_001))
    assert parted == []


def test_empty_columns_and_commas_within_texts_are_no_cells_too_many() -> None:
    (row,) = read_spreadsheet("loans.csv", b'a,"' + b"one, " * 5_000 + b'"' + b"," * 16_384)
    assert (row.values[0], len(row.values)) == ("a", 2)


def test_of_a_shared_text_no_more_is_kept_than_shows_that_it_is_too_long() -> None:
    texts = SharedTexts()
    for text in ("Netherby ", "Shop"), ("a" * 1_000,) * 1_000:
        texts.opens("si", {})
        for run in text:
            texts.opens("t", {})
            texts.data(run)
            texts.closes("t")
        texts.closes("si")
    assert (texts.found[0], MAX_CELL < len(texts.found[1]) <= MAX_WRITTEN + 1_000) == ("Netherby Shop", True)


def only_cell(cell: str, *, texts: tuple[str, ...] = (), from_1904: bool = False) -> Value:
    (row,) = read_spreadsheet("loans.xlsx", sheet_of(cell, texts=texts, from_1904=from_1904), tell_bad_cells=True)
    return row.value(0)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("<c><v>1E30</v></c>", "'1E30', which is no number to take"),
        ("<c><v>1E27</v></c>", "'1E27', which is no number to take"),
        ('<c t="s"><v>-5</v></c>', "the text number '-5', which is not there"),
        ('<c t="s"><v>1</v></c>', "the text number '1', which is not there"),
        ('<c t="s"><v>one</v></c>', "the text number 'one', which is not there"),
        ('<c s="1"><v>2958465</v></c>', "a time, or a day with a time"),
        ('<c t="str"><v>_xD800_a</v></c>', "the control sign U\\+D800"),
    ],
)
def test_what_no_cell_can_mean_is_a_bad_cell(cell: str, what: str) -> None:
    value = only_cell(cell, texts=("Netherby",), from_1904=True)
    assert isinstance(value, BadCell)
    with pytest.raises(refused.UnreadableCell, match=rf"Cell A1 of sheet 'Loans' in loans.xlsx holds .*{what}"):
        raise value.refusal


def test_a_text_of_as_many_signs_as_a_cell_holds_is_whole_however_it_is_written() -> None:
    lines = "_x000D_" * 20_000
    assert only_cell(f'<c t="str"><v>a{lines}</v></c>') == "a" + "\r" * 20_000
    assert only_cell('<c t="s"><v>0</v></c>', texts=(f"a{lines}",)) == "a" + "\r" * 20_000


CELL_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.text("0123456789.-+eE_xXnaNif:TZ=", max_size=45),
    st.integers().map(str),
    st.decimals().map(str),
    st.dates().map(str),
)


@given(
    kind=st.sampled_from(["", "n", "s", "str", "inlineStr", "b", "e", "d", "other"]),
    tag=st.sampled_from(["v", "t", "f"]),
    style=st.one_of(st.integers(-1, 3).map(str), CELL_TEXTS),
    text=CELL_TEXTS,
    from_1904=st.booleans(),
)
def test_whatever_a_cell_says_only_refusals_are_raised(
    kind: str, tag: str, style: str, text: str, from_1904: bool
) -> None:
    cell = f"<c t={quoteattr(kind)} s={quoteattr(style)}><{tag}>{escape(text)}</{tag}></c>"
    try:
        rows = list(read_spreadsheet("a.xlsx", sheet_of(cell, texts=("b",), from_1904=from_1904), tell_bad_cells=True))
    except refused.FileRefused:
        return
    for value in (value for row in rows for value in row.values):
        str(value).encode()
