"""Is every payout booked as approved, and is on its way what was not paid? Rules in the form of `ledger.checks`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from investors.domain.entries import on_its_way_to_investor, payout_entry
from investors.models import PayoutLine
from investors.queries import entry_value, payments_of_lines, payout_entries, payout_lines
from ledger.checks import Check, Finding
from ledger.domain.bank_statement import plain
from ledger.domain.entry import Posting
from ledger.domain.money import from_minor
from ledger.domain.payments import PaymentState
from ledger.queries import balances, entries

if TYPE_CHECKING:
    from ledger.models import Book

END_OF_TIME = date(9999, 1, 1)
"""After every entry."""


def payouts_are_booked(book: Book) -> Iterator[Finding]:
    """Each line of an approved payout has its entry, which moves what was approved, reversed where it is taken back."""
    lines = list(payout_lines(book))
    posted = payout_entries(book, lines)
    numbers = [entry.pk for entry in posted.values()]
    back = set(entries(book).filter(reverses__in=numbers).values_list("reverses", flat=True))
    for line in lines:
        entry = posted.get(line.pk)
        if entry is None or entry_value(entry).postings != _postings_of(line):
            said = f"line {line.line_no} pays {line.investor.code} {plain(line.parts.amount)} and is not booked so"
        elif (entry.pk in back) != line.is_taken_back:
            said = f"line {line.line_no}, to {line.investor.code}, is reversed or taken back, and not both"
        else:
            continue
        message = f"{said}. No service does this: somebody changed the tables or reversed the entry by hand."
        yield Finding("payout-booked", str(line.payout), message)


def _postings_of(line: PayoutLine) -> tuple[Posting, ...]:
    return payout_entry(line.pk, line.parts, line.payout.effective_on, 0).postings


def money_on_its_way_is_paid_out(book: Book) -> Iterator[Finding]:
    """What is on its way to an investor is what was paid out and neither taken back nor paid by the bank."""
    lines = list(payout_lines(book))
    paid = payments_of_lines(book, lines)
    expected: dict[str, int] = {}
    for line in lines:
        code = on_its_way_to_investor(line.investor.code)
        is_paid = line.pk in paid and paid[line.pk].state == PaymentState.CONFIRMED
        waits = 0 if line.is_taken_back or is_paid else line.amount - line.tax
        expected[code] = expected.get(code, 0) + waits
    for code, stands in balances(book, sorted(expected), END_OF_TIME).items():
        unpaid = from_minor(expected[code], book.base_currency)
        if -stands != unpaid:
            message = (
                f"account {code} has {plain(-stands)} on its way, and payouts that the bank has not paid come to "
                f"{plain(unpaid)}. Look for a bank line that was matched, or a match that was undone, by hand."
            )
            yield Finding("payout-on-its-way", code, message)


PAYOUT_CHECKS: tuple[Check, ...] = (payouts_are_booked, money_on_its_way_is_paid_out)
"""The rules about payouts."""
