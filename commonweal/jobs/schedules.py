"""What is done by the clock, and when: a list as data, and the one function that asks for what is due.

There is no second queue: the sweep asks for what is due as jobs whose keys name the work and its moment, such as
`seal:village-fund:2026-11-22T07:00`. However many sweeps look at once, and however late, each is done once; of several
moments that passed while nothing ran, only the latest is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import get_current_timezone, localtime

from commonweal.access.models import User
from commonweal.jobs.account import scheduler
from commonweal.jobs.clock import database_now
from commonweal.jobs.close import ask_to_close_days
from commonweal.jobs.models import Job, LastSweep, ScheduleSwitch
from commonweal.jobs.services import enqueue
from ledger.queries import books, is_sealed

if TYPE_CHECKING:
    from ledger.models import Book

HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that comes round: of one book each, or of the whole installation, which nobody switches."""

    name: str
    title: str
    words: str
    every: timedelta
    at: time = time(0)
    is_on: bool = True
    of_book: bool = True
    is_needed: Callable[[Book, date], bool] = lambda book, today: True

    @property
    def rhythm(self) -> str:
        """When it comes round, in words."""
        return "every hour" if self.every == HOURLY else f"every day at {self.at:%H:%M}"

    def last_moment(self, now: datetime) -> datetime:
        """The latest moment, not after `now`, at which it comes round; in the installation's time zone."""
        here = localtime(now)
        if self.every == HOURLY:
            return here.replace(minute=0, second=0, microsecond=0)
        day = here.date() if here.time() >= self.at else here.date() - DAILY
        return self._moment_of(day)

    def next_moment(self, now: datetime) -> datetime:
        """The first moment after `now` at which it comes round."""
        last = self.last_moment(now)
        return last + HOURLY if self.every == HOURLY else self._moment_of(last.date() + DAILY)

    def _moment_of(self, day: date) -> datetime:
        return datetime.combine(day, self.at, get_current_timezone())


def _has_days_to_close(book: Book, today: date) -> bool:
    return book.business_date < today


SCHEDULES = (
    Schedule(
        "close_days",
        "Close of business",
        "Closes the days that are over: posts what fell due, shares it, seals, and writes the letters of the new day.",
        DAILY,
        at=time(0, 30),
        is_on=False,
        is_needed=_has_days_to_close,
    ),
    Schedule(
        "write_letters",
        "Letters and reminders",
        "Writes what the business date brings, such as receipts for what arrived, and sends what waits.",
        DAILY,
        at=time(7),
        is_on=False,
    ),
    Schedule(
        "seal_book",
        "Seal",
        "Seals what was posted since the last seal; an hour in which nothing was posted is passed over.",
        HOURLY,
        is_needed=lambda book, today: not is_sealed(book),
    ),
    Schedule("check_book", "Check of the books", "Looks through the book by every rule.", DAILY, at=time(4)),
    Schedule(
        "forget_answers",
        "Old answers",
        "Forgets what programs were answered under idempotency keys more than 90 days ago.",
        DAILY,
        at=time(5),
        of_book=False,
    ),
)
OF_BOOKS = {schedule.name: schedule for schedule in SCHEDULES if schedule.of_book}


def switch(*, book: Book, schedule: Schedule, is_on: bool, by: User) -> ScheduleSwitch:
    """Record that scheduled work of a book is switched on or off; it counts from its next moment."""
    return ScheduleSwitch.objects.create(book=book, name=schedule.name, is_on=is_on, switched_by=by)


def switches_of(book: Book) -> dict[str, ScheduleSwitch]:
    """The switch in force of each schedule of a book that was ever switched."""
    found = ScheduleSwitch.objects.filter(book=book).order_by("name", "-pk").distinct("name")
    return {one.name: one for one in found.select_related("switched_by")}


def is_on(schedule: Schedule, switched: ScheduleSwitch | None) -> bool:
    """Whether scheduled work comes round, by its last switch or, never switched, by itself."""
    return schedule.is_on if switched is None else switched.is_on


def ask_for_what_is_due(now: datetime | None = None) -> list[Job]:
    """Ask for all scheduled work whose moment has come and that nobody has asked for yet; safe to repeat at any time.

    What failed or was stopped is not asked for again before its next moment: a person decides about it.
    """
    now = now or database_now()
    LastSweep.objects.update_or_create(pk=1, defaults={"swept_at": now})
    due = list(_due(now))
    asked = set(Job.objects.filter(key__in=[one.key for one in due]).values_list("key", flat=True))
    return [_ask(one) for one in due if one.key not in asked and one.is_needed]


@dataclass(frozen=True, slots=True)
class _Due:
    """Scheduled work at its latest moment, whether it was done or not."""

    schedule: Schedule
    book: Book | None
    moment: datetime

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do."""
        return self.book is None or self.schedule.is_needed(self.book, self.moment.date())

    @property
    def key(self) -> str:
        """What names it; the close of a day has the same key when a person asks for it."""
        if self.schedule.name == "close_days" and self.book is not None:
            return f"days:{self.book.code}:{self.moment.date() - DAILY}"
        whose = "" if self.book is None else f"{self.book.code}:"
        return f"{self.schedule.name}:{whose}{self.moment:%Y-%m-%dT%H:%M%z}"


def _due(now: datetime) -> Iterator[_Due]:
    for schedule in SCHEDULES:
        if not schedule.of_book:
            yield _Due(schedule, None, schedule.last_moment(now))
    for book in books():
        switched = switches_of(book)
        for schedule in OF_BOOKS.values():
            if _is_on_at(schedule, switched.get(schedule.name), now):
                yield _Due(schedule, book, schedule.last_moment(now))


def _is_on_at(schedule: Schedule, switched: ScheduleSwitch | None, now: datetime) -> bool:
    """Whether it is on, and was already at its latest moment."""
    was_there = switched is None or switched.switched_at <= schedule.last_moment(now)
    return was_there and is_on(schedule, switched)


def _ask(due: _Due) -> Job:
    if due.schedule.name == "close_days" and due.book is not None:
        today = due.moment.date()
        return ask_to_close_days(book=due.book, through=today - DAILY, today=today, by=scheduler())
    arguments = {"book": due.book.code} if due.book is not None else {}
    return enqueue(kind=due.schedule.name, arguments=arguments, by=scheduler(), book=due.book, key=due.key)
