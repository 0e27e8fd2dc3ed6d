"""`manage.py close_month --book B --through D`: a period is closed once nothing of it is open without a reason."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.jobs.close import close_month
from commonweal.jobs.readiness import MAY_BE_LEFT
from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import day, find_book
from commonweal.management.people import person_called


def reason(text: str) -> tuple[str, str]:
    """What is left open and why, from an argument such as bank-lines="Nobody knows the payer yet"."""
    matter, _, why = text.partition("=")
    if matter not in MAY_BE_LEFT or not why.strip():
        raise ArgumentTypeError(f"write WHAT=REASON, where WHAT is one of {', '.join(MAY_BE_LEFT)}")
    return matter, why


class Command(BaseCommand):
    """Closes a period; what is closed already stays as it is."""

    help = "Close a period of a book: post what fell due, share it, seal, and keep what every account stands at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--through", required=True, type=day, help="the last day of the period")
        parser.add_argument("--by", help="the e-mail address of the person who closes; by default a member of staff")
        parser.add_argument(
            "--leave-open",
            action="append",
            default=[],
            type=reason,
            metavar="WHAT=REASON",
            help=f"why something may stay open: {', '.join(MAY_BE_LEFT)}; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        person = person_called(options["by"], book)
        try:
            event = close_month(book=book, through=options["through"], by=person, reasons=dict(options["leave_open"]))
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        for one in event.left:
            self.stdout.write(str(one))
        self.stdout.write(f"{event.period} is closed; its trial balance has sha256 {event.trial_balance_sha256}.")
