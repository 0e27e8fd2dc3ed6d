"""What does a revenue participation pay? A share of declared revenue, up to a multiple of what was invested.

payment = min(share × eligible revenue, cap × principal − paid to date). `docs/maths/revenue-share.md` works an example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from moneyed import Money

from loans.domain.errors import ImpossibleTerms
from loans.domain.rounding import Scale, divide, rounding_of
from loans.domain.words import date_text

MOST = 100
"""Multiples above this are slips of the keyboard."""


@dataclass(frozen=True, slots=True)
class RevenueShare:
    """The terms. Raises ImpossibleTerms, naming the field.

    `share` of the revenue is paid (0.04 is 4%) until `cap` times the principal is paid (2 is twice), or until
    `ends_on`: revenue of periods that end later bears nothing. One of the two is given, or both.
    """

    principal: Money
    share: Decimal
    cap: Decimal | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if not self.principal.amount.is_finite() or self.principal.amount <= 0:
            raise ImpossibleTerms("principal", "Invest more than nought.")
        rounding_of(self._currency).units(self.principal.amount, "principal")
        if not self.share.is_finite() or not 0 < self.share <= 1:
            raise ImpossibleTerms("share", f"A share of {self.share} is not possible: write 4% as 0.04, at most 1.")
        if self.cap is None and self.ends_on is None:
            raise ImpossibleTerms("cap", "Nothing says when it ends: give a cap, a last day, or both.")
        if self.cap is not None and not (self.cap.is_finite() and 1 <= self.cap <= MOST):
            raise ImpossibleTerms("cap", f"A cap of {self.cap} is not possible: write twice as 2, from 1 to {MOST}.")

    @property
    def _currency(self) -> str:
        return str(self.principal.currency.code)

    @property
    def scale(self) -> Scale:
        """What whole units stand for."""
        return Scale(self._currency, rounding_of(self._currency).places)

    @property
    def most(self) -> int | None:
        """The most that is ever paid, in units; None without a cap."""
        if self.cap is None:
            return None
        most = Fraction(self.cap) * self.units(self.principal, "principal")
        return divide(most.numerator, most.denominator)

    def units(self, amount: Money, field: str) -> int:
        """An amount as whole units. Raises ImpossibleTerms where it is in another currency, or finer."""
        if amount.currency != self.principal.currency:
            raise ImpossibleTerms(field, f"{amount.currency} is not the currency invested, {self._currency}.")
        return rounding_of(self._currency).units(amount.amount, field)


@dataclass(frozen=True, slots=True)
class Declared:
    """The eligible revenue of a period that ends on a day."""

    period_ends_on: date
    eligible_revenue: Money


class SharePaid(NamedTuple):
    """What is due for a period, its principal and income, and what is left to pay under the cap (None without one)."""

    period_ends_on: date
    payment: Money
    principal: Money
    income: Money
    paid_to_date: Money
    left: Money | None


def revenue_payments(terms: RevenueShare, declared: Iterable[Declared]) -> tuple[SharePaid, ...]:
    """What is due for each period declared, in order; periods after the end bear nothing and have no row.

    Principal and income are shares of everything paid so far, rounded once, so that no rounding adds up. Raises
    ImpossibleTerms for two declarations of one period, negative revenue, or another currency.
    """
    rows: list[SharePaid] = []
    paid = repaid = 0
    for each in _in_order(terms, declared):
        payment = _payment(terms, each, paid)
        paid += payment
        principal = _principal_of(terms, paid) - repaid
        repaid += principal
        rows.append(_row(terms, each.period_ends_on, payment, principal, paid))
    return tuple(rows)


def _in_order(terms: RevenueShare, declared: Iterable[Declared]) -> list[Declared]:
    ordered = sorted(declared, key=lambda each: each.period_ends_on)
    for one, other in pairwise(ordered):
        if one.period_ends_on == other.period_ends_on:
            raise ImpossibleTerms(
                "period_ends_on", f"Two declarations are for the period to {date_text(one.period_ends_on)}. Keep one."
            )
    return [each for each in ordered if terms.ends_on is None or each.period_ends_on <= terms.ends_on]


def _payment(terms: RevenueShare, declared: Declared, paid: int) -> int:
    revenue = terms.units(declared.eligible_revenue, "eligible_revenue")
    if revenue < 0:
        raise ImpossibleTerms("eligible_revenue", "Revenue below nought is not possible: declare nought or more.")
    share = Fraction(terms.share) * revenue
    due = divide(share.numerator, share.denominator)
    return due if terms.most is None else min(due, terms.most - paid)


def _principal_of(terms: RevenueShare, paid: int) -> int:
    """The principal in everything paid so far: under a cap the part that it is of the most; without one it is first."""
    whole = terms.units(terms.principal, "principal")
    return min(paid, whole) if terms.most is None else divide(paid * whole, terms.most)


def _row(terms: RevenueShare, day: date, payment: int, principal: int, paid: int) -> SharePaid:
    money = terms.scale.money
    left = None if terms.most is None else money(terms.most - paid)
    return SharePaid(day, money(payment), money(principal), money(payment - principal), money(paid), left)
