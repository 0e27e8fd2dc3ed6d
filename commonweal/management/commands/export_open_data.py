"""`manage.py export_open_data --standard sedl --book B`: write what a book may publish, or publish it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.management.arguments import day, find_book
from commonweal.management.files import new_file
from commonweal.management.people import person_called
from commonweal.open_data.errors import OpenDataError
from commonweal.open_data.exporting import DataSet, data_set
from commonweal.open_data.publishing import publish
from commonweal.open_data.shapes import Standard
from commonweal.open_data.writing import written


class Command(BaseCommand):
    """Judges a data set before it writes; the same knowledge gives the same bytes."""

    help = "Write deals as SEDL, with the note that stands beside them, or publish them on the public page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--standard", required=True, choices=[one.value for one in Standard])
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--as-of", type=day, help="by default the book's business date")
        parser.add_argument("--output", type=Path, help="the file; its note is written beside it")
        parser.add_argument("--publish", action="store_true", help="publish it under the next version")
        parser.add_argument("--by", help="the e-mail address of the person who publishes")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        standard, as_of = Standard(options["standard"]), options["as_of"] or book.business_date
        try:
            if options["publish"]:
                by = person_called(options["by"], book)
                release = publish(book=book, standard=standard, as_of=as_of, by=by)
                self.stdout.write(f"{release} is published. {release.sha256}")
                return
            made = data_set(book=book, standard=standard, as_of=as_of)
        except OpenDataError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._write(made, options["output"] or Path(f"{made.name}.json"))

    def _write(self, made: DataSet, path: Path) -> None:
        with new_file(path) as file:
            file.write(made.content)
        with new_file(path.with_suffix(".note.json")) as file:
            file.write(written(made.note))
        self.stdout.write(
            f"{path}: {made.note['deals']} deals, {made.note['left_out']} left out. {made.sha256}\n"
            f"The note beside it says the licence, the totals and the journal entries behind them."
        )
