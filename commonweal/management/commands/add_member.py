"""`manage.py add_member EMAIL --name N --book B --role manager`: a person, and what they may do in a book."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borrowers.domain.errors import NameMalformed
from commonweal.access.models import StaffMembership, StaffRole, User
from commonweal.management.arguments import find_book


class Command(BaseCommand):
    """Gives a person a role in a book; somebody new gets a password by `manage.py changepassword EMAIL`."""

    help = "Give a person a role in a book: manager, officer, finance or auditor. Said again, the role is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="the person's name, as others see it")
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--role", required=True, choices=StaffRole.values)

    def handle(self, *args: Any, **options: Any) -> None:
        book, email = find_book(options["book"]), options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        is_new = user is None
        if user is None:
            user = _new_person(email, options["name"])
        StaffMembership.objects.update_or_create(user=user, book=book, defaults={"role": options["role"]})
        self.stdout.write(f"{user.name} is {StaffRole(options['role']).label.lower()} of {book}.")
        if is_new:
            self.stdout.write(f"Give them a password: manage.py changepassword {email}")


def _new_person(email: str, name: str) -> User:
    try:
        return User.objects.create_user(email=email, name=name)
    except NameMalformed as refusal:
        raise CommandError(str(refusal)) from refusal
