"""What bears a loss, and whose is what comes in, told from all that is lost, claimed, set aside and received by a day.

A loss is borne first by what a guarantor was asked for, then by what is set aside. Once it is asked, a share of what
comes in is the guarantor's. `docs/maths/guarantee.md` works one example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from loans.domain.corrections import Step
from loans.domain.movements import Happening, Moved
from loans.domain.provision import part_of

REPAYS = frozenset({Happening.REPAID, Happening.ADVANCE_APPLIED})
"""What pays principal with the borrower's money."""


class Cover(StrEnum):
    """What is booked beside a loan when something is lost or comes in."""

    GUARANTEE_USED = "guarantee"
    PROVISION_USED = "provision"
    SHARED = "shared"
    RECOVERY_SHARED = "recovery"


class Flow(NamedTuple):
    """What was lost, repaid of principal and recovered after a write-off, in minor units."""

    lost: int = 0
    repaid: int = 0
    recovered: int = 0

    def plus(self, other: Flow) -> Flow:
        """Both together."""
        return Flow(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def since(self, known: Flow) -> Flow:
        """What is more than was known, never less than nought."""
        return Flow(*(max(mine - theirs, 0) for mine, theirs in zip(self, known, strict=True)))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim: from which day it counts, what it set against the loan, and what of later money is the guarantor's."""

    on: date
    against_the_loan: int
    recovery_share: Decimal
    known: Flow
    """What had happened by that day, as far as it was known when the guarantor was asked."""


def flows_of(steps: Iterable[Step]) -> dict[date, Flow]:
    """What the steps of a loan's life lose and bring in, day by day."""
    found: dict[date, Flow] = defaultdict(Flow)
    for step in steps:
        found[step.on] = found[step.on].plus(_flow(step))
    return {on: flow for on, flow in found.items() if any(flow)}


def _flow(step: Step) -> Flow:
    if step.kind is Happening.WRITTEN_OFF:
        return Flow(lost=-lost_of(step.moved))
    return Flow(repaid=-step.moved.principal if step.kind in REPAYS else 0, recovered=step.moved.recovered)


def lost_of(moved: Moved) -> int:
    """What a write-off changes of the fund's assets: what was in suspense was none."""
    owed = moved.principal + moved.interest + moved.fees + moved.default_interest
    return owed - moved.suspended - moved.default_suspended


def cover_told(
    flows: Mapping[date, Flow], claim: Claimed | None, set_aside: Mapping[date, int]
) -> dict[tuple[Cover, date], int]:
    """What the books should hold, day by day; `set_aside` is what provisions charged and released, day by day.

    >>> claim = Claimed(date(2026, 3, 2), 7000, Decimal("0.7"), Flow())
    >>> lost, repaid = date(2026, 4, 1), date(2026, 5, 1)
    >>> told = cover_told({lost: Flow(lost=6000), repaid: Flow(repaid=4000)}, claim, {})
    >>> [(kind.value, on.month, minor) for (kind, on), minor in told.items()]
    [('guarantee', 4, 6000), ('guarantee', 5, -1800), ('shared', 5, 2800)]
    """
    told: dict[tuple[Cover, date], int] = {}
    sum_of, before, unborne, used = Flow(), dict.fromkeys(Cover, 0), 0, 0
    for day in sorted({*flows, *([claim.on] if claim else [])}):
        sum_of = sum_of.plus(flows.get(day, Flow()))
        now = _after_the_claim(sum_of, claim) if claim and day >= claim.on else dict.fromkeys(Cover, 0)
        left = sum_of.lost - max(now[Cover.GUARANTEE_USED], 0)
        there = sum(minor for on, minor in set_aside.items() if on <= day)
        used += min(left - unborne, max(there - used, 0)) if left > unborne else -min(unborne - left, used)
        now[Cover.PROVISION_USED], unborne = used, left
        told |= {(kind, day): minor - before[kind] for kind, minor in now.items() if minor != before[kind]}
        before = now
    return told


def _after_the_claim(sum_of: Flow, claim: Claimed) -> dict[Cover, int]:
    """What the guarantee bears, and what is the guarantor's: what is repaid takes of the guarantee before a loss does.

    Where both come to more than was asked for, the fund bears the rest.
    """
    since = sum_of.since(claim.known)
    shared = part_of(since.repaid, claim.recovery_share)
    return {
        Cover.GUARANTEE_USED: min(since.lost, claim.against_the_loan - shared),
        Cover.PROVISION_USED: 0,
        Cover.SHARED: shared,
        Cover.RECOVERY_SHARED: part_of(since.recovered, claim.recovery_share),
    }


def cover_due(
    told: Mapping[tuple[Cover, date], int], booked: Mapping[tuple[Cover, date], int], *, open_from: date
) -> list[tuple[Cover, date, int]]:
    """What brings the books to what is told, by day; a day before `open_from` is not touched."""
    due: dict[tuple[date, Cover], int] = defaultdict(int)
    for sign, side in ((1, told), (-1, booked)):
        for (kind, on), minor in side.items():
            due[max(on, open_from), kind] += sign * minor
    order = list(Cover)
    found = [(kind, on, minor) for (on, kind), minor in due.items() if minor]
    return sorted(found, key=lambda one: (one[1], order.index(one[0])))
