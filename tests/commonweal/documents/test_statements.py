"""What does a statement say, also with long names, late money, hostile text, or nothing to say at all?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from commonweal.documents.csv_file import csv_text
from commonweal.documents.statements import (
    RenderedDocument,
    csv_name,
    render_investor_statement,
    render_loan_statement,
)
from loans.statements import COLUMNS
from tests.commonweal.documents import builders
from tests.commonweal.documents.conftest import SAMPLES, rendered

FEE, HELD = builders.gbp("15.00"), builders.gbp("40.00")

HOSTILE = (
    '=<img src="file:///etc/passwd" alt=x><script>x()</script>{{ head.seal }}{% now "Y" %}'
    "<style>@import url(http://127.0.0.1:9/)</style></td></table>&amp;</svg>"
    "<link rel=attachment href=asset:../../manage.py>"
)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_pages_say_what_was_reviewed(
    name: str, page_text: Callable[[bytes], str], snapshot: Callable[[str, str], None]
) -> None:
    snapshot(f"statement_{name}.txt", page_text(rendered(name).pdf))


@pytest.mark.parametrize("name", ["loan", "investor"])
def test_the_attached_figures_are_what_was_reviewed(name: str, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"statement_{name}.csv", rendered(name).csv)


def test_figures_on_paper_and_in_the_file_are_the_same(page_text: Callable[[bytes], str]) -> None:
    """Every amount of the file stands on a page; a lender's share of nothing else does."""
    text = page_text(rendered("loan").pdf).replace(",", "").replace("−", "-")
    amounts = [row["value"] for row in csv.DictReader(io.StringIO(rendered("loan").csv)) if row["unit"] == "GBP"]
    assert len(amounts) > 300
    assert [amount for amount in amounts if amount not in text] == []


def test_welsh_and_polish_letters_are_printed_as_written(page_text: Callable[[bytes], str]) -> None:
    """Two files of one font family printed wrong letters: see FACES in the renderer."""
    assert builders.LONG in page_text(rendered("late").pdf)
    assert "Żółta Łąka CIC" in page_text(rendered("dozen").pdf)


def test_a_provisional_statement_says_so_on_every_page(page_text: Callable[[bytes], str]) -> None:
    pages = page_text(rendered("late").pdf).split("\n===\n")
    assert len(pages) > 2
    assert "its books are not closed" in pages[0]
    assert all("Provisional: the books of this period are not closed" in page for page in pages[1:])
    assert "Provisional" not in page_text(rendered("loan").pdf)


def hostile(value: Any, path: str = "") -> Any:
    """The same statement with hostile text in every free-text field; numbers, dates, seals and enums stay."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: hostile(getattr(value, field.name), f"{path}.{field.name}")
            for field in fields(value)
            if field.name != "seal"
        }
        return replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(hostile(item, path) for item in value)
    if type(value) is str:
        return f"{HOSTILE}{path}"
    return value


def test_hostile_loan_text_is_shown_and_does_nothing(page_text: Callable[[bytes], str]) -> None:
    statement = hostile(builders.late_statement())
    assert_harmless(render_loan_statement(statement), page_text)


def test_hostile_investor_text_is_shown_and_does_nothing(page_text: Callable[[bytes], str]) -> None:
    statement = hostile(replace(builders.dozen(), remarks=builders.METHOD))
    assert_harmless(render_investor_statement(statement), page_text)


def assert_harmless(document: RenderedDocument, page_text: Callable[[bytes], str]) -> None:
    """Rendered at all means that nothing was fetched: the fetcher stops the document."""
    assert "<img" not in document.html
    assert "<script" not in document.html
    assert document.html.count("<table") == document.html.count("</table>")
    text = page_text(document.pdf).replace("\n", "").replace(" ", "")
    assert text.count('=<imgsrc="file:///etc/passwd"alt=x>') > 10
    assert "{{head.seal}}{%now" in text
    cells = [cell for row in csv.reader(io.StringIO(document.csv)) for cell in row if "<img" in cell]
    assert cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"], ids=lambda text: repr(text[:4])
)
def test_text_that_starts_like_a_formula_is_neutral_in_the_figures(text: str) -> None:
    statement = builders.loan_statement(payment_reference=text)
    rows = list(csv.DictReader(io.StringIO(csv_text(COLUMNS, statement.as_rows()), newline="")))
    found = {row["value"] for row in rows if row["measure"] == "payment reference"}
    assert found == {f"'{text}"}


def test_negative_amounts_stay_numbers_in_the_figures() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("loan").csv)))
    assert list(rows[0]) == list(COLUMNS)
    repaid = [row for row in rows if row["section"] == "principal" and row["line"] == "1"]
    assert [Decimal(row["value"]) for row in repaid] == [Decimal("-1613.80")]
    assert [row["source"] for row in repaid] == ["E-43 E-46 E-49"]


def test_the_file_name_is_plain_whatever_the_number_says() -> None:
    assert csv_name(builders.head("../2026/Q3 £")) == "statement-..-2026-Q3--.csv"


def test_an_amount_in_another_currency_carries_its_code(page_text: Callable[[bytes], str]) -> None:
    statement = builders.investor_statement(
        holdings=(),
        balances=(),
        cash=builders.Movements(
            "due", Money(0, "CHF"), (builders.Movement("Paid in", Money(7, "CHF")),), Money(7, "CHF")
        ),
    )
    text = page_text(render_investor_statement(statement).pdf)
    assert "CHF 7.00" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_loan_paid_off_has_no_next_payment(page_text: Callable[[bytes], str]) -> None:
    text = page_text(rendered("quiet").pdf)
    assert "The next payment" not in text
    assert "No money moved in this period" in text


def test_fees_and_money_held_stand_in_the_first_sentence(page_text: Callable[[bytes], str]) -> None:
    fees, held = (builders.Movements(of, each, (), each) for of, each in (("fees", FEE), ("in advance", HELD)))
    statement = replace(builders.quiet_statement(), fees=fees, in_advance=held)
    text = " ".join(page_text(render_loan_statement(statement).pdf).split())
    assert "left to repay, and £15.00 to pay in fees and interest on what was late. We held £40.00 for you." in text
    assert statement.owed == statement.principal.closing + FEE - HELD


def test_a_short_period_is_named_by_its_days(page_text: Callable[[bytes], str]) -> None:
    head = builders.head(period_start=date(2026, 9, 14))
    text = page_text(render_loan_statement(replace(builders.quiet_statement(), head=head)).pdf)
    assert "14 September 2026 to 30 September 2026" in text
