"""The contact log of a loan: what was said, what comes next, and which steps are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from commonweal.access.models import User
from commonweal.letters.errors import ContactUnclear, NothingSaid, StepSettled
from commonweal.letters.kinds import ContactKind
from commonweal.letters.models import Contact
from ledger.domain.words import date_text
from loans.models import Loan, Standing

if TYPE_CHECKING:
    from ledger.models import Book

LONGEST = 2000
"""Letters of what was said."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next about a loan, and by which day."""

    what: str
    on: date


@transaction.atomic
def log_contact(
    *,
    loan: Loan,
    kind: ContactKind,
    on: date,
    said: str,
    with_whom: str = "",
    promised_on: date | None = None,
    next_step: NextStep | None = None,
    settles: Contact | None = None,
    by: User | None,
) -> Contact:
    """Record that somebody was spoken to; with `settles`, the step that this did is no longer due.

    Raises NothingSaid, ContactUnclear, StepSettled.
    """
    _refuse_unclear(loan, on, said.strip(), next_step)
    if settles is not None:
        _refuse_settled(loan, settles)
    return Contact.objects.create(
        book_id=loan.book_id,
        loan=loan,
        kind=kind,
        on=on,
        with_whom=with_whom.strip(),
        said=said.strip(),
        promised_on=promised_on,
        next_step=next_step.what.strip() if next_step else "",
        next_step_on=next_step.on if next_step else None,
        settles=settles,
        recorded_by=by,
    )


def contacts_of(loan: Loan) -> QuerySet[Contact]:
    """The contact log of a loan, the latest first."""
    found = Contact.objects.filter(loan=loan).select_related("recorded_by", "settled_by", "settles", "book")
    return found.order_by("-on", "-pk")


def open_steps(book: Book) -> QuerySet[Contact]:
    """The next steps of a book that nobody has settled, the one that is due first."""
    needless = _needless_steps(book, book.business_date)
    found = _open(book).exclude(pk__in=needless.values("pk"))
    return found.select_related("loan__organisation", "recorded_by", "settled_by").order_by("next_step_on", "pk")


@transaction.atomic
def settle_needless_steps(*, book: Book, on: date, by: User | None) -> None:
    """Settle the steps of reminders about loans of which nothing is late any more, so that a later arrear does not
    bring them back."""
    settled = [
        Contact(
            book=book,
            loan=step.loan,
            kind=ContactKind.REMINDER,
            on=min(on, book.business_date),
            said="Nothing is late any more.",
            settles=step,
            recorded_by=by,
        )
        for step in _needless_steps(book, on).select_related("loan")
    ]
    Contact.objects.bulk_create(settled, ignore_conflicts=True)


def _open(book: Book) -> QuerySet[Contact]:
    return Contact.objects.filter(book=book, next_step_on__isnull=False, settled_by=None)


def _needless_steps(book: Book, on: date) -> QuerySet[Contact]:
    late = Standing.objects.as_at(on).filter(loan=OuterRef("loan"), oldest_unpaid_due_on__lt=on)
    return _open(book).filter(~Exists(late), kind=ContactKind.REMINDER)


def steps_due(book: Book, on: date) -> QuerySet[Contact]:
    """The open steps that are due by a day."""
    return open_steps(book).filter(next_step_on__lte=on)


def promised_to(loan: Loan, on: date) -> date | None:
    """The day by which a business has said that it will pay, where that is still to come."""
    promised = Contact.objects.filter(loan=loan, promised_on__gte=on).order_by("-promised_on").first()
    return promised.promised_on if promised else None


def _refuse_unclear(loan: Loan, on: date, said: str, next_step: NextStep | None) -> None:
    if not said or len(said) > LONGEST:
        raise NothingSaid(
            f"What was said has between 1 and {LONGEST:,} characters; this has {len(said):,}. "
            "Write down what you will want to know later; nothing was recorded."
        )
    if on > loan.book.business_date:
        raise ContactUnclear(
            "on",
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Record a contact once it was made; nothing was recorded.",
        )
    if next_step is not None and (not next_step.what.strip() or next_step.on < on):
        raise ContactUnclear(
            "next_step",
            f"A next step says what is to be done, on the day of the contact ({date_text(on)}) or later. "
            "Give both or neither; nothing was recorded.",
        )


def _refuse_settled(loan: Loan, settles: Contact) -> None:
    locked = Contact.objects.filter(pk=settles.pk, loan=loan, next_step_on__isnull=False, settled_by=None)
    if not locked.exists():
        raise StepSettled(
            f"The step “{settles.next_step or settles.said[:60]}” of {loan.reference} is not open any more, or is of "
            "another loan. Look at the contact log again; nothing was recorded."
        )
