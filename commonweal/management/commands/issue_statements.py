"""`manage.py issue_statements --book B --period 2026-Q3`: a statement for each borrower and each investor, as PDF."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.statements import issue_statements, period_of
from commonweal.management.arguments import find_book
from commonweal.management.people import person_called


class Command(BaseCommand):
    """Issues what the books know; the same knowledge again gives the documents that stand."""

    help = "Issue the statements of a period that is over: 2026, 2026-Q3 or 2026-09."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--period", required=True, help="2026, 2026-Q3 or 2026-09")
        parser.add_argument("--by", help="the e-mail address of the person who issues; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        person = person_called(options["by"], book)
        try:
            issued = issue_statements(book=book, period=period_of(options["period"], book), by=person)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        for one in issued:
            document = one.document
            told = "stood already" if one.repeated else "issued"
            self.stdout.write(f"{document.number}  {document.status}  {told}  sha256 {document.sha256}")
