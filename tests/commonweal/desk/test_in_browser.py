"""What only a browser shows: work that renews itself and stops, forms refused in place, and empty pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Request, expect

from commonweal.access.models import InvestorMembership, StaffMembership, User
from commonweal.demo.story import AMINA, PASSWORD, PRIYA, TOM, Person
from commonweal.jobs.models import Job
from commonweal.jobs.services import enqueue
from commonweal.jobs.worker import work
from investors.domain.kinds import InvestorKind
from investors.services import register_investor
from ledger.services import move_business_date
from tests.borrowers.builders import community_shop
from tests.builders import make_book, make_user
from tests.commonweal.access.people import make_borrower
from tests.demo import Demo, log_in, without_scripts

pytestmark = pytest.mark.browser

Axe = Callable[..., list[dict[str, Any]]]
DESK = "/desk/harbour-hills/"


def ask_for_statements(demo: Demo) -> Job:
    """A run that finds all its documents issued already."""
    asked = {"book": demo.book.code, "period": "2026-Q3"}
    return enqueue(kind="issue_statements", arguments=asked, by=demo.user(AMINA), book=demo.book)


def faults(page: Page, axe: Axe) -> list[str]:
    """What axe finds on a desk in light and on a phone in dark, and whether the page is too wide for it."""
    found = []
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        found += [f"{page.url} {each['id']} {node['html'][:150]}" for each in axe(page) for node in each["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{page.url} is wider than {width}")
    return found


def test_work_renews_its_page_until_it_is_over(demo_page: Page) -> None:
    demo = Demo()
    job = ask_for_statements(demo)
    log_in(demo_page, AMINA)
    demo_page.goto(f"{DESK}jobs/{job.pk}/")
    asked: list[Request] = []
    demo_page.on("request", lambda request: asked.append(request) if "/jobs/" in request.url else None)
    expect(demo_page.get_by_text("Waiting to start")).to_be_visible()
    demo_page.wait_for_event("requestfinished", lambda request: "/jobs/" in request.url)
    assert {request.headers.get("hx-request") for request in asked} == {"true"}
    assert work(worker="test") == 1, "nobody is told before they are published"
    expect(demo_page.get_by_text("Finished", exact=True)).to_be_visible()
    expect(demo_page.locator("#announce")).to_contain_text("5 statements for 2026-Q3")
    asked.clear()
    demo_page.wait_for_timeout(4500)
    assert asked == []


def test_work_without_scripts_is_loaded_again_until_it_is_over(browser: Browser, demo_site: str) -> None:
    job = ask_for_statements(Demo())
    with without_scripts(browser, demo_site) as page:
        log_in(page, AMINA)
        page.goto(f"{DESK}jobs/{job.pk}/")
        assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
        assert work(worker="test") == 1, "nobody is told before they are published"
        expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=8000)
        assert page.locator("meta[http-equiv=refresh]").count() == 0


def test_a_form_is_refused_in_place_and_takes_the_focus(demo_page: Page, axe: Axe) -> None:
    log_in(demo_page, PRIYA)
    demo_page.goto(f"{DESK}applications/new/")
    demo_page.get_by_label("Amount", exact=True).fill("5.000,00")
    demo_page.get_by_role("button", name="Work out the schedule").click()
    expect(demo_page.locator(".error-summary")).to_be_focused()
    demo_page.get_by_role("link", name="Enter the amount as pounds and pence, like 12,500.00").click()
    expect(demo_page.get_by_label("Amount", exact=True)).to_be_focused()
    expect(demo_page.get_by_label("Amount", exact=True)).to_have_value("5.000,00")
    assert faults(demo_page, axe) == []


@pytest.mark.parametrize(
    ("person", "path", "button"),
    [
        (TOM, "applications/new/", "Prepare the application"),
        (TOM, "ledger/journals/new/", "Prepare for a second person"),
        (TOM, "month-end/", "Reopen September 2026"),
    ],
)
def test_a_refused_form_is_accessible_without_scripts_too(
    browser: Browser, demo_site: str, demo_page: Page, axe: Axe, person: Person, path: str, button: str
) -> None:
    with without_scripts(browser, demo_site) as page:
        refuse(page, person, path, button)
        expect(page.locator(".error-summary")).to_be_visible()
        assert page.title().startswith("Error: ")
    refuse(demo_page, person, path, button)
    expect(demo_page.locator(".error-summary")).to_be_focused()
    assert faults(demo_page, axe) == []


def refuse(page: Page, person: Person, path: str, button: str) -> None:
    """Send a form with nothing in it."""
    log_in(page, person)
    page.goto(f"{DESK}{path}")
    page.get_by_role("button", name=button).click()


def test_a_fund_in_which_nothing_has_happened(browser_page: Page, axe: Axe) -> None:
    """Every list says what will come, and the portals as well."""
    book = make_book(code="new-fund", bank="")
    tom, hana = newcomer("Tom"), newcomer("Hana")
    StaffMembership.objects.create(user=tom, book=book, role="manager")
    investor = register_investor(code="NEW", name="New Trust", kind=InvestorKind.SOCIAL_INVESTOR)
    InvestorMembership.objects.create(user=hana, investor=investor)
    move_business_date(book=book, to=book.opened_on)
    enter(browser_page, tom)
    for name in ("book", "applications", "loans", "repayments", "investors", "statements", "periods", "trial-balance"):
        browser_page.goto(reverse(f"desk:{name}", args=[book.code]))
        assert faults(browser_page, axe) == []
    for name in ("journal", "drafts", "chart"):
        browser_page.goto(reverse(f"desk:{name}", args=[book.code]))
        assert faults(browser_page, axe) == []
    enter(browser_page, hana)
    for name in ("investor:home", "investor:documents"):
        browser_page.goto(reverse(name))
        assert faults(browser_page, axe) == []
    jo = make_borrower(community_shop())
    jo.set_password(PASSWORD)
    jo.save()
    enter(browser_page, jo)
    for name in ("borrower:home", "borrower:impact", "borrower:documents"):
        browser_page.goto(reverse(name))
        assert faults(browser_page, axe) == []


def newcomer(name: str) -> User:
    """Somebody with the story's password."""
    return make_user(name=name, password=PASSWORD)


def enter(page: Page, user: User) -> None:
    log_in(page, Person(user.name, user.email, ""))
