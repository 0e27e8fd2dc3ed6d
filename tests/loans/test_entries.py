"""Each event's journal entry, as an accountant would write it."""

from datetime import date

import pytest

from ledger.domain.entry import JournalEntry
from loans.domain import entries
from loans.domain.movements import Balances
from tests.loans.tables import pounds, rows

ON = date(2026, 12, 1)


def effect(principal: str, interest: str, in_advance: str) -> Balances:
    """Changes of principal, interest due and money in advance."""
    return Balances(pounds(principal), pounds(interest), pounds(in_advance))


def postings(entry: JournalEntry) -> list[list[str]]:
    """An entry as rows of account, side and amount."""
    return [
        [posting.account, "Dr" if posting.minor > 0 else "Cr", str(abs(posting.amount.amount))]
        for posting in entry.postings
    ]


@pytest.mark.parametrize(
    "entry, expected",
    [
        (
            entries.drawdown_entry("L-0108", ON, pounds("35000.00")),
            """
            1310/L-0108  Dr  35000.00
            1020/L-0108  Cr  35000.00
            """,
        ),
        (
            entries.drawdown_paid_entry("L-0108", ON, pounds("35000.00"), "MAIN"),
            """
            1020/L-0108  Dr  35000.00
            2010/MAIN    Cr  35000.00
            """,
        ),
        (
            entries.instalment_due_entry("L-0108", ON, 19, pounds("127.88")),
            """
            1320/L-0108  Dr    127.88
            4010         Cr    127.88
            """,
        ),
        (
            entries.repayment_entry("L-0108", ON, pounds("700.00"), effect("-548.77", "-127.88", "23.35"), "MAIN"),
            """
            2010/MAIN    Dr    700.00
            1320/L-0108  Cr    127.88
            1310/L-0108  Cr    548.77
            2110/L-0108  Cr     23.35
            """,
        ),
        (
            entries.repayment_entry("L-0108", ON, pounds("100.00"), effect("0.00", "-100.00", "0.00"), "MAIN"),
            """
            2010/MAIN    Dr    100.00
            1320/L-0108  Cr    100.00
            """,
        ),
        (
            entries.advance_applied_entry("L-0108", ON, 19, effect("-172.12", "-127.88", "-300.00")),
            """
            1320/L-0108  Cr    127.88
            1310/L-0108  Cr    172.12
            2110/L-0108  Dr    300.00
            """,
        ),
        (
            entries.reallocation_entry("L-0108", ON, effect("2.74", "-2.74", "0.00")),
            """
            1320/L-0108  Cr      2.74
            1310/L-0108  Dr      2.74
            """,
        ),
    ],
)
def test_each_event_moves_these_accounts(entry, expected):
    assert postings(entry) == rows(expected)
    assert entry.source == "loan:L-0108"
    assert "L-0108" in entry.narrative
    assert entry.effective_on == ON
