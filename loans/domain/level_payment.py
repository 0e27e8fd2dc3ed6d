"""Which payment clears a loan? Solved exactly, over the periods' own year fractions, and rounded once at the end.

B ← B·(1 + r·f) − A·w, nought at the end. The balance after n periods is linear in A, so whole numbers are enough and
there is nothing to iterate. `w` is a payment's weight: 1 for a level one, 2 for a double one, 0 where a season has
none. `docs/maths/schedule.md` works one example.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

from loans.domain.errors import ImpossibleTerms
from loans.domain.rounding import Rounding, divide
from loans.domain.year_parts import Ratio

SMOOTHING_ROUNDS = 3


def solve(owed: Ratio, weights: Sequence[Fraction | int], growths: Sequence[Ratio]) -> Ratio:
    """The payment that clears `owed` when it is made now and after each of the periods ahead, times its weight.

    `owed` is in units and includes what has accrued; `growths` are the interest of each period ahead for each unit
    owed (rate × part of the year). Worked backwards: what all payments to come are worth after each of them. It is a
    ratio over nought where no payment has a weight. Raises ImpossibleTerms where a rate is so far below nought that
    nothing would be owed any more after a period.
    """
    worth, unit = _worth_of_level(growths) if weights.count(1) == len(weights) else _worth(weights, growths)
    if growths and growths[-1][0] < 0 and any(sum(growth) <= 0 for growth in growths):
        raise ImpossibleTerms(
            "annual_rate", "The rate takes away all that is owed within one period. Give a rate nearer to nought."
        )
    return owed[0] * unit, owed[1] * worth


def _worth_of_level(growths: Sequence[Ratio]) -> Ratio:
    """What level payments of one unit, now and after each period, are worth now; not reduced to lowest terms."""
    worth, unit = 0, 1
    for numerator, denominator in reversed(growths):
        worth = (worth + unit) * denominator
        unit *= denominator + numerator
    return worth + unit, unit


def _worth(weights: Sequence[Fraction | int], growths: Sequence[Ratio]) -> Ratio:
    """The same, where each payment has its weight."""
    scale = lcm(*(weight.denominator for weight in weights))
    shares = [(weight * scale).numerator for weight in weights]
    worth, unit = 0, 1
    for share, (numerator, denominator) in zip(reversed(shares[1:]), reversed(growths), strict=True):
        worth = (worth + unit * share) * denominator
        unit *= denominator + numerator
    return worth + unit * shares[0], unit * scale


def level_payment(
    rounding: Rounding, balance: int, accrued: Ratio, weights: Sequence[Fraction | int], growths: Sequence[Ratio]
) -> int:
    """The payment in whole units, rounded as agreed and smoothed where that is asked for.

    `balance` is in units; `accrued` is the exact interest of the period that ends with the first of the payments.
    Raises ImpossibleTerms where the payment is rounded away by its multiple.
    """
    payment = rounding.payment(*solve((balance * accrued[1] + accrued[0], accrued[1]), weights, growths))
    if not payment and balance > 0 and rounding.payment_multiple is not None:
        raise ImpossibleTerms(
            "rounding",
            f"To a multiple of {rounding.payment_multiple} the payment is nought. Give a smaller multiple.",
        )
    if not rounding.smooth:
        return payment
    return smoothed(payment, rounding, len(weights), lambda level: _last(rounding, balance, accrued, level, growths))


def smoothed(payment: int, rounding: Rounding, number: int, last: Callable[[int], int]) -> int:
    """The payment after at most three attempts to bring the last one nearer to it.

    The last of `number` payments differs from the level one by d; where |d| × 100 exceeds ⌊number / 2⌋ (d in whole
    money), payment + d / number is tried, and kept if |d| shrinks.
    """
    allowed = number // 2 * 10**rounding.places
    off = last(payment) - payment
    for _ in range(SMOOTHING_ROUNDS):
        if abs(off) * 100 <= allowed:
            break
        tried = payment + rounding.payment(off, number)
        new = last(tried) - tried
        if abs(new) >= abs(off):
            break
        payment, off = tried, new
    return payment


def _last(rounding: Rounding, balance: int, accrued: Ratio, payment: int, growths: Sequence[Ratio]) -> int:
    """The last payment, when all before it are `payment`: what is owed then, with its interest."""
    mode = rounding.mode
    interest = divide(*accrued, mode)
    for numerator, denominator in growths:
        balance -= payment - interest
        interest = divide(balance * numerator, denominator, mode)
    return balance + interest
