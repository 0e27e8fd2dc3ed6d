"""`manage.py move_in NUMBER --book B`: bring in what two people agreed to, or go on where it stopped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import find_book
from commonweal.management.people import person_called
from loans.moving_in_queries import moving_ins


class Command(BaseCommand):
    """Brings in what was confirmed at the desk; what is in already stays as it is."""

    help = "Bring in a book of loans from another system that was prepared and confirmed by two people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="the number after M-")
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--by", help="the e-mail address of the person who does it; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        found = moving_ins(book).filter(number=options["number"]).first()
        if found is None:
            raise CommandError(f"{book} has no M-{options['number']}. Prepare it at the desk, under Loans.")
        try:
            done = move_in(moving_in=found, by=person_called(options["by"], book))
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{done} is in: {(done.brought or {})['loans']:,} loans, tied to the control totals.")
