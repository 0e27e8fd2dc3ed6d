"""What is not settled between the bank and the books by a day: which accounts and lines, and how much?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text
from ledger.queries import (
    bank_differences,
    lines_in_suspense,
    payments_at_the_bank,
    statements_through,
)

if TYPE_CHECKING:
    from ledger.models import Book


def statements_missing(book: Book, through: date) -> str:
    """The bank accounts of which no statement reaches a day, each with how far they reach; "" where all do."""
    return "; ".join(
        f"{name} reaches {date_text(to)}" if to else f"{name} has none"
        for name, to in statements_through(book, through).items()
        if to is None or to < through
    )


def unreconciled(book: Book, through: date) -> str:
    """The bank accounts that do not come to what the bank says; an account without a statement says nothing here."""
    return "; ".join(
        f"{account} stands at {_money(books, account.currency)} in the books and at {_money(bank, account.currency)} "
        "at the bank"
        for account, books, bank in bank_differences(book, through)
    )


def unmatched(book: Book, through: date) -> str:
    """The bank lines with something in suspense on the evening of a day, with what came in and what went out."""
    rows = [(line.rest, line.bank_account.currency) for line in lines_in_suspense(book, through)]
    said = {"in": [row for row in rows if row[0] > 0], "out": [(-rest, code) for rest, code in rows if rest < 0]}
    sums = ", ".join(f"{_sums(found)} {way}" for way, found in said.items() if found)
    return f"{_counted(rows, 'line')} in suspense, {sums}" if rows else ""


def unconfirmed(book: Book, through: date) -> str:
    """The payments that the bank was to make by a day and has not confirmed."""
    sent = payments_at_the_bank(book).filter(sent_on__lte=through)
    rows = [(payment.amount, payment.file.currency) for payment in sent]
    return f"{_counted(rows, 'payment')} of {_sums(rows)} at the bank and not confirmed" if rows else ""


def _counted(rows: list[tuple[int, str]], noun: str) -> str:
    return f"{len(rows)} {noun}{'' if len(rows) == 1 else 's'}"


def _sums(rows: Iterable[tuple[int, str]]) -> str:
    """Minor units added up by currency."""
    sums: Counter[str] = Counter()
    for minor, currency in rows:
        sums[currency] += minor
    return " and ".join(_money(minor, currency) for currency, minor in sorted(sums.items()))


def _money(minor: int, currency: str) -> str:
    return money_text(from_minor(minor, currency))
