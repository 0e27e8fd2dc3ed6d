"""What only a browser shows of the calculator: figures that follow each answer, and a schedule that folds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import page_of

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_figures_follow_each_answer_and_take_neither_focus_nor_what_is_typed(browser_page: Page) -> None:
    page = browser_page
    page.goto("/calculator/")
    page.get_by_role("textbox", name="Months").fill("36")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="You would pay £1,521.10 a month for 36 months.")).to_be_visible()
    expect(page.get_by_label("Rate a year")).to_be_focused()
    assert "months=36" in page.url
    page.get_by_label("Rate a year").fill("4.2")
    page.get_by_label("on the whole amount throughout (flat)").check()
    expect(page.get_by_text("4.2% flat is the same as about 7.9% a year")).to_be_visible()
    expect(page.locator("#announce")).to_have_text("Worked out again: £6,300.00 of interest, APR 8.2%.")
    page.get_by_role("textbox", name="Months").fill("0")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Enter a term of 1 month or more")).to_have_count(1)
    expect(page.get_by_label("Rate a year")).to_be_focused()
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_a_phone_folds_the_years_and_paper_shows_them_all(browser_page: Page) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/calculator/?months=24&first=2027-01-01")
    first = page.get_by_role("cell", name="48,033.97")
    expect(first).to_be_hidden()
    page.locator("summary", has_text="Year 1").click()
    expect(first).to_be_visible()
    page.locator("summary", has_text="Year 1").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Work it out")).to_be_hidden()


def test_without_scripts_it_is_complete(browser: Browser, live_site: str) -> None:
    with page_of(browser, live_site, java_script_enabled=False, viewport=PHONE) as page:
        page.goto("/calculator/?first=2027-01-01")
        page.get_by_role("textbox", name="Months").fill("12")
        page.get_by_role("button", name="Work it out").click()
        expect(page.get_by_role("heading", name="You would pay £4,303.32 a month for 12 months.")).to_be_visible()
        expect(page.get_by_role("row", name="1 Dec 2027")).to_be_visible()
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
