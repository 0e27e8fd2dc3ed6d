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
        yield from text_rows(
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

    @property
    def says_something(self) -> bool:
        """Whether it holds anything, or anything moved."""
        return bool(self.lines or self.opening)

    def rows(self, section: str, on: tuple[date, date]) -> Iterator[Row]:
        """The table as figures; `on` is the first and the last day of the period."""
        unit = self.opening.currency.code
        yield section, 0, on[0], "Opening", "amount", self.opening.amount, unit, None
        for number, line in enumerate(self.lines, start=1):
            item = f"{line.words}: {line.note}" if line.note else line.words
            yield section, number, None, item, "amount", line.amount.amount, unit, " ".join(line.entries) or None
        yield section, len(self.lines) + 1, on[1], "Closing", "amount", self.closing.amount, unit, None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A statement that its reader has already: its number, its last day, and the seal that says what it knew.

    `figures` is the CSV that it carries, where that was kept and it is the one to be replaced.
    """

    number: str
    last_day: date
    seal: str
    figures: str = ""

    @property
    def position(self) -> int:
        """How many entries of the book it knew."""
        return parse_seal(self.seal).position


@dataclass(frozen=True, slots=True)
class KnownRow:
    """One entry that an earlier statement did not know: what it changed, an amount for each column."""

    on: date
    what: str
    entry: str
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class KnownSince:
    """What became known after an earlier statement, and is dated before its end: why it reads otherwise there.

    `columns` say what the amounts of each row change; `sums` are all rows together, by column.
    """

    statement: str
    last_day: date
    columns: tuple[str, ...]
    rows: tuple[KnownRow, ...]

    @property
    def sums(self) -> tuple[Money, ...]:
        """The columns added up."""
        currency = self.rows[0].amounts[0].currency
        return tuple(total(column, currency) for column in zip(*(row.amounts for row in self.rows), strict=True))

    def cells(self) -> Iterator[Row]:
        """Every figure of it, one a row."""
        for number, row in enumerate(self.rows, start=1):
            amounts = list(zip(self.columns, row.amounts, strict=True))
            source = f"{row.entry}, not known to {self.statement}"
            yield from money_rows("known since", number, row.on, row.what, amounts, source)


@dataclass(frozen=True, slots=True)
class Balance:
    """From this day on, the balance is this much; for the chart over time."""

    on: date
    amount: Money


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


def text_rows(section: str, *facts: tuple[str, Cell]) -> Iterator[Row]:
    """What a statement says in words or numbers, one fact a row."""
    for number, (measure, value) in enumerate(facts, start=1):
        yield section, number, None, None, measure, value, None, None


def money_rows(
    section: str, number: int, on: date, item: str, amounts: Sequence[tuple[str, Money]], source: str | None
) -> Iterator[Row]:
    """What one line says in money, one amount a row."""
    for measure, amount in amounts:
        yield section, number, on, item, measure, amount.amount, amount.currency.code, source
