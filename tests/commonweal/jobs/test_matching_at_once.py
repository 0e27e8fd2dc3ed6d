"""Bank lines for several loans, while somebody else works on the same loans: all lock them in the same order."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from django.db import transaction

from commonweal.jobs.matching import Wanted, match_line, undo_line
from ledger.domain.suggestion import Part
from ledger.models import BankStatementLine
from loans.domain.suggestions import LOAN
from loans.models import Loan
from tests.ledger.at_once import all_at_once, wait_until_somebody_waits
from tests.loans.builders import Fund, bank_line, make_drawn_loan, make_fund

pytestmark = pytest.mark.committing


def matched(fund: Fund, line: BankStatementLine, loans: list[Loan]) -> object:
    return match_line(
        book=fund.book, wanted=Wanted(line.pk, tuple(Part(LOAN, one.pk, 100_00) for one in loans)), by=fund.priya
    )


def undone(fund: Fund, line: BankStatementLine, loans: list[Loan]) -> object:
    return undo_line(book=fund.book, line_id=line.pk, reason="Not theirs", by=fund.priya)


@pytest.mark.parametrize("act", [matched, undone])
def test_nobody_waits_in_a_circle(act: Callable[[Fund, BankStatementLine, list[Loan]], object]) -> None:
    fund, holds = make_fund(), Event()
    first, second = make_drawn_loan(fund), make_drawn_loan(fund, shop="8124")
    line = bank_line(fund, "200.00", "both", "2025-06-02")
    if act is undone:
        matched(fund, line, [first, second])

    def somebody_else() -> object:
        with transaction.atomic():
            Loan.objects.select_for_update().get(pk=first.pk)
            holds.set()
            wait_until_somebody_waits()
            return Loan.objects.select_for_update().get(pk=second.pk)

    def here() -> object:
        assert holds.wait(timeout=60)
        return act(fund, line, [second, first])

    assert not [one for one in all_at_once([somebody_else, here]) if isinstance(one, Exception)]
