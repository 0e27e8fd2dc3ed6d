"""Letters that let somebody in: to who was invited, and to who asks for a new password."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from commonweal.access.models import InvitationDecision, StaffMembership, User
from commonweal.access.scope import loans_for
from commonweal.letters.kinds import LetterKind
from commonweal.letters.models import Letter
from commonweal.letters.wording import Link
from commonweal.letters.writing import ToWrite, write
from ledger.queries import books

if TYPE_CHECKING:
    from ledger.models import Book

CHOOSE = Link("Choose a password", "public:password")
LOG_IN = Link("Log in", "public:login")
IN_A_DAY = 3
"""Who asks for a new password more often within 24 hours gets no more letters."""


def tell_invited(decision: InvitationDecision) -> list[Letter]:
    """Say to somebody that they are let in, with the way to a first password where they have none."""
    person = decision.user
    if person is None:
        return []
    asked = decision.invitation
    one = ToWrite(
        book=asked.book,
        about=f"invitation:{asked.pk}",
        kind=LetterKind.INVITED,
        on=asked.book.business_date,
        link=LOG_IN if person.has_usable_password() else CHOOSE,
        facts={"asked": asked, "is_new": not person.has_usable_password()},
    )
    return write(one, [person])


def tell_password(email: str) -> list[Letter]:
    """The way to a new password, for whoever has this address; empty where nobody has it, or it was asked too often."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    book = _fund_of(person) if person else None
    if person is None or book is None:
        return []
    written = Letter.objects.filter(person=person, kind=LetterKind.PASSWORD)
    if written.filter(written_at__gt=timezone.now() - timedelta(days=1)).count() >= IN_A_DAY:
        return []
    about = f"person:{person.pk}:{written.count() + 1}"
    return write(ToWrite(book, about, LetterKind.PASSWORD, book.business_date, CHOOSE), [person])


def _fund_of(person: User) -> Book | None:
    """In whose name a person is written to: the fund where they work, that wrote last, or whose loans they see."""
    staff = StaffMembership.objects.filter(user=person).select_related("book").order_by("pk").first()
    if staff is not None:
        return staff.book
    letter = Letter.objects.filter(person=person).select_related("book").first()
    if letter is not None:
        return letter.book
    loan = loans_for(person).select_related("book").order_by("pk").first()
    return loan.book if loan is not None else books().order_by("pk").first()
