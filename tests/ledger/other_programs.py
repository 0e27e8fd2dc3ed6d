"""hledger and beancount as judges: what do they make of an export of our books?"""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from beancount import loader
from beancount.ops import summarize

from ledger import queries
from ledger.exports import beancount_lines, hledger_lines, read_journal
from ledger.exports.names import beancount_names, hledger_names
from ledger.models import Book

Balances = dict[date, dict[int, Decimal]]
"""Balances by month end and number of account, those that are nought left out."""


def run_hledger(hledger: str, text: str, *arguments: str) -> str:
    """What hledger answers about a journal; a complaint of its is an AssertionError."""
    finished = subprocess.run(
        [hledger, "-f", "-", *arguments], input=text, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def our_balances(book: Book, from_on: date, to_on: date) -> Balances:
    """What our trial balance says at the end of each month, from one date to another."""
    return {
        end: {row.account_id: row.balance.amount for row in queries.trial_balance(book, end) if row.minor}
        for end in month_ends(from_on, to_on)
    }


def hledger_balances(hledger: str, text: str, numbers: Mapping[str, int], from_on: date, to_on: date) -> Balances:
    """What hledger says of each account, at the end of each month."""
    dates = (
        "-b",
        from_on.replace(day=1).isoformat(),
        "-e",
        (month_ends(to_on, to_on)[0] + timedelta(days=1)).isoformat(),
    )
    report = run_hledger(hledger, text, "balance", "-M", "--historical", "--flat", "-N", "-O", "csv", *dates)
    found: Balances = {end: {} for end in month_ends(from_on, to_on)}
    for row in csv.DictReader(io.StringIO(report)):
        for end, (_, cell) in zip(found, list(row.items())[1:], strict=True):
            if amount := Decimal(cell.split()[0]):
                found[end][numbers[row["account"]]] = amount
    return found


def beancount_balances(text: str, numbers: Mapping[str, int], from_on: date, to_on: date) -> Balances:
    """What beancount says of each account, at the end of each month."""
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    found: Balances = {}
    for end in month_ends(from_on, to_on):
        balances, _ = summarize.balance_by_account(entries, end + timedelta(days=1))
        found[end] = {
            numbers[name]: position.units.number
            for name, inventory in balances.items()
            for position in inventory
            if position.units.number
        }
    return found


def assert_others_agree(hledger: str, book: Book, *, from_on: date | None, to_on: date) -> None:
    """hledger and beancount accept the export, and come to our trial balance for every account and month end."""
    start = from_on or book.opened_on
    expected = our_balances(book, start, to_on)
    assert all(expected.values()), "there is something to compare at each month end"

    journal = read_journal(book, from_on=from_on)
    text = "".join(hledger_lines(journal))
    for check in (("check", "--strict"), ("check", "ordereddates")):
        assert run_hledger(hledger, text, *check) == ""
    numbers = {name: number for number, name in hledger_names(journal.accounts, journal.base_currency).items()}
    assert hledger_balances(hledger, text, numbers, start, to_on) == expected

    text = "".join(beancount_lines(read_journal(book, from_on=from_on)))
    numbers = {name: number for number, name in beancount_names(journal.accounts, journal.base_currency).items()}
    assert beancount_balances(text, numbers, start, to_on) == expected


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months from one date to another."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month + 1)
    return [date(month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in months]
