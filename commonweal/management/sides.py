"""Whose side is a person on? A book's, a community business's or an investor's, as it is typed after a command."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Q

from borrowers.models import Organisation
from commonweal.access.memberships import MEMBERSHIPS
from commonweal.management.arguments import find_book
from investors.queries import investors


def add_sides(parser: ArgumentParser) -> None:
    """Have one of the three said."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--book", help="the code of the book")
    where.add_argument(
        "--business",
        dest="organisation",
        help="the registered number of the community business, or the number in the address of its page",
    )
    where.add_argument("--investor", help="the code of the investor")


def find_side(options: dict[str, Any]) -> tuple[str, Any]:
    """The name of the side that was said, and the book, business or investor. Raises CommandError."""
    side = next(name for name in MEMBERSHIPS if options[name])
    find = {"book": find_book, "organisation": _business, "investor": _investor}[side]
    return side, find(options[side])


def _business(number: str) -> Organisation:
    registered = Q()
    for name in Organisation.NUMBERS:
        registered |= Q(**{name: number})
    found = list(Organisation.objects.filter(registered)[:2])
    if not found and number.isdecimal():
        found = list(Organisation.objects.filter(pk=int(number)))
    if len(found) != 1:
        many = "Several businesses have" if found else "No business has"
        raise CommandError(f"{many} the number {number!r}. Take the number in the address of its page at the desk.")
    return found[0]


def _investor(code: str) -> Any:
    found = investors().filter(code=code).first()
    if found is None:
        raise CommandError(f"No investor has the code {code!r}. Register it at the desk first; nothing was changed.")
    return found
