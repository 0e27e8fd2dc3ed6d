"""Which book and which person does a command mean? Each refusal says what there is to choose from."""

from __future__ import annotations

from django.core.management.base import CommandError

from commonweal.access.models import StaffRole, User
from ledger.queries import Book, book_by_code, books


def book_called(code: str) -> Book:
    """The book with this code. Raises CommandError that lists the books."""
    book = book_by_code(code)
    if book is None:
        known = ", ".join(one.code for one in books())
        raise CommandError(f"There is no book {code!r}. The books are: {known or 'none yet'}.")
    return book


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
