"""What each waiting bank line could be for, of all that a fund knows? Loans, investors, the bank, other lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from investors.suggested import investor_suggestions
from ledger import queries as ledger
from ledger.domain.bank_suggestions import OPPOSITE_DAYS, BankLine, bank_suggestions
from ledger.domain.entry import Kind
from ledger.domain.suggestion import Suggestion, best_first
from loans.models import EventKind, LoanEvent
from loans.suggested import loan_suggestions

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book

MOST_SHOWN = 5

CAN_COME_BACK = {Kind.REPAYMENT, Kind.DRAWDOWN, Kind.CONTRIBUTION}
"""Kinds of entries that a payment which comes back undoes."""


def suggestions(book: Book, lines: Sequence[BankStatementLine]) -> dict[int, list[Suggestion]]:
    """What each line (with its `rest`) could be for, the most likely first, by the line's key.

    In as many queries for many lines as for one; for as many lines as stand on a page.
    """
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for part in (loan_suggestions(book, lines), investor_suggestions(book, lines), _of_the_bank(book, lines)):
        for key, several in part.items():
            found[key] += several
    return {line.pk: best_first(found[line.pk], most=MOST_SHOWN) for line in lines}


def _of_the_bank(book: Book, lines: Sequence[BankStatementLine]) -> dict[int, list[Suggestion]]:
    opposites = ledger.lines_of_opposite_amount(book, lines, days=OPPOSITE_DAYS)
    took = _what_they_took(opposites)
    known = [_bank_line(one, took.get(one.pk, "")) for one in opposites if took.get(one.pk) is not None]
    return {line.pk: bank_suggestions(_bank_line(line), _others(line, known)) for line in lines}


def _others(line: BankStatementLine, known: Iterable[BankLine]) -> list[BankLine]:
    whole = vars(line)["rest"] == line.amount
    return [one for one in known if whole and one.key != line.pk and one.currency == line.bank_account.currency]


def _bank_line(line: BankStatementLine, took: str = "") -> BankLine:
    return BankLine(
        line.pk,
        line.bank_account_id,
        line.booked_on,
        line.amount,
        line.bank_account.currency,
        line.counterparty,
        f"{line.reference} {line.description}",
        took,
    )


def _what_they_took(lines: Sequence[BankStatementLine]) -> dict[int, str]:
    """What the lines that are matched booked, in words; nought where they wait, none where it cannot come back."""
    standing = {line.pk: ledger.standing_matches(line) for line in lines}
    entries = {match.entry_id for matches in standing.values() for match in matches}
    repaid = LoanEvent.objects.filter(entry_id__in=entries, kind=EventKind.REPAID).select_related("loan")
    by_entry = {event.entry_id: f"Repayment of {event.loan}" for event in repaid}
    found = {key: "" for key, matches in standing.items() if not matches}
    for key, matches in standing.items():
        if len(matches) == 1 and matches[0].entry.kind in CAN_COME_BACK:
            entry = matches[0].entry
            found[key] = by_entry.get(entry.pk) or entry.narrative.removesuffix(" paid")
    return found
