"""`manage.py import_open_data FILE --book B`: try a SEDL file, or bring its deals in as records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.management.arguments import find_book
from commonweal.management.people import person_called
from commonweal.open_data.errors import OpenDataError
from commonweal.open_data.records import bring_in_records, try_records


class Command(BaseCommand):
    """Says first what would come of it; records are never loans of the ledger."""

    help = "Try a SEDL file; with --bring-in keep its businesses and records of its deals. It makes no loans."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--bring-in", action="store_true", help="keep it, and do not only say what would be kept")
        parser.add_argument("--by", help="the e-mail address of the person who brings it in")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        try:
            if options["bring_in"]:
                done = bring_in_records(book=book, content=content, by=person_called(options["by"], book))
                self.stdout.write(f"{done.new} of {done.deals} deals were kept as records. No loan was made.")
                return
            found = try_records(book=book, content=content)
        except OpenDataError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"A dry run: {found.deals} deals of {found.businesses} businesses, {found.new} of them new here. "
            "Nothing was kept; --bring-in keeps them."
        )
