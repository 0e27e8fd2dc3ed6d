"""`make bench`: does the ledger reach its goals beside its peers, in one run on one server?"""

from __future__ import annotations

import pytest

from tests.benchmarks.run import main


@pytest.mark.bench
def test_the_ledger_reaches_its_goals() -> None:
    """Every ratio of docs/benchmarks.md, measured anew; the table names the one that falls short."""
    assert main() == 0
