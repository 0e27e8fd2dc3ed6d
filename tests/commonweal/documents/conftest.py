"""Rendered statements, made once for all tests, and readable snapshots of what is in them."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from commonweal.documents.statements import RenderedDocument, render_investor_statement, render_loan_statement
from loans.loan_statement import LoanStatement
from tests.commonweal.documents import builders

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "documents"
SAMPLES = {
    "loan": builders.loan_statement,
    "late": builders.late_statement,
    "eventful": builders.eventful_statement,
    "quiet": builders.quiet_statement,
    "investor": builders.investor_statement,
    "dozen": builders.dozen,
    "nothing": builders.nothing_yet,
}


@cache
def rendered(name: str) -> RenderedDocument:
    """A sample statement by its name in SAMPLES."""
    statement = SAMPLES[name]()
    if isinstance(statement, LoanStatement):
        return render_loan_statement(statement)
    return render_investor_statement(statement)


@pytest.fixture(params=sorted(SAMPLES))
def sample(request: pytest.FixtureRequest) -> RenderedDocument:
    """Each sample statement in turn."""
    return rendered(request.param)


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compare a text with its golden file; `SNAPSHOT_UPDATE=1` writes it, to be read in review like any other text."""

    def compare(name: str, found: str) -> None:
        path = GOLDEN / name
        if os.environ.get("SNAPSHOT_UPDATE"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8", newline="")
        assert path.exists(), f"{path} is missing: run once with SNAPSHOT_UPDATE=1 and read what it writes"
        assert found == path.read_bytes().decode()

    return compare


@pytest.fixture
def page_text(pdftotext: str, tmp_path: Path) -> Callable[[bytes], str]:
    """The text of a PDF as a reader sees it, with runs of spaces shortened so that no version of Poppler matters."""

    def read(pdf: bytes) -> str:
        file = tmp_path / "statement.pdf"
        file.write_bytes(pdf)
        done = subprocess.run([pdftotext, "-layout", file, "-"], capture_output=True, check=True, text=True)
        pages = done.stdout.split("\f")
        lines = [["  ".join(line.split("  ")).strip() for line in page.splitlines()] for page in pages]
        return (
            "\n===\n".join("\n".join(_shortened(line) for line in page if line) for page in lines if any(page)) + "\n"
        )

    return read


def _shortened(line: str) -> str:
    while "   " in line:
        line = line.replace("   ", "  ")
    return line


@pytest.fixture(autouse=True)
def weasyprint_is_silent(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing at WARNING or above: WeasyPrint only logs what it does not understand."""
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        yield
    said = [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")]
    assert said == []
