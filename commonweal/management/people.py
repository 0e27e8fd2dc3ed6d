"""Which person does a command act for? Each refusal says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import CommandError

from commonweal.access.models import StaffRole, User

if TYPE_CHECKING:
    from ledger.models import Book


def person_called(email: str | None, book: Book) -> User:
    """The person with this address, or a member of the book's staff who may post. Raises CommandError."""
    if email:
        found = User.objects.filter(email=email.strip().lower()).first()
        if found is None:
            raise CommandError(f"There is no person with the address {email}.")
        return found
    staff = User.objects.filter(staff_memberships__book=book).exclude(staff_memberships__role=StaffRole.AUDITOR)
    found = staff.order_by("pk").first()
    if found is None:
        raise CommandError("No member of staff has a role in this book. Name the person with --by.")
    return found
