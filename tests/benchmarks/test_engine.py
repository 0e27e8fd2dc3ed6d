"""`make bench`: does the engine reach its goals beside QuantLib, in one run?"""

from __future__ import annotations

import pytest

from tests.benchmarks.engine import main


@pytest.mark.bench
def test_the_engine_reaches_its_goals() -> None:
    """Every ratio of docs/benchmarks.md, measured anew; the table names the one that falls short."""
    assert main() == 0
