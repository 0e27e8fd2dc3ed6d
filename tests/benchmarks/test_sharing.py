"""`make bench`: does splitting cash lines over lenders cost at most half as much again as posting what it makes?"""

from __future__ import annotations

import pytest

from tests.benchmarks.sharing import main


@pytest.mark.bench
def test_splitting_reaches_its_goal() -> None:
    """The ratio of docs/benchmarks.md, measured anew."""
    assert main() == 0
