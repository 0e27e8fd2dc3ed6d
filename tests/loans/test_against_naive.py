"""Does the engine stand where a patient clerk does? To the unit, on any day of any life, without a tolerance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from loans.domain.errors import EventRefused
from loans.domain.events import Event, Reversed
from loans.domain.movements import STILL, Moved, total_of
from loans.domain.position import Position, position
from loans.domain.replay import replay
from loans.domain.terms import Terms
from tests.loans.lives import Life, lives
from tests.loans.naive import NaivePosition, Refused, Row, Unforeseen, simulate

AMOUNTS = (
    "principal_outstanding",
    "interest_due",
    "fees_due",
    "default_interest_due",
    "in_advance",
    "accrued_interest",
    "default_interest_accrued",
    "arrears",
    "written_off",
    "recovered",
    "received",
)
BALANCES = ("principal_outstanding", "interest_due", "fees_due", "default_interest_due", "in_advance")


def clerk_says(at: NaivePosition) -> dict[str, Any]:
    """The position by the simulator."""
    found = {name: getattr(at, name) for name in NaivePosition.__dataclass_fields__}
    return found | {"rows": without_empty_end(at.rows)}


def engine_says(terms: Terms, events: list[Event], as_of: date) -> dict[str, Any]:
    """The position by the engine, in the simulator's words."""
    at = position(terms, events, as_of)
    found: dict[str, Any] = {name: units(terms, getattr(at, name)) for name in AMOUNTS}
    figure = units(terms, at.settlement)
    return found | {"settlement_figure": figure, "days_past_due": at.days_past_due, "rows": rows_of(at)}


def rows_of(at: Position) -> tuple[Row, ...]:
    """The rows that have fallen due."""
    rows = [each.instalment for each in at.instalments if each.instalment.due_on <= at.as_of]
    return without_empty_end(Row(row.no, row.due_on, row.principal_units, row.interest_units) for row in rows)


def without_empty_end(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows up to the last one of something: a loan that is repaid may list rows of nothing, or not."""
    listed = list(rows)
    while listed and not (listed[-1].principal or listed[-1].interest):
        listed.pop()
    return tuple(listed)


def units(terms: Terms, amount: Any) -> int:
    return int(amount.amount.scaleb(terms.rounded.places))


def agree(life: Life) -> None:
    """On every day of the life that is looked at, both say the same, and all that moved adds up to it."""
    events = list(life.events)
    for as_of in life.looks:
        events, at = without_what_cannot_be(life.terms, events, as_of)
        clerk = clerk_says(at)
        assert engine_says(life.terms, events, as_of) == clerk, as_of
        assert moved(life.terms, events, as_of) == expected_of(clerk), as_of


def expected_of(clerk: dict[str, Any]) -> Moved:
    """What the clerk's balances are in the books."""
    return Moved(*(clerk[name] for name in BALANCES), recovered=clerk["recovered"])


def moved(terms: Terms, events: list[Event], as_of: date) -> Moved:
    """What the engine's movements up to a day add up to: what the books will say."""
    movements = [movement for movement in replay(terms, events, as_of).movements if movement.on <= as_of]
    names = [movement.name for movement in movements]
    assert len(set(names)) == len(names), names
    return total_of(movements) if movements else STILL


def without_what_cannot_be(terms: Terms, events: list[Event], as_of: date) -> tuple[list[Event], NaivePosition]:
    """The events that both accept, and where the clerk stands with them."""
    while True:
        try:
            return events, simulate(terms, events, as_of)
        except Refused as refusal:
            if not isinstance(refusal, Unforeseen):
                with pytest.raises(EventRefused):
                    position(terms, events, as_of)
            events = [event for event in events if refusal.sequence not in {event.sequence, undone_by(event)}]


def undone_by(event: Event) -> int | None:
    return event.of if isinstance(event, Reversed) else None


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives())
def test_the_engine_agrees_with_the_clerk(life: Life) -> None:
    agree(life)


@pytest.mark.drill
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives())
def test_the_engine_agrees_with_the_clerk_for_long(life: Life) -> None:
    agree(life)
