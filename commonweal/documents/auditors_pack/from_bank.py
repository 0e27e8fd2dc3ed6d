"""The bank reconciliation of the pack: by the bank, by the books, what lies between, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.auditors_pack.tables import Row, Table
from ledger import queries
from ledger.domain.money import from_minor
from ledger.queries import BankReconciliation

COLUMNS = ("account", "currency", "what", "date", "reference", "who", "amount")


def bank_reconciliation(about: PackAbout) -> Table:
    """A few rows for each bank account, then the payments in transit."""
    return Table("04-bank-reconciliation", COLUMNS, lambda: _rows(about))


def _rows(about: PackAbout) -> Iterator[Row]:
    for bank_account in queries.bank_accounts(about.book):
        yield from _of_account(queries.bank_reconciliation(bank_account, about.last_day))
    yield from _in_transit(about)


def _of_account(found: BankReconciliation) -> Iterator[Row]:
    bank, on = found.bank_account, found.as_of
    account, suspense, currency = bank.account.code, bank.suspense.code, bank.currency

    def row(code: str, what: str, amount: int | None, day: date | None = on, *named: str) -> Row:
        reference, who = (*named, "", "")[:2]
        return (code, currency, what, day, reference, who, None if amount is None else _decimal(amount, currency))

    statement = found.statement
    if statement is None:
        yield row(account, "no statement by this day states a balance", None)
    else:
        yield row(
            account, "balance by the bank's statement", statement.closing, statement.to_on, statement.statement_id
        )
        yield row(account, "bank lines booked after that statement", found.lines_since)
        yield row(account, "balance by the bank", found.bank)
    yield row(account, "balance by the books", found.books)
    if found.difference is not None:
        yield row(account, "difference: books less bank", found.difference)
    for posting in found.not_of_the_bank:
        entry = posting.entry
        yield row(
            account, "explained: not by the bank", posting.amount, entry.effective_on, str(entry), entry.narrative
        )
    if found.not_of_the_bank or found.unexplained:
        yield row(account, "difference that nothing explains", found.unexplained)
    for line, rest in found.in_suspense:
        named = (line.reference or line.description, line.counterparty)
        yield row(suspense, "bank line not matched", rest, line.booked_on, *named)
    yield row(suspense, "bank lines not matched, together", found.unmatched)
    yield row(suspense, "suspense by the books", found.suspense)
    yield row(suspense, "difference: books less lines", found.suspense - found.unmatched)


def _in_transit(about: PackAbout) -> Iterator[Row]:
    sums: dict[str, int] = {}
    for account, minor in queries.in_transit(about.book, about.last_day):
        amount = _decimal(minor, account.currency)
        yield (account.code, account.currency, "payment in transit", about.last_day, account.subject, "", amount)
        sums[account.currency] = sums.get(account.currency, 0) + minor
    for currency, minor in sorted((sums or {about.book.base_currency: 0}).items()):
        amount = _decimal(minor, currency)
        yield ("1020", currency, "payments in transit, together", about.last_day, "", "", amount)


def _decimal(minor: int, currency: str) -> Decimal:
    return from_minor(minor, currency).amount
