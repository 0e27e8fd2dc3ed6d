"""`make bench`: are statements rendered fast enough, in little memory, and never twice?"""

from __future__ import annotations

import pytest

from tests.benchmarks.statements import main


@pytest.mark.bench
def test_statements_reach_their_goals() -> None:
    """The ratios of docs/benchmarks.md, measured anew."""
    assert main() == 0
