"""What is due and unpaid of a loan, and how does money move it? Claims, the movements on them, and non-accrual.

Amounts are whole units. A claim is made when something falls due; it is paid, given up, or carried into the plan again.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from moneyed import Money

from loans.domain.allocation import Allocation, Claim, Component, pay
from loans.domain.day_count import COMMON_YEAR
from loans.domain.errors import EventRefused
from loans.domain.events import Resumed, Suspended
from loans.domain.instalment import Instalment
from loans.domain.movements import STILL, Happening, Moved, Movement, paid_off
from loans.domain.rounding import divide
from loans.domain.spread_fees import SpreadFee, not_earned
from loans.domain.suspense import Suspense
from loans.domain.terms import Terms
from loans.domain.words import date_text

EARNS_FEES = frozenset(
    {Happening.FEE, Happening.FEE_CAPITALISED, Happening.FELL_DUE, Happening.SETTLED, Happening.WRITTEN_OFF}
)
"""Movements that take to income what of the spread fees is earned by their day; the last of a loan takes the rest."""


class GivenUp(StrEnum):
    """How a claim ended that nobody paid."""

    WAIVED = "waived"
    WRITTEN_OFF = "written off"
    RESTRUCTURED = "restructured"


class Owed:
    """What is owed and due at one point of a loan's life, and everything that moved until then."""

    def __init__(self, terms: Terms, drawn_on: date) -> None:
        self.terms = terms
        self.movements: list[Movement] = []
        self.claims: list[Claim] = []
        self.given_up: list[tuple[GivenUp, Claim]] = []
        """Claims that nobody paid, in the order in which they ended."""
        self.ended_on: date | None = None
        """The day of the settlement or of the write-off of everything: after it nothing falls due."""
        self.suspended_on: date | None = None
        """Since when the loan is in non-accrual."""
        self.in_suspense = Suspense()
        self.not_earned = 0
        """Fees that are income later."""
        self._spread_fees: list[SpreadFee] = []
        self._default_exact, self._default_charged, self._default_to = Fraction(0), 0, drawn_on

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to fall due, as things stand."""
        return self.ended_on is not None

    @property
    def last_no(self) -> int:
        """The number of the instalment that fell due last; 0 before the first."""
        return 0

    def unpaid(self, component: Component) -> int:
        """What is due and unpaid of a component."""
        return sum(claim.units for claim in self.claims if claim.component is component)

    def late_since(self, on: date) -> date | None:
        """The due date of the oldest claim that is unpaid after it."""
        return min((claim.due_on for claim in self.claims if claim.units > 0 and claim.due_on < on), default=None)

    def arrears(self, on: date) -> int:
        """What is unpaid after its due date."""
        return sum(claim.units for claim in self.claims if claim.due_on < on)

    def default_interest_accrued(self, on: date) -> int:
        """Default interest up to a day that is not charged yet."""
        if self.terms.servicing.default_interest is None and not self._default_exact:
            return 0
        self._accrue_default(on)
        return divide(*self._default_exact.as_integer_ratio()) - self._default_charged

    def _suspend(self, event: Suspended) -> None:
        if self.suspended_on is not None:
            raise EventRefused(
                f"The loan is in non-accrual since {date_text(self.suspended_on)}. Let it accrue again first."
            )
        self.suspended_on = event.effective_on
        self._move(Happening.SUSPENDED, event.sequence, event.effective_on, STILL)

    def _resume(self, event: Resumed) -> None:
        if self.suspended_on is None:
            raise EventRefused(
                f"The loan is not in non-accrual on {date_text(event.effective_on)}, so it cannot come out of it. "
                "Choose another loan or day."
            )
        self.suspended_on = None
        self.in_suspense.added_interest = self.in_suspense.added_default = 0
        self._move(Happening.RESUMED, event.sequence, event.effective_on, STILL)

    def _give_up(self, on: date, units: int, component: Component, how: GivenUp) -> Moved:
        """Unpaid claims of a component shrink, the oldest instalment first."""
        self._accrue_default(on)
        where, left = pay(units, [claim for claim in self.claims if claim.component is component])
        others = [claim for claim in self.claims if claim.component is not component]
        self.claims = sorted([*others, *left], key=self._rank)
        self.given_up += [(how, claim) for claim in where.paid]
        return paid_off(where)

    def _charge(self, component: Component, kind: Happening, no: int, on: date, units: int) -> None:
        """A claim that is no instalment's own: it goes with the last one that has fallen due."""
        self._accrue_default(on)
        self._claim(Claim(self.last_no, component, units, on))
        moved = Moved(fees=units) if component is Component.FEE else Moved(default_interest=units)
        self._move(kind, no, on, moved)

    def _charge_default(self, on: date) -> None:
        units = self.default_interest_accrued(on)
        if units > 0:
            self._default_charged += units
            self._charge(Component.DEFAULT_INTEREST, Happening.DEFAULT_INTEREST, on.toordinal(), on, units)

    def _accrue_default(self, until: date) -> None:
        """Default interest on what has been late since the last time, exact; before anything late changes."""
        agreed, since = self.terms.servicing.default_interest, self._default_to
        if until <= since:
            return
        self._default_to = until
        if agreed is None:
            return
        bearing = {Component.PRINCIPAL, Component.INTEREST} if agreed.on_interest else {Component.PRINCIPAL}
        unit_days = 0
        for claim in self.claims:
            if claim.component in bearing:
                start = max(since, claim.due_on + timedelta(days=agreed.grace_days))
                unit_days += claim.units * max((until - start).days, 0)
        self._default_exact += Fraction(agreed.annual_rate) * unit_days / COMMON_YEAR

    def _claim_row(self, row: Instalment, on: date) -> None:
        if row.uncovered_units:
            self._move(Happening.CAPITALISED, row.no, on, Moved(principal=row.uncovered_units))
        parts = ((Component.INTEREST, row.payable_interest_units), (Component.PRINCIPAL, row.principal_units))
        for component, units in parts:
            if units > 0 or (units and component is Component.INTEREST):
                self._claim(Claim(row.no, component, units, on))

    def _claim(self, claim: Claim) -> None:
        """One more claim, kept in the order of payment; two of one kind on one day are one."""
        place = bisect_left(self.claims, self._rank(claim), key=self._rank)
        if place < len(self.claims) and self._rank(self.claims[place]) == self._rank(claim):
            claim = claim._replace(units=claim.units + self.claims.pop(place).units)
        self.claims.insert(place, claim)

    def _rank(self, claim: Claim) -> tuple[int, int, date]:
        """The place of a claim; what a flat loan's last interest gives back comes before everything that is owed."""
        if claim.units < 0:
            return (-1, -1, claim.due_on)
        return self.terms.servicing.allocation.rank(claim)

    def _pay(self, units: int) -> Allocation:
        where, self.claims = pay(units, self.claims)
        return where

    def _move(self, kind: Happening, no: int, on: date, moved: Moved, paid: tuple[Claim, ...] = ()) -> None:
        """One more movement, with what it changes about income: of non-accrual, and of fees that are spread."""
        moved = self.in_suspense.moved(kind, moved, is_suspended=self.suspended_on is not None)
        if self._spread_fees and (kind in EARNS_FEES or self.is_over):
            to_come = 0 if self.is_over else not_earned(self._spread_fees, on)
            moved = moved._replace(not_earned=to_come - self.not_earned)
            self.not_earned = to_come
        self.movements.append(Movement(kind, no, on, moved, paid, self.terms.scale))

    def _units(self, amount: Money) -> int:
        return self.terms.rounded.units(amount.amount, "amount")
