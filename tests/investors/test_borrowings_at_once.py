"""Two people draw at once: what is left is lent once."""

from __future__ import annotations

from investors.domain.errors import BorrowingRefused
from investors.services import draw_facility
from tests.databases import TestDatabase
from tests.investors.borrowed import make_borrowed
from tests.ledger.at_once import all_at_once


def test_two_draws_at_once_do_not_share_what_is_left(committing_database: TestDatabase) -> None:
    borrowed = make_borrowed()
    lines = [borrowed.line("20000.00"), borrowed.line("20000.00")]
    refused = []

    def draw(key: str, line: object) -> None:
        try:
            draw_facility(facility=borrowed.facility, line=line, key=key, by=borrowed.fund.priya)
        except BorrowingRefused as refusal:
            refused.append(str(refusal))

    all_at_once([lambda key=str(at), line=line: draw(key, line) for at, line in enumerate(lines)])
    assert borrowed.owes("2610") == ["20000.00"]
    assert [one[:42] for one in refused] == ["£20,000.00 is £5,000.00 more than the £15,"]
