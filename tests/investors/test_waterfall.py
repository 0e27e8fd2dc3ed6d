"""Cash runs down the steps of a waterfall: in order, to the penny, and each is told why it got what it got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from investors.domain.errors import CircularClaim, ImpossibleClaim, ImpossibleWaterfall, NothingToShare
from investors.domain.waterfall import Claim, Pot, Step, StepKind, Unpaid, Waterfall, top_up
from investors.domain.waterfall_run import WaterfallRun, run_pots, run_waterfall
from ledger.domain.money import from_minor
from tests.builders import pounds
from tests.loans.tables import rows

DEED = date(2026, 4, 1)
NAMES = {"NRB": "Northmoor Regional Bank", "TST": "Tideway Social Trust"}


def residual(code: str = "residual") -> Step:
    return Step(code, "residual", StepKind.RESIDUAL)


def share(code: str, of: str, rate: str = "0.10") -> Step:
    return Step(code, code, StepKind.SHARE, Unpaid.LAPSES, of, Decimal(rate))


def waterfall(*steps: Step, pot: Pot = Pot.ALL) -> Waterfall:
    return Waterfall("Northmoor Growth Fund", 1, DEED, steps, pot)


def claims(table: str) -> list[Claim]:
    """Rows of step, claimant, entitlement."""
    return [Claim(step, claimant, pounds(amount)) for step, claimant, amount in rows(table)]


SEVEN = waterfall(
    Step("costs", "costs and fees"),
    Step("senior-interest", "senior interest"),
    Step("senior-principal", "senior principal"),
    Step("mezzanine-interest", "mezzanine interest"),
    Step("mezzanine-principal", "mezzanine principal"),
    Step("reserve", "the reserve", unpaid=Unpaid.LAPSES),
    residual(),
)
WORKED = [
    *claims("""
        costs                MANAGER   1200.00
        senior-interest      NRB       6000.00
        senior-principal     NRB      10000.00
        mezzanine-interest   TST       4500.00
        mezzanine-principal  TST       5000.00
        residual             GRANT        1.00
    """),
    top_up("reserve", "RESERVE", target=pounds("5000.00"), held=pounds("4000.00")),
]


def table_of(run: WaterfallRun) -> list[list[str]]:
    """Step, claim, paid, short, left."""
    shown = [(each.step.code, (each.claim, each.paid, each.short, each.left)) for each in run.steps]
    return [[code, *("-" if part is None else str(part.amount) for part in parts)] for code, parts in shown]


def test_the_worked_run_of_25_000_pounds() -> None:
    run = run_waterfall(SEVEN, pounds("25000.00"), WORKED)
    assert table_of(run) == rows("""
        # step                   claim      paid    short      left
        costs                  1200.00   1200.00     0.00  23800.00
        senior-interest        6000.00   6000.00     0.00  17800.00
        senior-principal      10000.00  10000.00     0.00   7800.00
        mezzanine-interest     4500.00   4500.00     0.00   3300.00
        mezzanine-principal    5000.00   3300.00  1700.00      0.00
        reserve                1000.00      0.00  1000.00      0.00
        residual                     -      0.00     0.00      0.00
    """)
    assert run.still_owed == (Claim("mezzanine-principal", "TST", pounds("1700.00")),)
    assert run.paid_to("TST") == pounds("7800.00")


@pytest.mark.parametrize(
    "cash, place, words",
    [
        ("25000.00", 1, "Northmoor Regional Bank claimed £6,000.00 for senior interest and got all of it."),
        (
            "25000.00",
            4,
            "Tideway Social Trust claimed £5,000.00 for mezzanine principal; £3,300.00 was left, and it got that; "
            "£1,700.00 stays owed.",
        ),
        (
            "25000.00",
            5,
            "RESERVE claimed £1,000.00 for the reserve and got nothing, because the money ended at mezzanine "
            "principal; £1,000.00 lapses.",
        ),
        ("25000.00", 6, "GRANT got nothing as residual, because the money ended at mezzanine principal."),
        ("30000.00", 6, "GRANT got all that was left, £2,300.00, as residual."),
        (
            "0.00",
            0,
            "MANAGER claimed £1,200.00 for costs and fees and got nothing, because there was no cash; "
            "£1,200.00 stays owed.",
        ),
    ],
)
def test_it_says_why(cash: str, place: int, words: str) -> None:
    run = run_waterfall(SEVEN, pounds(cash), WORKED, names=NAMES)
    (payment,) = run.steps[place].payments
    assert payment.why == words


def test_a_step_is_shared_in_proportion_to_what_is_owed_in_whatever_order_claims_are_listed() -> None:
    three = claims("""
        interest B 3333.33
        interest A 3333.33
        interest C 3333.34
    """)
    deed = waterfall(Step("interest", "interest"))
    run = run_waterfall(deed, pounds("100.00"), three)
    assert [(each.claimant, str(each.paid.amount)) for each in run.payments] == [
        ("A", "33.33"),
        ("B", "33.33"),
        ("C", "33.34"),
    ]
    assert run.payments[0].why == (
        "A claimed £3,333.33 for interest; £100.00 was left for claims of £10,000.00, shared in proportion, "
        "and its part is £33.33; £3,300.00 stays owed."
    )
    assert run == run_waterfall(deed, pounds("100.00"), three[::-1])


def test_what_is_left_is_shared_by_entitlement_and_stays_where_nobody_is_entitled() -> None:
    deed = waterfall(residual())
    entitled = claims("""
        residual GRANT 20000.00
        residual TST   10000.00
        residual NRB       0.00
    """)
    run = run_waterfall(deed, pounds("0.05"), entitled)
    assert [each.why for each in run.payments] == [
        "GRANT got £0.03 of the £0.05 that was left as residual, in proportion to £20,000.00 of £30,000.00.",
        "NRB has no entitlement to residual.",
        "TST got £0.02 of the £0.05 that was left as residual, in proportion to £10,000.00 of £30,000.00.",
    ]
    assert run_waterfall(deed, pounds("0.05"), []).left == pounds("0.05")
    assert run_waterfall(deed, pounds("0.05"), [replace(entitled[2], claimant="X")]).left == pounds("0.05")


def test_a_share_of_what_an_earlier_step_was_paid_is_rounded_once_and_shared() -> None:
    deed = waterfall(Step("interest", "interest"), share("fee", "interest", "0.025"))
    owed = claims("""
        interest NRB 1000.20
        fee      X      1.00
        fee      Y      1.00
    """)
    run = run_waterfall(deed, pounds("2000.00"), owed)
    assert [str(each.paid.amount) for each in run.payments] == ["1000.20", "12.51", "12.50"]
    assert run.payments[1].why == (
        "X claimed £12.51 for fee, by the rate of 2.5% of what interest was paid, and got all of it."
    )
    half = run_waterfall(deed, pounds("510.00"), owed)
    assert [str(each.paid.amount) for each in half.payments] == ["510.00", "0.00", "0.00"]
    assert half.still_owed == (Claim("interest", "NRB", pounds("490.20")),)


class TestPots:
    """Income and principal apart; a deed may let what income is short of be claimed of principal."""

    income = waterfall(Step("senior-interest", "senior interest"), residual("income-left"), pot=Pot.INCOME)
    principal = waterfall(
        Step("senior-principal", "senior principal"),
        Step("senior-interest", "senior interest"),
        residual("principal-left"),
        pot=Pot.PRINCIPAL,
    )
    owed = claims("""
        senior-interest   NRB   600.00
        senior-principal  NRB  1000.00
        income-left       TST     1.00
        principal-left    TST     1.00
    """)

    def run(self, income: str, principal: str) -> list[list[list[str]]]:
        cash = {Pot.INCOME: pounds(income), Pot.PRINCIPAL: pounds(principal)}
        return [table_of(each) for each in run_pots([self.income, self.principal], cash, self.owed)]

    def test_each_pot_stays_its_own(self) -> None:
        first, second = self.run("700.00", "900.00")
        assert first == rows("""
            senior-interest   600.00  600.00    0.00  100.00
            income-left            -  100.00    0.00    0.00
        """)
        assert second == rows("""
            senior-principal 1000.00  900.00  100.00    0.00
            senior-interest     0.00    0.00    0.00    0.00
            principal-left         -    0.00    0.00    0.00
        """)

    def test_a_step_in_both_is_paid_from_the_first_and_then_the_next(self) -> None:
        first, second = self.run("500.00", "1060.00")
        assert first[0] == rows("senior-interest 600.00 500.00 100.00 0.00")[0]
        assert second[1] == rows("senior-interest 100.00 60.00 40.00 0.00")[0]

    def test_each_pot_needs_one_waterfall(self) -> None:
        with pytest.raises(ImpossibleWaterfall, match="waterfalls for income, and cash for all cash"):
            run_pots([self.income], {Pot.ALL: pounds("1.00")}, [])
        with pytest.raises(ImpossibleWaterfall, match="waterfalls for none"):
            run_pots([], {}, [])


@pytest.mark.parametrize(
    "steps, refusal, says",
    [
        ((), ImpossibleWaterfall, "0 steps"),
        ((Step("a", "A"), Step("a", "B")), ImpossibleWaterfall, "a stands twice"),
        ((residual(), Step("a", "A")), ImpossibleWaterfall, "Step 1 .* residual, takes all"),
        ((share("fee", "interest"),), ImpossibleWaterfall, "'interest', which is no step"),
        (
            (share("fee", "interest"), Step("interest", "senior interest")),
            CircularClaim,
            r"The claim of fee \(step 1\) is circular: .* what senior interest \(step 2\) is paid",
        ),
        ((share("fee", "fee"),), CircularClaim, "what itself is paid"),
        ((share("fee", "tip"), share("tip", "fee")), CircularClaim, r"fee \(step 1\) is circular"),
        ((Step("interest", "interest"), share("fee", "left"), residual("left")), CircularClaim, r"residual \(step 3\)"),
    ],
)
def test_an_impossible_waterfall_is_refused(steps: Sequence[Step], refusal: type[Exception], says: str) -> None:
    with pytest.raises(refusal, match=says):
        waterfall(*steps)


@pytest.mark.parametrize(
    "values, says",
    [
        (("", "x"), "needs a code"),
        (("fee", "the fee", StepKind.OWED, Unpaid.ACCRUES, "interest"), "Only a share"),
        (("fee", "the fee", StepKind.SHARE, Unpaid.LAPSES, "interest", Decimal("1.01")), "a rate from above 0%"),
        (("fee", "the fee", StepKind.SHARE, Unpaid.LAPSES, "", Decimal("0.01")), "needs the step"),
        (("fee", "the fee", StepKind.SHARE, Unpaid.ACCRUES, "interest", Decimal("0.01")), "lapses"),
    ],
)
def test_an_impossible_step_is_refused(values: tuple[str], says: str) -> None:
    with pytest.raises(ImpossibleWaterfall, match=says):
        Step(*values)


@pytest.mark.parametrize(
    "claim, says",
    [
        (("none", "NRB", pounds("1.00")), "on no step"),
        (("costs", "NRB", Money("1.00", "EUR")), "is in EUR, and the cash is in GBP"),
        (("costs", "MANAGER", pounds("1.00")), "stands twice"),
        (("costs", "NRB", pounds("-0.01")), "-£0.01 at costs. A claim is never negative"),
    ],
)
def test_an_impossible_claim_is_refused(claim: tuple[str, str, Money], says: str) -> None:
    with pytest.raises(ImpossibleClaim, match=says):
        run_waterfall(SEVEN, pounds("1.00"), [*WORKED, Claim(*claim)])


def test_negative_cash_is_refused() -> None:
    with pytest.raises(NothingToShare, match=r"found -£0\.01"):
        run_waterfall(SEVEN, pounds("-0.01"), WORKED)


AMOUNTS = st.integers(0, 10**6)
FOUR = waterfall(Step("a", "A"), Step("b", "B"), share("fee", "b", "0.0333"), Step("c", "C"), residual())
CLAIMED = st.lists(
    st.tuples(st.sampled_from(FOUR.codes), st.sampled_from("NTLX"), AMOUNTS), unique_by=lambda one: one[:2], max_size=12
)


@settings(max_examples=60)
@given(AMOUNTS, CLAIMED)
def test_cash_is_conserved_order_is_kept_and_nobody_gets_more_than_is_claimed(
    cash: int, claimed: list[tuple[str, str, int]]
) -> None:
    entitled = [Claim(step, who, from_minor(amount, "GBP")) for step, who, amount in claimed]
    run = run_waterfall(FOUR, from_minor(cash, "GBP"), entitled)
    nought, left = pounds("0.00"), run.found
    assert sum((each.paid for each in run.payments), nought) + run.left == run.found
    for step in run.steps:
        assert step.paid == sum((each.paid for each in step.payments), nought)
        assert step.left == left - step.paid >= nought
        assert not step.short or not step.left, "paid past the shortfall of a step ranked before"
        for each in step.payments:
            assert nought <= each.paid
            assert each.claim is None or (each.paid + each.short == each.claim and each.short >= nought)
        left = step.left
    if any(claim.step == "residual" and claim.entitlement for claim in entitled):
        assert not run.left
    more = run_waterfall(FOUR, from_minor(cash + 1, "GBP"), entitled)
    assert all(
        now.paid >= before.paid for now, before in zip(more.steps, run.steps, strict=True) if now.step.code != "c"
    )
