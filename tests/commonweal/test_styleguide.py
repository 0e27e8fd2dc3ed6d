"""Is every component accessible in light, dark and forced colours, on a desk and on a phone?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from commonweal.components import JobShown

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[dict[str, Any]]]
PAGES = ("/styleguide/", "/styleguide/?density=comfortable", "/log-in/", "/accessibility/", "/how-we-use-your-data/")


def _violations(page: Page, axe: Axe) -> list[tuple[str, str]]:
    return [(each["id"], node["html"][:200]) for each in axe(page) for node in each["nodes"]]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_never_scroll_sideways(
    browser_page: Page, axe: Axe, scheme: Literal["light", "dark"], width: int
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.emulate_media(color_scheme=scheme)
    for address in PAGES:
        browser_page.goto(address)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert _violations(browser_page, axe) == [], address


def test_states_stay_readable_in_forced_colours(browser_page: Page, axe: Axe) -> None:
    browser_page.emulate_media(forced_colors="active")
    browser_page.goto("/styleguide/")
    assert _violations(browser_page, axe) == []


def test_the_keyboard_can_skip_to_the_page(browser_page: Page) -> None:
    browser_page.goto("/styleguide/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_text("Skip to the page")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("main")).to_be_focused()


def test_a_refused_form_takes_the_reader_to_its_problems(browser_page: Page) -> None:
    browser_page.goto("/log-in/")
    browser_page.get_by_label("E-mail address").fill("jo")
    browser_page.get_by_role("button", name="Log in").click()
    expect(browser_page).to_have_title("Error: Log in · Commonweal")
    expect(browser_page.locator(".error-summary")).to_be_focused()
    browser_page.get_by_role("link", name="Enter your password").click()
    expect(browser_page.get_by_label("Password")).to_be_focused()
    expect(browser_page.get_by_label("E-mail address")).to_have_value("jo")


def test_a_reference_is_copied_and_said_to_be(browser_page: Page) -> None:
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto("/styleguide/")
    browser_page.get_by_role("button", name="Copy reference HH-0108").first.click()
    expect(browser_page.locator("#announce")).to_have_text("Copied HH-0108")
    assert browser_page.evaluate("navigator.clipboard.readText()") == "HH-0108"


def test_a_page_follows_its_job_and_stops_asking_when_it_is_over(browser_page: Page) -> None:
    asked: list[int] = []

    def answer(route: Route) -> None:
        asked.append(len(asked))
        over = len(asked) > 1
        job = JobShown(
            "W-1", "Statements", "done" if over else "running", "/job/", 3, 3 if over else 1, 0, f"{len(asked)} made."
        )
        route.fulfill(body=render_to_string("components/job.html", {"job": job}), content_type="text/html")

    browser_page.goto("/styleguide/")
    browser_page.route("**/job/", answer)
    browser_page.clock.install()
    first = render_to_string(
        "components/job.html", {"job": JobShown("W-1", "Statements", "waiting", "/job/", message="Asked.")}
    )
    browser_page.evaluate(
        "html => { document.querySelector('main').innerHTML = html; htmx.process(document.body) }", first
    )
    for _ in range(5):
        browser_page.clock.run_for(2100)
        browser_page.wait_for_timeout(50)
    expect(browser_page.locator("#job-W-1")).to_contain_text("2 made.")
    browser_page.clock.run_for(100)
    expect(browser_page.locator("#announce")).to_have_text("2 made.")
    assert len(asked) == 2


@pytest.mark.parametrize("chosen", ["Light", "Dark"])
def test_colours_can_be_chosen_without_scripts(browser: Any, live_site: str, chosen: str) -> None:
    context = browser.new_context(base_url=live_site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/log-in/")
    page.get_by_role("button", name=chosen).click()
    expect(page.locator("html")).to_have_attribute("data-theme", chosen.lower())
    expect(page.get_by_role("button", name=chosen)).to_have_attribute("aria-pressed", "true")
    context.close()
