"""What a holder sees of its class: open calls, the account with its reasons, what it earned, and what protects it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from commonweal.capital_words import rate_words
from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.capital_holding import NOT_YET, cash_flows, earned, open_calls
from investors.domain.capital_register import DatedLine, Register
from investors.queries import capital_holdings, investor_by_code
from ledger.domain.words import money_text
from tests.builders import pounds
from tests.investors.fund_in_classes import TODAY, ClassFund, make_class_fund

SIGNED, CALLED, DUE, PAID = date(2025, 3, 20), date(2025, 3, 25), date(2025, 4, 8), date(2025, 4, 1)
QUARTER, NEXT = date(2025, 6, 30), date(2025, 7, 31)
MINE = ("SENIOR", "NRB")
NOUGHT = pounds("0.00")


def register(*lines: tuple[date, int, Effect, int]) -> Register:
    """What one holder did, in minor units."""
    return Register((DatedLine(on, act, ActLine(*MINE, effect, minor)) for on, act, effect, minor in lines), "GBP")


@pytest.mark.parametrize(
    ("paid", "withdrawn", "open_"),
    [
        (0, 0, [(3, "100.00", "100.00"), (2, "100.00", "100.00")]),
        (30_00, 0, [(3, "100.00", "70.00"), (2, "100.00", "100.00")]),
        (130_00, 20_00, [(2, "80.00", "50.00")]),
        (80_00, 120_00, []),
    ],
)
def test_money_meets_the_call_due_first_and_what_is_withdrawn_comes_off_the_last(
    paid: int, withdrawn: int, open_: list[tuple[int, str, str]]
) -> None:
    known = register(
        (SIGNED, 1, Effect.SIGNED, 1_000_00),
        (CALLED, 2, Effect.CALLED, 100_00),
        (CALLED, 3, Effect.CALLED, 100_00),
        (PAID, 4, Effect.CALL_WITHDRAWN, withdrawn),
        (PAID, 5, Effect.PAID_IN, paid),
    )
    calls = open_calls(known, MINE, {2: date(2025, 5, 1), 3: DUE}, TODAY)
    assert [(one.act, str(one.called.amount), str(one.unpaid.amount)) for one in calls] == open_
    assert sum((one.unpaid for one in calls), NOUGHT) == known.commitment(MINE).called
    assert [one.days_late(date(2025, 4, 10)) for one in calls if one.act == 3] == [2] * any(o[0] == 3 for o in open_)


def test_flows_are_the_investors_with_the_worth_last_and_the_rate_says_its_days() -> None:
    known = register(
        (SIGNED, 1, Effect.SIGNED, 1_000_00),
        (SIGNED, 2, Effect.CALLED, 1_000_00),
        (date(2024, 6, 30), 3, Effect.PAID_IN, 1_000_00),
        (date(2025, 6, 30), 4, Effect.INCOME, 100_00),
        (date(2025, 6, 30), 5, Effect.INCOME_DISTRIBUTED, 40_00),
        (date(2025, 6, 30), 6, Effect.CAPITAL_RETURNED, 500_00),
    )
    moved = known.movements(MINE)
    flows = cash_flows(moved, pounds("560.00"), QUARTER)
    assert [(on, str(amount.amount)) for on, amount in flows] == [
        (date(2024, 6, 30), "-1000.00"),
        (QUARTER, "540.00"),
        (QUARTER, "560.00"),
    ]
    found = earned(moved, NOUGHT, QUARTER)
    assert found.words == "10.00% a year, from 30 June 2024 to 30 June 2025"
    multiples = found.multiples
    assert (multiples.dpi, multiples.rvpi, multiples.tvpi) == (Fraction(27, 50), Fraction(14, 25), Fraction(11, 10))
    early = earned(moved, NOUGHT, date(2024, 6, 30))
    assert (early.rate, early.words, early.multiples.tvpi) == (None, NOT_YET, 1)
    assert "in 184 days, which would be" in earned(moved, NOUGHT, date(2024, 12, 31)).words
    assert earned([], NOUGHT, QUARTER).multiples.dpi is None


def test_what_is_all_lost_earned_minus_100_percent() -> None:
    """Paid in, written off: the account stands at nought on a later day, and that is a return."""
    known = register(
        (date(2024, 6, 30), 4, Effect.PAID_IN, 1_000_00), (date(2025, 3, 31), 5, Effect.IMPAIRMENT, -1_000_00)
    )
    found = earned(known.movements(MINE), NOUGHT, QUARTER)
    assert (found.rate and found.rate.rate, found.multiples.tvpi) == (-1, 0)
    assert found.words == "−100.00%: all that was paid in is lost, from 30 June 2024 to 30 June 2025"
    assert rate_words(found) == "−100.00%"


def test_several_rates_are_told_with_the_reason() -> None:
    known = register(
        (date(2022, 1, 1), 1, Effect.PAID_IN, 1_000_00),
        (date(2023, 1, 1), 2, Effect.CAPITAL_RETURNED, 2_300_00),
        (date(2024, 1, 1), 3, Effect.PAID_IN, 1_320_00),
    )
    found = earned(known.movements(MINE), NOUGHT, date(2024, 1, 1))
    assert found.rate is None
    assert found.words.endswith("all satisfy them, so none is the return.")


@pytest.fixture
def fund() -> ClassFund:
    """Half of £100,000 was called and paid in but by one; the fund earned £600 and lost £4,000."""
    fund = make_class_fund()
    for code, investor, minor in (
        ("SENIOR", "NRB", 60_000_00),
        ("SENIOR", "OAK", 20_000_00),
        ("MEZZ", "TST", 15_000_00),
        ("FIRST", "LOT", 5_000_00),
    ):
        fund.commit(code, investor, minor, SIGNED)
    fund.call(["SENIOR", "MEZZ", "FIRST"], 50_000_00, CALLED, DUE)
    for code, investor, minor in (("SENIOR", "NRB", 25_000_00), ("MEZZ", "TST", 7_500_00), ("FIRST", "LOT", 2_500_00)):
        fund.pays(code, investor, minor, PAID)
    return fund


@pytest.mark.django_db
def test_a_holding_ties_says_why_and_what_is_to_be_paid(fund: ClassFund) -> None:
    fund.earns(600_00, QUARTER)
    fund.loses(4_000_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    run = fund.act(ActKind.DISTRIBUTION, NEXT, capital={"SENIOR": 1_000_00})
    fund.act(ActKind.REVERSAL, TODAY, words="It went to the wrong class", act=run.number)
    (mine,) = capital_holdings(fund.book, investor_by_code("NRB"), date(2025, 4, 2), TODAY)
    assert str(mine.account.opening.amount) == "25000.00"
    assert mine.lines[-1].balance == mine.account.closing
    assert [line.why for line in mine.lines if not line.why] == []
    whys = {(line.act, line.kind.value): line.why for line in mine.lines}
    result = next(why for (_, kind), why in whys.items() if kind == "income")
    assert result.startswith("The result from 1 April 2025 to 30 June 2025. Senior")
    assert result.endswith("Within the class by what each has in it, day by day.")
    assert whys[f"{run} reversed", "income-distributed"].endswith("It went to the wrong class")
    assert [(money_text(one.unpaid), one.due_on) for one in mine.calls] == [("£5,000.00", DUE)]
    assert mine.cover is not None
    assert mine.cover.used == pounds("4000.00")
    assert mine.cover.exposure == mine.account.closing
    (first,) = capital_holdings(fund.book, investor_by_code("LOT"), SIGNED, QUARTER)
    assert first.cover is None
    bears = next(line.why for line in first.lines if line.kind.value == "impairment")
    assert "First loss bears" in bears
    assert "Senior" not in bears
    assert capital_holdings(fund.book, investor_by_code("OAK"), SIGNED, SIGNED)[0].commitment.amount == pounds(
        "20000.00"
    )
