"""`make bench`: does servicing reach its goals on a long loan and over many, in one run on one server?"""

from __future__ import annotations

import pytest

from tests.benchmarks.servicing import main


@pytest.mark.bench
def test_servicing_reaches_its_goals() -> None:
    """Every ratio of docs/benchmarks.md, measured anew; the table names the one that falls short."""
    assert main() == 0
