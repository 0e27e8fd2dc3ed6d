"""`manage.py end_member EMAIL --book B`: somebody may see something no more; what they did keeps their name."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.management.sides import SIDES, add_sides, find_side


class Command(BaseCommand):
    """Ends somebody's role in a book, for a business or for an investor; when it began and ended stays noted."""

    help = "End what a person may see in a book, for a business or for an investor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        add_sides(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        side, of = find_side(options)
        email = options["email"].strip().lower()
        found = SIDES[side].objects.filter(user__email=email, **{side: of}).select_related("user").first()
        if found is None:
            raise CommandError(f"{email} has no access to {of}. Check the address; nothing was changed.")
        found.delete()
        self.stdout.write(f"{found.user.name} has no access to {of} any more.")
