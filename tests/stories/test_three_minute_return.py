"""A return on a phone: four questions in at most twelve interactions, and by somebody who has only the checklist."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from borrowers.queries import current_answers, indicators, readings_of
from commonweal.access.models import BorrowerMembership, User
from commonweal.demo import story
from commonweal.letters.models import Letter
from loans.models import Loan, ReturnSent
from tests.browser import page_of
from tests.demo import log_in, without_scripts
from tests.ledger.odd_files import PDF

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
MOST = 12


@dataclass
class Hand:
    """A thumb that counts: a tap is one interaction, and so is a field that is filled."""

    page: Page
    count: int = 0

    def tap(self, what: Locator) -> None:
        self.count += 1
        what.click()

    def fill(self, what: Locator, text: str) -> None:
        self.count += 1
        what.fill(text)

    def link(self, name: str) -> None:
        self.tap(self.page.get_by_role("link", name=name))

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name))

    def heading(self, name: str) -> None:
        """Wait for a page; looking is no interaction."""
        self.page.get_by_role("heading", name=name).first.wait_for()


@contextmanager
def a_phone(browser: Browser, site: str, person: story.Person) -> Iterator[Hand]:
    with without_scripts(browser, site) as page:
        page.set_viewport_size(PHONE)
        log_in(page, person)
        yield Hand(page)


def test_four_questions_take_at_most_twelve_interactions(browser: Browser, demo_site: str) -> None:
    with a_phone(browser, demo_site, story.JO) as hand:
        hand.link("Fill in the return")
        hand.heading("How many people worked for you?")
        hand.button("Same as last time: 5 people")
        hand.heading("How many different people used what you offer?")
        hand.fill(hand.page.get_by_label("Number of people"), "12,400")
        hand.button("Save and continue")
        hand.heading("Is 12,400 right?")
        hand.link("Yes, 12,400 is right")
        hand.heading("How many hours did volunteers give?")
        hand.button("Nothing to report this time")
        hand.heading("How much money came in?")
        hand.fill(hand.page.get_by_label("Amount in pounds"), "191,250.50")
        hand.button("Save and continue")
        hand.heading("Check your answers")
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        hand.button("Send the return")
        hand.heading("Thank you. Your return to 31 October 2026 has arrived.")
        assert hand.count <= MOST, hand.count
        hand.page.get_by_text("Words for your own report").wait_for()
    shop = Loan.objects.get(reference="L-0108").organisation
    said = {one.indicator.code: one for one in current_answers(shop).filter(period_end="2026-11-01")}
    assert {code: (one.answer, one.value, one.is_same, one.grade) for code, one in said.items()} == {
        "people-in-work": ("value", 5, True, "D"),
        "people-reached": ("value", 12400, False, "D"),
        "volunteer-hours": ("nothing", None, False, ""),
        "revenue": ("value", Decimal("191250.5"), False, "D"),
    }
    receipt = Letter.objects.get(kind="ret_sent")
    assert (receipt.person.name, receipt.state) == ("Jo Armstrong", "waiting")
    assert "12,400 people" in receipt.text


def test_it_is_gone_on_with_on_another_device_and_sent_once(browser: Browser, demo_site: str, tmp_path: Path) -> None:
    proof = tmp_path / "payroll.pdf"
    proof.write_bytes(PDF)
    with a_phone(browser, demo_site, story.JO) as hand:
        hand.link("Fill in the return")
        hand.page.get_by_text("Who they are, proof, and where it is from").click()
        hand.page.get_by_label("How do you know it?").select_option("record")
        hand.page.get_by_label("Proof").set_input_files(str(proof))
        hand.page.get_by_label("Of these, women").fill("4")
        hand.fill(hand.page.get_by_label("Number of people"), "6")
        hand.button("Save and continue")
        hand.heading("How many different people used what you offer?")
        hand.button("I need help with this question")
        hand.page.get_by_text("We will ring you about this one").wait_for()
    with page_of(browser, demo_site) as desk:
        log_in(desk, story.JO)
        hand = Hand(desk)
        hand.link("Fill in the return")
        hand.heading("How many hours did volunteers give?")
        hand.button("Same as last time")
        hand.heading("How much money came in?")
        hand.button("Same as last time")
        hand.heading("Check your answers")
        desk.get_by_text("With proof: payroll.pdf").wait_for()
        hand.button("Send the return")
        hand.heading("Thank you.")
        desk.go_back()
        hand.heading("Thank you.")
    assert ReturnSent.objects.count() == 1
    shop = Loan.objects.get(reference="L-0108").organisation
    last = readings_of(shop, indicators().get(code="people-in-work")).last()
    assert last is not None
    assert (last.value, last.grade, [part.value for part in last.parts.all()]) == (Decimal(6), "B", [Decimal(4)])


def test_somebody_who_has_only_the_checklist_takes_over(browser: Browser, demo_site: str) -> None:
    shop = Loan.objects.get(reference="L-0108").organisation
    new = story.Person("Ada Bell", "ada@netherby-shop.example", "Community business")
    user = User.objects.create_user(email=new.email, name=new.name, password=story.PASSWORD)
    BorrowerMembership.objects.create(user=user, organisation=shop)
    with a_phone(browser, demo_site, new) as hand:
        hand.page.goto(f"/borrower/hand-over/{shop.pk}/")
        hand.heading("Hand-over checklist")
        hand.page.get_by_text("The payroll summary comes from Ann").wait_for()
        hand.link("Fill in the return to 31 October 2026")
        for heading in ("people worked", "different people", "hours did volunteers", "money came in"):
            hand.heading(heading)
            hand.button("Same as last time")
        hand.heading("Check your answers")
        hand.button("Send the return")
        hand.heading("Thank you.")
    assert ReturnSent.objects.get().sent_by.name == "Ada Bell"
