"""What does a loan statement say, and does it add up? Values that refuse to exist when their figures do not tie.

All figures are as of the end of the period, as known under the seal that the statement names. What an investor's
statement shares with it (who issues it, movements, balances, figures as rows) stands here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from moneyed import Currency, Money

from ledger.domain.seal import SealText, parse_seal
from loans.domain.errors import LoanError
from loans.domain.words import date_text, money_text

Cell = str | int | Decimal | date | None
Row = tuple[Cell, ...]

COLUMNS = ("section", "line", "date", "item", "measure", "value", "unit", "source")
"""One figure a row: what it belongs to, which line and day, what it measures, how much, in what unit, from where."""


class StatementDoesNotAdd(LoanError):
    """Raised when the figures of a statement do not tie; the message names the table and the difference.

    Nothing is issued. Run `check_books`: either an entry is missing from the statement or two readings disagree.
    """


class StatementTooEarly(LoanError):
    """Raised when a statement is dated before its period is over; issue it from the day after the last one."""


class StatementStatus(StrEnum):
    """Whether the period's books are closed (final), or over but still open (provisional)."""

    FINAL = "final"
    PROVISIONAL = "provisional"


class ScheduleState(StrEnum):
    """Where an instalment stands at the end of the period."""

    PAID = "paid"
    PART = "part"
    LATE = "late"
    DUE = "due"
    GIVEN_UP = "no longer asked for"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The fund that signs a statement, and the person who answers questions about it."""

    name: str
    address: tuple[str, ...]
    registration: str
    contact_name: str
    contact_phone: str
    contact_email: str

    @property
    def contact(self) -> str:
        """Name, telephone and e-mail address, as far as they are known."""
        return ", ".join(filter(None, (self.contact_name, self.contact_phone, self.contact_email)))


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a statement is for: an organisation as it is registered and addressed."""

    name: str
    address: tuple[str, ...] = ()
    registration: str = ""


@dataclass(frozen=True, slots=True)
class StatementHead:
    """Which statement it is: issuer, number, status, period (start inclusive, end exclusive), and what it knew.

    Raises StatementTooEarly when it is issued before its period is over, SealNotRecognised for a text that is no seal.
    """

    issuer: Issuer
    number: str
    status: StatementStatus
    period_start: date
    period_end: date
    issued_on: date
    seal: str
    replaces: str = ""

    def __post_init__(self) -> None:
        if not self.period_start < self.period_end:
            raise StatementTooEarly(
                f"Statement {self.number} ends before it starts. Name a later end; nothing was issued."
            )
        if self.issued_on < self.period_end:
            raise StatementTooEarly(
                f"Statement {self.number} covers days up to {date_text(self.last_day)}, and is dated "
                f"{date_text(self.issued_on)}. Issue it on {date_text(self.period_end)} or later. Nothing was issued."
            )
        parse_seal(self.seal)

    @property
    def last_day(self) -> date:
        """The last day of the period, as it is printed."""
        return self.period_end - timedelta(days=1)

    @property
    def sealed(self) -> SealText:
        """The seal in its parts."""
        return parse_seal(self.seal)

    @property
    def is_provisional(self) -> bool:
        """Whether the books of the period were still open."""
        return self.status is StatementStatus.PROVISIONAL

    def rows(self) -> Iterator[Row]:
        """The statement's own particulars as figures."""
        yield from _texts(
            "statement",
            ("fund", self.issuer.name),
            ("number", self.number),
            ("status", self.status.value),
            ("first day", self.period_start),
            ("last day", self.last_day),
            ("issued", self.issued_on),
            ("replaces", self.replaces or None),
            ("seal", self.seal),
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """One line between opening and closing; positive adds to the balance. `entries` are journal entries: `E-123`."""

    words: str
    amount: Money
    note: str = ""
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Movements:
    """Opening, what moved, closing. Raises StatementDoesNotAdd, naming the difference, unless they add up."""

    of: str
    opening: Money
    lines: tuple[Movement, ...]
    closing: Money

    def __post_init__(self) -> None:
        same_currency(self.of, (self.opening, self.closing, *(line.amount for line in self.lines)))
        moved = total((line.amount for line in self.lines), self.opening.currency)
        sides = f"opening {money_text(self.opening)} and movements of {money_text(moved)}"
        must_equal(f"{self.of}: {sides}", self.opening + moved, self.closing)

    def rows(self, section: str, on: tuple[date, date]) -> Iterator[Row]:
        """The table as figures; `on` is the first and the last day of the period."""
        unit = self.opening.currency.code
        yield section, 0, on[0], "Opening", "amount", self.opening.amount, unit, None
        for number, line in enumerate(self.lines, start=1):
            item = f"{line.words}: {line.note}" if line.note else line.words
            yield section, number, None, item, "amount", line.amount.amount, unit, " ".join(line.entries) or None
        yield section, len(self.lines) + 1, on[1], "Closing", "amount", self.closing.amount, unit, None


@dataclass(frozen=True, slots=True)
class Balance:
    """From this day on, the balance is this much; for the chart over time."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Transaction:
    """One dated change of what is owed, principal and interest together: lent or charged adds, a repayment takes."""

    on: date
    what: str
    amount: Money
    balance: Money
    entries: tuple[str, ...] = ()


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
    transactions: tuple[Transaction, ...]
    schedule: tuple[ScheduleRow, ...]
    balances: tuple[Balance, ...]
    next_payment: NextPayment | None = None
    promise: Promise | None = None

    def __post_init__(self) -> None:
        same_currency(f"loan {self.loan}", self._amounts())
        owed = self.principal.opening + self.interest.opening
        for transaction in self.transactions:
            owed += transaction.amount
            upto = f"{transaction.what!r} on {date_text(transaction.on)}"
            must_equal(f"loan {self.loan}: transactions up to {upto}", owed, transaction.balance)
        must_equal(f"loan {self.loan}: opening balance and transactions", owed, self.owed)
        if self.balances:
            of = f"loan {self.loan}: the chart's last balance"
            must_equal(of, self.balances[-1].amount, self.principal.closing)

    @property
    def currency(self) -> Currency:
        """The currency of every amount on it."""
        return self.principal.opening.currency

    @property
    def owed(self) -> Money:
        """Principal outstanding and interest due at the end of the period."""
        return self.principal.closing + self.interest.closing

    @property
    def overdue(self) -> Money:
        """What of the instalments due by the end of the period is not paid."""
        late = (row.instalment - row.paid for row in self.schedule if row.days_late)
        return total(late, self.currency)

    def as_rows(self) -> tuple[Row, ...]:
        """Every figure that is printed, one a row, under `COLUMNS`."""
        days = (self.head.period_start, self.head.last_day)
        return (
            *self.head.rows(),
            *_texts("borrower", ("name", self.borrower.name), ("registration", self.borrower.registration)),
            *_texts("loan", ("reference", self.loan), ("payment reference", self.payment_reference), *self.terms),
            *self.principal.rows("principal", days),
            *self.interest.rows("interest", days),
            *self._transaction_rows(),
            *self._schedule_rows(),
            *self._next_payment_rows(),
            *(self.promise.rows() if self.promise else ()),
        )

    def _amounts(self) -> Iterator[Money]:
        yield from (self.principal.opening, self.interest.opening)
        yield from (amount for row in self.transactions for amount in (row.amount, row.balance))
        yield from (amount for row in self.schedule for amount in (row.instalment, row.paid, row.left))
        yield from (balance.amount for balance in self.balances)

    def _transaction_rows(self) -> Iterator[Row]:
        for number, row in enumerate(self.transactions, start=1):
            amounts = (("amount", row.amount), ("balance", row.balance))
            yield from _amounts("transaction", number, row.on, row.what, amounts, " ".join(row.entries) or None)

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
            yield from _amounts("schedule", row.number, row.due_on, item, amounts, None)

    def _next_payment_rows(self) -> Iterator[Row]:
        if self.next_payment:
            due = self.next_payment
            amounts = (("interest", due.interest), ("principal", due.principal), ("amount", due.amount))
            yield from _amounts("next payment", 1, due.on, self.payment_reference, amounts, None)


def total(amounts: Iterable[Money], currency: Currency) -> Money:
    """The sum of amounts of one currency; nought in that currency when there are none."""
    return sum(amounts, Money(0, currency))


def same_currency(of: str, amounts: Iterable[Money]) -> None:
    """Raises StatementDoesNotAdd when a table mixes currencies."""
    codes = sorted({amount.currency.code for amount in amounts})
    if len(codes) > 1:
        raise StatementDoesNotAdd(
            f"{of}: one statement mixes {' and '.join(codes)}. Issue one for each; nothing was issued."
        )


def must_equal(of: str, found: Money, stated: Money) -> None:
    """Raises StatementDoesNotAdd, naming by how much, when what a table adds up to is not what it states."""
    if found != stated:
        by = f"{money_text(abs(found - stated))} {'less' if found > stated else 'more'}"
        raise StatementDoesNotAdd(
            f"{of} make {money_text(found)}, but {money_text(stated)} is stated: {by}. Nothing was issued."
        )


def _texts(section: str, *facts: tuple[str, Cell]) -> Iterator[Row]:
    for number, (measure, value) in enumerate(facts, start=1):
        yield section, number, None, None, measure, value, None, None


def _amounts(
    section: str, number: int, on: date, item: str, amounts: Sequence[tuple[str, Money]], source: str | None
) -> Iterator[Row]:
    for measure, amount in amounts:
        yield section, number, on, item, measure, amount.amount, amount.currency.code, source
