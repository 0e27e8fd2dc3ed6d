"""`manage.py export_journal --format F [--book B] [--from D] [--to D]`: the journal for programs that are not ours."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.management.arguments import day, find_only_book
from commonweal.management.files import new_file
from ledger.exports import TEXT_FORMATS, Journal, read_journal, write_xlsx
from ledger.queries import one_snapshot


class Command(BaseCommand):
    """Writes to standard output or to a file; the books are read in one snapshot, a piece at a time."""

    help = "Write the journal of a book for hledger or beancount, or as CSV or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", required=True, choices=[*TEXT_FORMATS, "xlsx"])
        parser.add_argument("--book", help="the code of the book; may be left out where there is only one")
        parser.add_argument(
            "--from",
            dest="from_on",
            type=day,
            metavar="DATE",
            help="the first date; balances are brought forward in one entry dated the day before",
        )
        parser.add_argument("--to", dest="to_on", type=day, metavar="DATE", help="the last date")
        parser.add_argument("--output", metavar="FILE", help="the file to write; standard output otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_only_book(options["book"])
        from_on, to_on, output = options["from_on"], options["to_on"], options["output"]
        if from_on and to_on and from_on > to_on:
            raise CommandError(f"--from {from_on} is after --to {to_on}. Nothing was written.")
        if options["format"] == "xlsx" and not output:
            raise CommandError(
                "A workbook is not text: say where to write it, with --output FILE. Nothing was written."
            )
        with one_snapshot():
            self._write(read_journal(book, from_on=from_on, to_on=to_on), options["format"], output)
        if output:
            self.stderr.write(f"The journal of {book.name} is in {output}.")

    def _write(self, journal: Journal, form: str, output: str | None) -> None:
        if not output:
            for line in TEXT_FORMATS[form](journal):
                self.stdout.write(line, ending="")
            return
        with new_file(Path(output)) as file:
            if form == "xlsx":
                write_xlsx(journal, file)
            else:
                file.writelines(line.encode() for line in TEXT_FORMATS[form](journal))
