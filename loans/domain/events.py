"""What happened to a loan? Dated events, kept for ever; a mistake is undone by one more event.

`sequence` is the order in which a loan's events were recorded; `effective_on` the day from which each counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from moneyed import Money

from loans.domain.allocation import Component
from loans.domain.errors import UnknownEvent
from loans.domain.fees import FeeKind, FeeSettlement
from loans.domain.servicing import HolidayInterest, Prepayment

if TYPE_CHECKING:
    from loans.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Drawn:
    """Money was lent."""

    effective_on: date
    sequence: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Repaid:
    """Money was received. `prepayment` says what becomes of what is left when everything due is paid (None: as agreed);
    `settles` that it is to end the loan, if it is enough."""

    effective_on: date
    sequence: int
    amount: Money
    prepayment: Prepayment | None = None
    settles: bool = False


@dataclass(frozen=True, slots=True)
class RateChanged:
    """Another nominal annual rate is in force."""

    effective_on: date
    sequence: int
    annual_rate: Decimal


@dataclass(frozen=True, slots=True)
class FeeCharged:
    """A fee was charged: due the same day, kept back from a drawdown, or added to principal.

    It is income at once, or in equal parts a day until `earned_by`.
    """

    effective_on: date
    sequence: int
    amount: Money
    kind: FeeKind = FeeKind.OTHER
    settlement: FeeSettlement = FeeSettlement.PAID
    earned_by: date | None = None


@dataclass(frozen=True, slots=True)
class Waived:
    """The fund gives up what is due and unpaid of a component, oldest instalment first."""

    effective_on: date
    sequence: int
    amount: Money
    component: Component


@dataclass(frozen=True, slots=True)
class HolidayGranted:
    """No principal falls due on the next `instalments` principal dates; with `extends` the loan ends as much later."""

    effective_on: date
    sequence: int
    instalments: int
    interest: HolidayInterest = HolidayInterest.PAID
    extends: bool = False


@dataclass(frozen=True, slots=True)
class Restructured:
    """All principal owed, due or not, continues under new terms; what else is due and unpaid stays due, or with
    `capitalises` becomes principal too. `fee` is the rearrangement fee; the terms say how it is settled and earned."""

    effective_on: date
    sequence: int
    terms: Terms
    capitalises: bool = False
    fee: Money | None = None


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """Principal leaves the books; None is all of it, with everything else that is unpaid."""

    effective_on: date
    sequence: int
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Recovered:
    """Money came in after a write-off."""

    effective_on: date
    sequence: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money held in advance was given back to the borrower."""

    effective_on: date
    sequence: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Suspended:
    """The loan is in non-accrual: its interest is owed, but no income until it is received."""

    effective_on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The loan accrues again: interest that is owed is income, received or not."""

    effective_on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """What was due on a day before a loan was moved in, and is unpaid."""

    due_on: date
    principal: Money
    interest: Money


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """A loan came from another system as it stood on the evening before: it begins here, and nothing was paid out.

    `principal` has not fallen due; what is `overdue` comes on top. `fees` are due and unpaid.
    """

    effective_on: date
    sequence: int
    principal: Money
    overdue: tuple[Overdue, ...]
    fees: Money
    in_advance: Money


@dataclass(frozen=True, slots=True)
class Reversed:
    """From `effective_on` on, the loan stands as if the event with the sequence `of` had never happened."""

    effective_on: date
    sequence: int
    of: int


Happened: TypeAlias = (
    Drawn
    | Repaid
    | RateChanged
    | FeeCharged
    | Waived
    | HolidayGranted
    | Restructured
    | WrittenOff
    | Recovered
    | Refunded
    | Suspended
    | Resumed
    | BroughtIn
)
"""Anything but a reversal."""

BEGINS = (Drawn, BroughtIn)
"""Events with which a loan begins, or by which it grows."""

Event: TypeAlias = Happened | Reversed


def in_force(events: Iterable[Event], as_of: date) -> tuple[Happened, ...]:
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
