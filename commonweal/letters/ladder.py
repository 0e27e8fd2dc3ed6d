"""What is done when a payment does not arrive, and when: steps by days past due, seen before they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from moneyed import Money

from commonweal.access.models import User
from commonweal.letters.errors import LadderUnclear, ReminderTaken
from commonweal.letters.kinds import Act
from commonweal.letters.models import Contact, LadderStep, Reminder
from ledger.domain.words import date_text
from loans.domain.position import InstalmentPosition, Position
from loans.models import Loan
from loans.services import hold_loans

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Step:
    """What is done so many days after the due date of a payment that is missing."""

    days: int
    act: Act


USUAL = (Step(3, Act.EMAIL), Step(7, Act.CALL), Step(21, Act.LETTER))
"""Where a fund has said nothing else."""


Taken = set[tuple[int, date, str]]
"""Steps by loan, due date and act."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step that a loan has before it: which payment is missing, what is done, and on which day at the earliest."""

    loan: Loan
    due_on: date
    amount: Money
    step: Step
    on: date
    put_off_to: date | None = None
    """The day after which it is done, where the business has said when it will pay."""


def ladder_of(book: Book) -> tuple[Step, ...]:
    """The steps of a fund, the first one first."""
    latest = LadderStep.objects.filter(book=book).aggregate(latest=Max("version"))["latest"]
    rows = LadderStep.objects.filter(book=book, version=latest).order_by("days") if latest else []
    return tuple(Step(row.days, Act(row.act)) for row in rows) or USUAL


@transaction.atomic
def set_ladder(*, book: Book, steps: Sequence[Step], by: User) -> tuple[Step, ...]:
    """Write the steps anew; those that were stay on record. Raises LadderUnclear."""
    ordered = tuple(sorted(steps, key=lambda step: step.days))
    acts = [step.act for step in ordered]
    same_day = any(before.days == after.days for before, after in pairwise(ordered))
    if not ordered or same_day or len(set(acts)) < len(acts) or not all(1 <= step.days <= 365 for step in ordered):
        raise LadderUnclear(
            "Each kind of reminder stands once, on a day of its own, from 1 to 365 days after the due date. "
            "Correct the days; nothing was changed."
        )
    version = (LadderStep.objects.filter(book=book).aggregate(latest=Max("version"))["latest"] or 0) + 1
    LadderStep.objects.bulk_create(
        LadderStep(book=book, version=version, days=step.days, act=step.act, made_by=by) for step in ordered
    )
    return ordered


def planned(book: Book, positions: Iterable[tuple[Loan, Position]], through: date) -> list[Planned]:
    """The steps that come by a day if nothing is paid, and that were neither taken nor left out; in order."""
    late = [(loan, position) for loan, position in positions if position.days_past_due]
    ladder, keys = ladder_of(book), [loan.pk for loan, _ in late]
    taken = set(Reminder.objects.filter(loan__in=keys).values_list("loan_id", "due_on", "act"))
    promised = dict(
        Contact.objects.filter(loan__in=keys, promised_on__isnull=False)
        .values_list("loan")
        .annotate(latest=Max("promised_on"))
    )
    found = [
        one
        for loan, position in late
        for row in missing(position)
        for one in _steps(loan, row, ladder, taken, promised.get(loan.pk))
        if one.on <= through
    ]
    return sorted(found, key=lambda one: (one.on, one.loan.reference, one.due_on))


def missing(position: Position) -> Iterator[InstalmentPosition]:
    """The payments of which something is late."""
    return (row for row in position.instalments if row.days_late and row.to_come)


def _steps(
    loan: Loan, row: InstalmentPosition, ladder: Sequence[Step], taken: Taken, promised: date | None
) -> Iterator[Planned]:
    due_on = row.instalment.due_on
    for step in ladder:
        if (loan.pk, due_on, step.act) not in taken:
            on = due_on + timedelta(days=step.days)
            put_off = promised if promised is not None and promised >= on else None
            start = put_off + timedelta(days=1) if put_off else on
            yield Planned(loan, due_on, row.to_come, step, start, put_off)


def leave_out(*, one: Planned, reason: str, on: date, by: User) -> Reminder:
    """Do not take a step, and say why. Raises ReminderTaken."""
    try:
        with transaction.atomic():
            hold_loans([one.loan.pk])
            return Reminder.objects.create(
                loan=one.loan, due_on=one.due_on, act=one.step.act, on=on, left_out=reason.strip()[:300], by=by
            )
    except IntegrityError as error:
        raise ReminderTaken(
            f"The {one.step.act.label.lower()} for the payment of {date_text(one.due_on)} on {one.loan} was taken or "
            "left out already. Look at the list again; nothing was changed."
        ) from error
