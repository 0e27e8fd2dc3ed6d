"""The runs that close days and months."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from commonweal.access.models import User
from commonweal.jobs.close import close_days, close_month
from commonweal.jobs.leases import progress, told_to
from commonweal.jobs.many_loans import help_with
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from commonweal.templatetags.commonweal import day, span
from ledger.queries import book_by_code

if TYPE_CHECKING:
    from ledger.models import Book


@job("close_days")
def run_days(asked: Job) -> dict[str, Any]:
    """Post, share and seal through a day; a run that was cut off starts again and finds what is posted."""
    book, through, by = _said(asked)
    posted = close_days(book=book, through=through, today=localdate(), by=by, progress=told_to(asked))
    book.refresh_from_db()
    entries = "1 entry" if posted == 1 else f"{posted} entries"
    words = f"{entries} posted; the business date is {day(book.business_date)}."
    asked.refresh_from_db(fields=["total", "done"])
    progress(asked, done=asked.total or asked.done, note=words)
    return {"posted": posted, "business_date": book.business_date.isoformat(), "words": words}


@job("close_month")
def run(asked: Job) -> dict[str, Any]:
    """Post, share, seal and close; a run that was cut off starts again and finds what is posted, or the close."""
    book, through, by = _said(asked)
    reasons = asked.arguments.get("reasons", {})
    event = close_month(book=book, through=through, by=by, reasons=reasons, progress=told_to(asked))
    period = event.period
    name = span(period.starts_on, period.last_day)
    words = f"{name} is closed: nothing can be posted before {day(period.ends_on)}."
    asked.refresh_from_db(fields=["total"])
    progress(asked, done=asked.total, note=words)
    return {
        "starts_on": period.starts_on.isoformat(),
        "last_day": period.last_day.isoformat(),
        "trial_balance_sha256": event.trial_balance_sha256,
        "words": words,
    }


@job("help_close")
def help_run(asked: Job) -> dict[str, Any]:
    """Help a close that has much to do; what it finds done is nothing to worry about."""
    book, on, by = _said(asked, "on")
    helped = help_with(asked.arguments["step"], book=book, on=on, by=by)
    words = f"Helped with {helped} loans."
    progress(asked, note=words)
    return {"helped": helped, "words": words}


def _said(asked: Job, day: str = "through") -> tuple[Book, date, User]:
    """The book, the day and the person that a job names."""
    book, through = book_by_code(asked.arguments["book"]), date.fromisoformat(asked.arguments[day])
    if book is None or not isinstance(asked.requested_by, User):
        raise LookupError("the job names a book or a person that does not exist")
    return book, through, asked.requested_by
