"""The level payment is exact: what is left at the end is nought, for any periods, rates and weights."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loans.domain.level_payment import level_payment, smoothed, solve
from loans.domain.rounding import Rounding

GROWTHS = st.tuples(st.integers(0, 50_000_000), st.sampled_from([36_000_000, 36_500_000, 133_590_000]))
WEIGHTS = st.sampled_from([Fraction(0), Fraction(1), Fraction(1), Fraction(2), Fraction(11, 10)])
STEPS = st.lists(st.builds(lambda growth, weight: (*growth, weight), GROWTHS, WEIGHTS), max_size=60)


def left(owed: Fraction, payment: Fraction, weight: Fraction, ahead: list[tuple[int, int, Fraction]]) -> Fraction:
    """What is owed after all payments, step by step."""
    owed -= payment * weight
    for numerator, denominator, share in ahead:
        owed += owed * Fraction(numerator, denominator) - payment * share
    return owed


@given(st.fractions(min_value=0, max_value=10**12, max_denominator=10**6), WEIGHTS, STEPS)
def test_the_exact_payment_leaves_nothing(
    owed: Fraction, weight: Fraction, ahead: list[tuple[int, int, Fraction]]
) -> None:
    assume(weight or any(step[2] for step in ahead))
    assert left(owed, solve(owed, weight, ahead), weight, ahead) == 0


@given(st.integers(1, 10**11), st.integers(1, 480), st.integers(0, 5000))
def test_over_equal_periods_it_is_the_annuity_of_the_textbook(principal: int, periods: int, rate: int) -> None:
    """P × i ÷ (1 − (1 + i)^−n), or P ÷ n without interest."""
    i = Fraction(rate, 120_000)
    expected = principal * i / (1 - (1 + i) ** -periods) if rate else Fraction(principal, periods)
    ahead = [(i.numerator, i.denominator, 1)] * (periods - 1)
    assert solve(principal * (1 + i), 1, ahead) == expected


def test_nothing_solves_it_where_no_payment_has_a_weight() -> None:
    with pytest.raises(ZeroDivisionError):
        solve(Fraction(1000), 0, [(1, 200, 0)])


def test_the_payment_is_rounded_once_at_the_end() -> None:
    ahead = [(1, 200, 1)] * 59
    assert level_payment(Rounding(2), 35_000_00, Fraction(175_00), 1, ahead) == 676_65
    whole_pounds = Rounding(2, payment_multiple=Decimal(1))
    assert level_payment(whole_pounds, 35_000_00, Fraction(175_00), 1, ahead) == 677_00


def test_smoothing_brings_the_last_payment_nearer_to_the_others() -> None:
    """Off by £21.35 with whole pounds, by 61p after one attempt, by nothing after two."""
    assert smoothed(677_00, Rounding(2), 60, lambda payment: 676_65 + 60 * (676_65 - payment)) == 676_65


def test_smoothing_leaves_a_payment_that_a_penny_less_would_only_make_worse() -> None:
    """The last of 480 payments is £7.32 short; with tuppence off each it would be £40 too much."""
    ahead = [(1, 200, 1)] * 479
    plain, smooth = (
        level_payment(Rounding(2, smooth=asked), 1_000_000_00, Fraction(5_000_00), 1, ahead) for asked in (False, True)
    )
    assert plain == smooth == 5_502_14


def test_smoothing_stops_when_it_no_longer_helps() -> None:
    tried: list[int] = []

    def last(payment: int) -> int:
        tried.append(payment)
        return payment + 6000

    assert smoothed(100_00, Rounding(2), 60, last) == 100_00
    assert tried == [100_00, 101_00]
