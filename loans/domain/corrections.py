"""What is to be booked when a loan's life is told anew? The exact reversals and new entries, none in a closed period.

What was posted stands for ever. A movement that a replay tells as it was posted is left alone; one that it tells
otherwise, or no longer, is reversed, and what it tells instead is booked. Each keeps its own day where that is open,
else the first open day. `docs/maths/replay.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loans.domain.movements import STILL, Moved, Movement


@dataclass(frozen=True, slots=True)
class Booked:
    """A movement that stands in the books: its name, the day it took effect, the day it is booked on, in units."""

    name: str
    effective_on: date
    booked_on: date
    moved: Moved


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry to post on `on`: the reversal of what is booked, or the booking of what is told."""

    on: date
    moved: Moved
    reverses: Booked | None = None
    books: Movement | None = None


def corrections(posted: Iterable[Booked], told: Iterable[Movement], *, open_from: date) -> tuple[Correction, ...]:
    """The entries that bring the books to what is told: reversals first, each in the order of days.

    `posted` are the entries that stand (neither reversals nor reversed). Posting what is given and asking again gives
    nothing. From `open_from` on the books then stand, on every day, as if the told life had always been known; a day
    before it is not touched. Nothing is booked for a movement of nought.
    """
    standing = {booked.name: booked for booked in posted}
    moving = {movement.name: movement for movement in told if movement.moved != STILL}
    kept = {name for name, booked in standing.items() if name in moving and _same(booked, moving[name])}
    reversals = [
        Correction(max(booked.booked_on, open_from), STILL.minus(booked.moved), reverses=booked)
        for name, booked in standing.items()
        if name not in kept
    ]
    bookings = [
        Correction(max(movement.on, open_from), movement.moved, books=movement)
        for name, movement in moving.items()
        if name not in kept
    ]
    return (*sorted(reversals, key=_by_day), *sorted(bookings, key=_by_day))


def _same(booked: Booked, movement: Movement) -> bool:
    return (booked.effective_on, booked.moved) == (movement.on, movement.moved)


def _by_day(correction: Correction) -> date:
    return correction.on
