"""What ends a loan early, and how much interest does a flat loan still ask for then? Its agreement names the method.

`docs/maths/settlement.md` works the three of them on one loan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import NamedTuple

from loans.domain.instalment import Instalment
from loans.domain.rounding import divide
from loans.domain.servicing import FlatSettlement

DIGITS = 60
"""Digits carried while the rate is sought; only the last rounding to a unit shows."""


class ToSettle(NamedTuple):
    """What ends a loan on a day, part by part, in units; money held in advance is taken off."""

    principal: int
    interest_due: int
    accrued_interest: int
    fees: int
    default_interest: int
    in_advance: int

    @property
    def total(self) -> int:
        """The figure: never less than nought."""
        return max(sum(self) - 2 * self.in_advance, 0)


@dataclass(frozen=True, slots=True)
class FlatLoan:
    """A flat loan under way: what was agreed, what has been charged, and what is still to come; amounts are units."""

    agreed: tuple[Instalment, ...]
    """All instalments as first agreed: what they cost is the rate of the actuarial method."""
    periods: int
    """How many there are by now: a holiday may have added some."""
    charged: int
    """The interest of the periods that are over."""
    deferred: int
    """What of it is among the interest to come."""
    rest: tuple[Instalment, ...]
    """The instalments to come, without those that are passed and fall due on a shifted day."""
    since: date
    """The first day of the running period."""
    until: date
    """Its last."""

    @property
    def to_come(self) -> int:
        """The interest to come."""
        return sum(row.interest_units for row in self.rest)


def flat_interest_to_settle(method: FlatSettlement, loan: FlatLoan, on: date) -> int:
    """The interest in units that is asked for beside the principal that has not fallen due; never less than nought.

    By the rule of 78 a period that has begun is used up; by the actuarial method it counts by its days.
    """
    if not loan.rest:
        return 0
    match method:
        case FlatSettlement.NO_REBATE:
            return loan.to_come
        case FlatSettlement.RULE_OF_78:
            return max(loan.to_come - _rebate_of_78(loan, on), 0)
        case FlatSettlement.ACTUARIAL:
            return max(_worth(loan, on) - sum(row.principal_units for row in loan.rest), 0)


def _rebate_of_78(loan: FlatLoan, on: date) -> int:
    """Of n periods the k-th bears n − k + 1 parts of n(n + 1)/2; those that have not begun are given back."""
    left, number = len(loan.rest) - (on > loan.since), loan.periods
    interest = loan.charged + loan.to_come - loan.deferred
    return divide(interest * left * (left + 1), number * (number + 1))


def _worth(loan: FlatLoan, on: date) -> int:
    """What the instalments to come are worth on a day at the loan's own rate a period, simple within the period."""
    with localcontext(prec=DIGITS):
        rate = rate_a_period(loan.agreed)
        worth = sum((Decimal(row.total_units) / (1 + rate) ** no for no, row in enumerate(loan.rest, 1)), Decimal(0))
        worth *= 1 + rate * Decimal((on - loan.since).days) / (loan.until - loan.since).days
        return int(worth.to_integral_value(ROUND_HALF_EVEN))


def rate_a_period(rows: Sequence[Instalment]) -> Decimal:
    """The rate a period at which all instalments are worth what is lent: Newton's method from nought, where the worth
    falls and is convex, so that it cannot overshoot."""
    with localcontext(prec=DIGITS):
        lent, rate = Decimal(sum(row.principal_units for row in rows)), Decimal(0)
        for _ in range(DIGITS):
            worth, slope = -lent, Decimal(0)
            for no, row in enumerate(rows, 1):
                part = Decimal(row.total_units) / (1 + rate) ** no
                worth, slope = worth + part, slope + no * part / (1 + rate)
            step = worth / slope
            rate += step
            if abs(step) < Decimal(10) ** (10 - DIGITS):
                break
        return rate
