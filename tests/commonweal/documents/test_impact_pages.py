"""The demo's impact statements as they come out, the fund's and Hana's: sections, headings, charts, units, coverage."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.template.loader import render_to_string

from commonweal.documents.impact_as_at import render_as_at, shown_as_at
from commonweal.documents.impact_statement import TEMPLATE
from commonweal.documents.issuing import issuer_of
from commonweal.documents.statements import render_investor_statement
from investors.impact_sections import fund_picture
from investors.statement_figures import build_investor_statement
from ledger.queries import first_seal_covering
from ledger.services import seal_text
from loans.statements import StatementHead, StatementStatus
from tests.demo import Demo

START, END = date(2026, 7, 1), date(2026, 10, 1)
YEAR = "1 October 2025 to 30 September 2026"


def the_fund_s(demo: Demo) -> tuple[str, bytes]:
    """The fund's statement as a page and as a PDF."""
    impact = fund_picture(demo.book, END).impact()
    shown = shown_as_at(demo.book, impact)
    return render_to_string(TEMPLATE, shown), render_as_at(demo.book, impact)


def hana_s(demo: Demo) -> tuple[str, bytes]:
    """The statement of Hana's trust."""
    book = demo.book
    seal = first_seal_covering(book, date(2026, 9, 30))
    assert seal is not None
    head = StatementHead(
        issuer=issuer_of(book),
        number="2026-Q3-TST",
        status=StatementStatus.FINAL,
        period_start=START,
        period_end=END,
        issued_on=book.business_date,
        seal=str(seal_text(seal)),
    )
    made = render_investor_statement(build_investor_statement(demo.investor("TST"), book, head, known_under=seal))
    return made.html, made.pdf


@pytest.mark.parametrize("make", [the_fund_s, hana_s])
def test_it_reads_well_from_cover_to_contact(
    living_demo: Demo, make: Callable[[Demo], tuple[str, bytes]], page_text: Callable[[bytes], str]
) -> None:
    html, pdf = make(living_demo)
    pages = page_text(pdf).split("\n===\n")
    _the_fourteen_sections_stand_in_order(html, pages)
    _no_page_ends_with_a_heading(html, pages)
    _no_chart_is_clipped(html)
    _every_outcome_has_unit_coverage_and_year(html)
    _tables_of_parts_close_with_the_whole(html)
    _nothing_stands_alone_on_the_last_page(pages)


def _the_fourteen_sections_stand_in_order(html: str, pages: list[str]) -> None:
    """The cover is the first; the others bear their numbers, and each number is printed once."""
    assert [int(number) for number in re.findall(r'<h2 data-no="(\d+)"', html)] == list(range(2, 15))
    headings = re.findall(r'<h2 data-no="(\d+)">([^<]+)</h2>', html)
    printed = re.sub(r"\s+", " ", " ".join(pages))
    assert [(number, name) for number, name in headings if f"{number} {unescape(name)}" not in printed] == []


def _no_page_ends_with_a_heading(html: str, pages: list[str]) -> None:
    headings = {unescape(name).strip() for name in re.findall(r"<h[23][^>]*>([^<]+)</h[23]>", html)}
    assert len(headings) > 12
    for page in pages[1:]:
        lines = [line.strip() for line in page.splitlines() if line.strip() and " Page " not in f" {line} "]
        lines = [line for line in lines if not re.search(r"Page\s+\d+ of \d+$", line)]
        last = re.sub(r"^\d+ +", "", lines[-1])
        assert last not in headings


def _no_chart_is_clipped(html: str) -> None:
    """No label is shortened, and none begins or ends outside its picture."""
    for box, inside in re.findall(r'<svg[^>]*viewBox="0 0 ([\d.]+) [\d.]+"[^>]*>(.*?)</svg>', html, re.S):
        for x, anchor, words in re.findall(r'<text x="([\d.-]+)"[^>]*?(text-anchor="\w+")?[^>]*>([^<]*)<', inside):
            assert "…" not in words
            ends = float(x) - 6.6 * len(words) if "end" in anchor else float(x)
            assert -1 <= ends <= float(box)


def _every_outcome_has_unit_coverage_and_year(html: str) -> None:
    rows = re.findall(r'<tr class="outcome">(.*?)</tr>', html, re.S)
    assert len(rows) >= 8
    for row in rows:
        cells = [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        assert re.fullmatch(r"[a-z][a-zA-Z0-9 -]+", cells[1])
        assert any(re.search(r"\d+ of \d+", cell) for cell in cells)
    captions = [caption for caption in re.findall(r"<caption>(.*?)</caption>", html, re.S) if "Supported" in caption]
    assert captions
    assert all(YEAR in caption for caption in captions)


def _tables_of_parts_close_with_the_whole(html: str) -> None:
    """Where several parts make a whole, the last row says it, and the parts before it add up."""
    tables = [re.findall(r"<tr.*?</tr>", table, re.S) for table in re.findall(r"<tbody>.*?</tbody>", html, re.S)]
    closed = [rows for rows in tables if rows and 'scope="row">All<' in rows[-1]]
    assert len(closed) >= 2
    for *parts, whole in closed:
        assert "100.0%" in whole
        assert sum(map(_amount, parts)) == _amount(whole)


def _amount(row: str) -> Decimal:
    return Decimal(re.findall(r'class="num">([\d,]+\.\d\d)<', row)[0].replace(",", ""))


def _nothing_stands_alone_on_the_last_page(pages: list[str]) -> None:
    """Method, tax, assurance and contact are read together, wherever the page before ends."""
    last = re.sub(r"\s+", " ", next(page for page in reversed(pages) if page.strip()))
    assert all(f"{number} {name}" in last for number, name in ((11, "Method"), (12, "Tax"), (13, "Assurance")))


def test_the_fund_says_what_it_may_and_what_it_may_not(living_demo: Demo, page_text: Callable[[bytes], str]) -> None:
    said = re.sub(r"\s+", " ", page_text(the_fund_s(living_demo)[1]))
    assert "Of 1 business nothing is claimed: no accounts say what finances it." in said
    assert "7 people is now 6 people. An apprentice stood on two shift lists and was counted twice." in said
    assert "Three roofs, forty-one stairs" in said
    assert "1 more story was told to the fund and is not shown" in said
    assert "How we came through the winter" not in said
    assert "A business in the North West (food and farming)" in said
    assert "Ovens of Otterby" not in said
