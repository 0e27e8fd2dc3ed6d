"""A bakery misses a payment and gets smaller ones: told on its phone and at the fund's desk, at the same time.

Bea opens her portal on a phone and reads what is late, says that she is worried, sees what smaller payments would do,
and asks for them. Priya finds it on the desk's home, looks at what it changes and proposes it; Tom approves what he was
shown. Bea reads the answer and pays the first smaller payment, and the desk sees a loan with nothing late. After each
step the accounts say what it moved, and what the screens promised is what the ledger says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.services import register_organisation
from borrowers.services.organisations import Address
from commonweal.access.models import BorrowerMembership, User
from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.close import close_days
from commonweal.jobs.lending import lend, share
from investors.domain.participation import Participation
from ledger import queries as ledger
from loans import services
from loans.models import Loan
from loans.queries import asked_terms_sha256, loan_by_reference, position_of
from loans.services import Asked
from tests.browser import page_of
from tests.builders import pounds
from tests.demo import Demo, log_in

pytestmark = pytest.mark.browser

BAKERY = "Ovens of Otterby"
BEA = story.Person("Bea Marsh", "bea@ovens-of-otterby.example", "Community business")
LENT = pounds("12000.00")
PHONE = {"width": 390, "height": 844}
DRAWN_ON, MISSED_ON, AGREED_ON = date(2026, 10, 1), date(2026, 11, 2), date(2026, 11, 24)
"""Drawn in a month that is still open; the first payment was missed; new terms from the Tuesday on."""


@dataclass(frozen=True, slots=True)
class BothSides:
    """The bakery's phone, the fund's desk, and the loan between them."""

    phone: Page
    desk: Page
    demo: Demo

    @property
    def loan(self) -> Loan:
        """The bakery's loan as it is now."""
        found = loan_by_reference(self.demo.book, "L-0109")
        assert found is not None
        return found

    def stands(self, **expected: str) -> None:
        """The loan's accounts, by the number of their line: debits positive."""
        codes = {f"{node.removeprefix('on_')}/L-0109": amount for node, amount in expected.items()}
        found = ledger.balances(self.demo.book, list(codes), self.demo.book.business_date)
        assert {code: str(amount.amount) for code, amount in found.items()} == codes


@pytest.fixture
def both(browser: Browser, demo_site: str) -> Iterator[BothSides]:
    demo = Demo()
    lend_to_the_bakery(demo)
    with page_of(browser, demo_site, viewport=PHONE) as phone, page_of(browser, demo_site) as desk:
        yield BothSides(phone, desk, demo)


def test_a_bakery_gets_smaller_payments_and_is_cured(both: BothSides, axe: Callable[..., list[dict[str, Any]]]) -> None:
    both.stands(on_1310="12000.00", on_1320="60.00")
    bea_reads_what_is_late(both)
    bea_says_that_she_is_worried(both)
    bea_sees_what_smaller_payments_do_and_asks(both)
    assert axe(both.phone) == []
    both.stands(on_1310="12000.00", on_1320="60.00")

    priya_finds_it_and_proposes(both)
    both.stands(on_1310="12000.00", on_1320="60.00")
    tom_approves(both)
    both.stands(on_1310="12060.00", on_1320="0.00")

    bea_reads_the_answer(both)
    bea_pays(both)
    both.stands(on_1310="11829.74", on_1320="0.00")
    the_desk_sees_it_cured(both)
    assert examine_everything(both.demo.book) == []


def lend_to_the_bakery(demo: Demo) -> None:
    """£12,000 over two years, whose first payment does not come; told to the bakery the next morning."""
    priya, tom, amina = (demo.user(person) for person in (PRIYA, TOM, AMINA))
    bakery = register_organisation(
        name=BAKERY,
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society="8777"),
        address=Address("Otterby", Region.NORTH_WEST),
        sector=Sector.SHOP,
    )
    bea = User.objects.create_user(email=BEA.email, name=BEA.name, password=story.PASSWORD)
    BorrowerMembership.objects.create(user=bea, organisation=bakery)
    asked = Asked(LENT, Decimal("0.06"), 24, date(2026, 11, 1))
    made = services.apply(
        product=demo.loan.product, organisation=bakery, asked=asked, purpose="An oven", on=DRAWN_ON, by=priya
    )
    made = services.submit(application=made, on=DRAWN_ON, by=priya)
    loan = services.approve(application=made, shown_sha256=asked_terms_sha256(made), on=DRAWN_ON, by=tom)
    parts = (("NRB", 1, "7200.00"), ("TST", 2, "3600.00"), ("LOT", 3, "1200.00"))
    participations = [Participation(code, rank, pounds(amount)) for code, rank, amount in parts]
    share(loan=loan, effective_on=DRAWN_ON, participations=participations, by=tom)
    because = "The rest of their money comes in December"
    lend(loan=loan, amount=LENT, on=DRAWN_ON, by=amina, key="bakery", shortfall_reason=because)
    until(demo, AGREED_ON)


def until(demo: Demo, morning: date) -> None:
    """Days pass, and each is closed as in life."""
    last = morning - timedelta(days=1)
    close_days(book=demo.book, through=last, today=morning, by=demo.user(AMINA))


def bea_reads_what_is_late(both: BothSides) -> None:
    log_in(both.phone, BEA)
    at = position_of(both.loan, AGREED_ON)
    assert (str(at.arrears.amount), at.days_past_due) == ("531.85", 22)
    expect(both.phone.locator("h1")).to_have_text(
        "£531.85 is late. Your next payment is £531.85 on Tuesday 1 December 2026."
    )
    expect(both.phone.get_by_text("22 days late")).to_be_visible()


def bea_says_that_she_is_worried(both: BothSides) -> None:
    page = both.phone
    page.get_by_role("link", name="Worried about paying?").first.click()
    page.get_by_label("I cannot pay this one").check()
    page.get_by_label("Anything else we should know?").fill("The oven broke, and the new one comes next week.")
    page.get_by_role("button", name="Tell Priya Nair").click()
    expect(page.get_by_text("Priya Nair will be in touch by Wednesday 25 November 2026.")).to_be_visible()
    expect(page.get_by_text("The oven broke, and the new one comes next week.")).to_be_visible()


def bea_sees_what_smaller_payments_do_and_asks(both: BothSides) -> None:
    page = both.phone
    page.goto("/borrower/")
    page.get_by_role("link", name="Ask for smaller payments").click()
    page.get_by_label("How many more payments?").fill("24")
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_role("row", name="Usual payment")).to_have_text("Usual payment£531.85£288.52")
    expect(page.get_by_text("so that nothing is late any more")).to_be_visible()
    page.get_by_label("Anything we should know?").fill("From December we bake again.")
    page.get_by_role("button", name="Send this request").click()
    expect(page.get_by_text("Your request is sent. Priya Nair will answer")).to_be_visible()
    expect(page.get_by_text("We are looking at it")).to_be_visible()


def priya_finds_it_and_proposes(both: BothSides) -> None:
    page = both.desk
    log_in(page, PRIYA)
    waiting = page.get_by_role("region", name="Waiting")
    expect(waiting).to_contain_text(f"{BAKERY}, £531.85")
    expect(waiting).to_contain_text("Message not read")
    page.get_by_role("link", name="Proposal or request to decide").click()
    expect(page.get_by_role("heading", name=BAKERY)).to_be_visible()
    page.get_by_role("link", name="Look at it and propose it").click()
    expect(page.get_by_text(f"{BAKERY} asks for this:")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    changes = page.get_by_role("region", name="Before and after")
    expect(changes.get_by_role("row", name="In arrears")).to_contain_text("£531.85£0.00")
    expect(changes.get_by_role("row", name="Principal outstanding")).to_contain_text("£12,000.00£12,060.00")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("waits for a colleague")).to_be_visible()
    expect(page.locator("#decide-why")).to_contain_text("Ask Amina Diallo or Tom Ashworth")


def tom_approves(both: BothSides) -> None:
    page = both.desk
    log_in(page, TOM)
    page.get_by_role("link", name="Proposal or request to decide").click()
    page.get_by_role("row", name=BAKERY).get_by_role("link").first.click()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_label("What the business reads").fill("Yes. Good luck with the new oven!")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("is approved and booked")).to_be_visible()


def bea_reads_the_answer(both: BothSides) -> None:
    page = both.phone
    page.goto("/borrower/")
    expect(page.locator("h1")).to_have_text("Your next payment is £288.52 on Tuesday 1 December 2026.")
    expect(page.get_by_text("Yes. Good luck with the new oven!")).to_be_visible()
    page.get_by_text("See your payments").click()
    page.get_by_role("link", name="All 48 payments").click()
    expect(page.get_by_role("row", name="1 Dec 2026")).to_contain_text("288.52")


def bea_pays(both: BothSides) -> None:
    """The money of 1 December is in the bank's file of that day, with the reference that her page gives."""
    demo, on = both.demo, date(2026, 12, 1)
    until(demo, on)
    opening = ledger.balances(demo.book, ["1010/MAIN"], on)["1010/MAIN"]
    sent = story.Transfer(on, -LENT, BAKERY, "HH-0109")
    paid = story.Transfer(on, pounds("288.52"), BAKERY, "HH-0109")
    statement = story.bank_statement(21, date(2026, 11, 21), on, opening, [sent, paid])
    bring_in_bank_file(book=demo.book, name="bank.xml", content=write_camt053(statement), by=demo.user(AMINA))
    both.phone.goto("/borrower/")
    expect(both.phone.locator("h1")).to_have_text("Your next payment is £288.52 on Monday 4 January 2027.")
    expect(both.phone.get_by_text("£288.52 arrived, thank you")).to_be_visible()


def the_desk_sees_it_cured(both: BothSides) -> None:
    page, loan = both.desk, both.loan
    page.goto(f"/desk/{story.BOOK}/")
    expect(page.get_by_role("region", name="Waiting")).not_to_contain_text("Loan in arrears")
    page.get_by_role("link", name="Loans in arrears").first.click()
    expect(page.locator("main")).to_contain_text("No loan is in this list on 1 December 2026.")
    page.goto(f"/desk/{story.BOOK}/loans/{loan.pk}/")
    at = position_of(loan, both.demo.book.business_date)
    assert (at.days_past_due, str(at.arrears.amount), str(at.principal_outstanding.amount)) == (0, "0.00", "11829.74")
    expect(page.locator("main")).to_contain_text("£11,829.74")
