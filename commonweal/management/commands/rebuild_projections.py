"""`manage.py rebuild_projections [--book B]`: write what is kept for lists anew, as the engine tells it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commonweal.management.arguments import find_books
from loans import queries
from loans.services import rebuild_projections, rebuild_schedule


class Command(BaseCommand):
    """Goes loan by loan, each in a transaction of its own; the books are not touched."""

    help = "Write schedules, standings and plans, which are kept for lists, anew; the books are not touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--book", help="the code of one book; otherwise every book")

    def handle(self, *args: Any, **options: Any) -> None:
        for book in find_books(options["book"]):
            loans = queries.loans(book)
            for loan in loans.iterator():
                rebuild_schedule(loan=loan)
                rebuild_projections(loan=loan)
            self.stdout.write(f"{book.code}: the projections of {loans.count()} loans are written anew.")
