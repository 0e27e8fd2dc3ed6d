"""`make bench`: do 5,000 bank lines find their loans in at most three times the time of 5,000 entries?"""

from __future__ import annotations

import pytest

from tests.benchmarks.bank import main


@pytest.mark.bench
def test_bank_lines_reach_their_goal() -> None:
    """The ratio of docs/benchmarks.md, measured anew."""
    assert main() == 0
