"""`manage.py auditors_pack --book B --through D [--from D]`: what an auditor needs of some days, as one ZIP."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.documents.issuing import content
from commonweal.jobs.auditors_pack import make_pack, pack_days
from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import day, find_book
from commonweal.management.files import new_file
from commonweal.management.people import person_called


class Command(BaseCommand):
    """Makes and stores the pack, and writes the file; the same knowledge again gives the one that stands."""

    help = "Write the auditor's pack of a financial year, or of other days, as one ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--through", required=True, type=day, metavar="DATE", help="the last day")
        parser.add_argument(
            "--from", dest="from_on", type=day, metavar="DATE", help="the first day; by default the financial year's"
        )
        parser.add_argument("--output", metavar="FILE", help="the file to write; by default under its own name, here")
        parser.add_argument("--by", help="the e-mail address of the person who makes it; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        person = person_called(options["by"], book)
        try:
            days = pack_days(book, options["through"], options["from_on"])
            made = make_pack(book=book, days=days, by=person)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        document = made.document
        path = Path(options["output"] or document.file_name)
        with new_file(path) as file:
            file.write(content(document))
        self.stdout.write(f"{path}  {document.status}  {document.size} bytes  sha256 {document.sha256}")
        self.stdout.write(f"Seal: {document.seal}")
