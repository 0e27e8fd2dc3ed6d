"""`manage.py end_member EMAIL --book B`: somebody may see something no more; what they did keeps their name."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.access.errors import LastManager
from commonweal.access.memberships import end_access
from commonweal.access.models import User
from commonweal.management.sides import add_sides, find_side


class Command(BaseCommand):
    """Ends somebody's role in a book, for a business or for an investor; when it began and ended stays noted."""

    help = "End what a person may see in a book, for a business or for an investor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        add_sides(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        side, of = find_side(options)
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        try:
            ended = user is not None and end_access(user=user, side=side, of=of)
        except LastManager as refusal:
            raise CommandError(str(refusal)) from refusal
        if not ended:
            raise CommandError(f"{email} has no access to {of}. Check the address; nothing was changed.")
        self.stdout.write(f"{user} has no access to {of} any more.")
