"""`manage.py verify_seals --book B [--against SEAL]`: has anything been altered since it was sealed?"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.management.arguments import find_book
from ledger.domain.errors import SealNotRecognised
from ledger.domain.seal import SealText, parse_seal
from ledger.queries import latest_seal, one_snapshot
from ledger.services import seal_text, verify

if TYPE_CHECKING:
    from ledger.models import Book

UNANCHORED = (
    "No seal from outside was given. Without one, entries that were rewritten with fresh hashes, or cut off together "
    "with their seals, cannot be told. Every statement prints a seal: give it with --against."
)


class Command(BaseCommand):
    """Computes the whole chain of a book again; names the first entry that is not what was sealed."""

    help = "Compute a book's seals again, and compare them with one kept outside; exit code 1 if anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        outside = parser.add_mutually_exclusive_group()
        outside.add_argument("--against", metavar="SEAL", help="a seal kept outside: BOOK:NUMBER:POSITION:HASH")
        outside.add_argument("--against-file", metavar="F", help="a file with such seals, one on a line")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        against = _outside_seal(book, options["against"], options["against_file"])
        with one_snapshot():
            findings = list(verify(book, against))
            self._say_what_was_checked(book, against)
        for finding in findings:
            self.stdout.write(f"WRONG: {finding.message}")
        if findings:
            raise CommandError(f"{book.code} is not what was sealed: {findings[0].message}. Nothing was changed.")
        self.stdout.write("Every sealed entry is what was sealed.")

    def _say_what_was_checked(self, book: Book, against: SealText | None) -> None:
        last = latest_seal(book)
        unsealed = book.entries.filter(sealed__isnull=True).count()
        covered = f"{last.position} entries under {last.number} seals" if last else "nothing was sealed yet"
        self.stdout.write(f"{book.name} ({book.code}): {covered}, {unsealed} entries not sealed.")
        if last:
            self.stdout.write(f"Last seal: {seal_text(last)}")
        self.stdout.write(f"Held against the seal {against}" if against else UNANCHORED)


def _outside_seal(book: Book, typed: str | None, file: str | None) -> SealText | None:
    """The seal to hold on to: the one typed, or the latest of the book's in a file."""
    if typed is None and file is None:
        return None
    texts = [typed] if typed is not None else _lines(file or "")
    try:
        seals = [parse_seal(text) for text in texts]
    except SealNotRecognised as error:
        raise CommandError(f"{error} Nothing was verified.") from error
    of_book = [seal for seal in seals if seal.book == book.code]
    if not of_book:
        others = ", ".join(sorted({seal.book for seal in seals})) or "no book"
        raise CommandError(f"There is no seal of {book.code} here, but of {others}. Nothing was verified.")
    return max(of_book, key=lambda seal: (seal.position, seal.number))


def _lines(file: str) -> list[str]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read ({error}). Nothing was verified.") from error
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
