"""What has moved on a loan's accounts, and by what? The units of the telling of its life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.allocation import Allocation, Claim, Component
from loans.domain.rounding import Scale


class Happening(StrEnum):
    """What can move a loan's balances."""

    DRAWN = "drawn"
    FELL_DUE = "due"
    CAPITALISED = "capitalised"
    ADVANCE_APPLIED = "advance"
    DEFAULT_INTEREST = "default"
    FEE = "fee"
    REPAID = "repaid"
    SETTLED = "settled"
    WAIVED = "waived"
    WRITTEN_OFF = "written off"


class Moved(NamedTuple):
    """Units by which a loan's accounts move: principal outstanding, what is due and unpaid besides, held in advance."""

    principal: int = 0
    interest: int = 0
    fees: int = 0
    default_interest: int = 0
    in_advance: int = 0

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
    def effect(self) -> Balances:
        """The same as money, on the accounts that are booked today."""
        return balances(self.moved, self.scale)

    @property
    def name(self) -> str:
        """`due:19`, `repaid:3`: the natural key of the movement within its loan."""
        return f"{self.kind}:{self.no}"


def balances(moved: Moved, scale: Scale) -> Balances:
    """Units as money."""
    return Balances(scale.money(moved.principal), scale.money(moved.interest), scale.money(moved.in_advance))


def total_of(movements: Iterable[Movement]) -> Moved:
    """What the movements add up to."""
    sums = [sum(column) for column in zip(*(movement.moved for movement in movements), strict=True)]
    return Moved(*sums)
