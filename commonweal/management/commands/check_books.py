"""`manage.py check_books [--book B]`: look through the books for anything that should not be there."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.jobs.checks import look_through
from commonweal.management.arguments import find_books
from ledger.checks import Finding, rule
from ledger.queries import one_snapshot

if TYPE_CHECKING:
    from ledger.models import Book

SHOWN = 20
"""Findings of one rule that are printed; beyond it their number alone."""


class Command(BaseCommand):
    """Says each rule that it looked at, and what it found; exit code 1 if it found anything."""

    help = "Look through the books for anything that should not be there; exit code 1 if there is something."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", help="the code of one book; otherwise every book")

    def handle(self, *args: Any, **options: Any) -> None:
        books = find_books(options["book"])
        with one_snapshot():
            found = {book.code: self._look_through(book) for book in books}
        wrong = [code for code, findings in found.items() if findings]
        if wrong:
            raise CommandError(f"{sum(found.values())} findings, in {', '.join(wrong)}. Nothing was changed.")
        self.stdout.write(f"Nothing was found in {', '.join(found)}. Alterations are for `manage.py verify_seals`.")

    def _look_through(self, book: Book) -> int:
        """Print what every rule finds in a book, and give how much it is."""
        self.stdout.write(f"{book.name} ({book.code}), {book.entries.count()} entries:")
        number = 0
        for check, findings in look_through(book):
            number += len(findings)
            self.stdout.write(f"  {'WRONG' if findings else 'ok   '}  {rule(check)}")
            self._print(findings)
        return number

    def _print(self, findings: list[Finding]) -> None:
        for finding in findings[:SHOWN]:
            self.stdout.write(f"           {finding}")
        if len(findings) > SHOWN:
            self.stdout.write(f"           … and {len(findings) - SHOWN} more of these.")
