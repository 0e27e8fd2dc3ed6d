"""`manage.py close_of_business --book B [--through D]`: what fell due is posted and shared, and the next day begins."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from commonweal.jobs.close import close_days
from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import day, find_book
from commonweal.management.people import person_called


class Command(BaseCommand):
    """Closes a book's days; what is closed already stays as it is."""

    help = "Close a book's days: post what fell due, share it among the lenders, seal, and move the business date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--through", type=day, help="the last day to close; by default yesterday")
        parser.add_argument("--by", help="the e-mail address of the person who closes; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book, today = find_book(options["book"]), localdate()
        through = options["through"] or today - timedelta(days=1)
        try:
            posted = close_days(book=book, through=through, today=today, by=person_called(options["by"], book))
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        book.refresh_from_db()
        self.stdout.write(f"{posted} entries posted; the business date of {book} is {book.business_date}.")
