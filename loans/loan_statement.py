"""What does a borrower's statement say, and does it add up? Fees, waivers, losses and money held for it among it.

Every table says what it began with, what moved and what it ends with; together they make what is owed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import Currency, Money

from loans.domain.words import date_text, money_text
from loans.statements import (
    Balance,
    KnownSince,
    Movements,
    Party,
    Row,
    StatementDoesNotAdd,
    StatementHead,
    money_rows,
    must_equal,
    same_currency,
    text_rows,
    total,
)


class ScheduleState(StrEnum):
    """Where an instalment stands at the end of the period."""

    PAID = "paid"
    PART = "part"
    LATE = "late"
    DUE = "due"
    GIVEN_UP = "no longer asked for"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One dated change of what is owed: lent or charged adds, a payment or a waiver takes.

    `cash` is what came in from the borrower with it, negative for what went out, as the bank's side of its entry says;
    `lost` is what was written off with it, negative for what came back of that. Raises StatementDoesNotAdd unless what
    is owed changes by exactly those two.
    """

    on: date
    what: str
    amount: Money
    balance: Money
    entries: tuple[str, ...] = ()
    cash: Money | None = None
    lost: Money | None = None

    def __post_init__(self) -> None:
        moved = [amount for amount in (self.cash, self.lost) if amount is not None]
        if moved:
            of = f"{self.what!r} on {date_text(self.on)}: what came in and what was written off"
            must_equal(of, total(moved, self.amount.currency), -self.amount)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One instalment: what falls due, what of it was paid or given up, and the principal that is left after it.

    Raises StatementDoesNotAdd when the state does not agree with what was paid.
    """

    number: int
    due_on: date
    interest: Money
    principal: Money
    paid: Money
    left: Money
    state: ScheduleState
    days_late: int = 0
    given_up: Money | None = None

    def __post_init__(self) -> None:
        whole, none, rest = self.paid == self.instalment, not self.paid, self.instalment - self.paid
        agrees = {
            ScheduleState.PAID: whole and not self.days_late,
            ScheduleState.PART: not whole and not none and self.paid < self.instalment,
            ScheduleState.LATE: none and self.days_late > 0,
            ScheduleState.DUE: none and not (whole and self.instalment) and not self.days_late,
            ScheduleState.GIVEN_UP: not whole and self.given_up == rest and not self.days_late,
        }
        if not agrees[self.state]:
            paid = f"{money_text(self.paid)} of {money_text(self.instalment)} is paid"
            called = f"instalment {self.number} is called {self.state.value}, {self.days_late} days late"
            raise StatementDoesNotAdd(f"{called}, but {paid}. Run check_books; nothing was issued.")

    @property
    def instalment(self) -> Money:
        """Interest and principal together."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True)
class NextPayment:
    """The first payment that falls due after the period."""

    on: date
    interest: Money
    principal: Money
    left_after: Money

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True)
class Reading:
    """What was achieved in a period, with the evidence for it and its grade (A to D, L for the ledger)."""

    period: str
    value: Decimal
    evidence: str
    grade: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised with the loan and what came of it: baseline, readings in order of time, target."""

    indicator: str
    unit: str
    baseline: Decimal
    baseline_period: str
    target: Decimal
    target_by: date
    readings: tuple[Reading, ...]

    def rows(self) -> Iterator[Row]:
        """The readings as figures."""
        yield "impact", 0, None, self.indicator, f"baseline, {self.baseline_period}", self.baseline, self.unit, None
        for number, reading in enumerate(self.readings, start=1):
            source = f"{reading.grade}: {reading.evidence}"
            yield "impact", number, None, self.indicator, reading.period, reading.value, self.unit, source
        last = len(self.readings) + 1
        yield "impact", last, self.target_by, self.indicator, "target", self.target, self.unit, None


@dataclass(frozen=True, slots=True)
class LoanStatement:
    """Everything that a loan statement prints. Raises StatementDoesNotAdd when two of its tables disagree."""

    head: StatementHead
    borrower: Party
    loan: str
    payment_reference: str
    terms: tuple[tuple[str, str], ...]
    principal: Movements
    interest: Movements
    fees: Movements
    default_interest: Movements
    in_advance: Movements
    """Money held for the borrower, which is taken off what is owed."""
    lost: Movements
    """What was written off, less what came in of it afterwards; no longer part of what is owed."""
    transactions: tuple[Transaction, ...]
    schedule: tuple[ScheduleRow, ...]
    balances: tuple[Balance, ...]
    next_payment: NextPayment | None = None
    promise: Promise | None = None
    since: tuple[KnownSince, ...] = ()
    """What became known since its reader's earlier statements."""

    def __post_init__(self) -> None:
        same_currency(f"loan {self.loan}", self._amounts())
        owed = self.owed_before
        for transaction in self.transactions:
            owed += transaction.amount
            upto = f"{transaction.what!r} on {date_text(transaction.on)}"
            must_equal(f"loan {self.loan}: transactions up to {upto}", owed, transaction.balance)
        must_equal(f"loan {self.loan}: opening balance and transactions", owed, self.owed)
        lost = total((row.lost for row in self.transactions if row.lost is not None), self.currency)
        must_equal(
            f"loan {self.loan}: what was written off before and since", self.lost.opening + lost, self.lost.closing
        )
        if self.balances:
            of = f"loan {self.loan}: the chart's last balance"
            must_equal(of, self.balances[-1].amount, self.principal.closing)

    @property
    def currency(self) -> Currency:
        """The currency of every amount on it."""
        return self.principal.opening.currency

    @property
    def claims(self) -> tuple[Movements, ...]:
        """What can be owed: principal, interest, fees and interest on what is late."""
        return (self.principal, self.interest, self.fees, self.default_interest)

    @property
    def owed_before(self) -> Money:
        """What was owed when the period began, less what was held in advance."""
        return total((table.opening for table in self.claims), self.currency) - self.in_advance.opening

    @property
    def owed(self) -> Money:
        """Principal outstanding and all that is due besides at the end of the period, less what is held in advance."""
        return total((table.closing for table in self.claims), self.currency) - self.in_advance.closing

    @property
    def charges(self) -> Money:
        """Fees and interest on what was late, charged and unpaid at the end of the period."""
        return self.fees.closing + self.default_interest.closing

    @property
    def overdue(self) -> Money:
        """What of the instalments due by the end of the period is neither paid nor given up."""
        late = (row.instalment - row.paid - (row.given_up or 0 * row.paid) for row in self.schedule if row.days_late)
        return total(late, self.currency)

    @property
    def further_tables(self) -> tuple[tuple[str, Movements], ...]:
        """The tables beside principal and interest that say something, by what they are of."""
        tables = (
            ("fees", self.fees),
            ("default interest", self.default_interest),
            ("in advance", self.in_advance),
            ("written off", self.lost),
        )
        return tuple((name, table) for name, table in tables if table.says_something)

    def as_rows(self) -> tuple[Row, ...]:
        """Every figure that is printed, one a row, under `COLUMNS`."""
        days = (self.head.period_start, self.head.last_day)
        return (
            *self.head.rows(),
            *text_rows("borrower", ("name", self.borrower.name), ("registration", self.borrower.registration)),
            *text_rows("loan", ("reference", self.loan), ("payment reference", self.payment_reference), *self.terms),
            *self.principal.rows("principal", days),
            *self.interest.rows("interest", days),
            *(row for name, table in self.further_tables for row in table.rows(name, days)),
            *self._transaction_rows(),
            *self._schedule_rows(),
            *self._next_payment_rows(),
            *(self.promise.rows() if self.promise else ()),
            *(cell for known in self.since for cell in known.cells()),
        )

    def _amounts(self) -> Iterator[Money]:
        yield from (table.opening for table in (*self.claims, self.in_advance, self.lost))
        yield from (amount for row in self.transactions for amount in (row.amount, row.balance))
        yield from (amount for row in self.schedule for amount in (row.instalment, row.paid, row.left))
        yield from (balance.amount for balance in self.balances)

    def _transaction_rows(self) -> Iterator[Row]:
        for number, row in enumerate(self.transactions, start=1):
            told = (("amount", row.amount), ("cash", row.cash), ("written off", row.lost), ("balance", row.balance))
            amounts = [(name, amount) for name, amount in told if amount is not None]
            yield from money_rows("transaction", number, row.on, row.what, amounts, " ".join(row.entries) or None)

    def _schedule_rows(self) -> Iterator[Row]:
        for row in self.schedule:
            item = row.state.value if not row.days_late else f"{row.state.value}, {row.days_late} days late"
            amounts = (
                ("interest", row.interest),
                ("principal", row.principal),
                ("instalment", row.instalment),
                ("paid", row.paid),
                ("left", row.left),
            )
            yield from money_rows("schedule", row.number, row.due_on, item, amounts, None)

    def _next_payment_rows(self) -> Iterator[Row]:
        if self.next_payment:
            due = self.next_payment
            amounts = (("interest", due.interest), ("principal", due.principal), ("amount", due.amount))
            yield from money_rows("next payment", 1, due.on, self.payment_reference, amounts, None)
