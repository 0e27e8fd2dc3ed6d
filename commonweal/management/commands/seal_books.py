"""`manage.py seal_books [--book B]`: seal what was posted, and print the seals to keep outside."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commonweal.management.arguments import find_books
from ledger.services import seal, seal_text


class Command(BaseCommand):
    """Prints the latest seal of each book on a line of its own, as `verify_seals --against-file` reads it."""

    help = "Seal every entry that is not sealed yet, and print each book's seal; keep it outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", help="the code of one book; otherwise every book")

    def handle(self, *args: Any, **options: Any) -> None:
        for book in find_books(options["book"]):
            sealed = seal(book=book)
            if sealed is None:
                self.stderr.write(f"{book.code} has no entries to seal.")
            else:
                self.stdout.write(str(seal_text(sealed)))
