"""Is what comes by the clock done once, however many look, and at the moment that it is switched on for?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from commonweal.access.models import StaffRole, User
from commonweal.desk.jobs import RESULTS, TITLES
from commonweal.jobs import registry
from commonweal.jobs.account import ACCOUNT
from commonweal.jobs.close import ask_to_close_days
from commonweal.jobs.models import Job, JobState, LastSweep, ScheduleSwitch
from commonweal.jobs.runs import upkeep
from commonweal.jobs.schedules import OF_BOOKS, ask_for_what_is_due
from commonweal.jobs.worker import work
from ledger.models import Book
from ledger.queries import is_sealed
from ledger.services import seal
from tests.builders import make_book, make_user, post_entry
from tests.commonweal.access.people import make_staff
from tests.pages import Shown

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
YESTERDAY = date(2026, 11, 22)
DAILY = ("check_book", "forget_answers")

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    return make_book(today=date(2026, 11, 20))


@pytest.fixture
def manager(book: Book) -> User:
    return make_staff(book, StaffRole.MANAGER, "Tom Ashworth")


def kinds(now: datetime) -> list[str]:
    return sorted(job.kind for job in ask_for_what_is_due(now))


def switched(book: Book, by: User, name: str, *, at: datetime, is_on: bool = True) -> None:
    """As `switch` records it, at another moment."""
    ScheduleSwitch.objects.create(book=book, name=name, is_on=is_on, switched_by=by, switched_at=at)


@pytest.mark.parametrize(
    ("name", "now", "last", "following"),
    [
        ("check_book", "2026-11-23T09:30+00:00", "2026-11-23T04:00+00:00", "2026-11-24T04:00+00:00"),
        ("check_book", "2026-11-23T03:59+00:00", "2026-11-22T04:00+00:00", "2026-11-23T04:00+00:00"),
        ("check_book", "2026-07-01T12:00+00:00", "2026-07-01T03:00+00:00", "2026-07-02T03:00+00:00"),
        ("check_book", "2026-03-28T12:00+00:00", "2026-03-28T04:00+00:00", "2026-03-29T03:00+00:00"),
        ("seal_book", "2026-11-23T09:30+00:00", "2026-11-23T09:00+00:00", "2026-11-23T10:00+00:00"),
    ],
)
def test_moments_are_those_of_the_clock_on_the_wall(name: str, now: str, last: str, following: str) -> None:
    schedule, at = OF_BOOKS[name], datetime.fromisoformat(now)
    assert schedule.last_moment(at) == datetime.fromisoformat(last)
    assert schedule.next_moment(at) == datetime.fromisoformat(following)


def test_what_is_due_is_asked_for_once_however_often_anybody_looks(book: Book) -> None:
    assert kinds(MORNING) == list(DAILY)
    assert [kinds(MORNING + timedelta(minutes=n)) for n in (0, 1, 300)] == [[]] * 3
    assert kinds(MORNING + timedelta(days=4)) == list(DAILY), "of four mornings the latest alone"
    assert LastSweep.objects.get().swept_at == MORNING + timedelta(days=4)
    assert {job.requested_by and job.requested_by.email for job in Job.objects.all()} == {ACCOUNT}
    assert not User.objects.get(email=ACCOUNT).is_active
    assert work(worker="a") == 4
    assert {job.state for job in Job.objects.all()} == {JobState.DONE}


def test_an_hour_in_which_nothing_was_posted_needs_no_seal(book: Book) -> None:
    kinds(MORNING)
    assert is_sealed(book)
    post_entry(book=book, by=make_user())
    assert not is_sealed(book)
    assert kinds(MORNING) == ["seal_book"]
    seal(book=book)
    assert is_sealed(book)
    assert kinds(MORNING + timedelta(hours=1)) == []


@time_machine.travel(MORNING, tick=False)
def test_the_nightly_close_is_the_job_that_a_person_would_ask_for(book: Book, manager: User) -> None:
    switched(book, manager, "close_days", at=MORNING - timedelta(hours=10))
    assert "close_days" in kinds(MORNING)
    job = Job.objects.get(kind="close_days")
    assert ask_to_close_days(book=book, through=YESTERDAY, today=MORNING.date(), by=manager) == job
    work(worker="a")
    book.refresh_from_db()
    assert book.business_date == MORNING.date(), "the days that were missed as well"
    assert kinds(MORNING) == []
    switched(book, manager, "close_days", at=MORNING, is_on=False)
    assert "close_days" not in kinds(MORNING + timedelta(days=1))


def test_the_nightly_close_waits_for_its_moment(book: Book, manager: User) -> None:
    switched(book, manager, "close_days", at=MORNING - timedelta(days=2))
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    kinds(MORNING)
    assert "close_days" not in kinds(midnight + timedelta(minutes=29))
    assert "close_days" in kinds(midnight + timedelta(minutes=30))
    assert Job.objects.filter(kind="close_days").latest("pk").arguments["through"] == "2026-11-23"


def test_what_is_switched_on_waits_for_its_next_moment(book: Book, manager: User) -> None:
    switched(book, manager, "close_days", at=MORNING)
    switched(book, manager, "check_book", at=MORNING, is_on=False)
    assert kinds(MORNING) == ["forget_answers"]
    assert kinds(MORNING + timedelta(days=1)) == ["close_days", "forget_answers"]


def test_what_failed_is_left_to_a_person_until_its_next_moment(book: Book) -> None:
    kinds(MORNING)
    failed = {"state": JobState.FAILED, "error": "No.", "finished_at": MORNING}
    Job.objects.filter(kind="check_book").update(**failed)
    assert kinds(MORNING + timedelta(hours=3)) == []
    assert "check_book" in kinds(MORNING + timedelta(days=1))


def test_a_check_that_finds_something_says_so(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "examine_everything", lambda book: ["E-7 does not sum to nought"])
    kinds(MORNING)
    work(worker="a")
    job = Job.objects.get(kind="check_book")
    assert (job.state, job.error.partition(":")[0]) == (JobState.FAILED, "Village fund is not in order")


def test_the_page_says_what_ran_and_who_switched_what(book: Book, manager: User, client: Client) -> None:
    client.force_login(manager)
    address = reverse("desk:runs", args=[book.code])
    assert "No worker is running." in client.get(address).content.decode()
    ask_for_what_is_due()
    work(worker="a")
    sent = client.post(reverse("desk:schedule-switch", args=[book.code]), {"name": "close_days", "to": "on"})
    assert sent.url == address
    client.post(reverse("desk:schedule-switch", args=[book.code]), {"name": "forget_answers", "to": "off"})
    page = Shown(client.get(address))
    assert "No worker is running." not in page.text
    assert "Tom Ashworth" in page.text
    assert "Nothing was found." in page.text
    assert Shown(client.get(address, {"state": "failed"})).text.count("Nothing was found.") == 0
    made = ScheduleSwitch.objects.get()
    assert (made.name, made.is_on, made.switched_by) == ("close_days", True, manager)


def test_every_kind_of_work_has_a_title_and_a_page_that_it_leads_to() -> None:
    registry.run_of("seal_book")
    kinds = {kind for kind in registry._RUNS if not kind.startswith("test.")}
    assert kinds - TITLES.keys() == set()
    assert kinds - RESULTS.keys() <= {"forget_answers"}
