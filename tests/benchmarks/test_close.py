"""`make bench`: does the close cost what it may?"""

from __future__ import annotations

import pytest

from tests.benchmarks.close_run import main


@pytest.mark.bench
def test_the_close_reaches_its_goals() -> None:
    """The goals of docs/benchmarks.md, measured anew."""
    assert main() == 0
