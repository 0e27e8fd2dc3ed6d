"""`make bench`: does an impact statement take as many queries for ten times the borrowers, and 11 times as long?"""

from __future__ import annotations

import pytest

from tests.benchmarks.impact import main


@pytest.mark.bench
def test_impact_figures_reach_their_goals() -> None:
    """The ratios of docs/benchmarks.md, measured anew."""
    assert main() == 0
