"""The daily round: which letters and reminders does a day bring? Gone again on the same day, it brings nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from commonweal.access.models import User
from commonweal.letters.candidates import in_batches, loans_to_tell
from commonweal.letters.contacts import settle_needless_steps
from commonweal.letters.debits import Collected, collected_in, tell_of_debits
from commonweal.letters.kinds import Act, ContactKind, LetterKind
from commonweal.letters.ladder import Planned, planned
from commonweal.letters.models import Contact, Reminder
from commonweal.letters.returns import open_and_remind
from commonweal.letters.writing import PAY_LATER, announce_rate, people_by_organisation, thank, write_about_loan
from ledger.domain.words import date_text
from loans.domain.position import Position
from loans.models import EventKind, Loan, LoanEvent, RateNotice
from loans.queries import rate_notices
from loans.services import hold_loans

if TYPE_CHECKING:
    from ledger.models import Book

WEEK = 7
THANKED_FOR = timedelta(days=WEEK)
"""Money that came in longer ago is not thanked for any more: the first round of an old book writes to nobody."""


People = Mapping[int, Sequence[User]]
"""Who acts for businesses, by organisation."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a day brought."""

    letters: int
    steps: int

    @property
    def words(self) -> str:
        """One sentence."""
        letters = "1 letter" if self.letters == 1 else f"{self.letters} letters"
        steps = "1 step" if self.steps == 1 else f"{self.steps} steps"
        return f"{letters} written, {steps} of reminders taken."


def write_letters(book: Book, on: date, *, by: User | None = None) -> Round:
    """Write what a day brings: payments to be collected, due soon, received, missed, the steps of the reminders, and
    the returns that open or are due soon.

    Each letter and step has a natural key and the steps of some loans are a transaction, so a round that was cut off is
    gone on with. It costs what the loans cost that have something to say, however many others there are.
    """
    letters, steps, collected = tell_of_debits(book, on, by=by), 0, collected_in(book, on)
    for found in in_batches(book, loans_to_tell(book, on, WEEK), on):
        people = people_by_organisation(loan.organisation_id for loan, _ in found)
        letters += sum(_due_soon(loan, position, on, collected, people) for loan, position in found)
        wrote, taken = _take_steps(book, found, on, people, by)
        letters, steps = letters + wrote, steps + taken
    settle_needless_steps(book=book, on=on, by=by)
    letters += sum(len(thank(event)) for event in _received(book, on))
    letters += sum(len(announce_rate(notice)) for notice in _rates_to_come(book, on))
    letters += open_and_remind(book, on)
    return Round(letters, steps)


def _due_soon(loan: Loan, position: Position, on: date, collected: Collected, people: People) -> int:
    """The letter a week before, or the day before; missed days are caught up while there is a day left."""
    due = position.next_payment
    if due is None or not 1 <= (days := (due.due_on - on).days) <= WEEK:
        return 0
    if collected.covers(loan, due.due_on, due.total):
        return 0
    kind = LetterKind.DUE_DAY if days == 1 else LetterKind.DUE_WEEK
    facts = {"amount": due.total, "due_on": due.due_on}
    told = people[loan.organisation_id]
    return len(write_about_loan(loan, kind, due.due_on, facts, link=PAY_LATER, useful_days=-1, people=told))


def _received(book: Book, on: date) -> Iterator[LoanEvent]:
    found = LoanEvent.objects.filter(loan__book=book, kind=EventKind.REPAID, reversed_by=None)
    recent = found.filter(effective_on__gt=on - THANKED_FOR, effective_on__lte=on)
    return recent.select_related("loan__book", "loan__organisation").order_by("pk").iterator()


def _rates_to_come(book: Book, on: date) -> QuerySet[RateNotice]:
    """Of which rates borrowers have to be told: those that stand and take effect on the day or later."""
    return rate_notices(book).filter(takes_effect_on__gte=on, base_rate__replaced_by__isnull=True)


@transaction.atomic
def _take_steps(
    book: Book, found: Sequence[tuple[Loan, Position]], on: date, people: People, by: User | None
) -> tuple[int, int]:
    """Of several steps for one payment only the last is taken, and the others are left out: how many letters it wrote,
    and how many steps were taken. The loans are held meanwhile, so that nobody else takes a step or leaves it out."""
    hold_loans(loan.pk for loan, _ in found)
    due = planned(book, found, on)
    last = {(one.loan.pk, one.due_on): one for one in due}
    taken = list(last.values())
    later = [one for one in due if last[one.loan.pk, one.due_on] is not one]
    Reminder.objects.bulk_create(
        [
            *(_reminder(one, on, by, left_out="A later step was due already") for one in later),
            *(_reminder(one, on, by) for one in taken),
        ]
    )
    Contact.objects.bulk_create(_to_do(one, on, by) for one in taken if one.step.act is not Act.EMAIL)
    emails = [one for one in taken if one.step.act is Act.EMAIL]
    return sum(_missed(one, on, people[one.loan.organisation_id]) for one in emails), len(taken)


def _reminder(one: Planned, on: date, by: User | None, *, left_out: str = "") -> Reminder:
    return Reminder(loan=one.loan, due_on=one.due_on, act=one.step.act, on=on, left_out=left_out, by=by)


def _missed(one: Planned, on: date, people: Sequence[User]) -> int:
    facts, days = {"amount": one.amount, "due_on": one.due_on}, (on - one.due_on).days
    written = write_about_loan(
        one.loan, LetterKind.MISSED, one.due_on, facts, link=PAY_LATER, useful_days=days + 14, people=people
    )
    return len(written)


def _to_do(one: Planned, on: date, by: User | None) -> Contact:
    """A step that a person takes, as an entry of the contact log."""
    loan, days = one.loan, (on - one.due_on).days
    what = "Call" if one.step.act is Act.CALL else "Write a letter to"
    return Contact(
        book_id=loan.book_id,
        loan=loan,
        kind=ContactKind.REMINDER,
        on=min(on, loan.book.business_date),
        said=f"The payment of {date_text(one.due_on)} has not arrived after {days} days.",
        next_step=f"{what} {loan.organisation}",
        next_step_on=on,
        recorded_by=by,
    )
