"""Where did a loan stand, day after day? Its told life as rows: one for each day on which something moved.

Lists, the portfolio and the arrears of any date are read from such rows, so that a hundred thousand loans need no
engine. A reversal counts from its own day on: the rows before that day stay as they were.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from loans.domain.allocation import Component
from loans.domain.calendar import ONE_DAY
from loans.domain.events import (
    BEGINS,
    Event,
    Happened,
    Recovered,
    Refunded,
    Repaid,
    Restructured,
    Resumed,
    Reversed,
    Suspended,
    Waived,
    in_force,
)
from loans.domain.life import Life
from loans.domain.replay import instalments_of, live, order_of_day
from loans.domain.terms import Terms

LEAVE_THE_PLAN = (Waived, Recovered, Refunded, Suspended, Resumed)
"""Events after which exactly the same principal is planned to fall due as before."""


class Planned(NamedTuple):
    """What is planned to fall due on a day, in units."""

    principal: int
    interest: int


Plan = Mapping[date, Planned]
"""What is planned to fall due on each day to come."""


class Standing(NamedTuple):
    """Where a loan stands from the evening of `effective_on` until the next row; amounts are whole units."""

    effective_on: date
    principal: int
    """Outstanding, due or not."""
    interest_due: int
    fees_due: int
    default_interest_due: int
    in_advance: int
    unpaid_due: int
    """Everything that has fallen due and is unpaid, principal too."""
    due_that_day: int
    """What of it fell due on `effective_on` itself: from the next day on it is late."""
    oldest_unpaid_due_on: date | None
    drawn: int
    """All that was lent so far."""
    written_off: int
    annual_rate: Decimal
    is_suspended: bool
    restructured_on: date | None
    matures_on: date | None
    """When the last instalment falls due, as planned then."""

    def arrears(self, on: date) -> int:
        """What is unpaid after its due date, on a day for which this row stands."""
        return self.unpaid_due - (self.due_that_day if on == self.effective_on else 0)

    def days_past_due(self, on: date) -> int:
        """Of the oldest claim that is unpaid; 0 while nothing is late."""
        return (on - self.oldest_unpaid_due_on).days if self.oldest_unpaid_due_on else 0

    def says_nothing_new(self, before: Standing) -> bool:
        """Whether the row before says all of this already."""
        return self == before._replace(effective_on=self.effective_on, due_that_day=0)


class Part(NamedTuple):
    """What was planned from `since` on and until `until` to fall due on a day, in units."""

    due_on: date
    since: date
    until: date
    principal: int
    interest: int


@dataclass(slots=True)
class Told:
    """The rows from a day on, and each new plan with the day from which it was the plan."""

    standings: list[Standing] = field(default_factory=list)
    plans: list[tuple[date, Plan]] = field(default_factory=list)


def tell_standings(terms: Terms, events: Iterable[Event], *, since: date = date.min, until: date = date.max) -> Told:
    """Where the loan stood from `since` up to and including `until`.

    What is told for a day does not depend on `since`, so that only what came after a change need be told again. The
    life is told once for each reversal that counts in between, as each begins another past. Raises UnknownEvent,
    EventRefused and ImpossibleTerms.
    """
    known, told = tuple(events), Told()
    for start, end in _between_reversals(known, until):
        if end >= since:
            _tell(terms, in_force(known, end), max(start, since), end, turns=start >= since, told=told)
    return told


def planned_parts(before: Iterable[Part], plans: Iterable[tuple[date, Plan]]) -> tuple[Part, ...]:
    """Each part of each plan once, for as long as it was planned; `before` are those of an earlier plan.

    >>> day = date.fromisoformat
    >>> first = {day("2026-02-01"): Planned(50, 2), day("2026-03-01"): Planned(50, 1)}
    >>> plans = [(day("2026-01-01"), first), (day("2026-01-20"), {})]
    >>> [(str(part.due_on), str(part.until)) for part in planned_parts((), plans)]
    [('2026-02-01', '2026-01-20'), ('2026-03-01', '2026-01-20')]
    """
    done: list[Part] = []
    running = {part.due_on: part._replace(until=date.max) for part in before}
    for on, plan in plans:
        for due_on, part in sorted(running.items()):
            if due_on > on and plan.get(due_on) != (part.principal, part.interest):
                done.append(running.pop(due_on)._replace(until=on))
        running |= {due: Part(due, on, date.max, *planned) for due, planned in plan.items() if due not in running}
    return (*done, *(part for _, part in sorted(running.items())))


def _between_reversals(events: Iterable[Event], until: date) -> Iterator[tuple[date, date]]:
    turns = sorted({event.effective_on for event in events if isinstance(event, Reversed)})
    starts = [date.min, *(turn for turn in turns if turn <= until)]
    return zip(starts, [*(turn - ONE_DAY for turn in starts[1:]), until], strict=True)


def _tell(terms: Terms, happened: tuple[Happened, ...], start: date, end: date, *, turns: bool, told: Told) -> None:
    """One past: `happened` is all that counts in it. `turns` says that the past before it may have stood elsewhere."""
    first = min((event.effective_on for event in happened if isinstance(event, BEGINS)), default=None)
    if turns and start > date.min and (first is None or start < first):
        _tell_nothing(terms, start, told)
    if first is None:
        return
    teller = _Teller(terms, first)
    by_day = {on: list(these) for on, these in groupby(sorted(happened, key=order_of_day), _effective_on)}
    days = sorted(_days(terms, happened, end) | ({start} if turns and start > first else set()))
    earlier = days[: bisect_left(days, start)]
    for on in earlier:
        teller.live_through(on, by_day.get(on, []))
    before = teller.stands(earlier[-1]) if earlier else None
    for on in days[len(earlier) :]:
        new_plan = teller.live_through(on, by_day.get(on, []))
        stands = teller.stands(on)
        if before is None or (turns and on == start) or not stands.says_nothing_new(before):
            told.standings.append(stands)
        if new_plan or on == start:
            told.plans.append((on, teller.plan(on)))
        before = stands


def _tell_nothing(terms: Terms, on: date, told: Told) -> None:
    """All that was lent was taken back."""
    nought = (0,) * 7
    told.standings.append(Standing(on, *nought, None, 0, 0, terms.annual_rate, False, None, None))
    told.plans.append((on, {}))


def _days(terms: Terms, happened: Iterable[Happened], end: date) -> set[date]:
    """Every day on which something moved or was agreed to change."""
    known = tuple(happened)
    days = {event.effective_on for event in known}
    if life := live(terms, known, end):
        days |= {movement.on for movement in life.movements} | {row.due_on for row in life.rows}
    agreed = [terms, *(event.terms for event in known if isinstance(event, Restructured))]
    days |= {change.on for one in agreed for change in one.rate_changes}
    first = min(event.effective_on for event in known if isinstance(event, BEGINS))
    return {day for day in days if first <= day <= end}


def _effective_on(event: Happened) -> date:
    return event.effective_on


class _Teller:
    """A life that is stopped every evening on which something moved."""

    def __init__(self, terms: Terms, drawn_on: date) -> None:
        self._life = Life(terms, drawn_on)
        self._restructured_on: date | None = None
        self._matures_on: date | None = None
        self._may_mature_elsewhere = False

    def live_through(self, on: date, events: Iterable[Happened]) -> bool:
        """Up to an evening; gives whether the plan may be another one than before."""
        life, changed = self._life, False
        for event in events:
            before = (life.prepaid, life.ended_on)
            life.happen(event)
            if isinstance(event, Restructured):
                self._restructured_on = event.effective_on
            stays = isinstance(event, Repaid) and before == (life.prepaid, life.ended_on)
            changed = changed or not (stays or isinstance(event, LEAVE_THE_PLAN))
        life.live_through(on + ONE_DAY)
        self._may_mature_elsewhere = self._may_mature_elsewhere or changed
        return changed

    def stands(self, on: date) -> Standing:
        """The row of an evening."""
        life = self._life
        if self._may_mature_elsewhere:
            self._matures_on = max((row.due_on for row in instalments_of(life)), default=None)
            self._may_mature_elsewhere = False
        return Standing(
            effective_on=on,
            principal=life.principal,
            interest_due=life.unpaid(Component.INTEREST),
            fees_due=life.unpaid(Component.FEE),
            default_interest_due=life.unpaid(Component.DEFAULT_INTEREST),
            in_advance=life.in_advance,
            unpaid_due=sum(claim.units for claim in life.claims),
            due_that_day=sum(claim.units for claim in life.claims if claim.due_on == on),
            oldest_unpaid_due_on=life.late_since(on + ONE_DAY),
            drawn=life.drawn,
            written_off=life.written_off,
            annual_rate=life.walk.annual_rate,
            is_suspended=life.suspended_on is not None,
            restructured_on=self._restructured_on,
            matures_on=self._matures_on,
        )

    def plan(self, on: date) -> Plan:
        """What falls due on each day after `on`, as planned now."""
        parts: dict[date, Planned] = {}
        for row in instalments_of(self._life):
            if row.due_on > on and (row.principal_units or row.interest_units):
                before = parts.get(row.due_on, Planned(0, 0))
                parts[row.due_on] = Planned(
                    before.principal + row.principal_units, before.interest + row.interest_units
                )
        return parts
