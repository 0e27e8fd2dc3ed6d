"""Every loan entry has one lenders' side: what it posts, and what it refuses."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from investors.domain import entries
from investors.domain.entries import (
    Change,
    apportionment_entry,
    change_by,
    contribution_entry,
    no_change,
    parts_in,
)
from investors.domain.errors import NotApportionable
from investors.domain.participation import Participation, shares_of
from ledger.domain.entry import JournalEntry, credit, debit, mirror
from ledger.domain.money import from_minor
from loans.domain.entries import advance_applied_entry, drawdown_entry, instalment_due_entry, repayment_entry
from loans.domain.movements import Balances
from tests.investors.test_participation import netherby

DAY = date(2025, 6, 2)
LOAN = "L-0108"
LENDERS = netherby().participations
NONE_YET = no_change("GBP")
DRAWN = Change(Money("35000.00", "GBP"), Money("0", "GBP"), Money("0", "GBP"))


def pounds(amount: str) -> Money:
    return Money(amount, "GBP")


def lines(entry: JournalEntry) -> list[str]:
    """The entry as an accountant reads it: debits positive."""
    return [f"{posting.account} {posting.amount.amount}" for posting in entry.postings]


def lenders_side(entry: JournalEntry, before: Change) -> JournalEntry:
    change = change_by(entry, LOAN, "GBP")
    return apportionment_entry(LOAN, 7, entry, on=DAY, before=before, change=change, participations=LENDERS)


def repaid(interest: str, principal: str, advance: str = "0") -> JournalEntry:
    paid = pounds(interest) + pounds(principal) + pounds(advance)
    return repayment_entry(LOAN, DAY, paid, Balances(-pounds(principal), -pounds(interest), pounds(advance)), "MAIN")


def test_a_drawdown() -> None:
    entry = lenders_side(drawdown_entry(LOAN, DAY, pounds("35000.00")), NONE_YET)
    assert lines(entry) == [
        "2410/L-0108/LOT -3500.00",
        "2410/L-0108/NRB -21000.00",
        "2410/L-0108/TST -10500.00",
        "2510/LOT 3500.00",
        "2510/NRB 21000.00",
        "2510/TST 10500.00",
    ]
    assert (entry.kind, entry.source) == ("apportionment", "apportion:E7")
    assert entry.narrative == "Lenders' parts of E-7: Drawdown of L-0108"


def test_interest_falls_due() -> None:
    assert lines(lenders_side(instalment_due_entry(LOAN, DAY, 19, pounds("127.88")), DRAWN)) == [
        "2420/L-0108/LOT -12.79",
        "2420/L-0108/NRB -76.73",
        "2420/L-0108/TST -38.36",
        "5010 127.88",
    ]


def test_a_repayment_passes_principal_and_interest_on() -> None:
    before = DRAWN + Change(pounds("0"), pounds("127.88"), pounds("0"))
    assert lines(lenders_side(repaid("127.88", "548.77", advance="23.35"), before)) == [
        "2410/L-0108/LOT 54.88",
        "2410/L-0108/NRB 329.26",
        "2410/L-0108/TST 164.63",
        "2420/L-0108/LOT 12.79",
        "2420/L-0108/NRB 76.73",
        "2420/L-0108/TST 38.36",
        "2510/LOT -67.67",
        "2510/NRB -405.99",
        "2510/TST -202.99",
    ]


def test_money_in_advance_is_passed_on_when_it_is_applied() -> None:
    assert not change_by(repaid("0", "0", advance="700.00"), LOAN, "GBP")
    applied = advance_applied_entry(LOAN, DAY, 19, Balances(pounds("-548.77"), pounds("-127.88"), pounds("-676.65")))
    assert change_by(applied, LOAN, "GBP") == Change(pounds("-548.77"), pounds("0"), pounds("127.88"))


def test_a_reversal_gets_the_mirror() -> None:
    for entry, before in (
        (drawdown_entry(LOAN, DAY, pounds("100.01")), NONE_YET),
        (instalment_due_entry(LOAN, DAY, 1, pounds("0.05")), DRAWN),
        (repaid("0.05", "33.33"), DRAWN + Change(pounds("0"), pounds("0.05"), pounds("0"))),
    ):
        there = lenders_side(entry, before)
        back = lenders_side(mirror(7, entry, on=DAY, reason="typing error"), before + change_by(entry, LOAN, "GBP"))
        assert [(p.account, -p.minor) for p in back.postings] == [(p.account, p.minor) for p in there.postings]


def test_a_contribution() -> None:
    entry = contribution_entry("NRB", DAY, pounds("21000.00"), "MAIN")
    assert lines(entry) == ["2010/MAIN 21000.00", "2510/NRB -21000.00"]
    assert (entry.kind, entry.source) == ("contribution", "investor:NRB")


@pytest.mark.parametrize("other_side", ["5020", "3020", "1310/L-0109", "2510/NRB"])
def test_what_has_no_rule_is_refused(other_side: str) -> None:
    entry = JournalEntry(DAY, "Write-off", (debit(other_side, pounds("9.00")), credit("1310/L-0108", pounds("9.00"))))
    with pytest.raises(NotApportionable, match=f"moves L-0108 against account {other_side}"):
        change_by(entry, LOAN, "GBP")


def test_an_entry_of_another_loan_changes_nothing() -> None:
    assert change_by(drawdown_entry("L-0109", DAY, pounds("5.00")), LOAN, "GBP") == NONE_YET


PENCE = st.integers(-(10**9), 10**9)
CHANGES = st.builds(lambda *minor: Change(*(from_minor(one, "GBP") for one in minor)), PENCE, PENCE, PENCE)


@given(st.lists(CHANGES.filter(bool), max_size=6), st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_the_lenders_accounts_are_always_the_exact_shares(changes: list[Change], weights: list[int]) -> None:
    lenders = [Participation(f"I{number}", 1, from_minor(weight, "GBP")) for number, weight in enumerate(weights)]
    source = drawdown_entry(LOAN, DAY, pounds("1.00"))
    balances: dict[str, Money] = defaultdict(lambda: pounds("0"))
    total = NONE_YET
    for change in changes:
        entry = apportionment_entry(LOAN, 7, source, on=DAY, before=total, change=change, participations=lenders)
        for posting in entry.postings:
            balances[posting.account] += posting.amount
        total += change
    principal, earned, received = (
        shares_of(amount, lenders) for amount in (total.principal, total.interest_earned, total.interest_received)
    )
    for number, lender in enumerate(lenders):
        code = lender.investor
        assert balances[entries.participation_in_principal(LOAN, code)] == -principal[number]
        assert balances[entries.participation_in_interest(LOAN, code)] == received[number] - earned[number]
        assert balances[entries.due_to_investor(code)] == principal[number] - received[number]
    assert balances[entries.INTEREST_PASSED_ON] == total.interest_earned


NOUGHT = pounds("0.00")


@pytest.mark.parametrize(
    ("change", "of_trust"),
    [
        (DRAWN, Change(pounds("10500.00"), NOUGHT, NOUGHT)),
        (Change(NOUGHT, pounds("127.88"), NOUGHT), Change(NOUGHT, pounds("38.36"), NOUGHT)),
        (Change(pounds("-548.77"), NOUGHT, pounds("127.88")), Change(pounds("-164.63"), NOUGHT, pounds("38.36"))),
        (Change(pounds("548.77"), NOUGHT, pounds("-127.88")), Change(pounds("164.63"), NOUGHT, pounds("-38.36"))),
    ],
)
def test_a_lenders_part_is_read_back_from_the_entry(change: Change, of_trust: Change) -> None:
    source = drawdown_entry(LOAN, DAY, pounds("1.00"))
    entry = apportionment_entry(LOAN, 7, source, on=DAY, before=NONE_YET, change=change, participations=LENDERS)
    assert parts_in(entry, LOAN, "TST") == (of_trust, change)
    assert parts_in(entry, LOAN, "NOBODY") == (NONE_YET, change)
