"""Why may somebody not do something, and who can?"""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser

from commonweal.access.models import StaffMembership, User
from commonweal.access.roles import Roles, roles_of
from commonweal.access.rules import STAFF_ROLES, TITLES, Permission, Role
from commonweal.access.table import TABLE


def may(user: User | AnonymousUser, name: str, method: str = "GET", *, book: int | None = None) -> bool:
    """Whether the access table lets a person use an address, in one book (its id) or in any."""
    permission = TABLE[name].permissions[method]
    if not isinstance(user, User):
        return permission.is_open
    roles = roles_of(user)
    return permission.admits((roles if book is None else roles.in_book(book)).kinds)


def why_not(user: User, name: str, method: str = "GET", *, book: int | None = None) -> str:
    """The sentence to show beside a button that is not a person's to press; empty if it is."""
    if may(user, name, method, book=book):
        return ""
    roles = roles_of(user)
    return reason(roles if book is None else roles.in_book(book), TABLE[name].permissions[method])


def reason(here: Roles, permission: Permission) -> str:
    """Who may do it, what the person is here, and whom to ask; a refusal adds that nothing was changed."""
    only = f"Only {_listed(permission.roles)} may {permission.purpose}."
    you = f"You are {_listed(here.kinds)}." if here.kinds else "You have no role here."
    return f"{only} {you} {_whom_to_ask(here, permission)}"


def _whom_to_ask(roles: Roles, permission: Permission) -> str:
    wanted = permission.roles & STAFF_ROLES
    people = StaffMembership.objects.filter(book__in=roles.books, role__in=wanted, user__is_active=True)
    names = sorted(set(people.values_list("user__name", flat=True)))[:3]
    return f"Ask {_either(names)}." if names else "Ask the fund manager."


def _listed(roles: Collection[Role]) -> str:
    if Role.INVESTOR_ACTS in roles and Role.INVESTOR in roles:
        roles = frozenset(roles) - {Role.INVESTOR}
    titles = [TITLES[role] for role in Role if role in roles]
    return _either([f"{'an' if title[0] in 'aeiou' else 'a'} {title}" for title in titles])


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
