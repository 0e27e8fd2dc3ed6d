"""`make bench`: does a large book of loans move in within its memory?"""

from __future__ import annotations

import pytest

from tests.benchmarks.moving_in_run import main


@pytest.mark.bench
def test_moving_in_reaches_its_goal() -> None:
    """The goal of docs/benchmarks.md, measured anew."""
    assert main() == 0
