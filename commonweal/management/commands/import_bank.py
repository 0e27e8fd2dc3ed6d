"""`manage.py import_bank FILE --book B`: bring in a bank statement file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import find_book
from commonweal.management.people import person_called
from ledger.services import MAX_BANK_FILE_BYTES


class Command(BaseCommand):
    """Imports a file whole or not at all; the same file again changes nothing."""

    help = "Import a bank statement file, CAMT.053, OFX or CSV, into a book and match its lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--account", default="", help="the code of the bank account, for a CSV of one of several")
        parser.add_argument("--by", help="the e-mail address of the person who imports; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        person = person_called(options["by"], book)
        file: Path = options["file"]
        try:
            if file.stat().st_size > MAX_BANK_FILE_BYTES:
                raise CommandError(f"{file} is larger than {MAX_BANK_FILE_BYTES:,} bytes. Nothing was imported.")
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            brought = bring_in_bank_file(
                book=book, name=file.name, content=content, by=person, bank_account=options["account"]
            )
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(brought.in_words())
        for one in brought.repayments:
            if one.loan is None:
                self.stdout.write(
                    f"  left: {one.line.booked_on} {one.line.counterparty} {one.line.reference}: {one.left_because}"
                )
