"""What spans the apps when days and months end: what fell due, accruals, provisions, the lenders' side, and the seal.

Each step posts what the books do not hold yet, so a close that was cut off anywhere is begun again from its start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count

from commonweal.access.models import User
from commonweal.jobs.errors import NotReadyToClose, PeriodNotOver
from commonweal.jobs.leases import Progress, untold
from commonweal.jobs.letters import daily_round
from commonweal.jobs.many_loans import Told, take_step
from commonweal.jobs.models import PATIENCE, Job
from commonweal.jobs.readiness import left_open
from commonweal.jobs.services import enqueue
from investors.services import (
    accrue_borrowings,
    apportion_book,
    borrowings_behind,
    keep_covenant_tests,
    post_borrowings_due,
)
from ledger.domain.words import date_text
from ledger.queries import closed_until, entries_posted_since, last_entry, periods
from ledger.services import close_period, close_that_stands, hold_book, move_business_date, seal
from loans.accruals import loans_to_accrue
from loans.domain.calendar import month_ends
from loans.queries import loans_with_something_to_do
from loans.services import follow_base_rates, provide_at_month_end

if TYPE_CHECKING:
    from ledger.models import Book, PeriodEvent

NO_REASONS: Mapping[str, str] = MappingProxyType({})


def bring_book_up_to_date(
    *, book: Book, through: date, by: User, month_ends: Sequence[date] = (), progress: Progress = untold
) -> int:
    """Post what fell due by a date, share it among the lenders and seal; says how many entries. Safe to repeat.

    On each of the `month_ends` on the way, what is earned and not due is booked too, and provisions are made.
    """
    told, before = Told(progress), last_entry(book)
    for month_end in month_ends:
        _post_due(book, month_end, by=by, told=told)
        _end_month(book, month_end, by=by, told=told)
    _post_due(book, through, by=by, told=told)
    told.expects(2)
    apportion_book(book=book, by=by)
    told.did(1, "Shared among the lenders")
    keep_covenant_tests(book=book, month_ends=month_ends, through=through)
    seal(book=book)
    return entries_posted_since(book, before, by=by)


def _reach(book: Book, on: date) -> None:
    """Move the business date to a day that it has not reached: what happens by then can be recorded now."""
    book.refresh_from_db(fields=["business_date"])
    if book.business_date < on:
        book.business_date = move_business_date(book=book, to=on).business_date


def _post_due(book: Book, through: date, *, by: User, told: Told) -> None:
    _reach(book, through)
    follow_base_rates(book=book, through=through, by=by)
    take_step("fall due", book=book, on=through, by=by, told=told)
    post_borrowings_due(book=book, on=through, by=by)


def _end_month(book: Book, on: date, *, by: User, told: Told) -> None:
    take_step("accrue", book=book, on=on, by=by, told=told)
    accrue_borrowings(book=book, on=on, by=by)
    provide_at_month_end(book=book, on=on, by=by)


def ask_to_close_days(*, book: Book, through: date, today: date, by: User) -> Job:
    """Ask for `close_days` as long work, refusing at once what it would refuse; asked again it is the same job.

    Raises PeriodNotOver.
    """
    _refuse_day_not_over(through, today)
    arguments = {"book": book.code, "through": through.isoformat()}
    key = f"days:{book.code}:{through}"
    return enqueue(kind="close_days", arguments=arguments, by=by, book=book, key=key, attempts=PATIENCE)


def close_days(*, book: Book, through: date, today: date, by: User, progress: Progress = untold) -> int:
    """Close a book's days through a date: post what fell due, share it, seal; the next day begins with its letters.

    `today` is the calendar's; says how many entries were posted. Closing again what is closed changes nothing, but that
    a close which was cut off before the letters of its next day writes them. Raises PeriodNotOver for a day that is not
    over.
    """
    _refuse_day_not_over(through, today)
    posted, morning = 0, through + timedelta(days=1)
    if book.business_date < morning:
        ends = _month_ends_left(book, through)
        posted = bring_book_up_to_date(book=book, through=through, by=by, month_ends=ends, progress=progress)
        book = move_business_date(book=book, to=morning)
    if book.business_date == morning:
        daily_round(book=book, by=by, progress=progress)
    return posted


def _month_ends_left(book: Book, through: date) -> list[date]:
    """The month ends of which something may not be booked: those to come, and where anything was told anew since it was
    accrued, all that are open."""
    ends = month_ends(_open_from(book), through)
    past = [end for end in ends if end < book.business_date]
    is_told_anew = past and (loans_to_accrue(book, past[-1]).exists() or borrowings_behind(book, past[-1], past))
    return ends if is_told_anew else ends[len(past) :]


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


def ask_to_close(*, book: Book, through: date, by: User, reasons: Mapping[str, str] = NO_REASONS) -> Job:
    """Ask for `close_month` as long work, refusing at once what it would refuse.

    Asked again with the same `reasons` before anything else was closed or reopened it is the same job. Raises
    NotReadyToClose and PeriodOutOfOrder.
    """
    if close_that_stands(book=book, through=through) is None:
        left_open(book, through, reasons)
    happened = periods(book).aggregate(events=Count("events"))["events"]
    said = hashlib.sha256(json.dumps(dict(reasons), sort_keys=True).encode()).hexdigest()[:16]
    return enqueue(
        kind="close_month",
        arguments={"book": book.code, "through": through.isoformat(), "reasons": dict(reasons)},
        by=by,
        book=book,
        key=f"close:{book.code}:{through}:{happened}:{by.pk}:{said}",
        attempts=PATIENCE,
    )


def close_month(
    *,
    book: Book,
    through: date,
    by: User,
    reasons: Mapping[str, str] = NO_REASONS,
    progress: Progress = untold,
) -> PeriodEvent:
    """Close a book through a date, once nothing stands in the way; again, it gives the close that stands.

    `reasons` say by matter of the checklist why something may be left open; what was, is kept with the close.
    `progress` is told in the transaction that closes as well, so that a worker that may not go on closes nothing.
    Raises NotReadyToClose and PeriodOutOfOrder.
    """
    event = close_that_stands(book=book, through=through)
    if event is None:
        left_open(book, through, reasons)
        ends = sorted({*month_ends(_open_from(book), through), through})
        bring_book_up_to_date(book=book, through=through, by=by, month_ends=ends, progress=progress)
        with transaction.atomic():
            hold_book(book=book)
            _refuse_what_changed(book, ends)
            left = left_open(book, through, reasons, is_posted=True)
            event = close_period(book=book, through=through, by=by, left_open=left)
            progress(note="Closed")
    seal(book=book)
    return event


def _refuse_what_changed(book: Book, ends: Sequence[date]) -> None:
    """Asked while nobody posts: what is not posted or accrued by now could not be posted after the close."""
    through = ends[-1]
    behind = {loan.reference for loan in loans_with_something_to_do(book, through)}
    behind |= {loan.reference for end in ends for loan in loans_to_accrue(book, end)}
    behind |= set(borrowings_behind(book, through, ends))
    if behind:
        raise NotReadyToClose(
            f"{', '.join(sorted(behind))} changed while {book} was being closed: what fell due or was earned by "
            f"{date_text(through)} is not all posted. Close it again; no period was closed."
        )
