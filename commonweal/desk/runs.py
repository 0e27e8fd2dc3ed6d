"""What ran, when, for how long and with which result; and what runs by itself, and who switched it on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.jobs import STATES, TITLES, about
from commonweal.documents.list_files import Sheet, download
from commonweal.jobs.clock import database_now
from commonweal.jobs.models import Job, JobState, ScheduleSwitch
from commonweal.jobs.queries import last_runs, last_sweep, runs_of
from commonweal.jobs.schedules import OF_BOOKS, SCHEDULES, Schedule, is_on, switch, switches_of
from commonweal.templatetags.commonweal import moment

if TYPE_CHECKING:
    from ledger.models import Book

SECTION, PAGE = "desk:periods", "desk:runs"
PER_PAGE, MOST = 30, 10_000
PATIENCE = timedelta(minutes=1)
"""How long workers may not have looked for work before the page says that none runs."""

COLOURS = {
    JobState.QUEUED: "due",
    JobState.RUNNING: "watch",
    JobState.DONE: "good",
    JobState.FAILED: "late",
    JobState.CANCELLED: "closed",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """Scheduled work as shown: whether it is on and by whom, how it went last, and when it comes next."""

    schedule: Schedule
    is_on: bool
    switched: ScheduleSwitch | None
    last: Run | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """A job as a row: `state` colours, `words` say what came of it."""

    job: Job
    title: str
    about: str
    state: str
    state_words: str
    took: str
    words: str
    url: str


def runs(request: PersonRequest, book: str) -> HttpResponse:
    """The schedules, and every run of a book and of the installation, the latest first."""
    of = book_of(request, book)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    chosen = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    found = runs_of(of).filter(**chosen)
    if file := download(request, _sheet(of, (shown(job, of) for job in found[:MOST]))):
        return file
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    now, swept = database_now(), last_sweep()
    context = {
        "planned": list(_planned(of, now)),
        "page": page,
        "rows": [shown(job, of) for job in page],
        "kinds": sorted(TITLES.items(), key=lambda item: item[1]),
        "states": [(each.value, STATES[each].capitalize()) for each in JobState],
        "kind": kind,
        "state": state,
        "swept": swept,
        "is_idle": swept is None or now - swept > PATIENCE,
        "why_not_switch": why_not(request.user, "desk:schedule-switch", "POST", book=of.pk),
    }
    crumbs = [Link("Month end", reverse(SECTION, args=[of.code])), Link("What ran")]
    return desk_page(request, "desk/periods/runs.html", of, section=SECTION, crumbs=crumbs, context=context)


def schedule_switch(request: PersonRequest, book: str) -> HttpResponse:
    """Switch scheduled work on or off; who did it, and when, is recorded."""
    of = book_of(request, book)
    schedule = OF_BOOKS.get(request.POST.get("name", ""))
    if schedule is None or request.POST.get("to") not in {"on", "off"}:
        messages.error(request, "Say which work is switched, and whether on or off. Nothing was changed.")
        return redirect(PAGE, of.code)
    made = switch(book=of, schedule=schedule, is_on=request.POST["to"] == "on", by=request.user)
    if made.is_on:
        messages.success(request, f"{schedule.title} runs {schedule.rhythm}, from its next time on.")
    else:
        messages.success(request, f"{schedule.title} no longer runs by itself; what runs now goes on to its end.")
    return redirect(PAGE, of.code)


def shown(job: Job, book: Book) -> Run:
    """A job as a row of the page and of its file."""
    state = JobState(job.state)
    return Run(
        job=job,
        title=TITLES.get(job.kind, job.kind),
        about=about(job),
        state=COLOURS[state],
        state_words=STATES[state].capitalize(),
        took=how_long(job.took),
        words=job.error or job.note,
        url=reverse("desk:job", args=[book.code, job.pk]) if job.book_id else "",
    )


def how_long(took: timedelta | None) -> str:
    """A duration in words: the two largest units.

    >>> how_long(timedelta(seconds=0.01)), how_long(timedelta(seconds=75)), how_long(timedelta(hours=2, minutes=1))
    ('0.1 s', '1 min 15 s', '2 h 1 min')
    """
    if took is None:
        return ""
    seconds = took.total_seconds()
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s"
    minutes, hours = int(seconds) // 60, int(seconds) // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {int(seconds) % 60} s" if minutes else f"{int(seconds)} s"


def _planned(book: Book, now: datetime) -> Iterator[Planned]:
    switched, latest = switches_of(book), last_runs(book, [schedule.name for schedule in SCHEDULES])
    for schedule in SCHEDULES:
        mine, last = switched.get(schedule.name), latest.get(schedule.name)
        on = is_on(schedule, mine)
        next_at = schedule.next_moment(now) if on else None
        yield Planned(schedule, on, mine, shown(last, book) if last else None, next_at)


def _sheet(book: Book, rows: Iterator[Run]) -> Sheet:
    headings = ("Number", "What", "About", "Asked by", "Asked at", "Began", "Ended", "Seconds", "State", "Result")
    return Sheet(f"runs-{book.code}", headings, (_cells(row) for row in rows))


def _cells(row: Run) -> tuple[str | int | None, ...]:
    job = row.job
    times = [moment(at) for at in (job.requested_at, job.started_at, job.finished_at)]
    seconds = round(job.took.total_seconds()) if job.took is not None else None
    asked_by = str(job.requested_by or "")
    return job.reference, row.title, row.about, asked_by, *times, seconds, row.state_words, row.words
