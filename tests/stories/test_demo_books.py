"""The demo's books, added up again by programs that we did not write, and looked through by every rule there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.demo.load import load
from commonweal.jobs.checks import examine_everything
from tests.ledger.other_programs import assert_others_agree


@pytest.mark.committing
def test_hledger_and_beancount_come_to_the_demo_s_trial_balances(hledger: str, tmp_path: Path) -> None:
    book = load(files=tmp_path, tell=lambda text: None)
    assert_others_agree(hledger, book, from_on=None, to_on=book.business_date)
    assert examine_everything(book) == []
