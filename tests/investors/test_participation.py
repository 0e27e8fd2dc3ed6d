"""Participations make the whole, and each lender's part is the rounded exact share of everything so far."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from investors.domain.errors import ImpossibleParticipation, NotTheWhole
from investors.domain.participation import Participation, ParticipationSet, apportion, shares_of
from ledger.domain.money import from_minor

DRAWN_ON = date(2025, 5, 1)


def pounds(amount: str) -> Money:
    return Money(amount, "GBP")


def netherby(*parts: tuple[str, int, str], whole: str = "35000.00") -> ParticipationSet:
    """The participations of the demo story, or others."""
    parts = parts or (("NRB", 1, "21000.00"), ("TST", 2, "10500.00"), ("LOT", 3, "3500.00"))
    return ParticipationSet(
        "L-0108", DRAWN_ON, pounds(whole), tuple(Participation(code, rank, pounds(part)) for code, rank, part in parts)
    )


class TestTheWhole:
    def test_they_stand_by_rank_and_then_code_however_they_are_given(self) -> None:
        given_otherwise = netherby(("LOT", 3, "3500.00"), ("TST", 2, "10500.00"), ("NRB", 1, "21000.00"))
        assert given_otherwise == netherby()
        tied = netherby(("TST", 1, "1.00"), ("NRB", 1, "1.00"), whole="2.00")
        assert [part.investor for part in tied.participations] == ["NRB", "TST"]

    def test_the_share_of_each(self) -> None:
        assert netherby().share("NRB") == Fraction(3, 5)
        assert netherby().share("NOBODY") == 0

    @pytest.mark.parametrize(("part", "says"), [("3500.01", "£0.01 more"), ("3400.00", "£100.00 less")])
    def test_more_or_less_than_the_whole_is_refused(self, part: str, says: str) -> None:
        with pytest.raises(NotTheWhole, match=says):
            netherby(("NRB", 1, "21000.00"), ("TST", 2, "10500.00"), ("LOT", 3, part))

    def test_nobody_is_less_than_the_whole(self) -> None:
        with pytest.raises(NotTheWhole, match=r"£35,000\.00 less"):
            ParticipationSet("L-0108", DRAWN_ON, pounds("35000.00"), ())

    @pytest.mark.parametrize(
        ("code", "rank", "amount"),
        [
            ("nrb", 1, "1.00"),
            ("N/B", 1, "1.00"),
            ("", 1, "1.00"),
            ("NRB", 0, "1.00"),
            ("NRB", 1, "0"),
            ("NRB", 1, "-1"),
        ],
    )
    def test_an_impossible_participation_is_refused(self, code: str, rank: int, amount: str) -> None:
        with pytest.raises(ImpossibleParticipation):
            Participation(code, rank, pounds(amount))

    def test_one_investor_twice_is_refused(self) -> None:
        with pytest.raises(ImpossibleParticipation, match="NRB stands twice"):
            netherby(("NRB", 1, "1.00"), ("NRB", 2, "1.00"), whole="2.00")

    def test_another_currency_is_refused(self) -> None:
        with pytest.raises(ImpossibleParticipation, match="participations are in EUR"):
            ParticipationSet("L-0108", DRAWN_ON, pounds("5.00"), (Participation("NRB", 1, Money("5.00", "EUR")),))


MINOR = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


def participations(weights: list[int]) -> list[Participation]:
    return [Participation(f"I{number}", 1, from_minor(weight, "GBP")) for number, weight in enumerate(weights)]


@given(MINOR, MINOR, WEIGHTS)
def test_parts_sum_to_the_step(before: int, delta: int, weights: list[int]) -> None:
    parts = apportion(from_minor(before, "GBP"), from_minor(delta, "GBP"), participations(weights))
    assert sum(parts, pounds("0")) == from_minor(delta, "GBP")


@given(st.lists(MINOR, max_size=8), WEIGHTS)
def test_each_stands_within_a_penny_of_its_exact_share_after_every_step(steps: list[int], weights: list[int]) -> None:
    lenders = participations(weights)
    total, standing = 0, [pounds("0")] * len(lenders)
    for step in steps:
        parts = apportion(from_minor(total, "GBP"), from_minor(step, "GBP"), lenders)
        standing = [one + part for one, part in zip(standing, parts, strict=True)]
        total += step
        for weight, one in zip(weights, standing, strict=True):
            assert abs(Fraction(one.amount) * 100 - Fraction(total * weight, sum(weights))) < 1


@given(st.lists(MINOR, max_size=8), WEIGHTS, st.randoms(use_true_random=False))
def test_where_each_stands_does_not_depend_on_the_order_or_size_of_the_steps(
    steps: list[int], weights: list[int], random: object
) -> None:
    lenders = participations(weights)

    def standing(steps: list[int]) -> list[Money]:
        total, stands = pounds("0"), [pounds("0")] * len(lenders)
        for step in steps:
            delta = from_minor(step, "GBP")
            parts = apportion(total, delta, lenders)
            total, stands = total + delta, [one + part for one, part in zip(stands, parts, strict=True)]
        return stands

    shuffled = list(steps)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert (
        standing(steps)
        == standing(shuffled)
        == standing([sum(steps)])
        == list(shares_of(from_minor(sum(steps), "GBP"), lenders))
    )


@given(st.permutations([("A", 1, 5), ("B", 1, 5), ("C", 2, 3), ("D", 3, 7)]), MINOR)
def test_nobody_gains_by_the_order_in_which_lenders_are_listed(listed: list[tuple[str, int, int]], minor: int) -> None:
    parts = tuple(Participation(code, rank, from_minor(amount, "GBP")) for code, rank, amount in listed)
    shared = ParticipationSet("L-1", DRAWN_ON, pounds("0.20"), parts)
    by_code = sorted(parts, key=lambda part: part.investor)
    assert shares_of(from_minor(minor, "GBP"), shared.participations) == shares_of(from_minor(minor, "GBP"), by_code)


def test_three_equal_lenders_take_turns_with_the_odd_penny() -> None:
    lenders = participations([1, 1, 1])
    months = [apportion(pounds("100.00") * month, pounds("100.00"), lenders) for month in range(3)]
    assert [[str(part.amount) for part in parts] for parts in months] == [
        ["33.34", "33.33", "33.33"],
        ["33.33", "33.34", "33.33"],
        ["33.33", "33.33", "33.34"],
    ]
