"""Each event's journal entry, as an accountant would write it."""

from datetime import date

import pytest

from ledger.domain.entry import JournalEntry
from loans.domain import entries
from tests.loans.entry_builders import entry_of
from tests.loans.tables import pounds, rows

ON = date(2026, 12, 1)


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
            entry_of("L-0108", "drawn:1", ON, principal="35000.00"),
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
            entry_of("L-0108", "due:19", ON, interest="127.88"),
            """
            1320/L-0108  Dr    127.88
            4010         Cr    127.88
            """,
        ),
        (
            entry_of("L-0108", "repaid:3", ON, principal="-548.77", interest="-127.88", in_advance="23.35"),
            """
            2010/MAIN    Dr    700.00
            1320/L-0108  Cr    127.88
            1310/L-0108  Cr    548.77
            2110/L-0108  Cr     23.35
            """,
        ),
        (
            entry_of("L-0108", "repaid:3", ON, interest="-100.00"),
            """
            2010/MAIN    Dr    100.00
            1320/L-0108  Cr    100.00
            """,
        ),
        (
            entry_of("L-0108", "advance:19", ON, principal="-172.12", interest="-127.88", in_advance="-300.00"),
            """
            2110/L-0108  Dr    300.00
            1320/L-0108  Cr    127.88
            1310/L-0108  Cr    172.12
            """,
        ),
        (
            entry_of("L-0108", "due:19", ON, interest="127.88", suspended="127.88"),
            """
            1320/L-0108  Dr    127.88
            1350/L-0108  Cr    127.88
            """,
        ),
        (
            entry_of("L-0108", "repaid:3", ON, interest="-100.00", suspended="-100.00"),
            """
            1350/L-0108  Dr    100.00
            2010/MAIN    Dr    100.00
            1320/L-0108  Cr    100.00
            4010         Cr    100.00
            """,
        ),
        (
            entry_of("L-0108", "default:738000", ON, default_interest="3.00", default_suspended="3.00"),
            """
            1340/L-0108  Dr      3.00
            1351/L-0108  Cr      3.00
            """,
        ),
        (
            entry_of("L-0108", "repaid:3", ON, default_interest="-3.00", default_suspended="-3.00"),
            """
            1351/L-0108  Dr      3.00
            2010/MAIN    Dr      3.00
            1340/L-0108  Cr      3.00
            4040         Cr      3.00
            """,
        ),
        (
            entry_of("L-0108", "resumed:8", ON, suspended="-127.88", default_suspended="-3.00"),
            """
            1350/L-0108  Dr    127.88
            1351/L-0108  Dr      3.00
            4040         Cr      3.00
            4010         Cr    127.88
            """,
        ),
        (
            entry_of("L-0108", "commitment fee:19", ON, fees="12.50"),
            """
            1330/L-0108  Dr     12.50
            4030         Cr     12.50
            """,
        ),
        (
            entry_of("L-0108", "due:19", ON, interest="127.88", not_earned="-11.67"),
            """
            1320/L-0108  Dr    127.88
            2140/L-0108  Dr     11.67
            4030         Cr     11.67
            4010         Cr    127.88
            """,
        ),
        (
            entry_of("L-0108", "fee:4", ON, fees="700.00", not_earned="700.00"),
            """
            1330/L-0108  Dr    700.00
            2140/L-0108  Cr    700.00
            """,
        ),
        (
            entry_of("L-0108", "deducted:4", ON, fees="-700.00"),
            """
            1020/L-0108  Dr    700.00
            1330/L-0108  Cr    700.00
            """,
        ),
        (
            entry_of("L-0108", "waived:5", ON, interest="-50.00", suspended="-20.00"),
            """
            1350/L-0108  Dr     20.00
            5040         Dr     30.00
            1320/L-0108  Cr     50.00
            """,
        ),
        (
            entry_of("L-0108", "restructured:5", ON, principal="60.00", interest="-50.00", fees="-10.00"),
            """
            1310/L-0108  Dr     60.00
            1320/L-0108  Cr     50.00
            1330/L-0108  Cr     10.00
            """,
        ),
        (
            entry_of("L-0108", "written off:6", ON, principal="-9000.00", interest="-120.00", default_interest="-3.00"),
            """
            5020         Dr   9123.00
            1320/L-0108  Cr    120.00
            1340/L-0108  Cr      3.00
            1310/L-0108  Cr   9000.00
            """,
        ),
        (
            entry_of("L-0108", "recovered:7", ON, recovered="500.00"),
            """
            2010/MAIN    Dr    500.00
            4050         Cr    500.00
            """,
        ),
        (
            entry_of("L-0108", "refunded:8", ON, in_advance="-30.00"),
            """
            2110/L-0108  Dr     30.00
            1020/L-0108  Cr     30.00
            """,
        ),
        (
            entry_of("L-0108", "repaid:3", ON, principal="2.74", interest="-2.74"),
            """
            1310/L-0108  Dr      2.74
            1320/L-0108  Cr      2.74
            """,
        ),
    ],
)
def test_each_event_moves_these_accounts(entry, expected):
    assert postings(entry) == rows(expected)
    assert entry.source == "loan:L-0108"
    assert "L-0108" in entry.narrative
    assert entry.effective_on == ON
