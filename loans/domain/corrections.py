"""What is to be booked when a loan's life is told anew? The exact differences, none of them in a closed period.

What was posted stands for ever. By what a replay tells otherwise, later or no longer, the books are moved once more: on
its own day where that is open, else on the first open day. `docs/maths/replay.md` works one example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from loans.domain.movements import STILL, Happening, Moved


class Step(NamedTuple):
    """By so much the movement `name` moves the books on a day, in units: as it is told, as it is booked, or as it is
    still to be booked."""

    name: str
    on: date
    moved: Moved

    @property
    def kind(self) -> Happening:
        """What moves."""
        return Happening(self.name.rpartition(":")[0])

    @property
    def no(self) -> int:
        """The event's sequence, or the instalment's number."""
        return int(self.name.rpartition(":")[2])


def corrections(booked: Iterable[Step], told: Iterable[Step], *, open_from: date) -> tuple[Step, ...]:
    """What brings the books to what is told, by day and in the order of the telling.

    Posting what is given and asking again gives nothing. From `open_from` on the books then stand, on every day, as the
    telling has it; a day before it is not touched, and what belongs there is booked on `open_from`.
    """
    wanted: dict[tuple[str, date], Moved] = defaultdict(Moved)
    places: dict[str, int] = {}
    for step in told:
        places.setdefault(step.name, len(places) + 1)
        day = max(step.on, open_from)
        wanted[step.name, day] = wanted[step.name, day].plus(step.moved)
    for step in booked:
        day = max(step.on, open_from)
        wanted[step.name, day] = wanted[step.name, day].minus(step.moved)
    found = (Step(name, day, moved) for (name, day), moved in wanted.items() if moved != STILL)
    return tuple(sorted(found, key=lambda step: (step.on, places.get(step.name, 0), step.name)))
