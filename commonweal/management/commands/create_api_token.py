"""`manage.py create_api_token EMAIL --label L`: a key with which a program acts for a person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.access.models import User
from commonweal.access.tokens import make_token


class Command(BaseCommand):
    """Makes a token and prints it, this once."""

    help = "Make an API token for a person; it is printed once and only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person for whom the program acts")
        parser.add_argument("--label", required=True, help="what the token is for, such as 'month-end spreadsheet'")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody with the address {options['email']} may log in. No token was made.")
        token, text = make_token(user=user, label=options["label"])
        self.stderr.write(f"Token {token.prefix}… for {user.name} ({token.label}). It is shown only now; keep it safe:")
        self.stdout.write(text)
