"""One loan's life, lived in a browser by everybody whom it concerns, from the application to the statement that ties.

The demo fund stands on Monday 23 November 2026. Priya prepares a small loan, Tom approves it and says who funds it,
Amina lends it and brings in the bank's file, Jo sees her next payment fall, and Owen downloads a statement whose text
shows the same figures as the API, hledger and the ledger. After each step the accounts say what it moved.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from moneyed import Money
from playwright.sync_api import Page, expect

from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.demo.story import AMINA, HANA, JO, OWEN, PRIYA, TOM
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.worker import work
from ledger import queries as ledger
from ledger.exports import hledger_lines, read_journal
from ledger.exports.names import hledger_names
from ledger.services import move_business_date
from tests.demo import Demo, log_in
from tests.ledger.other_programs import hledger_balances

pytestmark = pytest.mark.browser

MILLRACE = "Millrace Makers Co-operative"
MONTH_END = date(2026, 11, 30)
NEXT_MORNING = date(2026, 12, 1)

UNTOUCHED = {
    "1010/MAIN": "12429.70",
    "1310/L-0108": "25576.12",
    "2410/L-0108/NRB": "-15345.67",
    "2510/NRB": "-7307.82",
    "2510/TST": "-3653.91",
    "2510/LOT": "-1217.97",
}
LENT = {
    "1310/L-0109": "5000.00",
    "1020/L-0109": "-5000.00",
    "2410/L-0109/NRB": "-3000.00",
    "2410/L-0109/TST": "-1500.00",
    "2410/L-0109/LOT": "-500.00",
    "2510/NRB": "-4307.82",
    "2510/TST": "-2153.91",
    "2510/LOT": "-717.97",
}
BANK_AGREES = {
    "1010/MAIN": "8106.35",
    "1020/L-0109": "0.00",
    "2010/MAIN": "-250.00",
    "2110/L-0108": "-676.65",
    "1310/L-0108": "25576.12",
}


def test_one_loan_lives_through_all_three_windows(
    demo_page: Page, hledger: str, pdftotext: str, tmp_path: Path, axe: Callable[[Page], list[dict[str, Any]]]
) -> None:
    page, demo = demo_page, Demo()
    stands(demo, UNTOUCHED)
    says_next_payment(page, "£676.65", "Tuesday 1 December 2026")

    priya_prepares_and_submits(page)
    priya_may_not_decide(page)
    stands(demo, UNTOUCHED)
    tom_approves(page)
    stands(demo, UNTOUCHED)
    tom_says_who_funds_it(page)
    stands(demo, UNTOUCHED)

    amina_draws_it_down(page)
    stands(demo, LENT)
    amina_brings_in_the_bank_file(page, bank_file(demo, tmp_path))
    stands(demo, BANK_AGREES)
    says_next_payment(page, "£676.65", "Monday 4 January 2027")
    expect(page.get_by_text("£676.65 that you paid early is kept for your next payments.")).to_be_visible()

    move_business_date(book=demo.book, to=NEXT_MORNING)
    tom_prepares_statements(page)
    amina_publishes_them(page)
    pdf = owen_downloads(page, tmp_path)
    told = figures_in(pdf, pdftotext)
    assert told == figures_of_api(page, demo)
    assert told == figures_of_hledger(hledger, demo)
    assert told == {"L-0108": "15345.67", "L-0109": "3000.00", "in all": "18345.67", "cash": "4307.82"}
    hana_finds_nothing_of_owen(page)

    amina_closes_october(page)
    assert examine_everything(demo.book) == []
    call_command("check_books", stdout=StringIO())
    assert axe(page) == []


def stands(demo: Demo, expected: dict[str, str]) -> None:
    """The accounts stand at this on the business date, debits positive."""
    found = ledger.balances(demo.book, list(expected), demo.book.business_date)
    assert {code: str(amount.amount) for code, amount in found.items()} == expected


def says_next_payment(page: Page, amount: str, day: str) -> None:
    """What Jo reads when she opens her portal."""
    log_in(page, JO)
    expect(page.locator("h1")).to_have_text(f"Your next payment is {amount} on {day}.")


def priya_prepares_and_submits(page: Page) -> None:
    log_in(page, PRIYA)
    page.get_by_role("link", name="Applications", exact=False).first.click()
    page.get_by_role("link", name="New application").click()
    page.get_by_label("Business", exact=True).select_option(label=MILLRACE)
    page.get_by_label("Product").select_option(label="Community business loan")
    page.get_by_label("What the money is for").fill("A second-hand kiln")
    page.get_by_label("Amount", exact=True).fill("5,000.00")
    page.get_by_label("Nominal rate a year").fill("6")
    page.get_by_label("Months").fill("12")
    page.get_by_label("First instalment due").fill("2027-01-04")
    page.get_by_role("button", name="Work out the schedule").click()
    expect(page.get_by_role("rowheader", name="All 12")).to_be_visible()
    page.get_by_role("button", name="Prepare the application").click()
    expect(page.get_by_text("A-0133 is prepared.")).to_be_visible()
    page.get_by_role("button", name="Submit for a decision").click()
    expect(page.get_by_text("A-0133 waits for a decision by a colleague.")).to_be_visible()


def priya_may_not_decide(page: Page) -> None:
    button = page.get_by_role("button", name="Decide")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#decide-why")).to_contain_text("Ask Tom Ashworth")


def tom_approves(page: Page) -> None:
    log_in(page, TOM)
    page.get_by_role("link", name="Applications waiting for a decision").click()
    page.get_by_role("row", name="A-0133").get_by_role("link", name=MILLRACE).click()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_label("Reason").fill("Orders for a year, and a kiln that can be sold again.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("A-0133 is approved and is now the loan L-0109. No money has moved yet.")).to_be_visible()


def tom_says_who_funds_it(page: Page) -> None:
    page.get_by_role("link", name="Record who funds it").click()
    parts = (("Northmoor Regional Bank", "1", "3,000.00"), ("Tideway Social Trust", "2", "1,500.00"))
    for number, (lender, rank, amount) in enumerate((*parts, ("Lottery first-loss grant", "3", "499.00")), start=1):
        page.get_by_label(f"Investor, line {number}").select_option(label=lender)
        page.get_by_label(f"Rank, line {number}").fill(rank)
        page.get_by_label(f"Amount, line {number}").fill(amount)
    page.get_by_role("button", name="Record who funds it").click()
    expect(page.locator(".error-summary")).to_contain_text("£1.00 less than its £5,000.00")
    page.get_by_label("Amount, line 3").fill("500.00")
    page.get_by_role("button", name="Record who funds it").click()
    expect(page.get_by_text("L-0109 is funded by 3 lenders, whose amounts make the whole.")).to_be_visible()


def amina_draws_it_down(page: Page) -> None:
    log_in(page, AMINA)
    page.get_by_role("link", name="Loans", exact=True).click()
    page.get_by_role("link", name=MILLRACE).click()
    page.get_by_role("link", name="Draw down").click()
    expect(page.get_by_label("Amount", exact=True)).to_have_value("5,000.00")
    page.get_by_role("button", name="Draw down").click()
    expect(page.get_by_text("£5,000.00 of L-0109 is drawn and on its way")).to_be_visible()


def bank_file(demo: Demo, folder: Path) -> Path:
    """The bank's next file: Netherby pays December early, and Millrace's money has left."""
    early = story.Transfer(story.TODAY, story.INSTALMENT, story.NETHERBY, f"{story.REFERENCE}-0019")
    sent = story.Transfer(story.TODAY, Money("-5000.00", "GBP"), MILLRACE, "HH-0109")
    opening = ledger.balances(demo.book, ["1010/MAIN"], story.TODAY)["1010/MAIN"]
    statement = story.bank_statement(21, date(2026, 11, 21), story.TODAY, opening, [early, sent])
    path = folder / "bank.xml"
    path.write_bytes(write_camt053(statement))
    return path


def amina_brings_in_the_bank_file(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Repayments", exact=False).first.click()
    page.get_by_label("Bank statement file").set_input_files(path)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    assert work(worker="story") == 1
    expect(page.get_by_text("Finished", exact=True)).to_be_visible()
    expect(
        page.locator("main").get_by_text("2 new bank lines; 2 matched to loans, 0 to investors, 1 left in suspense.")
    ).to_be_visible()
    page.get_by_role("link", name="See the bank lines").click()
    expect(page.get_by_text("Agrees with the bank")).to_be_visible()


def tom_prepares_statements(page: Page) -> None:
    log_in(page, TOM)
    page.get_by_role("link", name="Statements", exact=True).click()
    page.get_by_label("Period").fill("2026-11")
    page.get_by_role("button", name="Prepare statements").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    assert work(worker="story") == 1, "nobody is told before they are published"
    expect(page.locator("main").get_by_text("6 statements for 2026-11, of which 0 stood already.")).to_be_visible()


def amina_publishes_them(page: Page) -> None:
    log_in(page, AMINA)
    page.get_by_role("link", name="Run of statements to publish").click()
    page.get_by_label("Publish all").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Published by Amina Diallo")).to_be_visible()
    assert work(worker="story"), "their readers are told"


def owen_downloads(page: Page, folder: Path) -> Path:
    """The bank's own statement, as its officer gets it."""
    log_in(page, OWEN)
    with page.expect_download() as download:
        page.get_by_role("link", name="November 2026 (PDF)").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def figures_in(pdf: Path, pdftotext: str) -> dict[str, str]:
    """Principal in all and of each loan, and the money held, as the statement's text says them."""
    shown = subprocess.run([pdftotext, "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    glance = re.search(r"£([\d,.]+) +£[\d,.]+ +£([\d,.]+)\n *lent for you.* held for you", shown)
    assert glance, shown
    figures = {"in all": glance[1], "cash": glance[2]}
    for loan, borrower in (("L-0108", story.NETHERBY), ("L-0109", MILLRACE)):
        row = re.search(rf"{borrower}\s+\d of 3\s+60%((?:\s+[\d,]+\.\d\d)+)", shown)
        assert row, shown
        figures[loan] = row[1].split()[3]
    return {name: amount.replace(",", "") for name, amount in figures.items()}


def figures_of_api(page: Page, demo: Demo) -> dict[str, str]:
    """The same as the API tells Owen on that day."""
    address = f"/api/v1/books/{demo.book.code}/investors/{demo.investor('NRB').pk}/"
    held = page.request.get(f"{address}?as_of={MONTH_END}").json()["cash_due"]["amount"]
    rows = page.request.get(f"{address}holdings/?as_of={MONTH_END}").json()["results"]
    parts = {row["reference"]: row["principal"]["amount"] for row in rows}
    return parts | {"in all": str(sum(map(Decimal, parts.values()))), "cash": held}


def figures_of_hledger(hledger: str, demo: Demo) -> dict[str, str]:
    """The same as hledger adds them up from the exported journal; a liability stands on the credit side."""
    journal = read_journal(demo.book)
    numbers = {name: number for number, name in hledger_names(journal.accounts, journal.base_currency).items()}
    found = hledger_balances(hledger, "".join(hledger_lines(journal)), numbers, MONTH_END, MONTH_END)[MONTH_END]
    codes = dict(ledger.accounts(demo.book).values_list("pk", "code"))
    stands = {codes[pk]: -amount for pk, amount in found.items() if codes[pk].endswith("/NRB")}
    parts = {code.split("/")[1]: str(amount) for code, amount in stands.items() if code.startswith("2410")}
    return parts | {"in all": str(sum(map(Decimal, parts.values()))), "cash": str(stands["2510/NRB"])}


def hana_finds_nothing_of_owen(page: Page) -> None:
    """Her page has her own part; his document does not exist for her."""
    link = page.get_by_role("link", name="November 2026 (PDF)").get_attribute("href")
    log_in(page, HANA)
    expect(page.locator("h1")).to_contain_text("£9,172.84")
    assert page.request.get(str(link)).status == 404


def amina_closes_october(page: Page) -> None:
    log_in(page, AMINA)
    page.get_by_role("link", name="Month end").first.click()
    page.get_by_role("button", name="Close October 2026").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    assert work(worker="story") == 1
    said = page.get_by_role("region", name="What came of it").get_by_role("paragraph")
    expect(said).to_have_text("October 2026 is closed: nothing can be posted before 1 November 2026.")
