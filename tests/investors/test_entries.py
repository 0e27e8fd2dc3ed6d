"""Every loan entry has one lenders' side: what it posts, and what it refuses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from investors.domain import entries
from investors.domain.changes import NO_CHANGE, Change, change_by
from investors.domain.entries import apportionment_entry, contribution_entry, lenders_lines
from investors.domain.errors import NotApportionable
from investors.domain.participation import Participation, ParticipationSet, shares_of
from investors.domain.sharing import LoanMove, SetInForce, tell_parts
from ledger.domain.entry import JournalEntry, credit, debit, mirror, signed
from ledger.domain.money import from_minor
from tests.investors.test_participation import netherby
from tests.loans.entry_builders import advance_applied_entry, drawdown_entry, instalment_due_entry, repayment_entry

DRAWN_ON, DAY = date(2025, 5, 1), date(2025, 6, 2)
LOAN = "L-0108"
LENDERS = netherby().participations
DRAWN = Change(principal=35_000_00)


def pounds(amount: str) -> Money:
    return Money(amount, "GBP")


def lines(entry: JournalEntry) -> list[str]:
    """The entry as an accountant reads it: debits positive."""
    return [f"{posting.account} {posting.amount.amount}" for posting in entry.postings]


def sides(before: Change, change: Change) -> dict[str, int]:
    """The lenders' side of a change after all that changed before."""
    moves = [LoanMove("before", 1, DRAWN_ON, before), LoanMove("now", 2, DAY, change)]
    told = tell_parts([SetInForce("set", None, netherby())], moves, [])
    return lenders_lines(LOAN, told["now"], change)


def lenders_side(entry: JournalEntry, before: Change) -> JournalEntry:
    lines = sides(before, change_by(entry, LOAN))
    narrative = f"Lenders' parts of E-7: {entry.narrative}"
    return apportionment_entry("apportion:E7", narrative, lines, on=DAY, currency="GBP")


def repaid(interest: str, principal: str, advance: str = "0") -> JournalEntry:
    return repayment_entry(LOAN, DAY, principal=principal, interest=interest, advance=advance)


def test_a_drawdown() -> None:
    entry = lenders_side(drawdown_entry(LOAN, DAY, pounds("35000.00")), NO_CHANGE)
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
    before = replace(DRAWN, interest_earned=127_88)
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
    assert not change_by(repaid("0", "0", advance="700.00"), LOAN)
    applied = advance_applied_entry(LOAN, DAY, 19, principal="548.77", interest="127.88")
    assert change_by(applied, LOAN) == Change(principal=-548_77, interest_received=127_88)


def test_a_reversal_gets_the_mirror() -> None:
    for entry, before in (
        (drawdown_entry(LOAN, DAY, pounds("100.01")), NO_CHANGE),
        (instalment_due_entry(LOAN, DAY, 1, pounds("0.05")), DRAWN),
        (repaid("0.05", "33.33"), replace(DRAWN, interest_earned=5)),
    ):
        there = lenders_side(entry, before)
        back = lenders_side(mirror(7, entry, on=DAY, reason="typing error"), before + change_by(entry, LOAN))
        assert [(p.account, -p.minor) for p in back.postings] == [(p.account, p.minor) for p in there.postings]


def test_a_contribution() -> None:
    entry = contribution_entry("NRB", DAY, pounds("21000.00"), "MAIN")
    assert lines(entry) == ["2010/MAIN 21000.00", "2510/NRB -21000.00"]
    assert (entry.kind, entry.source) == ("contribution", "investor:NRB")


@pytest.mark.parametrize("other_side", ["5030", "3010", "1310/L-0109", "1330/L-0109", "2510/NRB"])
def test_what_has_no_rule_is_refused(other_side: str) -> None:
    entry = JournalEntry(DAY, "Write-off", (debit(other_side, pounds("9.00")), credit("1310/L-0108", pounds("9.00"))))
    with pytest.raises(NotApportionable, match=f"moves L-0108 against account {other_side}"):
        change_by(entry, LOAN)


def test_an_entry_of_another_loan_changes_nothing() -> None:
    assert change_by(drawdown_entry("L-0109", DAY, pounds("5.00")), LOAN) == NO_CHANGE


PENCE = st.integers(-(10**9), 10**9)
LOSSES = ("lost", "lenders_written_off", "written_off", "recovered")
NAMES = tuple(each.name for each in fields(Change) if each.name not in LOSSES)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Anything but losses, which cannot fall below nought, and a loss or what came back of one."""
    any_way = {name: draw(PENCE) for name in NAMES}
    own, lenders, back = (draw(st.integers(0, 10**9)) for _ in range(3))
    losses = dict(zip(LOSSES, (lenders, lenders, lenders + own, back), strict=True))
    return Change(**any_way, **losses)


@given(st.lists(changes().filter(bool), max_size=6), st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_the_lenders_accounts_are_always_the_exact_shares(steps: list[Change], weights: list[int]) -> None:
    lenders = [Participation(f"I{number}", 1, from_minor(weight, "GBP")) for number, weight in enumerate(weights)]
    shares = ParticipationSet(LOAN, DRAWN_ON, sum((one.amount for one in lenders), pounds("0")), tuple(lenders))
    moves = [LoanMove(f"E{number}", number, DAY, change) for number, change in enumerate(steps)]
    told = tell_parts([SetInForce("set", None, shares)], moves, [])
    minor: dict[str, int] = defaultdict(int)
    for move in moves:
        for account, units in lenders_lines(LOAN, told[move.source], move.change).items():
            minor[account] += units
    balances = defaultdict(lambda: pounds("0"), {code: from_minor(units, "GBP") for code, units in minor.items()})
    total = sum(steps, NO_CHANGE)
    lent, received, back, principal, credited, settled, waiting = (
        shares_of(from_minor(units, "GBP"), shares.participations)
        for units in (
            total.principal,
            total.interest_received,
            total.came_back,
            total.outstanding,
            total.interest_credited,
            total.interest_settled,
            total.accrued,
        )
    )
    for number, lender in enumerate(shares.participations):
        code = lender.investor
        assert balances[entries.participation_in_principal(LOAN, code)] == -principal[number]
        assert balances[entries.participation_in_interest(LOAN, code)] == settled[number] - credited[number]
        assert balances[entries.participation_in_accrued(LOAN, code)] == -waiting[number]
    for number, lender in enumerate(shares.participations):
        assert balances[entries.due_to_investor(lender.investor)] == lent[number] - received[number] - back[number]
    assert balances[entries.INTEREST_PASSED_ON] == from_minor(total.interest_earned + total.accrued, "GBP")
    assert balances[entries.LOSSES_BORNE] == from_minor(total.came_back - total.lost, "GBP")
    assert sum(balances.values(), pounds("0")) == pounds("0")


def posted(narrative: str, *postings: str, source: str = f"loan:{LOAN}") -> JournalEntry:
    """An entry from lines such as `5020 9.00` and `1310/L-0108 -9.00`."""
    told = tuple(line.split() for line in postings)
    return JournalEntry(
        DAY, narrative, tuple(signed(account, pounds(amount)) for account, amount in told), source=source
    )


def nets(entry: JournalEntry) -> dict[str, str]:
    """What an entry does by line of the chart, all lenders together."""
    sums: dict[str, Money] = defaultdict(lambda: pounds("0.00"))
    for posting in entry.postings:
        sums[posting.account.partition("/")[0]] += posting.amount
    return {node: str(amount.amount) for node, amount in sorted(sums.items()) if amount}


DUE = replace(DRAWN, interest_earned=1000_00, interest_received=600_00)
LOST = replace(DUE, lost=35_000_00, lenders_written_off=35_000_00, written_off=35_000_00)


@pytest.mark.parametrize(
    ("before", "entry", "moved"),
    [
        (DUE, posted("Capitalised", "1310/L-0108 90.00", "4010 -90.00"), {"2410": "-90.00", "5010": "90.00"}),
        (DUE, posted("Capitalised", "1310/L-0108 90.00", "1320/L-0108 -90.00"), {"2410": "-90.00", "2420": "90.00"}),
        (
            DUE,
            posted("New terms", "1310/L-0108 98.00", "1320/L-0108 -90.00", "1340/L-0108 -8.00"),
            {"2410": "-98.00", "2420": "90.00", "2510": "8.00"},
        ),
        (DUE, posted("Write-off", "5020 500.00", "1310/L-0108 -500.00"), {"2410": "500.00", "5021": "-500.00"}),
        (DUE, posted("Waived", "5040 50.00", "1310/L-0108 -50.00"), {"2410": "50.00", "5021": "-50.00"}),
        (DUE, posted("Waived", "5040 40.00", "1320/L-0108 -40.00"), {"2420": "40.00", "5010": "-40.00"}),
        (DUE, posted("Suspended", "1320/L-0108 70.00", "1350/L-0108 -70.00"), {}),
        (DUE, posted("Waived", "1350/L-0108 70.00", "1320/L-0108 -70.00"), {}),
        (DUE, posted("Suspended", "4010 70.00", "1350/L-0108 -70.00"), {"2420": "70.00", "5010": "-70.00"}),
        (
            DUE,
            posted("Paid", "2010/MAIN 70.00", "1320/L-0108 -70.00", "1350/L-0108 70.00", "4010 -70.00"),
            {"2510": "-70.00", "5010": "70.00"},
        ),
        (
            DUE,
            posted(
                "Paid", "2010/MAIN 75.00", "1340/L-0108 -5.00", "1310/L-0108 -70.00", "1351/L-0108 5.00", "4040 -5.00"
            ),
            {"2410": "70.00", "2510": "-70.00"},
        ),
        (DUE, posted("Default interest", "1340/L-0108 5.00", "1351/L-0108 -5.00"), {}),
        (DUE, posted("Fee", "1330/L-0108 5.00", "4030 -5.00"), {}),
        (DUE, posted("Refund", "2110/L-0108 5.00", "1020/L-0108 -5.00"), {}),
        (DUE, posted("Fee lent", "1310/L-0108 5.00", "4030 -5.00"), {"2410": "-5.00", "2510": "5.00"}),
        (
            NO_CHANGE,
            posted("Moved in", "1310/L-0108 800.00", "1320/L-0108 9.00", "1330/L-0108 1.00", "3020 -810.00"),
            {"2410": "-800.00", "2420": "-9.00", "3020": "809.00"},
        ),
        (LOST, posted("Recovery", "2010/MAIN 60.00", "4050 -60.00"), {"2510": "-60.00", "5021": "60.00"}),
        (
            LOST,
            posted("Recovery", "2010/MAIN 100.00", "4050 -30.00", "2130/L-0108 -70.00"),
            {"2510": "-30.00", "5021": "30.00"},
        ),
        (LOST, posted("Guarantee used", "1360/L-0108 70.00", "5020 -70.00"), {"2510": "-70.00", "5021": "70.00"}),
        (LOST, posted("Claim", "1410/L-0108 70.00", "5020 -70.00"), {"2510": "-70.00", "5021": "70.00"}),
        (DUE, posted("Claim", "1410/L-0108 70.00", "1360/L-0108 -70.00"), {}),
        (LOST, posted("Provision", "5020 70.00", "1390/L-0108 -70.00"), {}),
        (LOST, posted("Recovery", "2010/MAIN 60.00", "4050 -60.00", source="loan:L-0109"), {}),
        (DUE, posted("Recovery of nothing lost", "2010/MAIN 60.00", "4050 -60.00"), {}),
    ],
)
def test_what_becomes_of_a_loan_in_trouble(before: Change, entry: JournalEntry, moved: dict[str, str]) -> None:
    change = change_by(entry, LOAN)
    assert bool(sides(before, change)) is bool(moved)
    if moved:
        assert nets(lenders_side(entry, before)) == moved
        back = lenders_side(mirror(7, entry, on=DAY, reason="typing error"), before + change)
        assert nets(back) == {node: str(-Decimal(amount)) for node, amount in moved.items()}


def test_a_write_off_of_everything_takes_what_was_in_suspense_with_it() -> None:
    """£100.00 of interest was earned and £70.00 suspended; so were £20.00 of the £25.00 of default interest."""
    lines = ("1310/L-0108 -900.00", "1320/L-0108 -170.00", "1330/L-0108 -10.00", "1340/L-0108 -25.00")
    entry = posted("Write-off", "5020 1015.00", *lines, "1350/L-0108 70.00", "1351/L-0108 20.00")
    change = change_by(entry, LOAN)
    assert (change.lost, change.interest_earned) == (900_00, -100_00)
    assert (change.lenders_written_off, change.written_off) == (1000_00, 1015_00)
    recovered = replace(change, recovered=203_00)
    assert recovered.came_back == 200_00
