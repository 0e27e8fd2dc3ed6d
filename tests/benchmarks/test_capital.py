"""`make bench`: does a distribution take as many queries for ten times the investors and loans?"""

from __future__ import annotations

import pytest

from tests.benchmarks.capital import main


@pytest.mark.bench
def test_distributions_reach_their_goals() -> None:
    """The counts of docs/benchmarks.md, measured anew."""
    assert main() == 0
