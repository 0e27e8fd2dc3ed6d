"""Chromium through Playwright, on a live server over a database of the test's own; and axe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from tests.databases import TestDatabase
from tests.tools import find_program, refuse_or_skip

ARGUMENTS = (
    "--no-sandbox --disable-dev-shm-usage --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-gpu"
).split()
SECONDS = 15


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: of the variable CHROMIUM, else of the system."""
    path = find_program("chromium", package="chromium", variable="CHROMIUM")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def served() -> Iterator[str]:
    """The address of a web server of this process, over the database that Django's connections point at."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@contextmanager
def page_of(browser: Browser, site: str, **options: Any) -> Iterator[Page]:
    """A page whose relative addresses are a site's; an error in its scripts or its console is an AssertionError."""
    complaints: list[str] = []
    context = browser.new_context(base_url=site, locale="en-GB", timezone_id="Europe/London", **options)
    context.set_default_timeout(SECONDS * 1000)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield context.new_page()
    context.close()
    assert complaints == []


@pytest.fixture
def live_site(committing_database: TestDatabase) -> Iterator[str]:
    """The address of a web server over the test's own database, which the test may fill."""
    with served() as address:
        yield address


@pytest.fixture
def browser_page(browser: Browser, live_site: str) -> Iterator[Page]:
    """A page on that site."""
    with page_of(browser, live_site) as page:
        yield page


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[dict[str, Any]]]:
    """A function that answers the serious and critical violations axe-core finds on a page, WCAG 2.2 AA included.

    It looks for all of them, or for those of some `rules` alone, or for all `without` some; on the whole page, or
    `within` the elements that a selector names.
    """
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        refuse_or_skip("axe-core is not installed: `make setup`")
    script = (Path(found.origin).parent / "axe.min.js").read_text()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def violations(
        page: Page, *, rules: Sequence[str] = (), without: Sequence[str] = (), within: str = "html"
    ) -> list[dict[str, Any]]:
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(script)
        wanted = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": tags}
        left_out = {rule: {"enabled": False} for rule in without}
        asked = {"runOnly": wanted, "rules": left_out, "resultTypes": ["violations"]}
        result = page.evaluate("([within, asked]) => axe.run(within, asked)", [within, asked])
        return [each for each in result["violations"] if each["impact"] in {"serious", "critical"}]

    return violations
