"""Calendars of due dates: an address that only its owner knows and can revoke, and what it says of each payment."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from borrowers.domain.names import refuse_hidden_signs
from commonweal.access.models import BorrowerMembership, User
from commonweal.letters.candidates import is_lent, loans_that_moved
from commonweal.letters.errors import TooManyCalendars
from commonweal.letters.ics import Event, calendar_text
from commonweal.letters.models import CalendarDate, CalendarToken
from loans.models import Instalment, Loan
from loans.services import Some, some_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from ledger.models import Book

MOST = 10
"""Addresses of one person that still work."""

NAME = "Loan payments"
SUMMARY = "Loan payment due"
DESCRIPTION = "How much, and how to pay it, stands on your pages. If it will be hard, tell us before this day."
FELL_AWAY = "This payment is no longer due on this day."


def make_calendar(*, person: User, label: str) -> tuple[CalendarToken, str]:
    """An address and, this once, its secret part: 256 bits of chance, so a plain SHA-256 keeps it.

    Raises TooManyCalendars, and NameMalformed for a label with a sign that nobody sees.
    """
    refuse_hidden_signs(label.strip())
    if calendars_of(person).count() >= MOST:
        raise TooManyCalendars(
            f"You have {MOST} calendar addresses already. Revoke one that you no longer use; nothing was made."
        )
    secret = secrets.token_urlsafe(32)
    named = label.strip()[:100] or "Calendar"
    return CalendarToken.objects.create(person=person, label=named, prefix=secret[:6], digest=_digest(secret)), secret


def calendars_of(person: User) -> QuerySet[CalendarToken]:
    """A person's addresses that still work."""
    return CalendarToken.objects.filter(person=person, revoked_at=None).order_by("pk")


def revoke_calendar(*, token: CalendarToken, at: datetime) -> None:
    """Make an address useless from now on; a second time changes nothing."""
    CalendarToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def read_calendar(secret: str, *, on: date) -> str | None:
    """The calendar behind a secret, made anew; None where the secret is not known, or was revoked."""
    token = CalendarToken.objects.select_related("person").filter(digest=_digest(secret), revoked_at=None).first()
    if token is None or not token.person.is_active:
        return None
    if token.last_used_on != on:
        CalendarToken.objects.filter(pk=token.pk).update(last_used_on=on)
    organisations = BorrowerMembership.objects.filter(user=token.person).values("organisation")
    loans = list(Loan.objects.filter(organisation__in=organisations).select_related("book").order_by("pk"))
    for day in {loan.book.business_date for loan in loans}:
        group = [loan for loan in loans if loan.book.business_date == day]
        keep_dates(group, day)
    dates = CalendarDate.objects.filter(loan__in=loans).order_by("due_on", "pk")
    return calendar_text(NAME, map(_event, dates))


@transaction.atomic
def keep_dates(loans: Iterable[Loan], on: date) -> None:
    """Note what the schedules say now: a date that moved counts one up, one that fell away is cancelled.

    Read where `loans_that_moved` looks, so that a loan which was noted is none of these any more; of a loan of which
    nothing is lent on the day no date is told. A loan of which nobody has a calendar is noted as well, so that its
    first reader sees no history.
    """
    keys = [loan.pk for loan in loans]
    known = {(row.loan_id, row.no): row for row in CalendarDate.objects.select_for_update().filter(loan__in=keys)}
    lent = Loan.objects.filter(is_lent(on), pk__in=keys)
    rows = Instalment.objects.filter(loan__in=lent).values_list("loan_id", "no", "due_on")
    due = {(key, no): due_on for key, no, due_on in rows}
    now = timezone.now()
    new = [
        CalendarDate(loan_id=key, no=no, uid=_uid(), due_on=on, changed_at=now)
        for (key, no), on in due.items()
        if (key, no) not in known
    ]
    CalendarDate.objects.bulk_create(new, ignore_conflicts=True)
    for place, row in known.items():
        on = due.get(place, row.due_on)
        is_cancelled = place not in due
        if (row.due_on, row.is_cancelled) != (on, is_cancelled):
            CalendarDate.objects.filter(pk=row.pk).update(
                due_on=on, is_cancelled=is_cancelled, sequence=row.sequence + 1, changed_at=Now()
            )


def keep_all_dates(*, book: Book, on: date) -> None:
    """Note what the schedules of a book's loans say on a day, where calendars were told otherwise."""
    while keep_some_dates(book=book, on=on).loans:
        pass


@transaction.atomic
def keep_some_dates(*, book: Book, on: date, by: AbstractBaseUser | None = None, wait: bool = True) -> Some:
    """As `keep_all_dates` does, for the next loans that no other process works on, or with `wait` the next ones after
    it; none are left when it gives none."""
    loans = some_of(loans_that_moved(book, on), wait=wait)
    keep_dates(loans, on)
    return Some(loans, 0)


def _event(row: CalendarDate) -> Event:
    said = FELL_AWAY if row.is_cancelled else DESCRIPTION
    return Event(row.uid, row.due_on, SUMMARY, said, row.sequence, row.changed_at or timezone.now(), row.is_cancelled)


def _uid() -> str:
    """Nothing about the loan can be read from it."""
    return f"{uuid4()}@commonweal.invalid"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
