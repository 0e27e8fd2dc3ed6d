"""`manage.py send_letters [--book B]`: writes the letters that the business date brings, and sends what waits."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commonweal.jobs.worker import worker_name
from commonweal.letters.calendars import keep_all_dates
from commonweal.letters.rounds import write_letters
from commonweal.letters.sending import is_on, send_waiting
from commonweal.management.arguments import find_books


class Command(BaseCommand):
    """Writes and sends; again on the same day, it sends nothing twice."""

    help = "Write the letters that the business date of each book brings, and send what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", help="the code of the book; by default every book")

    def handle(self, *args: Any, **options: Any) -> None:
        for book in find_books(options["book"]):
            self.stdout.write(f"{book}: {write_letters(book, book.business_date).words}")
            keep_all_dates(book=book, on=book.business_date)
        if not is_on():
            self.stdout.write("No mail server is set up (EMAIL_URL): what was written waits.")
            return
        went, tried = send_waiting(worker=worker_name())
        self.stdout.write(f"{went} of {tried} letters sent.")
