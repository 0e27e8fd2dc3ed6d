"""The numbers on docs/maths/participation.md, and the examples in docstrings of investors/domain, are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import investors.domain

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in Path(investors.domain.__path__[0]).glob("*.py") if path.stem != "__init__")


def test_the_page_says_what_the_engine_says() -> None:
    outcome = doctest.testfile(str(ROOT / "docs" / "maths" / "participation.md"), module_relative=False)
    assert outcome.attempted > 15
    assert outcome.failed == 0


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_are_true(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"investors.domain.{module}")).failed == 0
