"""`manage.py list_access --book B`: who could see something, from when to when."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commonweal.access.models import AccessChange
from commonweal.management.sides import add_sides, find_side
from ledger.domain.words import date_text


class Command(BaseCommand):
    """Prints what was given, changed and ended in a book, for a business or for an investor, the earliest first."""

    help = "Who could see a book, a business's or an investor's side, from when to when."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_sides(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        side, of = find_side(options)
        for change in AccessChange.objects.filter(**{side: of}).select_related("user"):
            person = f"{change.user.name} ({change.user.email})"
            self.stdout.write(f"{date_text(change.at.date())}  {person}: {change.words}")
