"""What falls due, and when? The repayment schedule of any terms, to the penny.

Interest is simple within a period, exact, and rounded once per period. A level payment is solved over the periods' own
year fractions. The last instalment takes the rest. `docs/maths/schedule.md` works examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from loans.domain.errors import DrawdownRefused, ImpossibleTerms
from loans.domain.events import Drawn
from loans.domain.instalment import Instalment
from loans.domain.rounding import Scale
from loans.domain.terms import Terms
from loans.domain.walk import Walk
from loans.domain.words import date_text

__all__ = ["CashFlow", "FlowKind", "Instalment", "Schedule", "build_schedule", "planned_schedule", "schedule"]


MOST_WORK = 3 * 10**8
"""Changes × the square of the due dates: some seconds. 480 monthly instalments may change their rate every month."""


class FlowKind(StrEnum):
    """What happens on a date of a schedule, in the order of one day."""

    DRAWDOWN = "drawdown"
    PRINCIPAL = "principal"
    INTEREST = "interest"
    CAPITALISATION = "capitalisation"
    RATE_CHANGE = "rate_change"


ORDER_OF_DAY = {kind: place for place, kind in enumerate(FlowKind)}


class CashFlow(NamedTuple):
    """A dated event of a schedule: an amount in units (a drawdown is negative: money out for the lender), and the
    principal outstanding and the rate in force after it."""

    on: date
    kind: FlowKind
    units: int
    balance_units: int
    annual_rate: Decimal


class Draw(NamedTuple):
    """Principal drawn on a day, in units."""

    on: date
    units: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The instalments of what is drawn, and the first level payment or principal part, solved or given."""

    terms: Terms
    drawn: tuple[Draw, ...]
    instalments: tuple[Instalment, ...]
    payment_units: int | None
    has_negative_parts: bool
    """Whether an instalment's interest exceeds the level payment, so that its principal part is negative: it happens
    where periods differ in length, on a long loan at a high rate. Or whether the last interest of a flat loan is
    negative: it takes the difference where the rounding of very small periods has charged too much."""

    @property
    def scale(self) -> Scale:
        """What the units stand for."""
        return self.terms.scale

    @property
    def principal_units(self) -> int:
        """All principal that falls due."""
        return sum(row.principal_units for row in self.instalments)

    @property
    def interest_units(self) -> int:
        """All interest that falls due."""
        return sum(row.interest_units for row in self.instalments)

    def cash_flows(self) -> list[CashFlow]:
        """Dated events in force order; those of one kind on one date are one, those of nothing are left out."""
        amounts: dict[tuple[date, int], int] = {}
        first = Draw(self.drawn[0].on, -self.terms.rounded.units(self.terms.discount, "discount"))
        for on, units in (*self.drawn, first):
            _add(amounts, on, FlowKind.DRAWDOWN, -units)
        for row in self.instalments:
            _add(amounts, row.due_on, FlowKind.PRINCIPAL, row.principal_units)
            _add(amounts, row.due_on, FlowKind.INTEREST, row.interest_units)
            _add(amounts, row.due_on, FlowKind.CAPITALISATION, row.capitalised_units)
        rates = {change.on: change.annual_rate for change in self.terms.rate_changes}
        for on in rates:
            if on <= self.instalments[-1].due_on:
                amounts[on, ORDER_OF_DAY[FlowKind.RATE_CHANGE]] = 0
        return self._told(amounts, rates)

    def _told(self, amounts: dict[tuple[date, int], int], rates: dict[date, Decimal]) -> list[CashFlow]:
        kinds, flows = list(FlowKind), []
        balance, rate = 0, self.terms.annual_rate
        discount = self.terms.rounded.units(self.terms.discount, "discount")
        for (on, place), units in sorted(amounts.items()):
            kind = kinds[place]
            match kind:
                case FlowKind.DRAWDOWN:
                    balance -= units
                    balance, discount = balance + discount, 0
                case FlowKind.PRINCIPAL:
                    balance -= units
                case FlowKind.CAPITALISATION:
                    balance += units
                case FlowKind.RATE_CHANGE:
                    rate = rates[on]
            if units or kind is FlowKind.RATE_CHANGE:
                flows.append(CashFlow(on, kind, units, balance, rate))
        return flows


def _add(amounts: dict[tuple[date, int], int], on: date, kind: FlowKind, units: int) -> None:
    key = (on, ORDER_OF_DAY[kind])
    amounts[key] = amounts.get(key, 0) + units


def build_schedule(terms: Terms, drawn: Iterable[Draw] | None = None) -> Schedule:
    """The schedule of what has been drawn; as planned, where it is not said. Raises ImpossibleTerms."""
    tranches = tuple(drawn) if drawn is not None else planned_draws(terms)
    walk = Walk(terms, tranches[0].on)
    _refuse_endless_work(terms, tranches, len(walk.dues))
    rows: list[Instalment] = []
    for draw in sorted(tranches):
        rows += walk.run(before=draw.on)
        walk.accrue(draw.on)
        walk.draw(draw.units)
    rows = without_nothing(rows + walk.run()) if terms.endless else rows + walk.run()
    _refuse_endless(walk, len(rows))
    return Schedule(terms, tranches, tuple(rows), walk.first_payment, walk.has_negative_parts)


def _refuse_endless_work(terms: Terms, tranches: Sequence[Draw], dates: int) -> None:
    """A payment is solved over all dates to come, exactly, after every change: the work has to end."""
    changes = len(terms.rate_changes) + len(tranches)
    if terms.pays_level and changes * dates**2 > MOST_WORK:
        raise ImpossibleTerms(
            "rate_changes" if terms.rate_changes else "drawdowns",
            f"{changes} drawdowns and rate changes over {dates} due dates are too many to solve each payment anew. "
            f"Give at most {MOST_WORK // dates**2}, or fewer due dates.",
        )


def without_nothing(rows: list[Instalment]) -> list[Instalment]:
    """The rows up to the one that clears the loan: nothing falls due after it."""
    last = max((place for place, row in enumerate(rows) if row.total_units or row.balance_units), default=0)
    return rows[: last + 1]


def _refuse_endless(walk: Walk, tried: int) -> None:
    if walk.balance:
        raise ImpossibleTerms(
            "payment",
            f"Payments of {walk.terms.payment} never repay the loan: after {tried} of them "
            f"{walk.terms.scale.decimal(walk.balance):f} is still owed. Raise the payment, or say when the loan ends.",
        )


def planned_schedule(terms: Terms) -> tuple[Instalment, ...]:
    """The instalments if everything is drawn as planned: the preview of a loan."""
    return build_schedule(terms).instalments


def schedule(terms: Terms, drawn: Iterable[Drawn]) -> tuple[Instalment, ...]:
    """The instalments of what has been drawn; none where nothing has been.

    A later drawdown changes the instalments from its next due date on. Raises DrawdownRefused for one after the last.
    """
    draws = sorted(drawn, key=lambda event: (event.effective_on, event.sequence))
    if not draws:
        return ()
    refuse_drawdown_after_end(terms, draws[-1])
    return build_schedule(terms, [Draw(event.effective_on, _units(terms, event)) for event in draws]).instalments


def planned_draws(terms: Terms) -> tuple[Draw, ...]:
    """What is planned to be drawn: the tranches agreed, or the whole principal on the first day."""
    units = terms.rounded.units
    if terms.drawdowns:
        tranches = sorted(terms.drawdowns, key=lambda tranche: tranche.on)
        return tuple(Draw(tranche.on, units(tranche.amount.amount, "drawdowns")) for tranche in tranches)
    return (Draw(terms.planned_drawn_on, units(terms.principal.amount, "principal")),)


def _units(terms: Terms, event: Drawn) -> int:
    return terms.rounded.units(event.amount.amount, "amount")


def refuse_drawdown_after_end(terms: Terms, last: Drawn) -> None:
    """Raise DrawdownRefused for a drawdown on the last due date or after it."""
    if terms.nominal_maturity and last.effective_on >= terms.nominal_maturity:
        raise DrawdownRefused(
            f"A drawdown on {date_text(last.effective_on)} comes too late: the last instalment is due on "
            f"{date_text(terms.nominal_maturity)}. Draw before that day."
        )
