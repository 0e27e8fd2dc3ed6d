"""How does a loan live? What is owed, late and held in advance at one point of its life, and how each event changes it.

The plan (a `ServicedWalk`) runs on principal that has not fallen due. What falls due becomes claims, and money pays
claims. So lateness never changes the schedule; what is late bears default interest, where any is agreed.
"""

from __future__ import annotations

from datetime import date

from loans.domain.allocation import Claim, Component
from loans.domain.calendar import ONE_DAY
from loans.domain.errors import EventRefused
from loans.domain.events import (
    BroughtIn,
    Drawn,
    FeeCharged,
    Happened,
    HolidayGranted,
    RateChanged,
    Recovered,
    Refunded,
    Repaid,
    Restructured,
    Resumed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees_owed import FeesOwed
from loans.domain.instalment import Instalment
from loans.domain.movements import STILL, Happening, Moved, paid_off
from loans.domain.owed import GivenUp
from loans.domain.servicing import Prepayment
from loans.domain.settlement import ToSettle
from loans.domain.terms import Terms
from loans.domain.words import date_text, money_text

CHANGES_OF_PLAN = (Drawn, HolidayGranted, Restructured)
"""Events that make no sense once a loan has ended."""

MOVES_PRINCIPAL = frozenset({Prepayment.LAST_INSTALMENT, Prepayment.SHORTER_TERM, Prepayment.LOWER_PAYMENT})


class Life(FeesOwed):
    """One loan's life up to a day; amounts are whole units."""

    def __init__(self, terms: Terms, drawn_on: date) -> None:
        super().__init__(terms, drawn_on)
        self.rows: list[Instalment] = []
        """All that fell due, or will on a day to come that is shifted."""
        self.in_advance = self.received = self.prepaid = self.written_off = self.recovered = 0
        self.lost = 0
        """All that was written off: principal, and interest and fees with it."""
        self.changed = False
        """Whether an event changed the plan, so that it may end before its last date."""
        self._due = 0
        """How many of the rows have become claims."""

    @property
    def last_no(self) -> int:
        """The number of the instalment that fell due last; 0 before the first."""
        return self.rows[self._due - 1].no if self._due else 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to fall due, as things stand: it is settled, written off, or paid in full."""
        waits = any(row.total_units for row in self.rows[self._due :])
        return self.ended_on is not None or not (waits or self.walk.asks_for_more)

    @property
    def _has_more_to_come(self) -> bool:
        return self._due < len(self.rows) or not self.walk.is_over

    @property
    def pending(self) -> int:
        """Principal that the plan has passed, and that falls due on a day to come, shifted off a holiday."""
        return sum(row.principal_units for row in self.rows[self._due :])

    @property
    def principal(self) -> int:
        """Principal outstanding."""
        return self.walk.balance + self.pending + self.unpaid(Component.PRINCIPAL)

    def paid_of(self, component: Component) -> int:
        """What money received has paid of a component; principal that was prepaid counts too."""
        paid = (claim.units for movement in self.movements for claim in movement.paid if claim.component is component)
        return sum(paid) + (self.prepaid if component is Component.PRINCIPAL else 0)

    def to_settle(self, on: date) -> ToSettle:
        """What ends the loan on a day, part by part, after everything that falls due that day."""
        pending = sum(row.interest_units for row in self.rows[self._due :])
        return ToSettle(
            principal=self.principal,
            interest_due=self.unpaid(Component.INTEREST),
            accrued_interest=pending + self.walk.interest_to_settle(on),
            fees=self.unpaid(Component.FEE) + self.commitment_accrued(on),
            default_interest=self.unpaid(Component.DEFAULT_INTEREST) + self.default_interest_accrued(on),
            in_advance=self.in_advance,
        )

    def interest_accrued(self, on: date) -> int:
        """Interest up to a day that is not due: of the running period, and of rows that are passed and shifted."""
        return sum(row.payable_interest_units for row in self.rows[self._due :]) + self.walk.accrued(on)

    def live_through(self, before: date) -> None:
        """Everything that falls due before a day, and money in advance applied to it."""
        for row in self.walk.run(before):
            self.rows.append(row)
            if row.capitalised_units:
                self._capitalise(row)
        while self._moves_before(before):
            due_on = self.rows[self._due].due_on if self._due < len(self.rows) else before
            if self._watched and self._watched[0].on <= due_on:
                self._charge_late(self._watched.popleft())
            else:
                self._charge_default(due_on)
                self._accrue_commitment(due_on)
                self._due += 1
                self._fall_due(self.rows[self._due - 1])

    def _moves_before(self, day: date) -> bool:
        """Whether an instalment falls due before a day, or may cost a late fee."""
        falls_due = self._due < len(self.rows) and self.rows[self._due].due_on < day
        return falls_due or bool(self._watched and self._watched[0].on < day)

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
            case Drawn() | BroughtIn():
                self.live_through(on)
                self.walk.accrue(on)
                self._draw(event) if isinstance(event, Drawn) else self._bring_in(event)
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
                self._charge_by_hand(event)
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
                self._recover(event)
            case Refunded():
                self._refund(event)
            case Suspended():
                self._suspend(event)
            case Resumed():
                self._resume(event)

    def _draw(self, event: Drawn) -> None:
        on, no, units = event.effective_on, event.sequence, self._units(event.amount)
        is_first = not self.movements
        self._accrue_commitment(on)
        self.walk.draw(units)
        self.drawn += units
        self._move(Happening.DRAWN, no, on, Moved(principal=units))
        if is_first:
            self._charge_arrangement(no, on, units)

    def _bring_in(self, event: BroughtIn) -> None:
        """The loan as it stood elsewhere: the plan begins with what is not due, the rest are claims."""
        on, units = event.effective_on, self._units
        planned, fees, self.in_advance = units(event.principal), units(event.fees), units(event.in_advance)
        self.walk.draw(planned)
        principal = interest = 0
        for late in event.overdue:
            for component, part in ((Component.PRINCIPAL, late.principal), (Component.INTEREST, late.interest)):
                if owed := units(part):
                    self._claim(Claim(0, component, owed, late.due_on))
            principal, interest = principal + units(late.principal), interest + units(late.interest)
        if fees:
            self._claim(Claim(0, Component.FEE, fees, on))
        self.drawn = self.may_be_drawn = planned + principal
        moved = Moved(planned + principal, interest, fees, 0, self.in_advance)
        self._move(Happening.BROUGHT_IN, event.sequence, on, moved)

    def _fall_due(self, row: Instalment) -> None:
        self._charge_commitment(row.no, row.due_on)
        self._move(Happening.FELL_DUE, row.no, row.due_on, Moved(interest=row.payable_interest_units))
        self._claim_row(row, row.due_on)
        self._watch(row)
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
        self._charge_commitment(self.walk.number + 1, on)
        self.ended_on = on
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
        self._due, self.changed = len(self.rows), True

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
        self._move(Happening.WAIVED, event.sequence, on, self._give_up(on, units, event.component, GivenUp.WAIVED))

    def _write_off(self, event: WrittenOff) -> None:
        on = event.effective_on
        self._charge_default(on)
        units = self.principal if event.amount is None else min(self._units(event.amount), self.principal)
        self.written_off += units
        from_claims = min(units, self.unpaid(Component.PRINCIPAL))
        moved = self._give_up(on, from_claims, Component.PRINCIPAL, GivenUp.WRITTEN_OFF)
        rest = units - from_claims
        from_pending = self._give_up_pending(rest)
        self.walk.prepay(rest - from_pending, Prepayment.LOWER_PAYMENT)
        if event.amount is None:
            moved = moved.plus(self._give_up_everything(on))
        moved = moved._replace(principal=moved.principal - rest)
        self.lost -= moved.principal + moved.interest + moved.fees + moved.default_interest
        self._move(Happening.WRITTEN_OFF, event.sequence, on, moved)
        self.changed = True

    def _give_up_everything(self, on: date) -> Moved:
        """All that is unpaid but principal; nothing accrues or falls due any more."""
        self.rows = self.rows[: self._due]
        self.walk.stop()
        self.ended_on = on
        moved = STILL
        for component in (Component.FEE, Component.DEFAULT_INTEREST, Component.INTEREST):
            moved = moved.plus(self._give_up(on, self.unpaid(component), component, GivenUp.WRITTEN_OFF))
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
        on = event.effective_on
        self._accrue_default(on)
        self._accrue_commitment(on)
        if event.capitalises:
            self._capitalise_claims(event)
        principal = self.principal
        self.given_up += [
            (GivenUp.RESTRUCTURED, claim) for claim in self.claims if claim.component is Component.PRINCIPAL
        ]
        self.rows[self._due :] = [row._replace(principal_units=0) for row in self.rows[self._due :]]
        self.walk = self.walk.continued(event.terms, on, principal)
        self.terms, self.changed, self.may_be_drawn = event.terms, True, self.drawn
        self._watched.clear()
        left = [claim for claim in self.claims if claim.component is not Component.PRINCIPAL]
        self.claims = sorted(left, key=self._rank)
        if event.fee is not None:
            self._charge_rearrangement(event.sequence, on, self._units(event.fee))

    def _capitalise_claims(self, event: Restructured) -> None:
        """Interest and fees that are due and unpaid become principal that is due, and with it goes into the plan."""
        on = event.effective_on
        self._charge_default(on)
        moved = STILL
        for component in (Component.INTEREST, Component.FEE, Component.DEFAULT_INTEREST):
            moved = moved.plus(self._give_up(on, self.unpaid(component), component, GivenUp.RESTRUCTURED))
        units = -(moved.interest + moved.fees + moved.default_interest)
        if units:
            self._claim(Claim(0, Component.PRINCIPAL, units, on))
        self._move(Happening.RESTRUCTURED, event.sequence, on, moved._replace(principal=units))

    def _recover(self, event: Recovered) -> None:
        units = self._units(event.amount)
        if units > self.lost - self.recovered:
            left = self.terms.scale.money(self.lost - self.recovered)
            raise EventRefused(
                f"{money_text(event.amount)} cannot be recovered on {date_text(event.effective_on)}: "
                f"{money_text(left)} was written off and has not come back. Record that much at most; what is more "
                "stays in suspense."
            )
        self.recovered += units
        self._move(Happening.RECOVERED, event.sequence, event.effective_on, Moved(recovered=units))

    def _refund(self, event: Refunded) -> None:
        units = self._units(event.amount)
        if units > self.in_advance:
            raise EventRefused(
                f"{money_text(event.amount)} cannot be given back on {date_text(event.effective_on)}: "
                f"{money_text(self.terms.scale.money(self.in_advance))} is held in advance. Give back at most that."
            )
        self.in_advance -= units
        self._move(Happening.REFUNDED, event.sequence, event.effective_on, Moved(in_advance=-units))
