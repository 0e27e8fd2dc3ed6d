"""Does the public calculator say what the `calculate` command says, refuse in words, and stay within its bounds?"""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.public.calculator_form import EXAMPLE
from loans.calculators import calculator
from loans.calculators.lines import answer
from tests.pages import Shown, look, words

ADDRESS = "/calculator/"
SCHEDULE = "Repayment schedule"


@pytest.fixture(autouse=True)
def _on_a_monday_in_november() -> Any:
    with time_machine.travel("2026-11-23 12:00", tick=False):
        yield


def page(**asked: str) -> Shown:
    return look(Client(), ADDRESS, **asked)


def line_of(shown: Shown) -> str:
    """The question for a program that the page quotes."""
    (code,) = shown.tree.xpath("//pre/code")
    return str(code.text)


def rows_of(shown: Shown) -> list[list[str]]:
    """Due, interest, principal, payment and what is still owed, for every payment."""
    return [row for row in shown.table(SCHEDULE) if row[0][0].isdigit()]


def plain(text: str) -> str:
    return text.replace(",", "")


LOANS: list[dict[str, str]] = [
    {},
    {"amount": "£12,345.67", "rate": "7.25%", "months": "37", "first": "2027-01-31"},
    {"charged": "flat", "rate": "4.2", "fee": "2"},
    {"charged": "flat", "rate": "4.2", "holiday": "6", "kind": "equal"},
    {"kind": "equal", "holiday": "12", "months": "120"},
    {"kind": "interest", "months": "24", "rate": "0"},
    {"amount": "100", "months": "1", "rate": "50"},
    {"amount": "10000000", "months": "480", "rate": "50"},
]


@pytest.mark.parametrize("asked", LOANS)
def test_every_number_is_the_commands(asked: dict[str, str]) -> None:
    shown = page(**asked)
    said = json.loads(answer(line_of(shown).encode(), calculator("schedule")).text)["result"]
    wanted = [[row[part] for part in ("interest", "principal", "total", "balance")] for row in said["instalments"]]
    assert [[plain(cell) for cell in row[1:]] for row in rows_of(shown)] == wanted
    totals = said["totals"]
    (total,) = [row for row in shown.table(SCHEDULE) if row[0].startswith("All ")]
    assert [plain(cell) for cell in total[1:4]] == [totals["interest"], totals["principal"], totals["total"]]
    assert plain(shown.figures()["Interest"]).startswith(f"£{totals['interest']}")


def test_a_flat_loan_shows_what_it_really_costs() -> None:
    shown = page(charged="flat", rate="4.2", fee="2")
    assert "You would pay £1,008.33 a month for 60 months." in shown.text
    assert "4.2% flat is the same as about 7.8% a year on what you still owe." in shown.text
    rates = [value for _, value in shown.facts("Rates side by side").items()]
    assert rates == ["7.77%", "8.05%", "4.20%", "9.0%"]
    assert shown.figures()["Total cost"] == "£11,500.00"
    assert "With the fee of £1,000.00, £61,500.00 in all." in shown.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "You would pay £966.64 a month for 60 months."),
        ({"months": "1"}, "You would pay £50,250.00 after a month."),
        ({"holiday": "6"}, "You would pay £250.00 a month for 6 months, then £1,058.84 a month for 54."),
        ({"holiday": "1", "months": "2"}, "You would pay £250.00 in the first month, then £50,250.00."),
        ({"amount": "100", "rate": "0", "months": "480"}, "You would pay £0.21 a month for 477 months."),
        (
            {"rate": "50", "months": "480"},
            "You would pay £2,083.33 a month, and £52,083.33 at the end.",
        ),
        ({"kind": "interest"}, "You would pay £250.00 of interest a month, and the £50,000.00 at the end."),
        ({"kind": "equal"}, "You would pay £1,083.33 in the first month, and less each month, down to £837.70."),
        (
            {"kind": "equal", "holiday": "3"},
            "You would pay £250.00 a month for 3 months, then £1,127.19, and less each month, down to £881.75.",
        ),
    ],
)
def test_one_sentence_says_what_is_paid(asked: dict[str, str], sentence: str) -> None:
    assert sentence in page(**asked).text


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"amount": ""}, "Enter the amount"),
        ({"amount": "12.500,00"}, "Enter the amount as pounds and pence, like 12,500.00"),
        ({"amount": "99.99"}, "Enter an amount from £100.00 to £10,000,000.00; this is £99.99"),
        ({"amount": "10000000.01"}, "Enter an amount from £100.00 to £10,000,000.00; this is £10,000,000.01"),
        ({"rate": "50.01"}, "Enter a rate of 50% or less; this is 50.01%"),
        ({"rate": "1000"}, "Enter a rate of 50% or less; this is 1,000%"),
        ({"rate": "-1"}, "Enter the rate as a percentage, like 6.25"),
        ({"months": "0"}, "Enter a term of 1 month or more"),
        ({"months": "481"}, "Enter a term of 480 months or less"),
        ({"months": "five"}, "Enter the term as a whole number of months, like 60"),
        ({"charged": "twice"}, "Choose one of the answers offered"),
        ({"kind": "twice"}, "Choose one of the answers offered"),
        ({"fee_in": "gold"}, "Choose one of the answers offered"),
        (
            {"holiday": "60"},
            "The last payment repays principal, so a term of 60 months has room for 59 of holiday: enter 59 or less",
        ),
        (
            {"kind": "interest", "holiday": "3"},
            "An interest-only loan has no principal to put off: enter 0, or choose another way to repay it",
        ),
        ({"holiday": "x"}, "Enter the capital holiday as a whole number of months, like 6; 0 for none"),
        ({"fee": "a lot"}, "Enter the fee as a percentage, like 6.25"),
        ({"fee": "2%", "fee_in": "sum"}, "Enter the fee as pounds and pence, like 12,500.00"),
        ({"fee": "20.5"}, "Enter a fee of at most 20% of the amount, £10,000.00; this is £10,250.00"),
        ({"first": "2027-02-30"}, "Enter the first payment date as a real date, like 1 December 2026"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(asked: dict[str, str], problem: str) -> None:
    shown = page(**asked)
    assert shown.problems() == [problem]
    assert shown.title.startswith("Error: What would a loan cost?")
    assert "No figures yet" in shown.text
    (name, typed), *_ = reversed(asked.items())
    (beside,) = shown.tree.xpath("//*[contains(@class, 'field--error')]//*[@class='error']")
    assert words(beside) == f"Error: {problem}"
    if name not in ("charged", "kind", "fee_in"):
        assert shown.value(name) == typed


def test_a_refusal_while_typing_does_not_take_the_focus() -> None:
    """The summary of errors is for whoever pressed the button; a live answer marks the field alone."""
    response = Client().get(ADDRESS, {"months": "0"}, headers={"HX-Request": "true"})
    assert "There is a problem" not in response.content.decode()
    assert "Enter a term of 1 month or more" in response.content.decode()


def test_the_link_asks_the_same_on_any_later_day() -> None:
    shown = page(charged="flat", months="24", fee="500", fee_in="sum")
    link = urlsplit(shown.link("Link to this answer"))
    asked = dict(parse_qsl(link.query, keep_blank_values=True))
    assert asked == EXAMPLE | {
        "charged": "flat",
        "months": "24",
        "fee": "500",
        "fee_in": "sum",
        "first": "2027-01-01",
    }
    with time_machine.travel("2031-05-05 12:00", tick=False):
        later = page(**asked)
    assert (rows_of(later), line_of(later)) == (rows_of(shown), line_of(shown))


def test_the_first_payment_counts_and_moves_no_amount() -> None:
    usual, chosen = page(), page(first="2027-02-28")
    assert [row[1:] for row in rows_of(usual)] == [row[1:] for row in rows_of(chosen)]
    assert usual.facts("Rates side by side") == chosen.facts("Rates side by side")
    assert (rows_of(usual)[0][0], rows_of(chosen)[0][0]) == ("1 Jan 2027", "28 Feb 2027")


def test_the_schedule_is_a_file_too() -> None:
    shown = page(months="13")
    response = Client().get(shown.link("Schedule as CSV"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="repayment-schedule.csv"'
    head, *rows = csv.reader(io.StringIO(response.content.decode()))
    assert head == ["No.", "Due", "Interest", "Principal", "Payment", "Still owed"]
    assert [row[2:] for row in rows] == [[plain(cell) for cell in row[1:]] for row in rows_of(shown)]
    assert (rows[0][:2], rows[-1][:2]) == (["1", "2027-01-01"], ["13", "2028-01-01"])


def test_a_file_that_cannot_be_is_the_page_that_says_why() -> None:
    assert page(months="0", download="csv").problems() == ["Enter a term of 1 month or more"]


def test_it_is_open_to_anybody_and_linked_where_people_come_in() -> None:
    log_in = look(Client(), "/log-in/")
    assert log_in.link("What would a loan cost?") == ADDRESS
    assert log_in.link("Loan calculator") == ADDRESS


ODD = st.text(max_size=30) | st.sampled_from(
    ["1e9", "-0", "9" * 400, "\x00", "٣", "0.00", "100", "0.07", "480", "flat"]
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*EXAMPLE, "download"]), ODD))
def test_whatever_is_asked_is_answered(asked: dict[str, str]) -> None:
    assert Client().get(ADDRESS, asked).status_code == 200


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            "amount": st.sampled_from(["100", "1234.56", "10000000"]),
            "rate": st.sampled_from(["0", "0.01", "0.07", "4.2", "50"]),
            "charged": st.sampled_from(["owed", "flat"]),
            "months": st.sampled_from(["1", "2", "25", "480"]),
            "kind": st.sampled_from(["level", "equal", "interest"]),
            "fee": st.sampled_from(["", "0.01", "20"]),
        }
    )
)
def test_every_loan_within_the_bounds_has_an_answer(asked: dict[str, str]) -> None:
    assert rows_of(page(**asked))[-1][4] == "0.00"


def test_it_says_how_many_answers_cannot_be_right() -> None:
    assert "One of the answers cannot be right. It is marked" in page(rate="51").text
    assert "3 of the answers cannot be right. They are marked" in page(rate="51", months="0", amount="1").text
