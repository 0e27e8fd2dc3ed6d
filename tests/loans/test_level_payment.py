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
WEIGHTS = st.sampled_from([Fraction(0), 1, 1, 2, Fraction(11, 10), Fraction(5, 3)])
STEPS = st.lists(st.tuples(GROWTHS, WEIGHTS), max_size=60)

Steps = list[tuple[tuple[int, int], Fraction | int]]


def left(owed: Fraction, payment: Fraction, weight: Fraction | int, ahead: Steps) -> Fraction:
    """What is owed after all payments, step by step."""
    owed -= payment * weight
    for (numerator, denominator), share in ahead:
        owed += owed * Fraction(numerator, denominator) - payment * share
    return owed


@given(st.fractions(min_value=0, max_value=10**12, max_denominator=10**6), WEIGHTS, STEPS)
def test_the_exact_payment_leaves_nothing(owed: Fraction, weight: Fraction | int, ahead: Steps) -> None:
    assume(weight or any(share for _, share in ahead))
    payment = Fraction(*solve(owed.as_integer_ratio(), [weight, *(step[1] for step in ahead)], [x for x, _ in ahead]))
    assert left(owed, payment, weight, ahead) == 0


@given(st.integers(1, 10**11), st.integers(1, 480), st.integers(0, 5000))
def test_over_equal_periods_it_is_the_annuity_of_the_textbook(principal: int, periods: int, rate: int) -> None:
    """P × i ÷ (1 − (1 + i)^−n), or P ÷ n without interest."""
    i = Fraction(rate, 120_000)
    expected = principal * i / (1 - (1 + i) ** -periods) if rate else Fraction(principal, periods)
    owed = (principal * (1 + i)).as_integer_ratio()
    assert Fraction(*solve(owed, [1] * periods, [i.as_integer_ratio()] * (periods - 1))) == expected


def test_nothing_solves_it_where_no_payment_has_a_weight() -> None:
    with pytest.raises(ZeroDivisionError):
        Fraction(*solve((1000, 1), [0, 0], [(1, 200)]))


def test_the_payment_is_rounded_once_at_the_end() -> None:
    weights, growths = [1] * 60, [(1, 200)] * 59
    assert level_payment(Rounding(2), 35_000_00, (175_00, 1), weights, growths) == 676_65
    whole_pounds = Rounding(2, payment_multiple=Decimal(1))
    assert level_payment(whole_pounds, 35_000_00, (175_00, 1), weights, growths) == 677_00


def test_smoothing_brings_the_last_payment_nearer_to_the_others() -> None:
    """Off by £21.35 with whole pounds, by 61p after one attempt, by nothing after two."""
    assert smoothed(677_00, Rounding(2), 60, lambda payment: 676_65 + 60 * (676_65 - payment)) == 676_65


def test_smoothing_leaves_a_payment_that_a_penny_less_would_only_make_worse() -> None:
    """The last of 480 payments is £7.32 short; with tuppence off each it would be £40 too much."""
    weights, growths = [1] * 480, [(1, 200)] * 479
    plain, smooth = (
        level_payment(Rounding(2, smooth=asked), 1_000_000_00, (5_000_00, 1), weights, growths)
        for asked in (False, True)
    )
    assert plain == smooth == 5_502_14


def test_smoothing_stops_when_it_no_longer_helps() -> None:
    tried: list[int] = []

    def last(payment: int) -> int:
        tried.append(payment)
        return payment + 6000

    assert smoothed(100_00, Rounding(2), 60, last) == 100_00
    assert tried == [100_00, 101_00]
