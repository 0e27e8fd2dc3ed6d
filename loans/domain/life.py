"""How does a loan live? What is owed, late and held in advance at one point of its life, and how each event changes it.

The plan (a `ServicedWalk`) runs on principal that has not fallen due. What falls due becomes claims, and money pays
claims. So lateness never changes the schedule; what is late bears default interest, where any is agreed.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from fractions import Fraction

from moneyed import Money

from loans.domain.allocation import Allocation, Claim, Component, pay
from loans.domain.calendar import ONE_DAY
from loans.domain.day_count import COMMON_YEAR
from loans.domain.errors import EventRefused
from loans.domain.events import (
    Drawn,
    FeeCharged,
    Happened,
    HolidayGranted,
    RateChanged,
    Recovered,
    Repaid,
    Restructured,
    Waived,
    WrittenOff,
)
from loans.domain.instalment import Instalment
from loans.domain.movements import STILL, Happening, Moved, Movement, paid_off
from loans.domain.rounding import divide
from loans.domain.serviced import ServicedWalk
from loans.domain.servicing import Prepayment
from loans.domain.settlement import ToSettle
from loans.domain.terms import Terms
from loans.domain.words import date_text, money_text

CHANGES_OF_PLAN = (Drawn, HolidayGranted, Restructured)
"""Events that make no sense once a loan has ended."""

MOVES_PRINCIPAL = frozenset({Prepayment.LAST_INSTALMENT, Prepayment.SHORTER_TERM, Prepayment.LOWER_PAYMENT})


class Life:
    """One loan's life up to a day; amounts are whole units."""

    def __init__(self, terms: Terms, drawn_on: date) -> None:
        self.terms = terms
        self.walk = ServicedWalk(terms, drawn_on)
        self.rows: list[Instalment] = []
        """All that fell due, or will on a day to come that is shifted."""
        self.movements: list[Movement] = []
        self.claims: list[Claim] = []
        self.given_up: list[Claim] = []
        """Claims that were waived, written off or carried into new terms."""
        self.in_advance = self.drawn = self.received = self.prepaid = self.written_off = self.recovered = 0
        self.ended_on: date | None = None
        """The day of the settlement or of the write-off of everything: after it nothing falls due."""
        self.changed = False
        """Whether an event changed the plan, so that it may end before its last date."""
        self._due = 0
        """How many of the rows have become claims."""
        self._default_exact, self._default_charged, self._default_to = Fraction(0), 0, drawn_on

    @property
    def pending(self) -> int:
        """Principal that the plan has passed, and that falls due on a day to come, shifted off a holiday."""
        return sum(row.principal_units for row in self.rows[self._due :])

    @property
    def principal(self) -> int:
        """Principal outstanding."""
        return self.walk.balance + self.pending + self.unpaid(Component.PRINCIPAL)

    def unpaid(self, component: Component) -> int:
        """What is due and unpaid of a component."""
        return sum(claim.units for claim in self.claims if claim.component is component)

    def paid_of(self, component: Component) -> int:
        """What money received has paid of a component; principal that was prepaid counts too."""
        paid = (claim.units for movement in self.movements for claim in movement.paid if claim.component is component)
        return sum(paid) + (self.prepaid if component is Component.PRINCIPAL else 0)

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

    def to_settle(self, on: date) -> ToSettle:
        """What ends the loan on a day, part by part, after everything that falls due that day."""
        pending = sum(row.interest_units for row in self.rows[self._due :])
        return ToSettle(
            principal=self.principal,
            interest_due=self.unpaid(Component.INTEREST),
            accrued_interest=pending + self.walk.interest_to_settle(on),
            fees=self.unpaid(Component.FEE),
            default_interest=self.unpaid(Component.DEFAULT_INTEREST) + self.default_interest_accrued(on),
            in_advance=self.in_advance,
        )

    def live_through(self, before: date) -> None:
        """Everything that falls due before a day, and money in advance applied to it."""
        for row in self.walk.run(before):
            self.rows.append(row)
            if row.capitalised_units:
                self._capitalise(row)
        while self._due < len(self.rows) and self.rows[self._due].due_on < before:
            self._fall_due(self.rows[self._due])
            self._due += 1

    def _capitalise(self, row: Instalment) -> None:
        """Interest that is added to principal bears interest from the day up to which it ran, unshifted or not."""
        rule = self.terms.business_days
        ran_to = row.due_on if rule and rule.interest_adjusted else row.nominal_due_on
        self._move(Happening.CAPITALISED, row.no, ran_to, Moved(principal=row.capitalised_units))

    def happen(self, event: Happened) -> None:
        """An event on its day, after everything that comes before it. Raises EventRefused."""
        on = event.effective_on
        if self.ended_on is not None and isinstance(event, CHANGES_OF_PLAN):
            raise EventRefused(
                f"On {date_text(on)} there is no plan left to change: the loan ended on {date_text(self.ended_on)}. "
                "Reverse what ended it first, or make a new loan."
            )
        match event:
            case Drawn():
                self.live_through(on)
                self.walk.accrue(on)
                self._draw(event)
            case RateChanged():
                self.live_through(on + ONE_DAY)
                self.walk.accrue(on)
                self.walk.change_rate(event.annual_rate)
            case _:
                self.live_through(on + ONE_DAY)
                self.walk.accrue(on)
                self._serve(event)

    def _serve(self, event: Happened) -> None:
        match event:
            case Repaid():
                self._repay(event)
            case FeeCharged():
                self._charge(
                    Component.FEE, Happening.FEE, event.sequence, event.effective_on, self._units(event.amount)
                )
            case Waived():
                self._waive(event)
            case HolidayGranted():
                self.changed = True
                self.walk.grant_holiday(event.instalments, event.interest, extends=event.extends)
            case Restructured():
                self._restructure(event)
            case WrittenOff():
                self._write_off(event)
            case Recovered():
                self.recovered += self._units(event.amount)

    def _draw(self, event: Drawn) -> None:
        units = self._units(event.amount)
        self.walk.draw(units)
        self.drawn += units
        self._move(Happening.DRAWN, event.sequence, event.effective_on, Moved(principal=units))

    def _fall_due(self, row: Instalment) -> None:
        self._charge_default(row.due_on)
        self._move(Happening.FELL_DUE, row.no, row.due_on, Moved(interest=row.payable_interest_units))
        self._claim_row(row, row.due_on)
        if self.in_advance:
            where = self._pay(self.in_advance)
            used, self.in_advance = self.in_advance - where.in_advance, where.in_advance
            if used:
                self._move(Happening.ADVANCE_APPLIED, row.no, row.due_on, paid_off(where, -used), where.paid)

    def _repay(self, event: Repaid) -> None:
        on, units = event.effective_on, self._units(event.amount)
        self._charge_default(on)
        self.received += units
        settles = event.settles and units >= self.to_settle(on).total
        if settles:
            self._settle(event)
            units += self.in_advance
        where = self._pay(units)
        advance, prepaid = where.in_advance, 0
        choice = event.prepayment or self.terms.servicing.prepayment
        if choice in MOVES_PRINCIPAL and not settles:
            prepaid = min(advance, self.walk.balance)
            self.changed = self.changed or prepaid > 0
            self.walk.prepay(prepaid, choice)
            self.prepaid += prepaid
        held = advance - prepaid - (self.in_advance if settles else 0)
        self.in_advance += held
        moved = paid_off(where, held)
        self._move(
            Happening.REPAID, event.sequence, on, moved._replace(principal=moved.principal - prepaid), where.paid
        )

    def _settle(self, event: Repaid) -> None:
        """All that is pending and all that is owed falls due at once, as the next instalment."""
        on = event.effective_on
        self.rows[self._due :] = [row._replace(due_on=on) for row in self.rows[self._due :]]
        for row in self.rows[self._due :]:
            self._move(Happening.FELL_DUE, row.no, on, Moved(interest=row.payable_interest_units))
            self._claim_row(row, on)
        no, due = self.walk.number + 1, self.walk.next_due
        principal, interest = self.walk.settle(on)
        if principal or interest:
            row = Instalment(no, on, due.nominal if due else on, principal, interest, 0, 0, self.terms.scale)
            self.rows.append(row)
            self._move(Happening.SETTLED, event.sequence, on, Moved(interest=interest))
            self._claim_row(row, on)
        self._due, self.changed, self.ended_on = len(self.rows), True, on

    def _waive(self, event: Waived) -> None:
        units = self._units(event.amount)
        if event.component is Component.DEFAULT_INTEREST:
            self._charge_default(event.effective_on)
        unpaid = self.unpaid(event.component)
        if units > unpaid:
            raise EventRefused(
                f"{money_text(event.amount)} of {event.component} cannot be waived on {date_text(event.effective_on)}: "
                f"{money_text(self.terms.scale.money(unpaid))} of it is due and unpaid. Waive at most that."
            )
        on = event.effective_on
        self._move(Happening.WAIVED, event.sequence, on, self._give_up(on, units, event.component))

    def _write_off(self, event: WrittenOff) -> None:
        on = event.effective_on
        self._charge_default(on)
        units = self.principal if event.amount is None else min(self._units(event.amount), self.principal)
        self.written_off += units
        from_claims = min(units, self.unpaid(Component.PRINCIPAL))
        moved = self._give_up(on, from_claims, Component.PRINCIPAL)
        rest = units - from_claims
        from_pending = self._give_up_pending(rest)
        self.walk.prepay(rest - from_pending, Prepayment.LOWER_PAYMENT)
        if event.amount is None:
            moved = moved.plus(self._give_up_everything(on))
        self._move(Happening.WRITTEN_OFF, event.sequence, on, moved._replace(principal=moved.principal - rest))
        self.changed = True

    def _give_up_everything(self, on: date) -> Moved:
        """All that is unpaid but principal; nothing accrues or falls due any more."""
        self.rows = self.rows[: self._due]
        self.walk.stop()
        self.ended_on = on
        moved = STILL
        for component in (Component.FEE, Component.DEFAULT_INTEREST, Component.INTEREST):
            moved = moved.plus(self._give_up(on, self.unpaid(component), component))
        return moved

    def _give_up_pending(self, units: int) -> int:
        """Principal out of rows that are passed and not due yet, the first of them first."""
        left = units
        for place, row in enumerate(self.rows[self._due :], self._due):
            part = min(left, max(0, row.principal_units))
            left -= part
            self.rows[place] = row._replace(principal_units=row.principal_units - part)
        return units - left

    def _restructure(self, event: Restructured) -> None:
        """Principal that is due and unpaid goes back into the plan; the plan goes on under the new terms."""
        self._accrue_default(event.effective_on)
        principal = self.principal
        self.given_up += [claim for claim in self.claims if claim.component is Component.PRINCIPAL]
        self.rows[self._due :] = [row._replace(principal_units=0) for row in self.rows[self._due :]]
        self.walk = self.walk.continued(event.terms, event.effective_on, principal)
        self.terms, self.changed = event.terms, True
        left = [claim for claim in self.claims if claim.component is not Component.PRINCIPAL]
        self.claims = sorted(left, key=self._rank)

    def _give_up(self, on: date, units: int, component: Component) -> Moved:
        """Unpaid claims of a component shrink, the oldest instalment first."""
        self._accrue_default(on)
        where, left = pay(units, [claim for claim in self.claims if claim.component is component])
        others = [claim for claim in self.claims if claim.component is not component]
        self.claims = sorted([*others, *left], key=self._rank)
        self.given_up += where.paid
        return paid_off(where)

    def _charge(self, component: Component, kind: Happening, no: int, on: date, units: int) -> None:
        """A claim that is no instalment's own: it goes with the last one that has fallen due."""
        self._accrue_default(on)
        self._claim(Claim(self.rows[self._due - 1].no if self._due else 0, component, units, on))
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
        self.movements.append(Movement(kind, no, on, moved, paid, self.terms.scale))

    def _units(self, amount: Money) -> int:
        return self.terms.rounded.units(amount.amount, "amount")
