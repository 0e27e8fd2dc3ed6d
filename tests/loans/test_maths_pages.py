"""The numbers on the pages of docs/maths, and the examples in the docstrings of loans/domain, are run as written."""

import doctest
import importlib
from pathlib import Path

import pytest

import loans.domain

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in Path(loans.domain.__path__[0]).glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("page", ["schedule.md", "allocation.md"])
def test_the_page_says_what_the_engine_says(page):
    outcome = doctest.testfile(str(ROOT / "docs" / "maths" / page), module_relative=False)
    assert outcome.attempted > 5
    assert outcome.failed == 0


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_are_true(module):
    outcome = doctest.testmod(importlib.import_module(f"loans.domain.{module}"))
    assert outcome.failed == 0
