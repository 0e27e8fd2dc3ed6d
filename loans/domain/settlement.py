"""How much interest does a flat loan still ask for when it is settled early? Its agreement names the method.

`docs/maths/settlement.md` works the three of them on one loan.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from loans.domain.rounding import divide
from loans.domain.schedule import build_schedule
from loans.domain.servicing import FlatSettlement
from loans.domain.terms import Terms
from loans.domain.walk import Instalment

DIGITS = 60
"""Digits carried while the rate is sought; only the last rounding to a unit shows."""


def flat_interest_to_settle(
    method: FlatSettlement, terms: Terms, charged: int, rest: Sequence[Instalment], on: date
) -> int:
    """The interest in units that is asked for beside the principal that has not fallen due.

    `charged` is the interest that has fallen due before, `rest` what is still to come. By the rule of 78 a period that
    has begun is used up; by the actuarial method it counts by its days.
    """
    to_come = sum(row.interest_units for row in rest)
    match method:
        case FlatSettlement.NO_REBATE:
            return to_come
        case FlatSettlement.RULE_OF_78:
            return to_come - _rebate_of_78(terms, charged + to_come, rest, on)
        case FlatSettlement.ACTUARIAL:
            return _actuarial(terms, rest, on)


def _rebate_of_78(terms: Terms, interest: int, rest: Sequence[Instalment], on: date) -> int:
    """Of n periods the k-th bears n − k + 1 parts of n(n + 1)/2; those that have not begun are given back."""
    number = terms.instalments or len(build_schedule(terms).instalments)
    running = bool(rest) and on > _start_of_period(terms, rest)
    left = len(rest) - running
    return divide(interest * left * (left + 1), number * (number + 1))


def _actuarial(terms: Terms, rest: Sequence[Instalment], on: date) -> int:
    """What the instalments to come are worth at the loan's own rate a period, less their principal."""
    if not rest:
        return 0
    start, end = _start_of_period(terms, rest), rest[0].nominal_due_on
    with localcontext(prec=DIGITS):
        rate = rate_a_period(terms)
        worth = sum((Decimal(row.total_units) / (1 + rate) ** no for no, row in enumerate(rest, 1)), Decimal(0))
        elapsed = Decimal(max(0, (on - start).days)) / (end - start).days
        worth *= 1 + rate * elapsed
        return int(worth.to_integral_value(ROUND_HALF_EVEN)) - sum(row.principal_units for row in rest)


def rate_a_period(terms: Terms) -> Decimal:
    """The rate a period at which all instalments are worth what is lent: Newton's method from nought, where the worth
    falls and is convex, so that it cannot overshoot."""
    rows = build_schedule(terms).instalments
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


def _start_of_period(terms: Terms, rest: Sequence[Instalment]) -> date:
    place = terms.cycle.place(rest[0].nominal_due_on)
    found = terms.cycle.nth(place)
    return found if found < rest[0].nominal_due_on else terms.cycle.nth(place - 1)
