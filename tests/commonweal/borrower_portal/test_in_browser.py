"""Does the phone show all of a table of payments, with its figures in line?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from commonweal.demo.story import JO
from tests.demo import log_in

pytestmark = pytest.mark.browser

TABLES = """() => [...document.querySelectorAll(".table-wrap")].map((wrap) => [
    wrap.scrollWidth - wrap.clientWidth,
    new Set([...wrap.querySelectorAll("tr > :last-child")].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return Math.round(range.getBoundingClientRect().right);
    })).size,
])"""
"""How far each table sticks out of its frame, and at how many places its last column ends."""


def test_the_payments_fit_on_a_phone_and_their_figures_stand_in_line(demo_page: Page) -> None:
    demo_page.set_viewport_size({"width": 390, "height": 844})
    log_in(demo_page, JO)
    demo_page.get_by_text("See your payments").click()
    assert demo_page.evaluate(TABLES) == [[0, 1]]
    demo_page.get_by_role("link", name="All 60 payments").click()
    demo_page.get_by_role("heading", name="All your payments").wait_for()
    assert demo_page.evaluate(TABLES) == [[0, 1]]
