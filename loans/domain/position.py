"""Where does a loan stand? Terms + events → position on any day: what is paid, late and to come.

The same function serves the preview, the desk, the portal, the statements and the checks. There is no second engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.allocation import Component
from loans.domain.events import Event
from loans.domain.replay import Movement, balances_of, replay
from loans.domain.schedule import Instalment
from loans.domain.terms import Terms


class InstalmentStatus(StrEnum):
    """What can be said of one instalment on one day."""

    PAID = "paid"
    PART_PAID = "part paid"
    LATE = "late"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class InstalmentPosition:
    """One instalment on one day: what it asks for, what of it is paid, and how late the rest is."""

    instalment: Instalment
    principal_paid: Money
    interest_paid: Money
    paid_on: date | None
    """The day on which the last of it was paid; none while some is owed."""
    days_late: int
    """Days past due of what is unpaid; 0 when nothing is, and on the due date itself."""

    @property
    def paid(self) -> Money:
        """What has been paid of it."""
        return self.principal_paid + self.interest_paid

    @property
    def unpaid(self) -> Money:
        """What is still owed of it."""
        return self.instalment.total - self.paid

    @property
    def late(self) -> Money:
        """What is unpaid after its due date."""
        return self.unpaid if self.days_late else from_minor(0, self.unpaid.currency.code)

    @property
    def status(self) -> InstalmentStatus:
        """Its state as one word; part-paid ones may be late besides."""
        if self.paid_on:
            return InstalmentStatus.PAID
        if self.paid:
            return InstalmentStatus.PART_PAID
        return InstalmentStatus.LATE if self.days_late else InstalmentStatus.DUE


@dataclass(frozen=True, slots=True)
class NextPayment:
    """What is to be paid next, after the money held in advance is taken off."""

    no: int
    due_on: date
    interest: Money
    principal: Money
    balance_after: Money
    """Principal outstanding once it and everything before it is paid."""

    @property
    def total(self) -> Money:
        """Interest and principal together."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True)
class Position:
    """A loan on the evening of `as_of`."""

    as_of: date
    instalments: tuple[InstalmentPosition, ...]
    drawn: Money
    undrawn: Money
    received: Money
    """All money received from the borrower; `principal_paid + interest_paid + in_advance`."""
    principal_paid: Money
    interest_paid: Money
    in_advance: Money
    principal_outstanding: Money
    interest_due: Money
    """Interest that has fallen due and is unpaid."""
    arrears: Money
    """What is unpaid after its due date."""
    days_past_due: int
    """Of the oldest unpaid instalment; 0 when nothing is late."""
    next_payment: NextPayment | None
    """None before the drawdown, and when nothing is left to pay on a day to come."""

    @property
    def owed_in_all(self) -> Money:
        """All that is still to be paid to the end of the schedule, money in advance taken off."""
        zero = from_minor(0, self.drawn.currency.code)
        return sum((row.unpaid for row in self.instalments), zero) - self.in_advance

    @property
    def settled(self) -> bool:
        """Whether everything that was lent, with its interest, is paid."""
        return bool(self.instalments) and all(row.paid_on for row in self.instalments)

    @property
    def payments_left(self) -> int:
        """How many instalments are not wholly paid."""
        return sum(1 for row in self.instalments if not row.paid_on)

    @property
    def last_due_on(self) -> date | None:
        """When the last instalment falls due."""
        return self.instalments[-1].instalment.due_on if self.instalments else None


def position(terms: Terms, events: Iterable[Event], as_of: date) -> Position:
    """The loan on `as_of`, from what was agreed and what happened by then. Raises UnknownEvent."""
    told = replay(terms, events, as_of)
    zero = from_minor(0, terms.currency)
    balances = balances_of(told.movements, terms.currency)
    rows = _instalment_positions(told.instalments, told.movements, as_of, zero)
    late = [row for row in rows if row.days_late]
    return Position(
        as_of=as_of,
        instalments=rows,
        drawn=told.drawn,
        undrawn=terms.principal - told.drawn,
        received=told.received,
        principal_paid=told.drawn - balances.principal,
        interest_paid=sum((row.interest_paid for row in rows), zero),
        in_advance=balances.in_advance,
        principal_outstanding=balances.principal,
        interest_due=balances.interest,
        arrears=sum((row.late for row in late), zero),
        days_past_due=max((row.days_late for row in late), default=0),
        next_payment=_next_payment(rows, balances.in_advance, as_of),
    )


def _instalment_positions(
    instalments: Sequence[Instalment], movements: Iterable[Movement], as_of: date, zero: Money
) -> tuple[InstalmentPosition, ...]:
    paid, last_paid_on = _paid_per_claim(movements)
    rows = []
    for row in instalments:
        principal = paid.get((row.no, Component.PRINCIPAL), zero)
        interest = paid.get((row.no, Component.INTEREST), zero)
        is_due, is_paid = row.due_on <= as_of, principal + interest == row.total
        rows.append(
            InstalmentPosition(
                instalment=row,
                principal_paid=principal,
                interest_paid=interest,
                paid_on=last_paid_on.get(row.no, row.due_on) if is_due and is_paid else None,
                days_late=(as_of - row.due_on).days if is_due and not is_paid else 0,
            )
        )
    return tuple(rows)


def _paid_per_claim(
    movements: Iterable[Movement],
) -> tuple[Mapping[tuple[int, Component], Money], Mapping[int, date]]:
    paid: dict[tuple[int, Component], Money] = {}
    last_paid_on: dict[int, date] = {}
    for movement in movements:
        for claim in movement.paid:
            key = (claim.instalment_no, claim.component)
            paid[key] = paid[key] + claim.amount if key in paid else claim.amount
            last_paid_on[claim.instalment_no] = movement.on
    return paid, last_paid_on


def _next_payment(rows: Iterable[InstalmentPosition], in_advance: Money, as_of: date) -> NextPayment | None:
    for row in rows:
        due = row.instalment
        if due.due_on < as_of or row.paid_on:
            continue
        interest, principal = due.interest - row.interest_paid, due.principal - row.principal_paid
        covered = min(in_advance, interest + principal)
        in_advance -= covered
        if covered == interest + principal:
            continue
        off_interest = min(covered, interest)
        return NextPayment(
            no=due.no,
            due_on=due.due_on,
            interest=interest - off_interest,
            principal=principal - (covered - off_interest),
            balance_after=due.balance,
        )
    return None
