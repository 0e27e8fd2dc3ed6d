"""What did each happening move? The life of a loan told again from its terms and events, in a fixed order.

On one day the order is: drawdowns; what falls due (to which money held in advance is applied at once); changes of rate;
then everything else as it was recorded. `docs/maths/replay.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.calendar import ONE_DAY
from loans.domain.events import Drawn, Event, Happened, RateChanged, Reversed, in_force
from loans.domain.instalment import Instalment
from loans.domain.life import Life
from loans.domain.movements import (
    STILL,
    Balances,
    Moved,
    Movement,
    balances,
    nothing,
)
from loans.domain.schedule import without_nothing
from loans.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Replay:
    """A loan's whole schedule and everything that moved until the day of the replay."""

    instalments: tuple[Instalment, ...]
    movements: tuple[Movement, ...]
    drawn: Money
    received: Money


def live(terms: Terms, events: Iterable[Event], until: date) -> Life | None:
    """The loan's life up to the evening of `until`; None before its first drawdown.

    Raises UnknownEvent, EventRefused and ImpossibleTerms.
    """
    happened = sorted(in_force(events, until), key=order_of_day)
    first = next((event for event in happened if isinstance(event, Drawn)), None)
    if first is None:
        return None
    life = Life(terms, first.effective_on)
    for event in happened:
        life.happen(event)
    life.live_through(until + ONE_DAY if until < date.max else until)
    life.walk.accrue(until)
    return life


def replay(terms: Terms, events: Iterable[Event], until: date) -> Replay:
    """Tell the loan's life up to and including `until`. Raises UnknownEvent, EventRefused and ImpossibleTerms."""
    life = live(terms, events, until)
    if life is None:
        zero = from_minor(0, terms.currency)
        return Replay((), (), zero, zero)
    money = terms.scale.money
    return Replay(instalments_of(life), tuple(life.movements), money(life.drawn), money(life.received))


def instalments_of(life: Life) -> tuple[Instalment, ...]:
    """What has fallen due and what will; after what ends the loan early, nothing."""
    rows = [*life.rows, *life.walk.rest()]
    return tuple(without_nothing(rows) if life.changed or life.terms.endless else rows)


def order_of_day(event: Happened) -> tuple[date, int, int]:
    """The place of an event among all that happens, smallest first."""
    match event:
        case Drawn():
            return (event.effective_on, 0, event.sequence)
        case RateChanged():
            return (event.effective_on, 1, event.sequence)
        case _:
            return (event.effective_on, 2, event.sequence)


def balances_of(movements: Iterable[Movement], currency: str) -> Balances:
    """The balances that the movements add up to."""
    return sum((movement.effect for movement in movements), nothing(currency))


def standing(terms: Terms, events: Iterable[Event], since: date, until: date) -> dict[date, Moved]:
    """What the loan stood at on `since`, and on each later day on which something moved, in order; in units.

    A reversal counts from its own day on, so the life is told once up to each reversal, and once to the end.
    """
    known = tuple(events)
    turns = {event.effective_on for event in known if isinstance(event, Reversed)}
    starts = [since, *sorted(turn for turn in turns if since < turn <= until)]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), until]
    found: dict[date, Moved] = {}
    for start, end in zip(starts, ends, strict=True):
        stands = found[start] = STILL
        for movement in replay(terms, known, end).movements:
            stands = stands.plus(movement.moved)
            found[max(movement.on, start)] = stands
    return found


def differences(
    terms: Terms, before: Iterable[Event], after: Iterable[Event], *, since: date, until: date
) -> dict[date, Balances]:
    """What is to be booked, and on which days, when `after` becomes known where the books say `before`.

    Booked on these days, the books stand from `since` on as if `after` had been known all along.
    """
    then, now = standing(terms, before, since, until), standing(terms, after, since, until)
    steps: dict[date, Balances] = {}
    was = should = booked = STILL
    for on in sorted({*then, *now}):
        was, should = then.get(on, was), now.get(on, should)
        step = should.minus(was).minus(booked)
        if step != STILL:
            steps[on] = balances(step, terms.scale)
            booked = booked.plus(step)
    return steps
