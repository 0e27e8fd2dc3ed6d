"""`manage.py issue_statements --book B --period 2026-Q3`: the statements of borrowers, investors and the fund.

They are prepared by one person and published by another: at the desk, or here with `--checked-by`.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.documents.models import StatementRun
from commonweal.documents.runs import run_by_key, run_sha256, state_of
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.statements import period_of, prepare_statements, publish_statements
from commonweal.management.arguments import find_book
from commonweal.management.people import person_called


class Command(BaseCommand):
    """Prepares what the books know; the same knowledge again gives the run that stands."""

    help = "Prepare the statements of a period that is over, and publish them where a second person is named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--period", required=True, help="2026, 2026-Q3 or 2026-09")
        parser.add_argument("--by", help="the e-mail address of the person who prepares; by default a member of staff")
        parser.add_argument("--checked-by", help="the e-mail address of another, who has checked them and publishes")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        person = person_called(options["by"], book)
        try:
            run = prepare_statements(book=book, period=period_of(options["period"], book), by=person)
            waits = state_of(run_by_key(run.pk)) == StatementRun.State.WAITING
            if options["checked_by"] and waits:
                checker = person_called(options["checked_by"], book)
                publish_statements(run=run, shown_sha256=run_sha256(run), by=checker)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        for one in run.prepared.select_related("stands"):
            told = "stood already" if one.stands else "prepared"
            self.stdout.write(f"{one.number}  {run.status}  {told}  sha256 {one.file_id}")
        self.stdout.write(f"{run}: {state_of(run_by_key(run.pk)).label.lower()}")
