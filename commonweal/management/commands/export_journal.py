"""`manage.py export_journal --format F [--book B] [--from D] [--to D]`: the journal for programs that are not ours."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.management.arguments import day, find_only_book
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
        if form == "xlsx":
            with _new_file(output or "", binary=True) as file:
                write_xlsx(journal, file)
        elif output:
            with _new_file(output) as file:
                file.writelines(TEXT_FORMATS[form](journal))
        else:
            for line in TEXT_FORMATS[form](journal):
                self.stdout.write(line, ending="")


@contextmanager
def _new_file(output: str, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A file that is there whole or not at all, in place of one that was there before."""
    path = Path(output)
    kind: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "newline": ""}
    try:
        with NamedTemporaryFile(**kind, dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                yield file
                file.close()
                Path(file.name).chmod(0o666 & ~_umask())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise CommandError(f"{output} cannot be written ({error.strerror}). Nothing was written.") from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
