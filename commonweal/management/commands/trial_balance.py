"""`manage.py trial_balance --book B [--as-of D] [--known-at T]`: what every account stands at."""

from __future__ import annotations

import csv
import io
import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime
from moneyed import Money

from commonweal.management.arguments import day, find_book, moment
from commonweal.templatetags.commonweal import day as written_day
from ledger.domain.bank_statement import plain
from ledger.domain.money import from_minor
from ledger.exports import harmless
from ledger.queries import TrialBalanceRow, latest_seal, one_snapshot, trial_balance
from ledger.services import seal_text

if TYPE_CHECKING:
    from ledger.models import Book, Seal

COLUMNS = ("account", "name", "kind", "currency", "debit", "credit")


class Command(BaseCommand):
    """Prints a trial balance as a table, as CSV or as JSON; debits and credits are equal in each currency."""

    help = "Print what every account of a book stands at, on any date and as known at any moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--as-of", type=day, metavar="DATE", help="the date; otherwise the book's business date")
        parser.add_argument(
            "--known-at",
            type=moment,
            metavar="MOMENT",
            help="only entries under the last seal before this moment: what was known then",
        )
        parser.add_argument("--format", choices=["text", "csv", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        as_of: date = options["as_of"] or book.business_date
        with one_snapshot():
            seal = _seal_before(book, options["known_at"]) if options["known_at"] else None
            rows = trial_balance(book, as_of, known_under=seal)
        write = {"text": as_text, "csv": as_csv, "json": as_json}[options["format"]]
        self.stdout.write(write(book, as_of, str(seal_text(seal)) if seal else None, rows), ending="")


def _seal_before(book: Book, at: datetime) -> Seal:
    seal = latest_seal(book, at=at)
    if seal is None:
        raise CommandError(
            f"Nothing of {book.code} was sealed by {localtime(at):%Y-%m-%d %H:%M}: what was known then cannot be told. "
            "Ask for a later moment."
        )
    return seal


def as_text(book: Book, as_of: date, seal: str | None, rows: Sequence[TrialBalanceRow]) -> str:
    """A table for people, with the totals of each currency."""
    lines = [("Account", "Name", "Debit", "Credit")]
    for row in rows:
        left, right = (row.minor, None) if row.minor >= 0 else (None, -row.minor)
        lines.append((row.code, row.name, _shown(left, row.currency), _shown(right, row.currency)))
    for currency, (debit, credit) in _totals(rows).items():
        lines.append(("Total", "", _shown(debit, currency), _shown(credit, currency)))
    widths = [max(len(line[place]) for line in lines) for place in range(4)]
    table = [
        f"{code:<{widths[0]}}  {name:<{widths[1]}}  {debit:>{widths[2]}}  {credit:>{widths[3]}}".rstrip()
        for code, name, debit, credit in lines
    ]
    known = [f"As known under the seal {seal}"] if seal else []
    head = [f"{book.name}: trial balance as of {written_day(as_of)}", *known, ""]
    return "\n".join([*head, *table]) + "\n"


def as_csv(book: Book, as_of: date, seal: str | None, rows: Sequence[TrialBalanceRow]) -> str:
    """A row for each account, in the order of COLUMNS."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        text = [harmless(cell) for cell in (row.code, row.name, row.kind.value, row.currency)]
        writer.writerow([*text, _plain(row.debit), _plain(row.credit)])
    return out.getvalue()


def as_json(book: Book, as_of: date, seal: str | None, rows: Sequence[TrialBalanceRow]) -> str:
    """The same with what it is; amounts are text, so that none is rounded on the way."""
    found = [
        dict(zip(COLUMNS, (r.code, r.name, r.kind.value, r.currency, _plain(r.debit), _plain(r.credit)), strict=True))
        for r in rows
    ]
    answer = {"book": book.code, "as_of": as_of.isoformat(), "known_under": seal, "accounts": found}
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _totals(rows: Sequence[TrialBalanceRow]) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        debit, credit = totals.get(row.currency, (0, 0))
        totals[row.currency] = debit + max(row.minor, 0), credit + max(-row.minor, 0)
    return dict(sorted(totals.items()))


def _shown(minor: int | None, currency: str) -> str:
    return "" if minor is None else plain(from_minor(minor, currency))


def _plain(amount: Money | None) -> str:
    return f"{amount.amount:f}" if amount else ""
