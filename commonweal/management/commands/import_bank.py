"""`manage.py import_bank FILE --book B`: bring in a CAMT.053 bank statement file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.access.models import User
from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.refusals import REFUSALS
from ledger.queries import book_by_code, books
from ledger.services import MAX_BANK_FILE_BYTES


class Command(BaseCommand):
    """Imports a file whole or not at all; the same file again changes nothing."""

    help = "Import a CAMT.053 bank statement file into a book and match its lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--by", help="the e-mail address of the person who imports; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book = book_by_code(options["book"])
        if book is None:
            known = ", ".join(one.code for one in books())
            raise CommandError(f"There is no book {options['book']!r}. The books are: {known or 'none yet'}.")
        file: Path = options["file"]
        try:
            if file.stat().st_size > MAX_BANK_FILE_BYTES:
                raise CommandError(f"{file} is larger than {MAX_BANK_FILE_BYTES:,} bytes. Nothing was imported.")
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            brought = bring_in_bank_file(book=book, name=file.name, content=content, by=_person(options["by"], book.pk))
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(brought.in_words())
        for one in brought.repayments:
            if one.loan is None:
                self.stdout.write(
                    f"  left: {one.line.booked_on} {one.line.counterparty} {one.line.reference}: {one.left_because}"
                )


def _person(email: str | None, book: int) -> User:
    if email:
        found = User.objects.filter(email=email.strip().lower()).first()
        if found is None:
            raise CommandError(f"There is no person with the address {email}.")
        return found
    found = User.objects.filter(staff_memberships__book=book).exclude(staff_memberships__role="auditor").first()
    if found is None:
        raise CommandError("No member of staff has a role in this book. Name who imports with --by.")
    return found
