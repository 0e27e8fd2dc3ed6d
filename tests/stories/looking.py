"""Looking at pages as everybody meets them: on a desk and on a phone, in light and in dark, by the rules of axe.

What looks the same is looked at once. A page is opened where nobody has looked at it yet, and again where it shows
somebody else a *kind* of element that no page has shown: its name, classes and attributes, and whether it holds words,
with those of everything around it. Colours are judged for each *ink* that is new: the colour, size and weight of words
with everything that is painted behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, TypedDict
from zlib import crc32

from playwright.sync_api import Page

Axe = Callable[..., list[dict[str, Any]]]
Scheme = Literal["light", "dark"]

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that depend on colours."""

LOOKS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (320, "dark"))
TALL = 900
NEW = "[data-new]"
"""Elements whose ink is new."""

READ = """async (path) => {
    const answer = await fetch(path)
    const isPage = answer.headers.get("Content-Type").startsWith("text/html")
    const page = new DOMParser().parseFromString(isPage ? await answer.text() : "", "text/html")
    const ranks = [...page.querySelectorAll("h1, h2, h3, h4")].map(heading => Number(heading.tagName[1]))
    const kinds = new Map([[page.body, page.body.className]])
    for (const each of page.body.querySelectorAll("*")) {
        const said = ["class", "role", "type", "aria-disabled"].map(name => each.getAttribute(name))
        const own = [each.localName, ...said, each.getAttributeNames().sort(), /\\S/.test(each.textContent)]
        kinds.set(each, kinds.get(each.parentElement) + " > " + own.join(" "))
    }
    return {status: answer.status, isPage, title: page.title, ranks, kinds: [...new Set(kinds.values())]}
}"""

INKS = """() => {
    const inks = new Map(), grounds = new Map([[document.documentElement, ""]])
    for (const each of document.body.querySelectorAll("*")) {
        const style = getComputedStyle(each), behind = grounds.get(each.parentElement) ?? ""
        const own = [style.backgroundColor, style.backgroundImage, style.opacity].join(" ")
        grounds.set(each, own === "rgba(0, 0, 0, 0) none 1" ? behind : `${behind} > ${own}`)
        const words = [...each.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && /\\S/.test(node.data))
        if (!each.checkVisibility() || !("value" in each || words.length)) continue
        const beside = each.localName === "a" ? getComputedStyle(each.parentElement).color : ""
        const ink = [style.color, style.fontSize, style.fontWeight, style.textDecorationLine, beside]
        inks.set(each, `${ink.join(" ")} on ${grounds.get(each)}`)
    }
    return inks
}"""
SHOWN = f"() => [...new Set(({INKS})().values())]"
MARK = f"""(fresh) => {{
    for (const [each, ink] of ({INKS})()) each.toggleAttribute("data-new", fresh.includes(ink))
}}"""


class Reading(TypedDict):
    """What a page says without being shown."""

    status: int
    isPage: bool
    title: str
    ranks: list[int]
    kinds: list[str]


@dataclass(frozen=True)
class Onlooker:
    """Somebody who remembers every page, every kind of element and every ink that they looked at."""

    pages: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    inks: set[str] = field(default_factory=set)

    def faults(self, page: Page, reader: Page, path: str, axe: Axe) -> Iterator[str]:
        """What is wrong with a page, in words; a file that is downloaded has only to be there.

        `reader` is another page of the same person, and stays where it is.
        """
        reading: Reading = reader.evaluate(READ, path)
        assert reading["status"] == 200, f"{path} answers {reading['status']}"
        if not reading["isPage"]:
            return
        yield from faults_of_head(path, reading)
        if path not in self.pages or not self.kinds.issuperset(reading["kinds"]):
            self.pages.add(path)
            self.kinds.update(reading["kinds"])
            yield from self._faults_shown(page, path, axe)

    def _faults_shown(self, page: Page, path: str, axe: Axe) -> Iterator[str]:
        """What shows when the page is opened: all rules in one look, and what may differ in the other."""
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        whole = LOOKS[crc32(path.encode()) % len(LOOKS)]
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": TALL})
            page.emulate_media(color_scheme=scheme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"{path} is {wide} wide on a screen of {width}"
            found = axe(page, without=COLOURS) if (width, scheme) == whole else []
            for each in found + self._faults_of_colour(page, axe):
                for node in each["nodes"]:
                    yield f"{path} at {width} in {scheme}: {each['id']} {node['html'][:200]}"

    def _faults_of_colour(self, page: Page, axe: Axe) -> list[dict[str, Any]]:
        fresh = set(page.evaluate(SHOWN)) - self.inks
        if not fresh:
            return []
        self.inks.update(fresh)
        page.evaluate(MARK, sorted(fresh))
        return axe(page, rules=COLOURS, within=NEW)


def faults_of_head(path: str, reading: Reading) -> Iterator[str]:
    """Whether a page says what it is: one heading of the first rank, no rank left out, and a title of its own."""
    ranks = reading["ranks"]
    if ranks.count(1) != 1:
        yield f"{path} has {ranks.count(1)} headings of the first rank"
    if any(after > before + 1 for before, after in pairwise(ranks)):
        yield f"{path} leaves out a rank of heading: {ranks}"
    if not reading["title"].partition(" · ")[0]:
        yield f"{path} has no title of its own"
