"""Does the walk over the pages find what is wrong, once, and look again where something is new?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route

from tests.browser import page_of
from tests.stories.looking import Axe, Onlooker

HEAD = (
    "<!doctype html><html lang='en'><title>{title}</title>"
    "<style>body {{ margin: 0 }} .pale {{ color: #ccc }} p {{ width: {wide}px }}"
    "@media (prefers-color-scheme: dark) {{ body {{ background: #222; color: #eee }} .pale {{ color: #555 }} }}</style>"
)
PALE = "<main><h1>Loans</h1><p class='pale'>Fund</p></main>"
PAGES = {
    "/": HEAD.format(title="Start", wide=9) + "<main><h1>Start</h1></main>",
    "/pale": HEAD.format(title="Pale", wide=9) + PALE,
    "/pale-again": HEAD.format(title="Pale again", wide=9) + PALE,
    "/wide": HEAD.format(title="", wide=999) + "<main><h1>Wide</h1><h3>Loans</h3><p>Wide</p></main>",
}
FIELD = HEAD.format(title="Pale", wide=9) + "<main><h1>Loans</h1><p class='pale'>Fund</p><input></main>"


@pytest.mark.browser
def test_what_is_wrong_is_found_and_what_looks_the_same_is_looked_at_once(browser: Browser, axe: Axe) -> None:
    pages, onlooker = dict(PAGES), Onlooker()

    def answer(route: Route) -> None:
        path = "/" + route.request.url.partition(".test/")[2]
        route.fulfill(body=pages[path], content_type="text/html")

    with page_of(browser, "http://pages.test") as page:
        page.context.route("**/*", answer)
        reader = page.context.new_page()
        reader.goto("/")

        def found(path: str) -> list[str]:
            return [fault.partition(" <")[0] for fault in onlooker.faults(page, reader, path, axe)]

        pale = [f"/pale at {width} in {scheme}: color-contrast" for width, scheme in ((1280, "light"), (320, "dark"))]
        assert found("/pale") == pale
        assert found("/pale-again") == [], "its colours were judged"
        assert found("/wide") == [
            "/wide leaves out a rank of heading: [1, 3]",
            "/wide has no title of its own",
            "/wide at 1280 in light: document-title",
            "/wide is 999 wide on a screen of 320",
        ]
        assert found("/pale") == [], "nothing is new"
        pages["/pale"] = FIELD
        assert [fault.partition(": ")[2] for fault in found("/pale")] == ["label"]
