"""Losses go up the ranks and recoveries come down them, to the penny."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investors.domain.errors import ImpossibleClaim, NothingToShare
from investors.domain.losses import Layer, LossShared, bear_loss, first_loss_cover, restore
from ledger.domain.money import from_minor
from tests.builders import pounds
from tests.loans.tables import rows


def classes(first: str = "20000.00", mezzanine: str = "25000.00", senior: str = "55000.00") -> list[Layer]:
    nought = pounds("0.00")
    return [
        Layer("SENIOR", 1, pounds(senior), nought),
        Layer("MEZZANINE", 2, pounds(mezzanine), nought),
        Layer("FIRST-LOSS", 3, pounds(first), nought),
    ]


def table_of(shared: LossShared) -> list[list[str]]:
    """Class, what stands, what is lost."""
    return [[layer.code, str(layer.balance.amount), str(layer.lost.amount)] for layer in shared.layers]


def test_a_loss_of_30_000_pounds_and_a_recovery_of_12_000() -> None:
    lost = bear_loss(pounds("30000.00"), classes())
    assert table_of(lost) == rows("""
        SENIOR      55000.00      0.00
        MEZZANINE   15000.00  10000.00
        FIRST-LOSS      0.00  20000.00
    """)
    assert [each.why for each in lost.moved] == [
        "FIRST-LOSS bears £20,000.00 of its £20,000.00 and is used up.",
        "MEZZANINE bears £10,000.00 of its £25,000.00; £15,000.00 stands.",
        "SENIOR bears nothing: classes ranked after it bore the loss.",
    ]
    back = restore(pounds("12000.00"), lost.layers)
    assert table_of(back) == rows("""
        SENIOR      55000.00      0.00
        MEZZANINE   25000.00      0.00
        FIRST-LOSS   2000.00  18000.00
    """)
    assert [each.why for each in back.moved] == [
        "SENIOR has no loss to be made good.",
        "MEZZANINE gets back £10,000.00 of the £10,000.00 that it lost.",
        "FIRST-LOSS gets back £2,000.00 of the £20,000.00 that it lost.",
    ]


def test_a_deed_may_restore_in_another_order() -> None:
    lost = bear_loss(pounds("30000.00"), classes()).layers
    back = restore(pounds("12000.00"), lost, order=("FIRST-LOSS", "MEZZANINE", "SENIOR"))
    assert table_of(back)[1:] == rows("""
        MEZZANINE   15000.00  10000.00
        FIRST-LOSS  12000.00   8000.00
    """)
    assert back.moved[1].why == "MEZZANINE gets nothing back: the recovery was used up before it."
    with pytest.raises(ImpossibleClaim, match="The deed restores SENIOR, and the classes are SENIOR, MEZZANINE"):
        restore(pounds("1.00"), lost, order=("SENIOR",))


def test_what_no_class_can_bear_or_has_lost_is_left() -> None:
    assert bear_loss(pounds("100000.01"), classes()).beyond == pounds("0.01")
    assert restore(pounds("7.00"), classes()).beyond == pounds("7.00")


def test_equal_ranks_bear_a_loss_in_proportion_to_what_stands() -> None:
    nought = pounds("0.00")
    pair = [Layer("B", 1, pounds("200.00"), nought), Layer("A", 1, pounds("100.00"), nought)]
    assert table_of(bear_loss(pounds("0.02"), pair)) == rows("""
        A   99.99  0.01
        B  199.99  0.01
    """)


def test_first_loss_cover() -> None:
    *_, first = bear_loss(pounds("5000.00"), classes()).layers
    cover = first_loss_cover(first, pounds("75000.00"))
    assert (cover.original, cover.used, cover.remaining) == tuple(map(pounds, ("20000.00", "5000.00", "15000.00")))
    assert cover.ratio == Fraction(1, 5)
    assert first_loss_cover(first, pounds("0.00")).ratio is None


def test_impossible_amounts_are_refused() -> None:
    with pytest.raises(NothingToShare, match=r"A loss of -£0\.01"):
        bear_loss(pounds("-0.01"), classes())
    with pytest.raises(NothingToShare, match=r"A recovery of -£0\.01"):
        restore(pounds("-0.01"), classes())
    with pytest.raises(ImpossibleClaim, match="rank 0"):
        Layer("A", 0, pounds("1.00"), pounds("0.00"))


MINOR = st.integers(0, 10**7)


@settings(max_examples=60)
@given(MINOR, MINOR, st.lists(st.tuples(st.integers(1, 3), MINOR), min_size=1, max_size=5))
def test_losses_are_conserved_and_go_up_and_down_the_ranks(
    loss: int, recovery: int, given_layers: list[tuple[int, int]]
) -> None:
    nought = pounds("0.00")
    layers = [
        Layer(f"C{no}", rank, from_minor(balance, "GBP"), nought) for no, (rank, balance) in enumerate(given_layers)
    ]
    lost = bear_loss(from_minor(loss, "GBP"), layers)
    assert sum((each.layer.lost for each in lost.moved), lost.beyond) == from_minor(loss, "GBP")
    for better in lost.layers:
        for worse in lost.layers:
            assert not (better.rank < worse.rank and better.lost and worse.balance)
    back = restore(from_minor(recovery, "GBP"), lost.layers)
    assert sum((each.change for each in back.moved), back.beyond) == from_minor(recovery, "GBP")
    for better in back.layers:
        for worse in back.layers:
            restored = worse.lost < next(each.lost for each in lost.layers if each.code == worse.code)
            assert not (better.rank < worse.rank and better.lost and restored)
    if recovery >= loss:
        assert [layer.balance for layer in back.layers] == [
            layer.balance for layer in sorted(layers, key=lambda layer: (layer.rank, layer.code))
        ]
