"""What did each happening move? The life of a loan told again from its terms and events, in a fixed order.

On one day the order is: drawdowns, then the instalment that falls due (to which money held in advance is applied at
once), then repayments as they were recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.allocation import Allocation, Claim, Component, allocate
from loans.domain.events import Drawn, Event, Repaid, Reversed, in_force
from loans.domain.schedule import Instalment, schedule
from loans.domain.terms import Terms


class Happening(StrEnum):
    """What can move a loan's balances."""

    DRAWN = "drawn"
    FELL_DUE = "due"
    ADVANCE_APPLIED = "advance"
    REPAID = "repaid"


@dataclass(frozen=True, slots=True)
class Balances:
    """What a loan stands at on its three accounts: 1310 principal, 1320 interest due, 2110 held in advance."""

    principal: Money
    interest: Money
    in_advance: Money

    def __add__(self, other: Balances) -> Balances:
        return Balances(
            self.principal + other.principal, self.interest + other.interest, self.in_advance + other.in_advance
        )

    def __sub__(self, other: Balances) -> Balances:
        return Balances(
            self.principal - other.principal, self.interest - other.interest, self.in_advance - other.in_advance
        )

    def __bool__(self) -> bool:
        return bool(self.principal or self.interest or self.in_advance)


def nothing(currency: str) -> Balances:
    """Balances of nought."""
    zero = from_minor(0, currency)
    return Balances(zero, zero, zero)


@dataclass(frozen=True, slots=True)
class Movement:
    """One happening on one day: how it changed the balances, and which claims were paid by it.

    `no` is the event's sequence for a drawdown or a repayment, else the instalment's number; with the kind it names
    the movement, in every replay the same.
    """

    kind: Happening
    no: int
    on: date
    effect: Balances
    paid: tuple[Claim, ...] = ()

    @property
    def name(self) -> str:
        """`due:19`, `repaid:3`: the natural key of the movement within its loan."""
        return f"{self.kind}:{self.no}"


@dataclass(frozen=True, slots=True)
class Replay:
    """A loan's whole schedule and everything that moved until the day of the replay."""

    instalments: tuple[Instalment, ...]
    movements: tuple[Movement, ...]
    drawn: Money
    received: Money


def replay(terms: Terms, events: Iterable[Event], until: date) -> Replay:
    """Tell the loan's life up to and including `until`. Raises UnknownEvent and DrawdownRefused."""
    standing = in_force(events, until)
    drawn = [event for event in standing if isinstance(event, Drawn)]
    repaid = [event for event in standing if isinstance(event, Repaid)]
    instalments = schedule(terms, drawn)
    telling = _Telling(terms.currency)
    due = [row for row in instalments if row.due_on <= until]
    happenings: list[Drawn | Repaid | Instalment] = [*drawn, *due, *repaid]
    for happening in sorted(happenings, key=_order):
        telling.tell(happening)
    zero = from_minor(0, terms.currency)
    return Replay(
        instalments,
        tuple(telling.movements),
        drawn=sum((event.amount for event in drawn), zero),
        received=sum((event.amount for event in repaid), zero),
    )


def _order(happening: Drawn | Repaid | Instalment) -> tuple[date, int, int]:
    match happening:
        case Drawn():
            return (happening.effective_on, 0, happening.sequence)
        case Instalment():
            return (happening.due_on, 1, happening.no)
        case Repaid():
            return (happening.effective_on, 2, happening.sequence)


@dataclass(slots=True)
class _Telling:
    """What is owed and held in advance at one point of the telling, and the movements up to there."""

    currency: str
    movements: list[Movement] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    in_advance: Money = field(init=False)

    def __post_init__(self) -> None:
        self.in_advance = from_minor(0, self.currency)

    def tell(self, happening: Drawn | Repaid | Instalment) -> None:
        match happening:
            case Drawn():
                self._move(Happening.DRAWN, happening.sequence, happening.effective_on, principal=happening.amount)
            case Instalment():
                self._fall_due(happening)
            case Repaid():
                where = self._pay(happening.amount)
                self.in_advance += where.in_advance
                self._move_paid(Happening.REPAID, happening.sequence, happening.effective_on, where, where.in_advance)

    def _fall_due(self, row: Instalment) -> None:
        self._move(Happening.FELL_DUE, row.no, row.due_on, interest=row.interest)
        owed = ((Component.INTEREST, row.interest), (Component.PRINCIPAL, row.principal))
        self.claims += [Claim(row.no, component, amount) for component, amount in owed if amount]
        if not self.in_advance:
            return
        where = self._pay(self.in_advance)
        used = self.in_advance - where.in_advance
        self.in_advance = where.in_advance
        if used:
            self._move_paid(Happening.ADVANCE_APPLIED, row.no, row.due_on, where, -used)

    def _pay(self, amount: Money) -> Allocation:
        where = allocate(amount, self.claims)
        paid = {(claim.instalment_no, claim.component): claim.amount for claim in where.paid}
        left = ((claim, paid.get((claim.instalment_no, claim.component))) for claim in self.claims)
        reduced = (replace(claim, amount=claim.amount - part) if part else claim for claim, part in left)
        self.claims = [claim for claim in reduced if claim.amount]
        return where

    def _move_paid(self, kind: Happening, no: int, on: date, where: Allocation, in_advance: Money) -> None:
        effect = Balances(-where.principal, -where.interest, in_advance)
        self.movements.append(Movement(kind, no, on, effect, where.paid))

    def _move(
        self, kind: Happening, no: int, on: date, *, principal: Money | None = None, interest: Money | None = None
    ) -> None:
        zero = from_minor(0, self.currency)
        self.movements.append(Movement(kind, no, on, Balances(principal or zero, interest or zero, zero)))


def balances_of(movements: Iterable[Movement], currency: str) -> Balances:
    """The balances that the movements add up to."""
    return sum((movement.effect for movement in movements), nothing(currency))


def standing(terms: Terms, events: Iterable[Event], since: date, until: date) -> dict[date, Balances]:
    """What the loan stood at on `since`, and on each later day on which something moved, in order.

    A reversal counts from its own day on, so the life is told once up to each reversal, and once to the end.
    """
    known = tuple(events)
    turns = {event.effective_on for event in known if isinstance(event, Reversed)}
    starts = [since, *sorted(turn for turn in turns if since < turn <= until)]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), until]
    found: dict[date, Balances] = {}
    for start, end in zip(starts, ends, strict=True):
        stands = found[start] = nothing(terms.currency)
        for movement in replay(terms, known, end).movements:
            stands += movement.effect
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
    was = should = booked = nothing(terms.currency)
    for on in sorted({*then, *now}):
        was, should = then.get(on, was), now.get(on, should)
        if step := should - was - booked:
            steps[on] = step
            booked += step
    return steps
