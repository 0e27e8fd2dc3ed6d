"""Investors move in at the desk: the templates, a try with all that would fail, and the same list brought in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.demo.story import AMINA, PRIYA
from commonweal.desk.investor_templates import GUIDE
from investors.domain import brought_investors, moved_in_rows
from investors.models import Investor
from ledger.queries import details_waiting
from tests.demo import Demo
from tests.pages import csv_rows, look, send

EXAMPLE = Path(__file__).parents[3] / "docs" / "moving-in-investors"
HERE = "/desk/harbour-hills/investors/moving-in/"


def files(totals: str = "") -> dict[str, SimpleUploadedFile]:
    rows = (EXAMPLE / "investors.csv").read_text().replace("NRB,", "NOR,").replace("OAK,", "OKF,")
    counted = totals or (EXAMPLE / "totals.csv").read_text()
    return {
        "investors": SimpleUploadedFile("investors.csv", rows.encode()),
        "totals": SimpleUploadedFile("totals.csv", counted.encode()),
    }


def test_a_list_is_tried_and_brought_in_as_it_was_shown(demo: Demo) -> None:
    assert HERE in look(demo.client(AMINA), "/desk/harbour-hills/investors/").links()
    short = (EXAMPLE / "totals.csv").read_text().replace("contacts,2", "contacts,3")
    page = send(demo.client(AMINA), HERE, **files(short))
    assert page.rows("What would fail") == [
        "Control totals |  | “contacts” says 3, and the rows make 2, a difference of 1. Find the row that is "
        "missing or too many, or correct the total."
    ]
    assert "Contacts | 3 | 2 | No" in page.rows("Control totals")
    assert "Correct what would fail first" in page.text
    page = send(demo.client(AMINA), HERE, **files())
    assert page.rows("Investors")[1] == (
        "Oak Foundation OKF, foundation, row 3 | Is registered, Bea Oduya becomes its contact, its tax is said"
    )
    assert not Investor.objects.filter(code="OKF").exists()
    tokens = {one.get("name"): one.get("value") for one in page.tree.xpath("//main//input[@type='hidden']")}
    page = send(demo.client(AMINA), f"{HERE}try/", investors=tokens["investors"], totals=tokens["totals"])
    assert page.notices() == ["2 investors are brought in. 1 bank account waits for a call back."]
    assert "Oak Foundation" in page.text
    assert details_waiting(demo.book).filter(subject="investor:NOR").exists()
    page = send(demo.client(AMINA), HERE, **files())
    assert "All that the list says stands here already." in page.text


def test_a_list_that_cannot_be_read_is_refused_at_once(demo: Demo) -> None:
    page = send(demo.client(AMINA), HERE, investors=SimpleUploadedFile("investors.csv", b"code,title\nA,B\n"))
    assert "missing: “name”, “kind”; not known: “title”" in page.problems()[0]
    assert not look(demo.client(PRIYA), HERE).tree.xpath("//main//input[@type='file']")


def test_every_sheet_has_a_template_whose_columns_are_those_that_are_read(demo: Demo) -> None:
    known = {**brought_investors.COLUMNS, **moved_in_rows.COLUMNS}
    for part, guide in GUIDE.items():
        of = known[part]
        assert [column for column, _, _ in guide] == [*of.required, *of.optional]
    headings, example = csv_rows(demo.client(AMINA), HERE, template="investors")
    assert headings[:3] == ["code", "name", "kind"]
    assert example[0] == "EXAMPLE"
    answer = demo.client(AMINA).get(HERE, {"template": "all"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Investors", "Holdings", "History", "Control totals", "What the columns are"]
    assert [cell.value for cell in book["Holdings"][1]][:2] == ["class", "investor"]
    explained = {(row[0], row[1]) for row in book["What the columns are"].values}
    assert ("Holdings", "called due") in explained
    named = {"investors": SimpleUploadedFile("all.xlsx", answer.content)}
    page = send(demo.client(AMINA), HERE, **named)
    assert any("template’s line of example" in row for row in page.rows("What would fail"))
