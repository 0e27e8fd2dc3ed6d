"""Which kinds of loan are there? The small values that terms are made of, named as in the calculator commands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from moneyed import Money


class Amortisation(StrEnum):
    """How principal comes back."""

    ANNUITY = "annuity"
    """Level total payment."""
    EQUAL_PRINCIPAL = "equal_principal"
    """Level principal part."""
    GIVEN_PAYMENT = "given_payment"
    """The payment is given; principal is what interest leaves of it, and may be negative."""
    BULLET = "bullet"
    """Interest only, principal at maturity."""


class InterestMethod(StrEnum):
    """What interest is reckoned on."""

    DECLINING = "declining"
    """The principal outstanding, day by day."""
    FLAT = "flat"
    """The original principal, for the whole term."""


class Stub(StrEnum):
    """What happens when the maturity is not one of the due dates."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class RateChange:
    """A nominal annual rate (a fraction: 0.06 is 6%) in force from a day on."""

    on: date
    annual_rate: Decimal


@dataclass(frozen=True, slots=True)
class Tranche:
    """A drawdown that is planned."""

    on: date
    amount: Money


ONCE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Payments that are not level: each is the level one times its weight.

    `by_month` weighs the calendar month (1 to 12) of the due date: {8: 0, 12: 2} asks for nothing in August and twice
    in December. `steps` weigh all payments from a number (counted from 1) on: ((13, 1.1),) is a tenth more from the
    second year of monthly ones. What is in neither weighs 1.
    """

    by_month: tuple[tuple[int, Decimal], ...] = ()
    steps: tuple[tuple[int, Decimal], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.by_month or self.steps)

    def weight(self, no: int, due: date) -> Fraction | int:
        """The weight of payment `no`, nominally due on `due`."""
        return self.weights(no, (due,))[0]

    def weights(self, no: int, due: Sequence[date]) -> list[Fraction | int]:
        """The weights of the payments from `no` on."""
        if not self:
            return [1] * len(due)
        starts, factors = [0], [Fraction(1)]
        for start, factor in sorted(self.steps):
            starts.append(start)
            factors.append(Fraction(factor))
        months = {month: Fraction(weight) for month, weight in self.by_month}
        return [
            months.get(day.month, ONCE) * factors[bisect_right(starts, number) - 1]
            for number, day in enumerate(due, no)
        ]


LEVEL = Pattern()
"""Every payment like the others."""
