"""What happened to a loan? Dated events, kept for ever; a mistake is undone by one more event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from moneyed import Money

from loans.domain.errors import UnknownEvent


@dataclass(frozen=True, slots=True)
class Drawn:
    """Money was lent on `effective_on`. `sequence` is the order in which the loan's events were recorded."""

    effective_on: date
    sequence: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Repaid:
    """Money was received on `effective_on`."""

    effective_on: date
    sequence: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Reversed:
    """From `effective_on` on, the loan stands as if the event with the sequence `of` had never happened."""

    effective_on: date
    sequence: int
    of: int


Event: TypeAlias = Drawn | Repaid | Reversed


def in_force(events: Iterable[Event], as_of: date) -> tuple[Drawn | Repaid, ...]:
    """The events that count on `as_of`: dated by then and not reversed by then, by date and then as recorded.

    The order in which `events` arrive does not matter. Raises UnknownEvent for a reversal of nothing.
    """
    by_then = [event for event in events if event.effective_on <= as_of]
    reversed_ones = {event.of for event in by_then if isinstance(event, Reversed)}
    standing = [event for event in by_then if not isinstance(event, Reversed)]
    unknown = reversed_ones - {event.sequence for event in standing}
    if unknown:
        raise UnknownEvent(
            f"A reversal on or before {as_of} names event {min(unknown)}, which the loan does not have by then. "
            "Reverse an event that stands."
        )
    kept = (event for event in standing if event.sequence not in reversed_ones)
    return tuple(sorted(kept, key=lambda event: (event.effective_on, event.sequence)))
