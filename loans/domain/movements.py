"""What has moved on a loan's accounts, and by what? The units of the telling of its life."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from loans.domain.allocation import Allocation, Claim, Component
from loans.domain.rounding import Scale


class Happening(StrEnum):
    """What can move a loan's balances."""

    BROUGHT_IN = "brought in"
    DRAWN = "drawn"
    FELL_DUE = "due"
    CAPITALISED = "capitalised"
    ADVANCE_APPLIED = "advance"
    DEFAULT_INTEREST = "default"
    FEE = "fee"
    FEE_DEDUCTED = "deducted"
    FEE_CAPITALISED = "fee capitalised"
    COMMITMENT_FEE = "commitment fee"
    LATE_FEE = "late fee"
    REPAID = "repaid"
    SETTLED = "settled"
    REFUNDED = "refunded"
    WAIVED = "waived"
    RESTRUCTURED = "restructured"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WRITTEN_OFF = "written off"
    RECOVERED = "recovered"


BY_ITSELF = frozenset(
    {
        Happening.FELL_DUE,
        Happening.CAPITALISED,
        Happening.ADVANCE_APPLIED,
        Happening.DEFAULT_INTEREST,
        Happening.COMMITMENT_FEE,
        Happening.LATE_FEE,
        Happening.SETTLED,
    }
)
"""What comes of the terms and the days, and is no event's own: of an instalment, a day, what a settlement makes due."""


class Moved(NamedTuple):
    """Units by which a loan's accounts move: principal outstanding, what is due and unpaid besides, held in advance;
    interest and default interest that is owed and no income yet, fees that are income later, and what was recovered
    after a write-off."""

    principal: int = 0
    interest: int = 0
    fees: int = 0
    default_interest: int = 0
    in_advance: int = 0
    suspended: int = 0
    default_suspended: int = 0
    not_earned: int = 0
    recovered: int = 0

    def plus(self, other: Moved) -> Moved:
        """Both together."""
        return Moved(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: Moved) -> Moved:
        """What is left of this when the other is taken away."""
        return Moved(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


STILL = Moved()


def paid_off(where: Allocation, in_advance: int = 0) -> Moved:
    """What an allocation moves: every claim that it paid goes down."""
    return Moved(
        -where.of(Component.PRINCIPAL),
        -where.of(Component.INTEREST),
        -where.of(Component.FEE),
        -where.of(Component.DEFAULT_INTEREST),
        in_advance,
    )


class Movement(NamedTuple):
    """One happening on one day: how it moved the accounts, and which claims were paid (or given up) by it.

    `no` is the event's sequence, the instalment's number, or for default interest the day; with the kind it names the
    movement, in every replay the same.
    """

    kind: Happening
    no: int
    on: date
    moved: Moved
    paid: tuple[Claim, ...]
    scale: Scale

    @property
    def name(self) -> str:
        """`due:19`, `repaid:3`: the natural key of the movement within its loan."""
        return f"{self.kind}:{self.no}"


def total_of(movements: Iterable[Movement]) -> Moved:
    """What the movements add up to."""
    sums = [sum(column) for column in zip(STILL, *(movement.moved for movement in movements), strict=True)]
    return Moved(*sums)
