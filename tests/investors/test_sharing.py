"""Lenders in rank, each on its own terms: which part of each loan entry is whose, to the penny and in every order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from investors.domain.changes import Change
from investors.domain.exact import FINEST, whole_units
from investors.domain.participation import Participation, ParticipationSet, SharingRule
from investors.domain.sharing import FUND, LoanMove, SetInForce, Told, tell_parts

LENT_ON = date(2025, 1, 1)


def pounds(amount: str) -> Money:
    return Money(amount, "GBP")


def changed(**amounts: str) -> Change:
    """A change by name of total, in pounds."""
    return Change(**{name: int(Decimal(amount) * 100) for name, amount in amounts.items()})


def moves_of(*happened: tuple[str, dict[str, str]]) -> list[LoanMove]:
    """Entries in the order in which they came: the day, and what changed."""
    return [
        LoanMove(f"E{number}", number, date.fromisoformat(on), changed(**amounts))
        for number, (on, amounts) in enumerate(happened, 1)
    ]


def shared_by(*parts: Participation, rule: SharingRule = SharingRule.RANKED, on: date = LENT_ON) -> ParticipationSet:
    return ParticipationSet("L-1", on, sum((part.amount for part in parts), pounds("0")), parts, rule)


def table(told: Told, total: str) -> dict[str, list[str]]:
    """Each holder's part of one total, entry by entry, in pounds."""
    holders = dict.fromkeys(holder for parts in told.values() for holder in parts.get(total, {}))
    return {
        holder: [f"{Decimal(parts.get(total, {}).get(holder, 0)) / 100:.2f}" for parts in told.values()]
        for holder in holders
    }


def alone(shares: ParticipationSet) -> list[SetInForce]:
    return [SetInForce("set:1", None, shares)]


SENIOR = Participation("BANK", 1, pounds("3250000.00"), annual_rate=Decimal("0.05"))
SUBORDINATED = Participation(
    "TRUST", 2, pounds("725000.00"), annual_rate=Decimal("0.08"), principal_from=date(2029, 1, 1)
)
AT_SIX = [(LENT_ON, Decimal("0.06"))]


def test_a_bank_is_repaid_while_the_subordinated_lender_waits_four_years() -> None:
    """£3,975,000 at 6%: the bank has 5% of its £3.25m, the trust 8% of its £725,000, and the fund keeps the rest."""
    moves = moves_of(
        ("2025-01-01", {"principal": "3975000.00"}),
        ("2026-01-01", {"interest_earned": "238500.00"}),
        ("2026-01-01", {"interest_received": "238500.00", "principal": "-250000.00"}),
        ("2027-01-01", {"interest_earned": "223500.00"}),
        ("2029-01-01", {"principal": "-372500.00", "interest_received": "223500.00"}),
    )
    told = tell_parts(alone(shared_by(SENIOR, SUBORDINATED)), moves, AT_SIX)
    assert table(told, "interest_credited") == {
        "BANK": ["0.00", "162500.00", "0.00", "150000.00", "0.00"],
        "TRUST": ["0.00", "58000.00", "0.00", "58000.00", "0.00"],
        FUND: ["0.00", "18000.00", "0.00", "15500.00", "0.00"],
    }
    assert table(told, "principal") == {
        "BANK": ["3250000.00", "0.00", "-250000.00", "0.00", "-300000.00"],
        "TRUST": ["725000.00", "0.00", "0.00", "0.00", "-72500.00"],
    }, "from 2029 on both: £3,000,000 and £725,000 of £3,725,000"


@pytest.mark.parametrize(
    ("rule", "interest", "principal", "lost", "back"),
    [
        ("alike", ("62.50", "37.50"), ("-625.00", "-375.00"), ("1250.00", "750.00"), ("62.50", "37.50")),
        ("ranked", ("100.00", "0.00"), ("-625.00", "-375.00"), ("0.00", "2000.00"), ("0.00", "100.00")),
        ("senior first", ("100.00", "0.00"), ("-1000.00", "0.00"), ("0.00", "2000.00"), ("0.00", "100.00")),
    ],
)
def test_what_ranks_decide_is_agreed(rule: str, interest: tuple[str, str], principal, lost, back) -> None:
    """Of £160.00 interest due, £100.00 comes in; £1,000.00 of principal is repaid; £2,000.00 is lost; £100.00 of it
    comes back."""
    moves = moves_of(
        ("2025-01-01", {"principal": "8000.00"}),
        ("2025-02-01", {"interest_earned": "160.00"}),
        ("2025-02-01", {"interest_received": "100.00"}),
        ("2025-02-01", {"principal": "-1000.00"}),
        ("2025-03-01", {"lost": "2000.00", "lenders_written_off": "2000.00", "written_off": "2000.00"}),
        ("2025-04-01", {"recovered": "100.00"}),
    )
    parts = (Participation("BANK", 1, pounds("5000.00")), Participation("TRUST", 2, pounds("3000.00")))
    told = tell_parts(alone(shared_by(*parts, rule=SharingRule(rule))), moves, AT_SIX)

    def of(total: str, at: int) -> tuple[str, str]:
        found = table(told, total)
        return found.get("BANK", ["0.00"] * 6)[at], found.get("TRUST", ["0.00"] * 6)[at]

    assert (of("interest_received", 2), of("principal", 3)) == (interest, principal)
    assert tuple(str(-Decimal(part) or Decimal("0.00")) for part in of("outstanding", 4)) == lost
    assert of("came_back", 5) == back


def test_losses_go_up_the_ranks_and_what_comes_back_goes_down_again() -> None:
    """The example of the field: £30,000 lost on first loss 20,000, mezzanine 25,000 and senior 55,000."""
    ranks = (
        Participation("SENIOR", 1, pounds("55000.00")),
        Participation("MEZZ", 2, pounds("25000.00")),
        Participation("FIRST", 3, pounds("20000.00")),
    )
    loss = {"lost": "30000.00", "lenders_written_off": "30000.00", "written_off": "30000.00"}
    moves = moves_of(
        ("2025-01-01", {"principal": "100000.00"}), ("2025-06-01", loss), ("2025-09-01", {"recovered": "12000.00"})
    )
    told = tell_parts(alone(shared_by(*ranks)), moves, AT_SIX)
    assert table(told, "outstanding") == {
        "SENIOR": ["55000.00", "0.00", "0.00"],
        "MEZZ": ["25000.00", "-10000.00", "0.00"],
        "FIRST": ["20000.00", "-20000.00", "0.00"],
    }
    assert table(told, "came_back") == {"MEZZ": ["0.00", "0.00", "10000.00"], "FIRST": ["0.00", "0.00", "2000.00"]}


def test_a_part_that_is_sold_in_the_middle_of_a_month_earns_for_its_buyer_from_then_on() -> None:
    """What the seller earned until then goes with it: the buyer has paid for it."""
    before = shared_by(Participation("BANK", 1, pounds("6000.00")), Participation("TRUST", 1, pounds("3000.00")))
    after = shared_by(
        Participation("BANK", 1, pounds("2000.00")),
        Participation("TRUST", 1, pounds("3000.00")),
        Participation("COOP", 1, pounds("4000.00")),
        on=date(2025, 2, 16),
    )
    moves = moves_of(
        ("2025-01-01", {"principal": "9000.00"}),
        ("2025-02-01", {"interest_earned": "45.00", "principal": "-900.00", "interest_received": "45.00"}),
        ("2025-03-01", {"interest_earned": "40.50"}),
    )
    told = tell_parts([*alone(before), SetInForce("set:2", 9, after)], moves, AT_SIX)
    assert told["set:2"] == {"outstanding": {"BANK": -360000, "COOP": 360000}}, "two thirds of £5,400.00"
    assert told["E3"] == {"interest_credited": {"BANK": 900, "TRUST": 1350, "COOP": 1800}}


def test_what_came_late_changes_what_it_changes_and_nothing_else() -> None:
    """A prepayment before the sale becomes known after it: less changed hands."""
    before = shared_by(Participation("BANK", 1, pounds("9000.00")))
    after = shared_by(
        Participation("BANK", 1, pounds("6000.00")), Participation("COOP", 1, pounds("3000.00")), on=date(2025, 2, 16)
    )
    moves = moves_of(("2025-01-01", {"principal": "9000.00"}), ("2025-03-01", {"interest_earned": "45.00"}))
    sets = [*alone(before), SetInForce("set:2", 2, after)]
    late = LoanMove("E3", 3, date(2025, 2, 1), changed(principal="-900.00"))
    known, anew = tell_parts(sets, moves, AT_SIX), tell_parts(sets, [*moves, late], AT_SIX)
    assert known["set:2"] == {"outstanding": {"BANK": -300000, "COOP": 300000}}
    assert anew["set:2"] == {"outstanding": {"BANK": -270000, "COOP": 270000}}
    assert (known["E1"], known["E2"]) == (anew["E1"], anew["E2"])
    assert anew["E3"] == {"outstanding": {"BANK": -90000}, "principal": {"BANK": -90000}}


def test_an_entry_that_is_taken_back_is_mirrored() -> None:
    moves = moves_of(("2025-01-01", {"principal": "3975000.00"}), ("2026-01-01", {"principal": "-250000.00"}))
    undone = LoanMove("E3", 3, date(2026, 2, 1), changed(principal="250000.00"), reverses=2)
    told = tell_parts(alone(shared_by(SENIOR, SUBORDINATED)), [*moves, undone], AT_SIX)
    assert told["E3"]["principal"] == {"BANK": 25000000}


def test_a_servicing_fee_stays_with_the_fund() -> None:
    """1% of the £4,000.00 a year, out of 6%."""
    parts = (
        Participation("BANK", 1, pounds("4000.00"), servicing_fee=Decimal("0.01")),
        Participation("TRUST", 1, pounds("2000.00")),
    )
    moves = moves_of(("2025-01-01", {"principal": "6000.00"}), ("2026-01-01", {"interest_earned": "360.00"}))
    told = tell_parts(alone(shared_by(*parts)), moves, AT_SIX)
    assert told["E2"]["interest_credited"] == {"BANK": 20000, "TRUST": 12000, FUND: 4000}


PENCE = st.integers(-(10**7), 10**7)
RATES = st.none() | st.sampled_from([Decimal("0.03"), Decimal("0.0475"), Decimal("0.09")])


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[SetInForce], list[LoanMove]]:
    """Lenders in rank, each on its own terms, who sell to each other; and entries that come in any order."""
    codes = ["A", "B", "C"]
    weights = draw(st.lists(st.integers(1, 10**6), min_size=3, max_size=3))
    shifts = draw(st.lists(st.integers(0, min(weights)), max_size=2))
    rule = draw(st.sampled_from(SharingRule))
    ranks, rates = (
        draw(st.lists(st.integers(1, 3), min_size=3, max_size=3)),
        draw(st.lists(RATES, min_size=3, max_size=3)),
    )
    sets = []
    for number, shift in enumerate([0, *shifts]):
        weights = [weights[0] - shift, weights[1] + shift, weights[2]] if weights[0] > shift else weights
        parts = [
            Participation(code, rank, Money(Decimal(weight) / 100, "GBP"), rate)
            for code, rank, weight, rate in zip(codes, ranks, weights, rates, strict=True)
        ]
        shares = shared_by(*parts, rule=rule, on=LENT_ON + timedelta(days=40 * number))
        sets.append(SetInForce(f"set:{number}", None if not number else 1000 + number, shares))
    names = ("principal", "capitalised", "lost", "interest_earned", "interest_received", "accrued", "recovered")
    moves = [
        LoanMove(
            f"E{number}",
            number,
            LENT_ON + timedelta(days=draw(st.integers(0, 120))),
            Change(**{name: draw(PENCE) for name in draw(st.sets(st.sampled_from(names), max_size=3))}),
        )
        for number in range(1, draw(st.integers(1, 8)))
    ]
    return sets, [LoanMove("E0", 0, LENT_ON, changed(principal="5000.00")), *moves]


@given(lives())
def test_parts_always_make_the_whole_and_telling_again_tells_the_same(life) -> None:
    sets, moves = life
    told = tell_parts(sets, moves, AT_SIX)
    for move in moves:
        parts = told[move.source]
        for total in ("principal", "interest_received", "accrued"):
            assert sum(parts.get(total, {}).values()) == getattr(move.change, total)
        assert sum(parts.get("interest_settled", {}).values()) == move.change.interest_settled
        assert sum(parts.get("outstanding", {}).values()) == move.change.outstanding
        assert FUND not in parts.get("outstanding", {})
    for one in sets[1:]:
        assert sum(told[one.source].get("outstanding", {}).values()) == 0
    assert tell_parts(sets, moves[::-1], AT_SIX) == told


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6), st.integers(2, 9))
def test_whole_units_make_the_whole_each_within_one_of_its_exact_part(thirds: list[int], of: int) -> None:
    parts = {str(number): part * FINEST // of for number, part in enumerate(thirds)}
    parts["rest"] = -sum(parts.values()) % FINEST
    units = whole_units(parts)
    assert sum(units.values()) * FINEST == sum(parts.values())
    assert all(abs(units[holder] * FINEST - part) < FINEST for holder, part in parts.items())


def test_own_rates_never_come_to_more_than_the_loan_earns() -> None:
    """£4,000.00 at 5% and £1,000.00 at 9% leave the fund £10.00 of 6%; once only £1,000.00 is left, 9% is 6%."""
    parts = (
        Participation("BANK", 1, pounds("4000.00"), annual_rate=Decimal("0.05")),
        Participation("TRUST", 2, pounds("1000.00"), annual_rate=Decimal("0.09"), principal_from=date(2030, 1, 1)),
    )
    moves = moves_of(
        ("2025-01-01", {"principal": "5000.00"}),
        ("2026-01-01", {"interest_earned": "300.00"}),
        ("2026-01-01", {"principal": "-4000.00", "interest_received": "300.00"}),
        ("2027-01-01", {"interest_earned": "60.00"}),
    )
    told = tell_parts(alone(shared_by(*parts)), moves, AT_SIX)
    assert told["E2"]["interest_credited"] == {"BANK": 20000, "TRUST": 9000, FUND: 1000}
    assert told["E4"]["interest_credited"] == {"TRUST": 6000}
