"""The books in a spreadsheet: amounts are numbers, and no text is a formula."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from beancount import loader

from ledger import queries
from ledger.exports import beancount_lines, csv_lines, harmless, read_journal, write_xlsx, xlsx
from ledger.exports.tables import JOURNAL_COLUMNS
from tests.ledger.fund_story import NARRATIVES, live_fund_story
from tests.ledger.small_journal import small_journal

LAST = date(2026, 2, 28)


def csv_rows(lines: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(lines), newline="")))


@pytest.mark.django_db
@pytest.mark.parametrize(("from_on", "to_on"), [(None, None), (date(2025, 7, 5), None), (None, date(2025, 9, 30))])
def test_csv_and_xlsx_come_to_our_trial_balance(from_on: date | None, to_on: date | None) -> None:
    book = live_fund_story().book
    rows = queries.trial_balance(book, to_on or LAST)
    expected = {(row.code, row.currency): row.balance.amount for row in rows if row.minor}
    from_csv: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in csv_rows(csv_lines(read_journal(book, from_on=from_on, to_on=to_on))):
        assert Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0) == Decimal(row["amount"])
        from_csv[row["account"], row["currency"]] += Decimal(row["amount"])
    assert {key: amount for key, amount in from_csv.items() if amount} == expected

    file = io.BytesIO()
    write_xlsx(read_journal(book, from_on=from_on, to_on=to_on), file)
    from_xlsx: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for cells in openpyxl.load_workbook(file, read_only=True)["Journal"].iter_rows(min_row=2, values_only=True):
        row = dict(zip(JOURNAL_COLUMNS, cells, strict=True))
        from_xlsx[row["account"], row["currency"]] += Decimal(str(row["amount"]))
    assert {key: amount for key, amount in from_xlsx.items() if amount} == expected


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x"])
def test_text_that_begins_like_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Bakery", "1-2", "E-1", "a=b", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.django_db
def test_in_csv_no_text_is_a_formula_and_every_amount_a_number() -> None:
    rows = csv_rows(csv_lines(read_journal(live_fund_story().book)))
    amounts = {"debit", "credit", "amount", "line"}
    assert {row["narrative"] for row in rows} > {harmless(text) for text in NARRATIVES}
    assert any(row["amount"].startswith("-") for row in rows)
    for row in rows:
        assert all(
            not cell.lstrip()[:1] or cell.lstrip()[0] not in "=+-@" for key, cell in row.items() if key not in amounts
        )
        assert all(Decimal(row[key] or 0).is_finite() for key in amounts)
    assert {len(row["amount"].partition(".")[2]) for row in rows if row["currency"] == "BHD"} == {3}
    assert {"." in row["amount"] for row in rows if row["currency"] == "JPY"} == {False}


@pytest.mark.django_db
def test_in_xlsx_text_is_text_and_amounts_and_dates_are_what_they_are() -> None:
    book = live_fund_story().book
    file = io.BytesIO()
    write_xlsx(read_journal(book), file)
    workbook = openpyxl.load_workbook(file)
    assert workbook.sheetnames == ["Journal", "Accounts", "About"]
    head, *rows = workbook["Journal"].iter_rows()
    assert tuple(cell.value for cell in head) == JOURNAL_COLUMNS
    at = {column: place for place, column in enumerate(JOURNAL_COLUMNS)}
    for row in rows:
        assert row[at["amount"]].data_type == "n"
        assert isinstance(row[at["effective_on"]].value, datetime)
        assert {cell.data_type for cell in row} <= {"n", "s", "inlineStr", "d"}, "no cell is a formula"
    written = {row[at["narrative"]].value for row in rows}
    assert {harmless(text) for text in NARRATIVES} < written
    assert min(row[at["amount"]].value for row in rows) < 0
    assert {row[at["amount"]].number_format for row in rows} == {"#,##0.00", "#,##0.000", "#,##0"}
    accounts = {cells[1] for cells in workbook["Accounts"].iter_rows(values_only=True)}
    assert "Loan principal, @SUM(A1), -1" in accounts
    assert ("Book", 'Quay "Side"; fund (quay-side)') in list(workbook["About"].iter_rows(values_only=True))


def test_the_same_journal_gives_the_same_workbook_and_a_long_one_goes_on_on_the_next_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        write_xlsx(small_journal(), file)
    assert files[0].getvalue() == files[1].getvalue()
    monkeypatch.setattr(xlsx, "ROWS_PER_SHEET", 3)
    write_xlsx(small_journal(), file := io.BytesIO())
    workbook = openpyxl.load_workbook(file)
    assert workbook.sheetnames == ["Journal", "Journal 2", "Accounts", "About"]
    assert [workbook[name].max_row for name in ("Journal", "Journal 2")] == [4, 2]


def test_an_empty_journal_is_a_file_as_well(tmp_path: Path) -> None:
    empty = replace(small_journal(), entries=())
    with (tmp_path / "empty.xlsx").open("wb") as file:
        write_xlsx(empty, file)
    assert openpyxl.load_workbook(tmp_path / "empty.xlsx")["Journal"].max_row == 1
    assert csv_rows(csv_lines(empty)) == []
    assert loader.load_string("".join(beancount_lines(empty)))[1] == []
