"""What can happen to a schedule under way? A walk that is prepaid, paused, settled or continued on new terms."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date

from loans.domain.calendar import Recurrence
from loans.domain.due_dates import MATURITY, PRINCIPAL
from loans.domain.instalment import Instalment
from loans.domain.rounding import divide
from loans.domain.servicing import HolidayInterest, Prepayment
from loans.domain.settlement import FlatLoan, flat_interest_to_settle
from loans.domain.terms import Terms
from loans.domain.walk import NOUGHT, Walk


class ServicedWalk(Walk):
    """A walk whose plan can be changed on the way; amounts are whole units, days those that the walk has reached."""

    @property
    def number(self) -> int:
        """The number of the last row that was walked."""
        return self._numbered_from + self._at

    @property
    def asks_for_more(self) -> bool:
        """Whether anything will fall due; without principal it may be interest: deferred, accrued, or that is flat."""
        interest = self.deferred or self._accrued or self._flat_base
        return bool(self.balance or (interest and any(row.total_units for row in self.rest())))

    def rest(self) -> list[Instalment]:
        """What will fall due if nothing else happens; the walk itself stays where it is."""
        return copy(self).run()

    def accrued(self, on: date) -> int:
        """Interest of the running period up to a day, rounded, and what was deferred before."""
        ahead = copy(self)
        ahead.accrue(on)
        exact = ahead._accrued
        return divide(exact.numerator, exact.denominator, self._rounding.mode) + self.deferred

    def prepay(self, units: int, choice: Prepayment) -> None:
        """Take principal off that has not fallen due; the caller has accrued interest up to the day."""
        if not units:
            return
        if choice is Prepayment.LAST_INSTALMENT and not self._kept_parts:
            rows, start = self.rest(), self._at
            dues = self.dues[start : start + len(rows)]
            pays = [due.pays & PRINCIPAL and not due.pays & MATURITY for due in dues]
            self._kept_parts = {
                start + place: row.principal_units
                for place, (row, regular) in enumerate(zip(rows, pays, strict=True))
                if regular and row.principal_units >= 0
            }
            self._must_solve = False
        if choice is Prepayment.SHORTER_TERM and self._must_solve:
            self._solve_now()
        if choice is Prepayment.LOWER_PAYMENT:
            self.solve_again()
        self.balance -= units

    def grant_holiday(self, instalments: int, interest: HolidayInterest, *, extends: bool) -> None:
        """No principal on the next so many dates; the payment is solved again over those that are left."""
        if extends:
            self._extend(instalments)
        places = (
            place
            for place, due in enumerate(self.dues[self._at :], self._at)
            if due.pays & PRINCIPAL and not due.pays & MATURITY
        )
        granted = {place: interest for place, _ in zip(places, range(instalments), strict=False)}
        self._holidays = {**self._holidays, **granted}
        self.solve_again()

    def _solve_now(self) -> None:
        """The payment that would be asked for if nothing were prepaid, before its first date has come."""
        ahead = copy(self)
        while ahead._must_solve and not ahead.is_over:
            ahead.fall_due()
        if not ahead._must_solve:
            self.payment, self._must_solve = ahead.payment, False
            self.first_payment = self.first_payment if self.first_payment is not None else ahead.payment

    def settle(self, on: date) -> tuple[int, int]:
        """Everything falls due on a day: principal, and the interest that is asked for with it. Nothing comes after."""
        principal, interest = self.balance, self.interest_to_settle(on)
        self.stop()
        return principal, interest

    def interest_to_settle(self, on: date) -> int:
        """The interest of a settlement on a day: what has accrued, or of a flat loan what its agreement asks for."""
        if not self._flat_base:
            return self.accrued(on)
        return flat_interest_to_settle(self.terms.servicing.flat_settlement, self._as_flat_loan(), on)

    def stop(self) -> None:
        """Nothing accrues or falls due any more."""
        self.balance = self.deferred = self._flat_base = 0
        self._accrued, self._at = NOUGHT, len(self.dues)

    def _as_flat_loan(self) -> FlatLoan:
        agreed = Walk(self.terms, self._drawn_on)
        agreed.balance = agreed._flat_base = self._flat_base
        due = self.next_due
        return FlatLoan(
            agreed=tuple(agreed.run()),
            periods=len(self.dues),
            charged=self._flat_charged,
            deferred=self.deferred,
            rest=tuple(self.rest()),
            since=self.dues[self._at - 1].accrues_to if self._at else self._drawn_on,
            until=due.accrues_to if due else self._drawn_on,
        )

    def continued(self, terms: Terms, on: date, principal: int) -> ServicedWalk:
        """The walk under new terms from a day on; interest that has accrued falls due with the first of them."""
        self.accrue(on)
        new = ServicedWalk(terms, on, self._numbered_from + self._at)
        new.balance = principal
        new._accrued = self._accrued + self.deferred
        if new._flat_base:
            new._flat_base = principal
        return new

    def _extend(self, instalments: int) -> None:
        """As many more dates of the same recurrence at the end."""
        terms = self.terms
        if terms.endless:
            return
        number = terms.instalments and terms.instalments + instalments
        every = terms.cycle.every
        end = terms.maturity and Recurrence(terms.maturity, every, month_end=terms.cycle.month_end).nth(instalments)
        passed = self.dues[: self._at]
        self.terms = replace(terms, instalments=number, maturity=end)
        self._plan_dates()
        self.dues = [*passed, *(due for due in self.dues if due.accrues_to > self._since)]
