"""Where does a loan stand? Terms + events → position on any day: what is paid, late and to come.

The same function serves the preview, the desk, the portal, the statements and the checks. There is no second engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.allocation import Component
from loans.domain.events import Event
from loans.domain.instalment import Instalment
from loans.domain.life import Life
from loans.domain.movements import Movement
from loans.domain.owed import GivenUp
from loans.domain.quote import SettlementQuote, quote_of
from loans.domain.replay import instalments_of, live
from loans.domain.terms import Terms

ROW_COMPONENTS = frozenset({Component.PRINCIPAL, Component.INTEREST})


class InstalmentStatus(StrEnum):
    """What can be said of one instalment on one day; of one that was paid only in part, how the rest ended."""

    PAID = "paid"
    PART_PAID = "part paid"
    LATE = "late"
    DUE = "due"
    WAIVED = "waived"
    WRITTEN_OFF = "written off"
    RESTRUCTURED = "restructured"
    PART_WAIVED = "part waived"
    PART_WRITTEN_OFF = "part written off"
    PART_RESTRUCTURED = "part restructured"


@dataclass(frozen=True, slots=True)
class InstalmentPosition:
    """One instalment on one day: what it asks for, what of it is paid, and how late the rest is."""

    instalment: Instalment
    principal_paid: Money
    interest_paid: Money
    given_up: Money
    """What of it was waived, written off or carried into new terms."""
    given_up_as: GivenUp | None
    """How the last of that ended."""
    paid_on: date | None
    """The day on which the last of it was paid, its due date if none was; none while some is owed."""
    days_late: int
    """Days past due of what is unpaid; 0 when nothing is, and on the due date itself."""
    covered: Money
    """What of the unpaid part the money held in advance will pay when it falls due."""

    @property
    def paid(self) -> Money:
        """What has been paid of it."""
        return self.principal_paid + self.interest_paid

    @property
    def unpaid(self) -> Money:
        """What is still owed of it; money held in advance pays it only when it falls due."""
        return self.instalment.total - self.paid - self.given_up

    @property
    def is_covered(self) -> bool:
        """Whether money held in advance will pay all that is unpaid."""
        return bool(self.covered) and self.covered == self.unpaid

    @property
    def received(self) -> Money:
        """What has come in for it: what is paid, and what is held in advance."""
        return self.paid + self.covered

    @property
    def to_come(self) -> Money:
        """What has still to come in for it."""
        return self.unpaid - self.covered

    @property
    def late(self) -> Money:
        """What is unpaid after its due date."""
        return self.unpaid if self.days_late else from_minor(0, self.unpaid.currency.code)

    @property
    def status(self) -> InstalmentStatus:
        """Its state as one word; part-paid ones may be late besides."""
        if self.paid_on and self.given_up_as:
            return InstalmentStatus(f"part {self.given_up_as}" if self.paid else self.given_up_as)
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
    annual_rate: Decimal
    """The nominal rate in force, as a fraction; before the drawdown the one that is agreed."""
    drawn: Money
    undrawn: Money
    """What is agreed and not drawn; new terms end it, and a loan that was moved in has none."""
    received: Money
    """All money received from the borrower before any write-off: what paid each component, and what is in advance."""
    principal_paid: Money
    interest_paid: Money
    in_advance: Money
    principal_outstanding: Money
    interest_due: Money
    """Interest that has fallen due and is unpaid."""
    fees_due: Money
    default_interest_due: Money
    accrued_interest: Money
    """Interest of the running period up to `as_of`, and what was deferred: owed, and not due yet."""
    default_interest_accrued: Money
    """Default interest that is not charged yet."""
    arrears: Money
    """What is unpaid after its due date."""
    days_past_due: int
    """Of the oldest claim that is unpaid; 0 when nothing is late."""
    quote: SettlementQuote
    """What would end the loan on `as_of`, part by part."""
    written_off: Money
    """Principal that was written off."""
    lost: Money
    """All that was written off: principal, and with the whole of it interest, fees and default interest."""
    recovered: Money
    next_payment: NextPayment | None
    """None before the drawdown, and when nothing is left to pay on a day to come."""

    @property
    def settlement(self) -> Money:
        """What would end the loan on `as_of`."""
        return self.quote.total

    @property
    def charges_due(self) -> Money:
        """Fees and default interest that are due and unpaid, besides the instalments."""
        return self.fees_due + self.default_interest_due

    @property
    def brings_up_to_date(self) -> Money:
        """What paid on `as_of` leaves nothing late: what is late, and default interest up to the day."""
        return self.arrears + self.default_interest_accrued

    @property
    def owed_in_all(self) -> Money:
        """All that is still to be paid to the end of the schedule, fees and default interest up to the day among it;
        money in advance is taken off."""
        charges = self.charges_due + self.default_interest_accrued
        return sum((row.unpaid for row in self.instalments), charges) - self.in_advance

    @property
    def settled(self) -> bool:
        """Whether everything that was lent, with interest and fees, is paid; what was written off is not."""
        is_paid = bool(self.instalments) and all(row.paid_on for row in self.instalments)
        return is_paid and not self.charges_due and not self.written_off

    @property
    def to_recover(self) -> Money:
        """What was written off and has not come back: the borrower still owes it."""
        return self.lost - self.recovered

    @property
    def ended_in_write_off(self) -> bool:
        """Whether some of it was written off and nothing of it stands in the books any more."""
        stands = self.principal_outstanding + self.interest_due + self.charges_due
        return bool(self.written_off) and not stands

    @property
    def is_over(self) -> bool:
        """Whether it is paid, or what was not paid is written off."""
        return self.settled or self.ended_in_write_off

    @property
    def payments_left(self) -> int:
        """How many instalments are neither wholly paid nor wholly covered by money held in advance."""
        return sum(1 for row in self.instalments if not row.paid_on and not row.is_covered)

    @property
    def payments_to_come(self) -> int:
        """How many of them fall due on the day or later; what is late is told apart."""
        return sum(1 for row in self.instalments if not row.paid_on and not row.is_covered and not row.days_late)

    @property
    def covered_rows(self) -> tuple[InstalmentPosition, ...]:
        """The instalments to come that money held in advance covers wholly."""
        return tuple(row for row in self.instalments if row.is_covered)

    @property
    def last_due_on(self) -> date | None:
        """When the last instalment falls due."""
        return self.instalments[-1].instalment.due_on if self.instalments else None


def position(terms: Terms, events: Iterable[Event], as_of: date) -> Position:
    """The loan on `as_of`, from what was agreed and what happened by then.

    Raises UnknownEvent, EventRefused and ImpossibleTerms.
    """
    lived = live(terms, events, as_of)
    life = lived or Life(terms, terms.planned_drawn_on)
    money = terms.scale.money
    rows = _instalment_positions(life, as_of) if lived else ()
    oldest = life.late_since(as_of)
    received = life.received
    return Position(
        as_of=as_of,
        instalments=rows,
        annual_rate=life.walk.annual_rate,
        drawn=money(life.drawn),
        undrawn=money(life.undrawn),
        received=money(received),
        principal_paid=money(life.paid_of(Component.PRINCIPAL)),
        interest_paid=money(life.paid_of(Component.INTEREST)),
        in_advance=money(life.in_advance),
        principal_outstanding=money(life.principal),
        interest_due=money(life.unpaid(Component.INTEREST)),
        fees_due=money(life.unpaid(Component.FEE)),
        default_interest_due=money(life.unpaid(Component.DEFAULT_INTEREST)),
        accrued_interest=money(life.walk.accrued(as_of)),
        default_interest_accrued=money(life.default_interest_accrued(as_of)),
        arrears=money(life.arrears(as_of)),
        days_past_due=(as_of - oldest).days if oldest else 0,
        quote=quote_of(terms, lived, as_of),
        written_off=money(life.written_off),
        lost=money(life.lost),
        recovered=money(life.recovered),
        next_payment=_next_payment(rows, money(life.in_advance), as_of),
    )


def _instalment_positions(life: Life, as_of: date) -> tuple[InstalmentPosition, ...]:
    paid, last_paid_on = _paid_per_claim(life.movements)
    given_up: dict[int, int] = {}
    given_up_as: dict[int, GivenUp] = {}
    for how, claim in life.given_up:
        if claim.component in ROW_COMPONENTS and claim.units:
            given_up[claim.instalment_no] = given_up.get(claim.instalment_no, 0) + claim.units
            given_up_as[claim.instalment_no] = how
    money, rows, held = life.terms.scale.money, [], life.in_advance
    for row in instalments_of(life):
        principal, interest = paid.get((row.no, Component.PRINCIPAL), 0), paid.get((row.no, Component.INTEREST), 0)
        gone = given_up.get(row.no, 0)
        left = row.total_units - principal - interest - gone
        is_due, is_paid = row.due_on <= as_of, not left
        covered = min(held, left) if row.due_on >= as_of else 0
        held -= covered
        rows.append(
            InstalmentPosition(
                instalment=row,
                principal_paid=money(principal),
                interest_paid=money(interest),
                given_up=money(gone),
                given_up_as=given_up_as.get(row.no),
                paid_on=last_paid_on.get(row.no, row.due_on) if is_due and is_paid else None,
                days_late=(as_of - row.due_on).days if is_due and not is_paid else 0,
                covered=money(covered),
            )
        )
    return tuple(rows)


def _paid_per_claim(movements: Iterable[Movement]) -> tuple[Mapping[tuple[int, Component], int], Mapping[int, date]]:
    paid: dict[tuple[int, Component], int] = {}
    last_paid_on: dict[int, date] = {}
    for movement in movements:
        for claim in movement.paid:
            if claim.component in ROW_COMPONENTS:
                key = (claim.instalment_no, claim.component)
                paid[key] = paid.get(key, 0) + claim.units
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
