"""What did each happening move? The life of a loan told again from its terms and events, in a fixed order.

On one day the order is: drawdowns; what falls due (to which money held in advance is applied at once); changes of rate;
then everything else as it was recorded. `docs/maths/replay.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.calendar import ONE_DAY
from loans.domain.corrections import Step
from loans.domain.errors import EventRefused
from loans.domain.events import BEGINS, BroughtIn, Drawn, Event, Happened, RateChanged, Reversed, in_force
from loans.domain.instalment import Instalment
from loans.domain.life import Life
from loans.domain.movements import STILL, Movement
from loans.domain.schedule import without_nothing
from loans.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Replay:
    """A loan's whole schedule and everything that moved until the day of the replay."""

    instalments: tuple[Instalment, ...]
    movements: tuple[Movement, ...]
    drawn: Money
    received: Money
    moves_by_itself_on: tuple[date, ...]
    """The days on which the loan moves without an event: an instalment falls due, a late fee may be charged."""


def live(terms: Terms, events: Iterable[Event], until: date) -> Life | None:
    """The loan's life up to the evening of `until`; None before its first drawdown.

    Raises UnknownEvent, EventRefused and ImpossibleTerms.
    """
    happened = sorted(in_force(events, until), key=order_of_day)
    first = next((event for event in happened if isinstance(event, BEGINS)), None)
    if first is None:
        return None
    life = Life(terms, first.effective_on)
    for event in happened:
        try:
            life.happen(event)
        except EventRefused as refusal:
            refusal.sequence = event.sequence
            raise
    life.live_through(until + ONE_DAY if until < date.max else until)
    life.walk.accrue(until)
    return life


def replay(terms: Terms, events: Iterable[Event], until: date) -> Replay:
    """Tell the loan's life up to and including `until`. Raises UnknownEvent, EventRefused and ImpossibleTerms."""
    life = live(terms, events, until)
    if life is None:
        zero = from_minor(0, terms.currency)
        return Replay((), (), zero, zero, ())
    money, rows = terms.scale.money, instalments_of(life)
    days = life.moves_by_itself_on(rows)
    return Replay(rows, tuple(life.movements), money(life.drawn), money(life.received), days)


def instalments_of(life: Life) -> tuple[Instalment, ...]:
    """What has fallen due and what will; after what ends the loan early, nothing."""
    rows = [*life.rows, *life.walk.rest()]
    return tuple(without_nothing(rows) if life.changed or life.terms.endless else rows)


def order_of_day(event: Happened) -> tuple[date, int, int]:
    """The place of an event among all that happens, smallest first."""
    match event:
        case Drawn() | BroughtIn():
            return (event.effective_on, 0, event.sequence)
        case RateChanged():
            return (event.effective_on, 1, event.sequence)
        case _:
            return (event.effective_on, 2, event.sequence)


def told_steps(terms: Terms, events: Iterable[Event], until: date, *, open_from: date = date.min) -> list[Step]:
    """Everything that the books should hold up to a day: each movement on the day on which it moves them.

    A reversal counts from its own day on: what stood before it stands until then, and the life is told once up to each
    reversal and once to the end. Where nothing is posted before `open_from`, reversals up to it make no difference,
    and need no telling of their own. Raises UnknownEvent, EventRefused and ImpossibleTerms.
    """
    known = tuple(events)
    turns = sorted({event.effective_on for event in known if isinstance(event, Reversed)})
    starts = [date.min, *(turn for turn in turns if open_from < turn <= until)]
    ends = [*(start - ONE_DAY for start in starts[1:]), until]
    steps: list[Step] = []
    standing: dict[str, Movement] = {}
    for start, end in zip(starts, ends, strict=True):
        told = {movement.name: movement for movement in replay(terms, known, end).movements}
        steps += _turned(standing, told, start)
        standing = told
    return steps


def _turned(before: dict[str, Movement], after: dict[str, Movement], turn: date) -> list[Step]:
    """What changes on the day from which another telling counts: what it drops goes, what it has anew comes."""
    kept = {name for name, was in before.items() if name in after and _same(was, after[name])}
    gone = [Step(name, turn, STILL.minus(was.moved)) for name, was in before.items() if name not in kept]
    come = [Step(name, max(now.on, turn), now.moved) for name, now in after.items() if name not in kept]
    return [*gone, *come]


def _same(one: Movement, other: Movement) -> bool:
    return (one.on, one.moved) == (other.on, other.moved)
