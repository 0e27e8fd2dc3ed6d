"""Giving and ending what somebody may see: a book, or the portal of a business or an investor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from commonweal.access.errors import LastManager
from commonweal.access.models import BorrowerMembership, InvestorMembership, StaffMembership, StaffRole, User

MEMBERSHIPS: dict[str, Any] = {
    "book": StaffMembership,
    "organisation": BorrowerMembership,
    "investor": InvestorMembership,
}
"""The memberships of each side, by the name of what somebody is a member of."""

TELL_WHO = "SELECT set_config('commonweal.by', %s, true)"
"""So the database knows whom to note beside a change, until the transaction ends."""


def lock_person(user: User) -> None:
    """Let what one person may see change by one hand at a time, until the transaction ends."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk))


@transaction.atomic
def give_access(*, user: User, side: str, of: Any, role: str, by: User | None = None) -> None:
    """Give somebody a role in what `side` says (`MEMBERSHIPS`), or change it; again, it changes nothing.

    Whoever acts for a business has no other role there. `by` is None for a command. Raises LastManager.
    """
    lock_person(user)
    if side == "book" and role != StaffRole.MANAGER:
        _refuse_last_manager(of, user)
    given = {} if side == "organisation" else {"role": role}
    with _noted_as(by):
        MEMBERSHIPS[side].objects.update_or_create(**{"user": user, side: of}, defaults=given)


@transaction.atomic
def end_access(*, user: User, side: str, of: Any, by: User | None = None) -> bool:
    """End what somebody may see, at once; whether there was anything to end. What they did keeps their name.

    Raises LastManager.
    """
    lock_person(user)
    if side == "book":
        _refuse_last_manager(of, user)
    with _noted_as(by):
        ended, _ = MEMBERSHIPS[side].objects.filter(**{"user": user, side: of}).delete()
    return bool(ended)


def _refuse_last_manager(book: Any, user: User) -> None:
    """Of two managers who leave at once the second waits here, and is told."""
    found = StaffMembership.objects.select_for_update(of=("self",)).filter(book=book, role=StaffRole.MANAGER)
    managers = {one.user for one in found.select_related("user").order_by("pk") if one.user.is_active}
    if managers == {user}:
        raise LastManager(
            f"{user} is the last fund manager of {book}, and nobody else could let a colleague in. "
            "Invite another fund manager first; nothing was changed."
        )


@contextmanager
def _noted_as(by: User | None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TELL_WHO, [str(by.pk) if by else ""])
        yield
        cursor.execute(TELL_WHO, [""])
