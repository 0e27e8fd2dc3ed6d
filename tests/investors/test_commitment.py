"""commitment = drawn + undrawn − cancelled + recallable, whatever happens to it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investors.domain.commitment import Commitment, commitment_of
from investors.domain.errors import CallAboveCommitment, ImpossibleCommitment
from ledger.domain.money import from_minor
from tests.builders import pounds
from tests.loans.tables import rows

PARTS = ("signed", "amount", "drawn", "undrawn", "cancelled", "recallable", "called", "callable")


def figures(commitment: Commitment) -> list[str]:
    return [str(getattr(commitment, part).amount) for part in PARTS]


def test_the_life_of_a_commitment() -> None:
    acts: list[tuple[str, Callable[[Commitment], Commitment]]] = [
        ("called", lambda it: it.call(pounds("600.00"))),
        ("paid-in", lambda it: it.pay_in(pounds("600.00"))),
        ("returned", lambda it: it.give_back(pounds("200.00"))),
        ("cancelled", lambda it: it.cancel(pounds("100.00"))),
        ("called-too-much", lambda it: it.call(pounds("450.00"))),
        ("withdrawn", lambda it: it.withdraw_call(pounds("50.00"))),
        ("paid-again", lambda it: it.pay_in(pounds("400.00"))),
        ("raised", lambda it: it.sign(pounds("500.00"))),
    ]
    commitment = commitment_of(pounds("1000.00"))
    table = [["signed", *figures(commitment)]]
    for name, act in acts:
        commitment = act(commitment)
        table.append([name, *figures(commitment)])
    assert table == rows("""
        # act             signed   amount   drawn  undrawn cancelled recallable called callable
        signed           1000.00  1000.00    0.00  1000.00      0.00       0.00   0.00  1000.00
        called           1000.00  1000.00    0.00  1000.00      0.00       0.00 600.00   400.00
        paid-in          1000.00  1000.00  600.00   400.00      0.00       0.00   0.00   400.00
        returned         1000.00  1000.00  400.00   400.00      0.00     200.00   0.00   600.00
        cancelled        1000.00   900.00  400.00   400.00    100.00     200.00   0.00   500.00
        called-too-much  1000.00   900.00  400.00   400.00    100.00     200.00 450.00    50.00
        withdrawn        1000.00   900.00  400.00   400.00    100.00     200.00 400.00   100.00
        paid-again       1000.00   900.00  800.00   100.00    100.00     100.00   0.00   100.00
        raised           1500.00  1400.00  800.00   600.00    100.00     100.00   0.00   600.00
    """)


@pytest.mark.parametrize(
    "act, refusal, says",
    [
        (lambda it: it.call(pounds("400.01")), CallAboveCommitment, r"£0\.01 above the £400\.00 .* £1,000\.00"),
        (lambda it: it.pay_in(pounds("100.01")), ImpossibleCommitment, r"paid in, £0\.01 more than the £100\.00"),
        (lambda it: it.withdraw_call(pounds("101.00")), ImpossibleCommitment, r"£1\.00 more .* called and unpaid"),
        (lambda it: it.give_back(pounds("500.01")), ImpossibleCommitment, r"returned, £0\.01 more than the £500\.00"),
        (lambda it: it.cancel(pounds("401.00")), ImpossibleCommitment, r"£1\.00 more than the £400\.00"),
        (lambda it: it.call(pounds("0.00")), ImpossibleCommitment, "positive amount"),
        (lambda it: it.sign(pounds("-1.00")), ImpossibleCommitment, "positive amount"),
        (lambda it: it.transfer(Fraction(3, 2))[0], ImpossibleCommitment, "A share of 3/2"),
        (
            lambda it: Commitment(it.drawn, it.undrawn, pounds("500.01"), it.recallable, it.called),
            ImpossibleCommitment,
            r"still be called of a commitment would be -£100\.01",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    act: Callable[[Commitment], Commitment], refusal: type[Exception], says: str
) -> None:
    drawn = commitment_of(pounds("1000.00")).call(pounds("600.00")).pay_in(pounds("500.00"))
    with pytest.raises(refusal, match=says):
        act(drawn)


ACTS = st.lists(
    st.tuples(st.sampled_from(["sign", "call", "pay_in", "give_back", "cancel", "withdraw_call"]), st.integers(1, 900))
)


@settings(max_examples=80)
@given(ACTS, st.fractions(0, 1))
def test_the_identity_holds_after_every_act_and_every_transfer(acts: list[tuple[str, int]], share: Fraction) -> None:
    commitment = commitment_of(from_minor(1000, "GBP"))
    sums = dict.fromkeys(("sign", "call", "pay_in", "give_back", "cancel", "withdraw_call"), pounds("0.00"))
    sums["sign"] = commitment.amount
    for act, minor in acts:
        amount = from_minor(minor, "GBP")
        try:
            commitment = getattr(commitment, act)(amount)
        except (CallAboveCommitment, ImpossibleCommitment):
            continue
        sums[act] += amount
    it = commitment
    assert it.amount == it.drawn + it.undrawn - it.cancelled + it.recallable == sums["sign"] - sums["cancel"]
    assert it.drawn == sums["pay_in"] - sums["give_back"]
    assert it.called == sums["call"] - sums["withdraw_call"] - sums["pay_in"]
    assert it.callable + it.called == it.amount - it.drawn
    stays, goes = it.transfer(share)
    assert stays + goes == it
    assert abs(Fraction(goes.drawn.amount) - share * Fraction(it.drawn.amount)) < Fraction(1, 100)
