"""Which pictures of the product does its documentation show, and how is each taken?

From a demo that was just loaded, so that a picture never shows more than what everybody gets, nor what somebody has
tried out in theirs.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from commonweal.demo import story

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LARGEST = 200_000
"""Bytes: a picture stays small enough to be kept with the source."""

STATEMENT = "2026-Q3-L-0108"
ARGUMENTS = ("--lang=en-GB", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars")
OTHER_DATABASES = ("DATABASE_", "BROKER_URL", "DJANGO_SETTINGS_MODULE")


class CannotTakePictures(Exception):
    """Raised when a program that pictures need is missing, or the demo does not start. Install what it names."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: who looks at what, on which screen. `follow` is the link to click on `path`."""

    name: str
    person: story.Person
    path: str
    size: tuple[int, int]
    follow: str = ""
    colours: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("loan-light", story.TOM, f"/desk/{story.BOOK}/loans/", (1280, 1225), story.NETHERBY),
    Picture("loan-dark", story.TOM, f"/desk/{story.BOOK}/loans/", (1280, 1225), story.NETHERBY, "dark"),
    Picture("desk", story.TOM, f"/desk/{story.BOOK}/", (1280, 1290)),
    Picture("portfolio", story.TOM, f"/desk/{story.BOOK}/loans/portfolio/", (1280, 1350)),
    Picture("borrower", story.JO, "/borrower/", (400, 720)),
    Picture("worried", story.BEA, "/borrower/", (400, 720)),
    Picture("investor", story.HANA, "/investor/", (1024, 720)),
    Picture("calculator", story.JO, "/calculator/?charged=flat&rate=4.2&fee=2&first=2027-01-01", (1024, 1240)),
)


@contextmanager
def fresh_demo() -> Iterator[str]:
    """The address of a demo of its own, which is stopped and removed afterwards. Raises CannotTakePictures."""
    folder = Path(tempfile.mkdtemp(prefix="commonweal-"))
    folder.chmod(0o711)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHER_DATABASES)}
    environment = kept | {"VAR_DIR": str(folder)}
    port = _free_port()
    try:
        _processes("start", "--port", str(port), environment=environment)
        yield f"http://127.0.0.1:{port}"
    finally:
        _processes("stop", environment=environment)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, of the variable CHROMIUM or of the system. Raises CannotTakePictures."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CannotTakePictures(
            "Pictures are taken with Playwright, which is installed for the tests alone: run `make setup`. "
            "No picture was changed."
        ) from error
    program = _program(os.environ.get("CHROMIUM") or "chromium", package="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


def take(picture: Picture, browser: Browser, address: str) -> bytes:
    """The picture as a small PNG."""
    page = _logged_in(browser, address, picture.person, picture.size, picture.colours)
    page.goto(picture.path)
    if picture.follow:
        page.get_by_role("link", name=picture.follow).click()
    page.evaluate("document.fonts.ready")
    taken = page.screenshot()
    page.context.close()
    return smaller(taken)


def take_statement(browser: Browser, address: str) -> bytes:
    """The first page of the borrower's statement, as a small PNG. Raises CannotTakePictures."""
    draw = _program("pdftoppm", package="poppler-utils")
    page = _logged_in(browser, address, story.JO, (800, 600))
    issued = page.request.get("/api/v1/documents/").json()["results"]
    number = next(document["id"] for document in issued if document["number"] == STATEMENT)
    pdf = page.request.get(f"/api/v1/documents/{number}/download/").body()
    page.context.close()
    line = [draw, "-png", "-singlefile", "-r", "96", "-f", "1", "-l", "1", "-"]
    return smaller(subprocess.run(line, input=pdf, capture_output=True, check=True).stdout)


def smaller(png: bytes) -> bytes:
    """The same picture in 256 colours, which these pages do not exceed by much."""
    from PIL import Image

    with Image.open(BytesIO(png)) as image:
        few = image.convert("RGB").quantize(colors=256, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def _logged_in(
    browser: Browser,
    address: str,
    person: story.Person,
    size: tuple[int, int],
    colours: Literal["light", "dark"] = "light",
) -> Page:
    context = browser.new_context(
        base_url=address,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=colours,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    page.goto("/log-in/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(story.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "log-in" not in url)
    return page


def _processes(*arguments: str, environment: dict[str, str]) -> None:
    line = [sys.executable, "-m", "commonweal.processes", *arguments]
    done = subprocess.run(line, cwd=settings.BASE_DIR, env=environment, text=True, capture_output=True, check=False)
    if done.returncode:
        raise CannotTakePictures(f"{done.stderr.strip()} No picture was changed.")


def _program(name: str, *, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotTakePictures(f"{name} is not installed: install {package}. No picture was changed.")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
