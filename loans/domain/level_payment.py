"""Which payment clears a loan? Solved exactly, over the periods' own year fractions, and rounded once at the end.

B ← B·(1 + r·f) − A·w, nought at the end. The balance after n periods is linear in A, so whole numbers are enough and
there is nothing to iterate. `w` is a payment's weight: 1 for a level one, 2 for a double one, 0 where a season has
none. `docs/maths/schedule.md` works one example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from loans.domain.rounding import Rounding, divide

SMOOTHING_ROUNDS = 3


Step: TypeAlias = tuple[int, int, Fraction | int]
"""One period ahead: its interest for each unit owed (rate × part of the year) as a ratio, and its payment's weight."""


def solve(owed: Fraction, weight: Fraction | int, ahead: Iterable[Step]) -> Fraction:
    """The payment that clears `owed` when it is made now (times `weight`) and after each of the periods ahead.

    `owed` is in units and includes what has accrued. Raises ZeroDivisionError where no payment has a weight.
    """
    grown, unit = owed.numerator, 1
    paid, paid_unit = weight.numerator, weight.denominator
    for numerator, denominator, share in ahead:
        factor = denominator + numerator
        grown *= factor
        paid *= factor
        unit *= denominator
        if share == 1:
            paid += unit * paid_unit
        elif share:
            paid = paid * share.denominator + unit * paid_unit * share.numerator
            paid_unit *= share.denominator
    return Fraction(grown * paid_unit, owed.denominator * paid)


def level_payment(
    rounding: Rounding, balance: int, accrued: Fraction, weight: Fraction | int, ahead: Sequence[Step]
) -> int:
    """The payment in whole units, rounded as agreed and smoothed where that is asked for.

    `balance` is in units; `accrued` is the exact interest of the period that ends with the first of the payments.
    """
    payment = rounding.payment(solve(balance + accrued, weight, ahead))
    if not rounding.smooth:
        return payment
    return smoothed(payment, rounding, 1 + len(ahead), lambda level: _last(rounding, balance, accrued, level, ahead))


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
        tried = payment + rounding.payment(Fraction(off, number))
        new = last(tried) - tried
        if abs(new) >= abs(off):
            break
        payment, off = tried, new
    return payment


def _last(rounding: Rounding, balance: int, accrued: Fraction, payment: int, ahead: Sequence[Step]) -> int:
    """The last payment, when all before it are `payment`: what is owed then, with its interest."""
    mode = rounding.mode
    interest = divide(accrued.numerator, accrued.denominator, mode)
    for numerator, denominator, _ in ahead:
        balance -= payment - interest
        interest = divide(balance * numerator, denominator, mode)
    return balance + interest
