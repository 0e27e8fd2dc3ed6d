"""`manage.py add_member EMAIL --name N --book B --role manager`: a person, and what they may do in a book; for an
investor `--investor NRB --role reads`, and for a community business `--business 12345678`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borrowers.domain.errors import NameMalformed
from commonweal.access.errors import LastManager
from commonweal.access.invitations import ROLES
from commonweal.access.memberships import give_access
from commonweal.access.models import InvestorRole, StaffRole, User
from commonweal.management.sides import add_sides, find_side


class Command(BaseCommand):
    """Gives a person access to a book, a business or an investor; somebody new chooses a password at `/password/`."""

    help = "Give a person a role in a book, for a business or for an investor. Said again, the role is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="the person's name, as others see it")
        add_sides(parser)
        parser.add_argument(
            "--role",
            default=InvestorRole.ACTS.value,
            choices=[*StaffRole.values, *InvestorRole.values],
            help="in a book manager, officer, finance or auditor; for an investor reads or acts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        side, of = find_side(options)
        role = options["role"]
        if role not in ROLES[side]:
            where = {"book": "in a book", "organisation": "for a business", "investor": "at an investor"}[side]
            others = " or ".join(filter(None, [", ".join(ROLES[side][:-1]), ROLES[side][-1]]))
            raise CommandError(f"{role} is no role {where}. Choose {others}; nothing was changed.")
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        is_new = user is None
        if user is None:
            user = _new_person(email, options["name"])
        try:
            give_access(user=user, side=side, of=of, role=role)
        except LastManager as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.name} {_does(side, role)} {of}{'' if side == 'book' else ' in the portal'}.")
        if is_new:
            self.stdout.write(f"They choose a password at /password/; or give one: manage.py changepassword {email}")


def _does(side: str, role: str) -> str:
    return f"is {StaffRole(role).label.lower()} of" if side == "book" else f"{InvestorRole(role).label.lower()} for"


def _new_person(email: str, name: str) -> User:
    try:
        return User.objects.create_user(email=email, name=name)
    except NameMalformed as refusal:
        raise CommandError(str(refusal)) from refusal
