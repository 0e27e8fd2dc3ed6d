"""Do payments to come follow the rule by which the books share those that came, and add up to the principal?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from commonweal.demo.story import HANA
from investors.domain.coming_back import Due, PartDue, parts_to_come
from investors.domain.participation import Participation, ParticipationSet, SharingRule
from investors.domain.sharing import LoanMove, SetInForce
from investors.queries import coming_back, late_share, maturity
from tests.demo import Demo
from tests.investors.test_sharing import AT_SIX, LENT_ON, SENIOR, SUBORDINATED, alone, moves_of, pounds
from tests.pages import csv_rows

TODAY = date(2026, 1, 1)


def due(on: str, principal: str, interest: str, *, capitalised: str = "0", is_late: bool = False) -> Due:
    return Due(date.fromisoformat(on), pounds(principal), pounds(interest), pounds(capitalised), is_late)


def told(sets: list[SetInForce], moves: list[LoanMove], *payments: Due, investor: str) -> list[str]:
    """Each part as `principal interest added`, in pounds."""
    found = parts_to_come(sets, moves, AT_SIX, payments, investor=investor, as_of=TODAY)
    return [f"{one.principal.amount} {one.interest.amount} {one.added.amount}" for one in found]


RANKED = ParticipationSet("L-1", LENT_ON, pounds("3975000.00"), (SENIOR, SUBORDINATED), SharingRule.RANKED)


@pytest.mark.parametrize(
    ("investor", "parts"),
    [
        ("BANK", ["250000.00 162500.00 0.00", "3000000.00 600000.00 0.00"]),
        ("TRUST", ["0.00 58000.00 0.00", "725000.00 232000.00 0.00"]),
    ],
)
def test_own_rates_ranks_and_waiting_are_those_of_the_books(investor: str, parts: list[str]) -> None:
    """£3,975,000 at 6%: the bank at 5% takes principal first, the trust at 8% takes none for four years; 2028 is four
    years after 2024 and so 1,461 days in four years, told by days."""
    moves = moves_of(("2025-01-01", {"principal": "3975000.00"}), ("2026-01-01", {"interest_earned": "238500.00"}))
    four_years = due("2029-12-31", "3725000.00", "894000.00")
    found = told(alone(RANKED), moves, due("2026-01-01", "250000.00", "238500.00"), four_years, investor=investor)
    assert found == parts


def test_what_is_late_comes_first_and_is_not_earned_twice() -> None:
    parts = (Participation("A", 1, pounds("600.00")), Participation("B", 1, pounds("400.00")))
    shared = alone(ParticipationSet("L-1", LENT_ON, pounds("1000.00"), parts))
    moves = moves_of(("2025-01-01", {"principal": "1000.00"}), ("2025-12-01", {"interest_earned": "55.00"}))
    payments = (due("2025-12-01", "500.00", "55.00", is_late=True), due("2026-12-01", "500.00", "30.00"))
    assert told(shared, moves, *payments, investor="A") == ["300.00 33.00 0.00", "300.00 18.00 0.00"]
    assert told(shared, moves, *payments, investor="B") == ["200.00 22.00 0.00", "200.00 12.00 0.00"]


def test_interest_that_is_made_principal_comes_back_as_principal() -> None:
    shared = alone(ParticipationSet("L-1", LENT_ON, pounds("1000.00"), (Participation("A", 1, pounds("1000.00")),)))
    moves = moves_of(("2025-01-01", {"principal": "1000.00"}))
    payments = (due("2026-06-01", "0.00", "0.00", capitalised="40.00"), due("2026-12-01", "1040.00", "30.00"))
    assert told(shared, moves, *payments, investor="A") == ["0.00 0.00 40.00", "1040.00 30.00 0.00"]


def test_what_moves_or_changes_hands_later_is_left_out() -> None:
    first = ParticipationSet("L-1", LENT_ON, pounds("1000.00"), (Participation("A", 1, pounds("1000.00")),))
    sold = replace(first, effective_on=date(2026, 3, 1), participations=(Participation("B", 1, pounds("1000.00")),))
    sets = [SetInForce("set:1", None, first), SetInForce("set:2", None, sold)]
    moves = moves_of(("2025-01-01", {"principal": "1000.00"}), ("2026-02-01", {"principal": "-400.00"}))
    assert told(sets, moves, due("2026-12-01", "1000.00", "60.00"), investor="A") == ["1000.00 60.00 0.00"]
    assert parts_to_come(sets, [], AT_SIX, [], investor="A", as_of=date(2024, 1, 1)) == []


def test_what_was_planned_is_what_the_books_then_say(demo: Demo) -> None:
    """The plan of 31 August for each lender against the entries of September to November, to the penny."""
    august, today = date(2026, 8, 31), demo.book.business_date
    for code in ("NRB", "TST", "LOT"):
        (one,) = coming_back(demo.investor(code), demo.book, august)
        planned = {part.due_on: part for part in one.to_come if part.due_on <= today}
        assert len(planned) == 3
        assert sum(part.principal.amount for part in one.parts) == one.holding.principal.amount
        (now,) = coming_back(demo.investor(code), demo.book, today)
        came_back = sum(part.principal.amount for part in planned.values())
        assert one.holding.principal.amount - came_back == now.holding.principal.amount
    interest = [row for row in csv_rows(demo.client(HANA), "/investor/account/interest/") if "Repayment" in row[1]][-3:]
    (hers,) = coming_back(demo.investor("TST"), demo.book, august)
    assert [Decimal(row[3]) for row in interest] == [part.interest.amount for part in hers.to_come[:3]]


def test_a_missed_payment_is_told_by_count_by_amount_and_by_what_stands_behind_it(demo: Demo) -> None:
    """On the day after an instalment that nobody had paid by then, as the books know it now: nothing was late; so the
    plan is looked at from the side, with the first payment made late."""
    (one,) = coming_back(demo.investor("TST"), demo.book, demo.book.business_date)
    first, *others = one.parts
    late = replace(one, parts=(replace(first, is_late=True), *others), position=replace(one.position, days_past_due=31))
    found = late_share([one, late], demo.book)
    assert [(band.loans, band.late.amount) for band in found.bands] == [
        (0, Decimal("0.00")),
        (1, Decimal("202.99")),
        (0, Decimal("0.00")),
        (0, Decimal("0.00")),
    ]
    assert found.share(found.in_all.principal) == Decimal("0.5")
    rungs = maturity([late], demo.book, demo.book.business_date)
    whole = sum((rung.principal for rung in rungs), late.late_principal)
    assert whole == one.holding.principal
    assert isinstance(first, PartDue)
    assert Money(0, "GBP") == one.without_day
