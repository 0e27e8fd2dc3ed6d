"""What spans the apps at a month's end: the loans' due instalments, the lenders' side, the seal, and then the close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count

from commonweal.access.models import User
from commonweal.jobs.errors import NotReadyToClose, PeriodNotOver
from commonweal.jobs.leases import Progress, untold
from commonweal.jobs.letters import daily_round
from commonweal.jobs.models import Job
from commonweal.jobs.services import enqueue
from commonweal.jobs.year_end import refuse_result_left, year_end_within
from investors.services import apportion_book
from ledger.domain.words import date_text
from ledger.queries import (
    closed_until,
    open_drafts,
    payments_at_the_bank,
    periods,
    statements_through,
    unmatched_bank_lines,
)
from ledger.services import close_period, close_that_stands, hold_book, move_business_date, seal
from loans.accruals import loans_to_accrue
from loans.domain.calendar import month_ends
from loans.losses import provision_runs, rule_in_force
from loans.moving_in_queries import unfinished
from loans.queries import loans_with_something_to_do
from loans.services import Some, accrue_some, bring_some_up_to_date, follow_base_rates, provide_at_month_end

if TYPE_CHECKING:
    from ledger.models import Book, PeriodEvent

Step = Callable[..., Some]
"""A step of the close for some loans of a book on a day, in a transaction of its own."""


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing to do before a period is closed; what `blocks` refuses the close, the rest is to be looked at."""

    label: str
    is_done: bool
    blocks: bool
    note: str = ""


def readiness(book: Book, through: date) -> list[ReadinessItem]:
    """What has to be done, or looked at, before a book is closed through a date."""
    over = book.business_date > through
    waiting = unmatched_bank_lines(book).filter(booked_on__lte=through).count()
    prepared = open_drafts(book).filter(effective_on__lte=through).count()
    behind = loans_with_something_to_do(book, through).count()
    year_end = year_end_within(book, through)
    moving = ", ".join(str(one) for one in unfinished(book, through))
    return [
        ReadinessItem(
            "The period is over",
            over,
            True,
            f"the business date is {date_text(book.business_date)}" if not over else "",
        ),
        _statements_in(book, through),
        ReadinessItem("Bank lines matched", not waiting, False, f"{waiting} in suspense" if waiting else ""),
        ReadinessItem("Manual journals posted", not prepared, True, f"{prepared} waiting" if prepared else ""),
        ReadinessItem(
            "Instalments posted", not behind, False, f"{behind} loans; posted with the close" if behind else ""
        ),
        _accrued(book, through),
        *_provided(book, through),
        *_paid_out(book, through),
        *([ReadinessItem("Loans moved in", False, True, f"{moving} is not all in yet")] if moving else []),
        *[ReadinessItem("Year-end journal posted", one.is_carried, False, one.note) for one in [year_end] if one],
    ]


def _statements_in(book: Book, through: date) -> ReadinessItem:
    """Whether the bank has told everything that moved by a date."""
    short = [
        f"{name} to {date_text(to) if to else 'no day yet'}"
        for name, to in statements_through(book).items()
        if to is None or to < through
    ]
    return ReadinessItem("Bank statements in", not short, False, "; ".join(short))


def _paid_out(book: Book, through: date) -> list[ReadinessItem]:
    """Payments that the bank was to make by a date and has not confirmed, where there are any."""
    sent = payments_at_the_bank(book).filter(sent_on__lte=through).count()
    note = f"{sent} at the bank and not confirmed"
    return [ReadinessItem("Payments out confirmed", False, False, note)] if sent else []


def _accrued(book: Book, through: date) -> ReadinessItem:
    waiting = loans_to_accrue(book, through).count()
    note = f"{waiting} loans; posted with the close" if waiting else ""
    return ReadinessItem("Interest earned and not due", not waiting, False, note)


def _provided(book: Book, through: date) -> list[ReadinessItem]:
    """Provisions, where the fund makes any; those of a later day stand, and none are made for an earlier one."""
    if rule_in_force(book, through) is None:
        return []
    run = provision_runs(book).filter(on__gte=through).order_by("on").first()
    note = "" if run and run.on == through else "made with the close"
    if run and run.on > through:
        note = f"made on {date_text(run.on)} already, so not on {date_text(through)}"
    return [ReadinessItem("Provisions made", not note, False, note)]


def bring_book_up_to_date(
    *, book: Book, through: date, by: User, month_ends: Sequence[date] = (), progress: Progress = untold
) -> int:
    """Post what fell due by a date, share it among the lenders and seal; says how many entries. Safe to repeat.

    On each of the `month_ends` on the way, what is earned and not due is booked too, and provisions are made.
    """
    told, posted = _Told(progress), 0
    for month_end in month_ends:
        posted += _post_due(book, month_end, by=by, told=told)
        posted += _end_month(book, month_end, by=by, told=told)
    posted += _post_due(book, through, by=by, told=told)
    told.expects(2)
    posted += apportion_book(book=book, by=by)
    told.did(1, "Shared among the lenders")
    seal(book=book)
    return posted


def _post_due(book: Book, through: date, *, by: User, told: _Told) -> int:
    posted = len(follow_base_rates(book=book, through=through, by=by))
    told.expects(loans_with_something_to_do(book, through).count())
    return posted + _all_of(bring_some_up_to_date, book, through, by=by, told=told, note="is posted to")


def _end_month(book: Book, on: date, *, by: User, told: _Told) -> int:
    book.refresh_from_db(fields=["business_date"])
    if book.business_date < on:
        book = move_business_date(book=book, to=on)
    told.expects(loans_to_accrue(book, on).count())
    posted = _all_of(accrue_some, book, on, by=by, told=told, note="has accrued to")
    return posted + provide_at_month_end(book=book, on=on, by=by)


def _all_of(step: Step, book: Book, on: date, *, by: User, told: _Told, note: str) -> int:
    """Take a step for some loans after the others, until none is left; says how many entries."""
    posted = 0
    while (some := step(book=book, on=on, by=by)).loans:
        posted += some.posted
        told.did(len(some.loans), f"{some.loans[-1]} {note} {date_text(on)}")
    return posted


@dataclass(slots=True)
class _Told:
    """How far a close is, as it finds out how much there is to do."""

    progress: Progress
    done: int = 0
    total: int = 0

    def expects(self, more: int) -> None:
        self.total += more

    def did(self, more: int, note: str) -> None:
        self.done += more
        self.progress(done=self.done, total=self.total, note=note)


def ask_to_close_days(*, book: Book, through: date, today: date, by: User) -> Job:
    """Ask for `close_days` as long work, refusing at once what it would refuse; asked again it is the same job.

    Raises PeriodNotOver.
    """
    _refuse_day_not_over(through, today)
    arguments = {"book": book.code, "through": through.isoformat()}
    return enqueue(kind="close_days", arguments=arguments, by=by, book=book, key=f"days:{book.code}:{through}")


def close_days(*, book: Book, through: date, today: date, by: User, progress: Progress = untold) -> int:
    """Close a book's days through a date: post what fell due, share it, seal; the next day begins with its letters.

    `today` is the calendar's; says how many entries were posted. Closing again what is closed changes nothing. Raises
    PeriodNotOver for a day that is not over.
    """
    _refuse_day_not_over(through, today)
    if through < book.business_date:
        return 0
    ends = month_ends(_open_from(book), through)
    posted = bring_book_up_to_date(book=book, through=through, by=by, month_ends=ends, progress=progress)
    daily_round(book=move_business_date(book=book, to=through + timedelta(days=1)), by=by)
    return posted


def _open_from(book: Book) -> date:
    """The first day of the books that is not closed."""
    return closed_until(book) or book.opened_on


def _refuse_day_not_over(through: date, today: date) -> None:
    if through >= today:
        raise PeriodNotOver(
            f"{date_text(through)} is not over: today is {date_text(today)}. "
            f"Close through {date_text(today - timedelta(days=1))} at most; "
            "nothing was changed."
        )


def ask_to_close(*, book: Book, through: date, by: User) -> Job:
    """Ask for `close_month` as long work, refusing at once what it would refuse.

    Asked again before anything else was closed or reopened it is the same job. Raises NotReadyToClose and
    PeriodOutOfOrder.
    """
    if close_that_stands(book=book, through=through) is None:
        _refuse_unready(book, through)
    happened = periods(book).aggregate(events=Count("events"))["events"]
    return enqueue(
        kind="close_month",
        arguments={"book": book.code, "through": through.isoformat()},
        by=by,
        book=book,
        key=f"close:{book.code}:{through}:{happened}:{by.pk}",
    )


def close_month(*, book: Book, through: date, by: User, progress: Progress = untold) -> PeriodEvent:
    """Close a book through a date, once nothing stands in the way; again, it gives the close that stands.

    `progress` is told in the transaction that closes as well, so that a worker that may not go on closes nothing.
    Raises NotReadyToClose and PeriodOutOfOrder.
    """
    event = close_that_stands(book=book, through=through)
    if event is None:
        _refuse_unready(book, through)
        ends = sorted({*month_ends(_open_from(book), through), through})
        bring_book_up_to_date(book=book, through=through, by=by, month_ends=ends, progress=progress)
        with transaction.atomic():
            hold_book(book=book)
            _refuse_what_changed(book, ends)
            refuse_result_left(book, through)
            event = close_period(book=book, through=through, by=by)
            progress(note="Closed")
    seal(book=book)
    return event


def _refuse_unready(book: Book, through: date) -> None:
    open_items = [item for item in readiness(book, through) if item.blocks and not item.is_done]
    if open_items:
        told = "; ".join(f"{item.label}: not yet, {item.note}" for item in open_items)
        raise NotReadyToClose(
            f"{book} cannot be closed through {date_text(through)} yet. {told}. Do that first; nothing was changed."
        )


def _refuse_what_changed(book: Book, ends: Sequence[date]) -> None:
    """Asked while nobody posts: what is not posted or accrued by now could not be posted after the close."""
    through = ends[-1]
    behind = {loan.reference for loan in loans_with_something_to_do(book, through)}
    behind |= {loan.reference for end in ends for loan in loans_to_accrue(book, end)}
    if behind:
        raise NotReadyToClose(
            f"{', '.join(sorted(behind))} changed while {book} was being closed: what fell due or was earned by "
            f"{date_text(through)} is not all posted. Close it again; no period was closed."
        )
