"""Which rows say where a loan stood and what was planned, as the engine tells them?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain, repeat

from ledger.domain.money import to_minor
from loans.domain.events import Event
from loans.domain.standing import Part, Plan, Planned, Told, planned_parts, tell_standings
from loans.domain.terms import Terms
from loans.models import FOR_EVER, Loan, PlannedInstalment, Standing

AMOUNTS = (
    "principal",
    "interest_due",
    "fees_due",
    "default_interest_due",
    "in_advance",
    "unpaid_due",
    "due_that_day",
    "drawn",
    "written_off",
)
"""What is kept in minor units."""


def told_standings(loan: Loan, terms: Terms, events: Iterable[Event], *, since: date = date.min) -> Told:
    """Where a loan stood from a day on, as the engine tells it: up to the day on which it has something to do next.

    Amounts are in minor units of the loan's currency.
    """
    told = tell_standings(terms, events, since=since, until=loan.next_action_on or date.max)
    minor = to_minor(terms.scale.decimal(1), loan.currency)
    if minor == 1:
        return told
    rows = [row._replace(**{name: getattr(row, name) * minor for name in AMOUNTS}) for row in told.standings]
    plans: list[tuple[date, Plan]] = [
        (on, {due: Planned(one.principal * minor, one.interest * minor) for due, one in plan.items()})
        for on, plan in told.plans
    ]
    return Told(rows, plans)


def standing_rows(loan: Loan, told: Told) -> list[Standing]:
    """The rows as they are kept; not saved."""
    ends = chain((row.effective_on for row in told.standings[1:]), repeat(FOR_EVER))
    return [Standing(loan=loan, until=until, **row._asdict()) for row, until in zip(told.standings, ends, strict=False)]


def planned_rows(loan: Loan, told: Told, before: Iterable[PlannedInstalment] = ()) -> list[PlannedInstalment]:
    """What was planned, as it is kept; not saved. `before` are the rows of the plan that was in force until then."""
    parts = (Part(row.due_on, row.since, row.until, row.principal, row.interest) for row in before)
    return [PlannedInstalment(loan=loan, **part._asdict()) for part in planned_parts(parts, told.plans)]
