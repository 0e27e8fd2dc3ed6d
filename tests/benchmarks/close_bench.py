"""What does the close of days cost? Each part runs in a database of its own and prints one line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connection  # noqa: E402

from commonweal.access.models import User  # noqa: E402
from commonweal.jobs.bringing_in import move_in  # noqa: E402
from commonweal.jobs.close import close_days  # noqa: E402
from commonweal.jobs.models import Job  # noqa: E402
from commonweal.jobs.moving_in import try_moving_in  # noqa: E402
from commonweal.jobs.schedules import ask_for_what_is_due  # noqa: E402
from commonweal.jobs.worker import work  # noqa: E402
from ledger.models import Book  # noqa: E402
from ledger.queries import last_entry  # noqa: E402
from loans.models import Loan  # noqa: E402
from loans.services import confirm_moving_in, prepare_moving_in  # noqa: E402
from tests.loans.builders import make_fund  # noqa: E402
from tests.moving_in import CUT_OVER_ON, many, sheets  # noqa: E402

LOANS = int(os.environ.get("BENCH_LOANS", "1000"))
INSTALMENTS = 24
DUE_ON = date(2026, 11, 16)
"""On this day of each month everything is due; it is a Monday, so nothing waits for it."""

FAR_AHEAD = date(2040, 1, 1)
IDLE_DAYS = 5


def prepare() -> dict[str, object]:
    """A book of so many loans with 24 monthly instalments each."""
    fund = make_fund(today=CUT_OVER_ON)
    rows = many(LOANS)
    for row in rows:
        row |= {"instalments left": str(INSTALMENTS), "next due on": DUE_ON.isoformat(), "amortisation": "annuity"}
    ready = try_moving_in(
        moving_in=prepare_moving_in(book=fund.book, cut_over_on=CUT_OVER_ON, files=sheets(rows), by=fund.tom)
    )
    move_in(
        moving_in=confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya), by=fund.priya
    )
    return {"loans": Loan.objects.count()}


def catching_up(days: str) -> dict[str, object]:
    """So many days in one run: seconds, entries, and the peak memory of the process."""
    book, by = _book()
    before = last_entry(book)
    seconds = _closed(book, by, CUT_OVER_ON + timedelta(days=int(days) - 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"days": int(days), "seconds": seconds, "entries": last_entry(book) - before, "peak_mb": peak}


def idle(loans: str) -> dict[str, object]:
    """A day on which everything is due, and days on which nothing is, in a book with so many loans."""
    book, by = _book()
    if more := int(loans) - LOANS:
        one = {"one": Loan.objects.order_by("pk").values_list("pk", flat=True)[2], "loans": more}
        with connection.cursor() as cursor:
            cursor.execute(Path(__file__).with_name("idle_loans.sql").read_text(), one | {"next": FAR_AHEAD})
    _closed(book, by, DUE_ON - timedelta(days=1))
    busy = _closed(book, by, DUE_ON)
    days = [_closed(book, by, DUE_ON + timedelta(days=day)) for day in range(1, IDLE_DAYS + 1)]
    return {"loans": Loan.objects.count(), "busy": busy, "idle": min(days), "due": LOANS}


def free_workers() -> dict[str, object]:
    """Do what comes round by the clock, so that a worker which looks for jobs is free for the close."""
    ask_for_what_is_due()
    return {"jobs": work(worker="bench")}


def helped() -> dict[str, object]:
    """For how many loans another worker took a step of the close."""
    done = [one.result["helped"] for one in Job.objects.filter(kind="help_close", state="done") if one.result]
    return {"helped": sum(done)}


def _book() -> tuple[Book, User]:
    return Book.objects.get(), User.objects.get(name="Tom Ashworth")


def _closed(book: Book, by: User, through: date) -> float:
    book.refresh_from_db()
    start = time.perf_counter()
    close_days(book=book, through=through, today=FAR_AHEAD, by=by)
    return time.perf_counter() - start


PARTS = {
    "prepare": prepare,
    "catching-up": catching_up,
    "idle": idle,
    "free-workers": free_workers,
    "helped": helped,
}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])), flush=True)
