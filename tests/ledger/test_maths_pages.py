"""The numbers and names on the ledger's pages, and the examples in its docstrings, are run as written."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import ledger

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("domain", "checks", "exports")
MODULES = sorted(
    f"ledger.{path.parent.name}.{path.stem}"
    for folder in FOLDERS
    for path in (Path(ledger.__path__[0]) / folder).glob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("page", ["maths/split.md", "maths/seal.md", "exports.md"])
def test_the_page_says_what_the_ledger_does(page: str) -> None:
    outcome = doctest.testfile(str(ROOT / "docs" / page), module_relative=False)
    assert outcome.attempted > 5
    assert outcome.failed == 0


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_are_true(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0
