"""The daily round: which letters and reminders does a day bring? Gone again on the same day, it brings nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from commonweal.access.models import User
from commonweal.letters.calendars import keep_dates
from commonweal.letters.candidates import in_batches, loans_that_moved, loans_to_tell
from commonweal.letters.contacts import NextStep, log_contact
from commonweal.letters.debits import Collected, collected_in, tell_of_debits
from commonweal.letters.kinds import Act, ContactKind, LetterKind
from commonweal.letters.ladder import Planned, planned
from commonweal.letters.models import Reminder
from commonweal.letters.returns import open_and_remind
from commonweal.letters.writing import PAY_LATER, announce_rate, thank, write_about_loan
from ledger.domain.words import date_text
from loans.domain.position import Position
from loans.models import EventKind, Loan, LoanEvent, RateNotice
from loans.queries import rate_notices

if TYPE_CHECKING:
    from ledger.models import Book

WEEK = 7
THANKED_FOR = timedelta(days=WEEK)
"""Money that came in longer ago is not thanked for any more: the first round of an old book writes to nobody."""


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

    Each letter and step is a transaction of its own with a natural key, so a round that was cut off is gone on with. It
    costs what the loans cost that have something to say, however many others there are.
    """
    letters, steps, collected = tell_of_debits(book, on, by=by), 0, collected_in(book, on)
    for found in in_batches(book, loans_to_tell(book, on, WEEK), on):
        letters += sum(_due_soon(loan, position, on, collected) for loan, position in found)
        wrote, taken = _take_steps(planned(book, found, on), on, by)
        letters, steps = letters + wrote, steps + taken
    letters += sum(len(thank(event)) for event in _received(book, on))
    letters += sum(len(announce_rate(notice)) for notice in _rates_to_come(book, on))
    letters += open_and_remind(book, on)
    for moved in in_batches(book, loans_that_moved(book, on), on):
        keep_dates([loan for loan, _ in moved], {loan.pk: position for loan, position in moved})
    return Round(letters, steps)


def _due_soon(loan: Loan, position: Position, on: date, collected: Collected) -> int:
    """The letter a week before, or the day before; missed days are caught up while there is a day left."""
    due = position.next_payment
    if due is None or not 1 <= (days := (due.due_on - on).days) <= WEEK:
        return 0
    if collected.covers(loan, due.due_on, due.total):
        return 0
    kind = LetterKind.DUE_DAY if days == 1 else LetterKind.DUE_WEEK
    facts = {"amount": due.total, "due_on": due.due_on}
    return len(write_about_loan(loan, kind, due.due_on, facts, link=PAY_LATER, useful_days=-1))


def _received(book: Book, on: date) -> Iterator[LoanEvent]:
    found = LoanEvent.objects.filter(loan__book=book, kind=EventKind.REPAID, reversed_by=None)
    recent = found.filter(effective_on__gt=on - THANKED_FOR, effective_on__lte=on)
    return recent.select_related("loan__book", "loan__organisation").order_by("pk").iterator()


def _rates_to_come(book: Book, on: date) -> QuerySet[RateNotice]:
    """Of which rates borrowers have to be told: those that stand and take effect on the day or later."""
    return rate_notices(book).filter(takes_effect_on__gte=on, base_rate__replaced_by__isnull=True)


def _take_steps(due: Sequence[Planned], on: date, by: User | None) -> tuple[int, int]:
    """Of several steps for one payment only the last is taken, and the others are left out: how many letters it wrote,
    and how many steps were taken."""
    last = {(one.loan.pk, one.due_on): one for one in due}
    later = [one for one in due if last[one.loan.pk, one.due_on] is not one]
    Reminder.objects.bulk_create(
        [_reminder(one, on, by, left_out="A later step was due already") for one in later], ignore_conflicts=True
    )
    taken = [_take(one, on, by) for one in last.values()]
    return sum(wrote for wrote, _ in taken), sum(is_new for _, is_new in taken)


def _take(one: Planned, on: date, by: User | None) -> tuple[int, int]:
    """Take a step that nobody else has taken: how many letters it wrote, and whether it was taken."""
    try:
        with transaction.atomic():
            _reminder(one, on, by).save(force_insert=True)
            return _do(one, on, by), 1
    except IntegrityError:
        return 0, 0


def _reminder(one: Planned, on: date, by: User | None, *, left_out: str = "") -> Reminder:
    return Reminder(loan=one.loan, due_on=one.due_on, act=one.step.act, on=on, left_out=left_out, by=by)


def _do(one: Planned, on: date, by: User | None) -> int:
    loan, days = one.loan, (on - one.due_on).days
    if one.step.act is Act.EMAIL:
        facts = {"amount": one.amount, "due_on": one.due_on}
        return len(write_about_loan(loan, LetterKind.MISSED, one.due_on, facts, link=PAY_LATER, useful_days=days + 14))
    what = "Call" if one.step.act is Act.CALL else "Write a letter to"
    log_contact(
        loan=loan,
        kind=ContactKind.REMINDER,
        on=min(on, loan.book.business_date),
        said=f"The payment of {date_text(one.due_on)} has not arrived after {days} days.",
        next_step=NextStep(f"{what} {loan.organisation}", on),
        by=by,
    )
    return 0
