"""`manage.py add_member EMAIL --name N --book B --role manager`: a person, and what they may do in a book, or for an
investor: `--investor NRB --role reads`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borrowers.domain.errors import NameMalformed
from commonweal.access.models import InvestorMembership, InvestorRole, StaffMembership, StaffRole, User
from commonweal.management.arguments import find_book
from investors.queries import investors

ROLES = {"book": StaffRole, "investor": InvestorRole}


class Command(BaseCommand):
    """Gives a person a role in a book or at an investor; somebody new gets a password by `changepassword EMAIL`."""

    help = "Give a person a role in a book, or for an investor. Said again, the role is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="the person's name, as others see it")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--book", help="the code of the book")
        where.add_argument("--investor", help="the code of the investor")
        parser.add_argument(
            "--role",
            required=True,
            choices=[*StaffRole.values, *InvestorRole.values],
            help="in a book manager, officer, finance or auditor; for an investor reads or acts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        where = "book" if options["book"] else "investor"
        if options["role"] not in ROLES[where].values:
            raise CommandError(
                f"{options['role']} is no role {'in a book' if where == 'book' else 'at an investor'}. Choose "
                f"{', '.join(ROLES[where].values[:-1])} or {ROLES[where].values[-1]}; nothing was changed."
            )
        of: Any = find_book(options["book"]) if where == "book" else _investor(options["investor"])
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        is_new = user is None
        if user is None:
            user = _new_person(email, options["name"])
        given = {"user": user, where: of, "defaults": {"role": options["role"]}}
        if where == "book":
            StaffMembership.objects.update_or_create(**given)
            self.stdout.write(f"{user.name} is {StaffRole(options['role']).label.lower()} of {of}.")
        else:
            InvestorMembership.objects.update_or_create(**given)
            self.stdout.write(f"{user.name} {InvestorRole(options['role']).label.lower()} for {of} in the portal.")
        if is_new:
            self.stdout.write(f"Give them a password: manage.py changepassword {email}")


def _investor(code: str) -> Any:
    found = investors().filter(code=code).first()
    if found is None:
        raise CommandError(f"No investor has the code {code!r}. Register it at the desk first; nothing was changed.")
    return found


def _new_person(email: str, name: str) -> User:
    try:
        return User.objects.create_user(email=email, name=name)
    except NameMalformed as refusal:
        raise CommandError(str(refusal)) from refusal
