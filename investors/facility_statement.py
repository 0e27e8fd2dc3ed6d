"""What does the statement of a lender to the fund say, and does it add up? Values that refuse what does not tie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from moneyed import Currency, Money

from loans.loan_statement import NextPayment, ScheduleRow, Transaction
from loans.statements import (
    Balance,
    KnownSince,
    Movements,
    Party,
    Row,
    StatementHead,
    money_rows,
    must_equal,
    same_currency,
    text_rows,
    total,
)


@dataclass(frozen=True, slots=True)
class CovenantRow:
    """A promise of the fund as it was tested last by the end of the period, on the day of the test."""

    promise: str
    on: date
    is_met: bool
    figure: str
    limit: str
    headroom: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What the engine says is owed at the end of the period, which the ledger has to say as well."""

    principal: Money
    interest: Money
    fees: Money
    in_advance: Money


@dataclass(frozen=True, slots=True)
class FacilityStatement:
    """Everything that the statement of one facility prints; debts of the fund are positive.

    `accrued` is interest and fees of the running instalment that are not due at the end of the period. Raises
    StatementDoesNotAdd where two tables disagree, or where the ledger's closing figures are not the engine's.
    """

    head: StatementHead
    lender: Party
    facility: str
    agreement: str
    """The lender's own number of it."""
    terms: tuple[tuple[str, str], ...]
    principal: Movements
    interest: Movements
    fees: Movements
    in_advance: Movements
    """What the fund paid before it was due, which is taken off what it owes."""
    engine: Outstanding
    transactions: tuple[Transaction, ...]
    schedule: tuple[ScheduleRow, ...]
    balances: tuple[Balance, ...]
    accrued: Money
    undrawn: Money
    covenants: tuple[CovenantRow, ...]
    next_payment: NextPayment | None = None
    since: tuple[KnownSince, ...] = ()
    """What became known since its reader's earlier statements."""

    def __post_init__(self) -> None:
        of = f"facility {self.facility}"
        same_currency(of, (self.accrued, self.undrawn, *(table.opening for table in self.tables)))
        for name in ("principal", "interest", "fees", "in_advance"):
            said = f"{of}: {name.replace('_', ' ')} by the engine"
            must_equal(said, getattr(self.engine, name), getattr(self, name).closing)
        moved = total((row.amount for row in self.transactions), self.currency)
        must_equal(f"{of}: opening balance and transactions", self.owed_before + moved, self.owed)

    @property
    def currency(self) -> Currency:
        """The currency of every amount on it."""
        return self.principal.opening.currency

    @property
    def tables(self) -> tuple[Movements, ...]:
        """Principal, interest, fees, and what was paid before it was due."""
        return self.principal, self.interest, self.fees, self.in_advance

    @property
    def owed_before(self) -> Money:
        """What the fund owed when the period began, less what it had paid before it was due."""
        return sum((table.opening for table in self.tables[:-1]), -self.in_advance.opening)

    @property
    def owed(self) -> Money:
        """What the fund owed at the end of the period, less what it had paid before it was due."""
        return sum((table.closing for table in self.tables[:-1]), -self.in_advance.closing)

    @property
    def broken(self) -> tuple[CovenantRow, ...]:
        """The promises that the fund did not keep."""
        return tuple(one for one in self.covenants if not one.is_met)

    def as_rows(self) -> tuple[Row, ...]:
        """Every figure that is printed, one a row, under `loans.statements.COLUMNS`."""
        days = (self.head.period_start, self.head.last_day)
        named = zip(("principal", "interest", "fees", "paid in advance"), self.tables, strict=True)
        return (
            *self.head.rows(),
            *text_rows("lender", ("name", self.lender.name), ("registration", self.lender.registration)),
            *text_rows("facility", ("reference", self.facility), ("agreement", self.agreement), *self.terms),
            *(row for name, table in named for row in table.rows(name, days)),
            *self._dated_rows(),
            *self._schedule_rows(),
            *self._covenant_rows(),
            *(cell for known in self.since for cell in known.cells()),
        )

    def _dated_rows(self) -> Iterator[Row]:
        for number, row in enumerate(self.transactions, start=1):
            amounts = [("amount", row.amount), ("balance", row.balance)]
            yield from money_rows("transaction", number, row.on, row.what, amounts, " ".join(row.entries) or None)
        last = [("accrued, not due", self.accrued), ("not drawn", self.undrawn), ("owed", self.owed)]
        yield from money_rows("closing", 1, self.head.last_day, "At the end", last, None)

    def _schedule_rows(self) -> Iterator[Row]:
        for row in self.schedule:
            amounts = [
                *(("interest", row.interest), ("principal", row.principal)),
                *(("instalment", row.instalment), ("paid", row.paid), ("left", row.left)),
            ]
            yield from money_rows("schedule", row.number, row.due_on, row.state.value, amounts, None)

    def _covenant_rows(self) -> Iterator[Row]:
        for number, one in enumerate(self.covenants, start=1):
            told = (("kept", "yes" if one.is_met else "no"), ("figure", one.figure), ("limit", one.limit))
            for measure, value in (*told, ("headroom", one.headroom), ("in words", one.sentence)):
                yield "promise", number, one.on, one.promise, measure, value, None, None
