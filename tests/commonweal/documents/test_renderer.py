"""Does the renderer fetch nothing, repeat itself to the byte, and say what is missing?"""

from __future__ import annotations

import gc
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from commonweal.documents import renderer
from commonweal.documents.errors import DocumentError, MissingSystemLibrary
from commonweal.documents.renderer import Attachment, render_pdf, renderer_version

ROOT = Path(__file__).resolve().parents[3]
ADDRESSES = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "http://127.0.0.1:9/secret",
    "https://example.org/x.png",
    "ftp://example.org/x.png",
    "asset:../settings/base.py",
    "asset:fonts/../../../settings/base.py",
    "asset:%2e%2e/settings/base.py",
    "asset:/etc/passwd",
    "asset://etc/passwd",
    "asset:fonts",
    "asset:no-such-file.svg",
]
WHEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def page(body: str) -> str:
    return f'<!doctype html><html lang="en-GB"><head><title>A page</title></head><body>{body}</body></html>'


def pdf_of(body: str, style: str = "") -> bytes:
    return render_pdf(page(body), stylesheets=[style], attachments=[], created=WHEN)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "body",
    [
        '<img src="{}" alt="x">',
        '<p style="background: url({})">x</p>',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        '<style>@import url("{}");</style>',
        '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style><p>x</p>',
        '<object data="{}" type="image/png">x</object>',
        '<embed src="{}" type="image/png">',
    ],
)
def test_an_address_outside_the_assets_stops_the_document(address: str, body: str) -> None:
    with pytest.raises(DocumentError, match="nothing but the files that come with Commonweal") as refused:
        pdf_of(body.format(address))
    assert "Nothing was issued" in str(refused.value)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_inside_a_chart_stops_the_document_too(address: str, caplog: pytest.LogCaptureFixture) -> None:
    """WeasyPrint would log and go on; the fetcher has remembered."""
    with pytest.raises(DocumentError, match="nothing but the files that come with Commonweal"):
        pdf_of(f'<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{address}"/></svg>')
    caplog.clear()


def test_a_style_sheet_may_not_fetch_either() -> None:
    with pytest.raises(DocumentError, match="outside the assets"):
        pdf_of("<p>x</p>", style='p { background: url("asset:../../manage.py") }')


def test_the_assets_and_inline_data_are_allowed() -> None:
    dot = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'%3E%3C/svg%3E"
    assert pdf_of(f'<img src="asset:motif.svg" alt="hills"><img src="{dot}" alt="dot">').startswith(b"%PDF-1.7")


def test_a_chart_that_cannot_be_drawn_stops_the_document(caplog: pytest.LogCaptureFixture) -> None:
    """WeasyPrint would leave it out, log a line and go on."""
    with pytest.raises(DocumentError, match="could not be drawn: Failed to render SVG"):
        pdf_of('<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><g transform="rotate(a)"/></svg>')
    caplog.clear()


def test_a_refusal_does_not_spoil_the_next_document() -> None:
    before = pdf_of("<p>Calm</p>")
    with pytest.raises(DocumentError):
        pdf_of('<img src="file:///etc/passwd" alt="x">')
    assert pdf_of("<p>Calm</p>") == before


PROGRAM = """
import django, sys
django.setup()
from tests.commonweal.documents.conftest import rendered
for name in ("quiet", "investor", "dozen"):
    print(name, rendered(name).sha256)
"""


def hashes(seed: str) -> str:
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "TZ": "Asia/Tokyo" if seed == "2" else "UTC",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT, env=environment).stdout


def test_the_same_knowledge_gives_the_same_bytes_in_any_process() -> None:
    """Two processes with other hash seeds and time zones, each rendering three statements in one go."""
    first = hashes("1")
    assert len(first.splitlines()) == 3
    assert first == hashes("2")


def test_the_order_in_which_documents_are_made_changes_nothing() -> None:
    alone = pdf_of("<p>Ŵ and w</p>")
    pdf_of("<p>zzz</p><h1>ŷ</h1>")
    assert pdf_of("<p>Ŵ and w</p>") == alone


def test_another_moment_is_another_document() -> None:
    later = render_pdf(page("<p>x</p>"), stylesheets=[], attachments=[], created=WHEN.replace(day=24))
    assert later != render_pdf(page("<p>x</p>"), stylesheets=[], attachments=[], created=WHEN)


def test_characters_that_no_metadata_may_hold_are_shown_as_a_question_mark(page_text: Callable[[bytes], str]) -> None:
    body = "a\x00b\x0bc\x1bd\x7fe\ufffff"
    pdf = render_pdf(page(f"<p>{body}</p>").replace("A page", body), stylesheets=[], attachments=[], created=WHEN)
    assert "a?b?c?d?e?f" in page_text(pdf)


def test_the_version_names_everything_that_the_bytes_depend_on() -> None:
    words = renderer_version().split()
    assert words[::2] == ["weasyprint", "pydyf", "pango", "harfbuzz", "templates"]
    assert all(word[0].isalnum() for word in words)
    assert "unknown" not in words


def test_a_missing_library_says_which_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cffi raises where Pango is not installed; importing the renderer has not needed it."""
    renderer._weasyprint.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr("builtins.__import__", _without_pango(__import__))
    with pytest.raises(MissingSystemLibrary) as refused:
        pdf_of("<p>x</p>")
    monkeypatch.undo()
    renderer._weasyprint.cache_clear()
    assert "apt-get install --no-install-recommends libpango-1.0-0" in str(refused.value)
    assert "Nothing was issued" in str(refused.value)


def _without_pango(real: Callable[..., object]) -> Callable[..., object]:
    def fake(name: str, *args: object, **kwargs: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object file")
        return real(name, *args, **kwargs)

    return fake


def test_a_worker_that_is_warm_collects_garbage_less_often() -> None:
    before, usual = gc.get_threshold(), 700
    gc.set_threshold(usual)
    renderer.warm_up()
    after = gc.get_threshold()
    gc.set_threshold(*before)
    assert after[0] > usual


def test_nothing_but_the_renderer_imports_weasyprint() -> None:
    apps = ("commonweal", "ledger", "loans", "borrowers", "investors")
    sources = {path: path.read_text(encoding="utf-8") for app in apps for path in (ROOT / app).rglob("*.py")}
    naming = re.compile(r"^\s*(import|from) weasyprint", re.MULTILINE)
    users = {path.relative_to(ROOT).as_posix() for path, text in sources.items() if naming.search(text)}
    assert users == {"commonweal/documents/renderer.py"}


def test_the_attached_file_is_the_text_that_was_given() -> None:
    figures = Attachment("figures.csv", "a,b\r\n1,−2\r\n", "Two figures")
    made = render_pdf(page("<p>x</p>"), stylesheets=[], attachments=[figures], created=WHEN)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.attachments["figures.csv"].get_file().read_bytes().decode() == figures.text
