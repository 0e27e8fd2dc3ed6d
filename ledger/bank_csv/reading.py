"""Which lines are in a CSV file, read by its mapping, and do its balances tie?

A CSV states no opening balance, and no closing one unless it has a column with the balance after each line; then every
line is held against the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moneyed import Money

from ledger.bank_csv.cells import read_day, read_money
from ledger.bank_csv.table import Row, Table, read_table
from ledger.domain.bank_errors import (
    BalanceMismatch,
    BankFileError,
    MappingDoesNotFit,
    MissingPart,
    WrongAccount,
    WrongCurrency,
)
from ledger.domain.bank_statement import (
    ParsedLine,
    ParsedStatement,
    is_same_account,
    normalise_account,
    number_occurrences,
    plain,
)
from ledger.domain.csv_mapping import CsvMapping, Sign
from ledger.safe_xml import hold_size

_SHORT, _LONG = 140, 500
_SHORTEST_ACCOUNT = 4
NO_BALANCE = "The file states no balance: nothing was compared with the bank."


@dataclass(frozen=True, slots=True)
class MappedAccount:
    """The bank account that a CSV is of, which the file does not say, and how its columns are read."""

    identification: str
    currency: str
    mapping: CsvMapping


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A row as it would be read, or why it cannot be."""

    number: int
    line: ParsedLine | None
    balance: Money | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    number: int
    line: ParsedLine
    balance: Money | None


def parse_csv(data: bytes, *, max_bytes: int, mapped: MappedAccount) -> tuple[ParsedStatement, ...]:
    """The statement in a CSV file, lines that are alike numbered.

    Raises BankFileError, in one of its classes and no other error, for any bytes whatever.
    """
    hold_size(len(data), max_bytes)
    mapped.mapping.hold_complete()
    rows = _Reader(read_table(data, mapped.mapping), mapped)
    read = [row for row in rows.all() if row.line.amount or row.balance is not None]
    lines = [row.line for row in read if row.line.amount]
    if not lines:
        raise MissingPart("The CSV file has no line with an amount. Choose a period in which money moved.")
    ordered, closing = _in_order(read) if any(row.balance is not None for row in read) else (_oldest_first(read), None)
    from_on, to_on = min(line.booked_on for line in lines), max(line.booked_on for line in lines)
    statement = ParsedStatement(
        statement_id=f"CSV {from_on} to {to_on}",
        account_identification=mapped.identification,
        currency=mapped.currency,
        from_on=from_on,
        to_on=to_on,
        opening=None,
        closing=closing,
        lines=tuple(row.line for row in ordered if row.line.amount),
        notes=() if closing is not None else (NO_BALANCE,),
    )
    return number_occurrences([statement])


def preview_csv(data: bytes, mapped: MappedAccount, *, most: int = 10) -> list[PreviewLine]:
    """The first rows as they would be read. Raises BankFileError where no row can be, as for a missing column."""
    mapped.mapping.hold_complete()
    rows = _Reader(read_table(data, mapped.mapping), mapped)
    return [_previewed(rows, row) for row in rows.table.rows[:most]]


def _previewed(rows: _Reader, row: Row) -> PreviewLine:
    try:
        read = rows.one(row)
    except BankFileError as refusal:
        return PreviewLine(row.number, None, refusal=str(refusal).removesuffix(" Nothing was imported."))
    return PreviewLine(row.number, read.line, read.balance)


class _Reader:
    """Reads the rows of a table by where the mapped columns stand. Raises MappingDoesNotFit for one that is missing."""

    def __init__(self, table: Table, mapped: MappedAccount) -> None:
        self.table, self.mapped, self.mapping = table, mapped, mapped.mapping
        self.places = {name: table.place(name, heading) for name, heading in self.mapping.columns.items()}

    def all(self) -> Iterable[_Read]:
        return (self.one(row) for row in self.table.rows)

    def one(self, row: Row) -> _Read:
        self._hold_account(row)
        booked_on = read_day(self._cell(row, "date"), self.mapping.date_format, self._where(row, "date"))
        value = self._cell(row, "value_date")
        words = {name: self._cell(row, name) for name in ("counterparty", "reference", "description")}
        line = ParsedLine(
            bank_reference=_shorten(self._cell(row, "bank_reference"), _SHORT),
            booked_on=booked_on,
            value_on=read_day(value, self.mapping.date_format, self._where(row, "value_date")) if value else booked_on,
            amount=self._amount(row),
            counterparty=_shorten(words["counterparty"], _SHORT),
            reference=_shorten(words["reference"], _SHORT),
            description=_shorten(words["description"], _LONG),
        )
        return _Read(row.number, line, self._money(row, "balance"))

    def _amount(self, row: Row) -> Money:
        """Money in is positive, whichever way the bank writes it."""
        nought = Money(0, self.mapped.currency)
        if self.mapping.amount:
            amount = self._money(row, "amount")
            if amount is None:
                raise self._does_not_fit(row, "amount", "is blank")
            return -amount if self.mapping.sign is Sign.MINUS_IN else amount
        debit, credit = (self._money(row, name) or nought for name in ("debit", "credit"))
        if debit and credit:
            raise self._does_not_fit(row, "debit", f"has money out while {self.mapping.credit!r} has money in")
        wrong_way = debit.amount < 0 if self.mapping.sign is Sign.NONE else debit.amount > 0
        if wrong_way or credit.amount < 0:
            raise self._does_not_fit(
                row, "debit" if wrong_way else "credit", "has a sign that the mapping does not say"
            )
        return credit - abs(debit)

    def _money(self, row: Row, name: str) -> Money | None:
        text = self._cell(row, name)
        if not text:
            return None
        comma = self.mapping.decimal_comma
        return read_money(text, self.mapped.currency, decimal_comma=comma, where=self._where(row, name))

    def _hold_account(self, row: Row) -> None:
        account, currency = self._cell(row, "account"), self._cell(row, "currency").upper()
        if account and not _is_of(account, self.mapped.identification):
            raise WrongAccount(
                f"{self._where(row, 'account')} has {account[:40]!r}; the file is brought in to "
                f"{self.mapped.identification}. Choose the bank account that it is of."
            )
        if currency and currency != self.mapped.currency:
            raise WrongCurrency(
                f"{self._where(row, 'currency')} has {currency[:20]!r}; the bank account is in {self.mapped.currency}. "
                "Choose the bank account that the file is of."
            )

    def _cell(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else row.cells[place]

    def _where(self, row: Row, name: str) -> str:
        return f"Line {row.number}, column {self.mapping.columns[name][:60]!r},"

    def _does_not_fit(self, row: Row, name: str, what: str) -> MappingDoesNotFit:
        return MappingDoesNotFit(f"{self._where(row, name)} {what}. Confirm a new mapping.")


def _is_of(account: str, identification: str) -> bool:
    """Whether a cell names the account: whole, or its number without the sort code."""
    given = normalise_account(account)
    return is_same_account(given, identification) or (
        len(given) >= _SHORTEST_ACCOUNT and normalise_account(identification).endswith(given)
    )


def _oldest_first(read: Sequence[_Read]) -> list[_Read]:
    is_newest_first = read[0].line.booked_on > read[-1].line.booked_on
    return list(reversed(read)) if is_newest_first else list(read)


def _in_order(read: Sequence[_Read]) -> tuple[list[_Read], Money]:
    """The rows in the order in which their balances tie, and the last balance. Raises BalanceMismatch."""
    forth, back = list(read), list(reversed(read))
    orders = [forth, back, *(sorted(order, key=lambda row: row.line.booked_on) for order in (forth, back))]
    for order in orders:
        if _first_break(order) is None:
            return order, _closing(order)
    order = _oldest_first(read)
    row, made = _first_break(order) or (order[0], order[0].line.amount)
    stated = row.balance if row.balance is not None else made
    raise BalanceMismatch(
        f"Line {row.number} of the CSV file states a balance of {plain(stated)}; the balance before it and the lines "
        f"since make {plain(made)}, a difference of {plain(stated - made)}. Download it again, or look at the mapping."
    )


def _first_break(order: Sequence[_Read]) -> tuple[_Read, Money] | None:
    """The first row whose balance is not the one before it and what moved since, with what those make."""
    stands: Money | None = None
    for row in order:
        if stands is not None:
            stands += row.line.amount
        if row.balance is not None:
            if stands is not None and stands != row.balance:
                return row, stands
            stands = row.balance
    return None


def _closing(order: Sequence[_Read]) -> Money:
    stands = 0 * order[0].line.amount
    for row in order:
        stands = row.balance if row.balance is not None else stands + row.line.amount
    return stands


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
