"""Broker and PostgreSQL go away, messages come twice: is everything done once, and does it mend by itself?

A web server, two workers, Redis and a PostgreSQL of their own; what is killed is killed with -9.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from importlib import import_module
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections

from commonweal.access.models import StaffRole, User
from commonweal.access.sessions import SessionStore
from commonweal.access.tokens import make_token
from commonweal.celery import configuration
from commonweal.documents.models import PreparedStatement, StatementRun
from commonweal.jobs import wakeup
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.services import enqueue
from commonweal.jobs.wakeup import wake_workers
from commonweal.public.errors import AWAY
from ledger.models import Book
from ledger.services import import_bank_file
from loans.domain.schedule import planned_schedule
from loans.models import EventKind, Loan
from loans.queries import terms_of
from tests.builders import bank_file, make_bank_account
from tests.commonweal.access.people import make_staff
from tests.commonweal.jobs.kinds import UNITS, marks
from tests.databases import TestDatabase
from tests.drills.machine import POSTGRESQL, REDIS, WEB, Answer, Machine, machine, wait_until
from tests.ledger.dumps import dump_and_restore
from tests.ledger.tampering import logged_in
from tests.loans.builders import Fund, make_drawn_loan, make_fund
from tests.tools import refuse_or_skip

pytestmark = pytest.mark.drill

WORKERS = ("worker-1", "worker-2")
UNTIL = date(2026, 11, 2)
"""The last instalment whose money is in suspense when the drills begin."""
AT_MOST = 15
"""Seconds in which the web server answers, whatever is away."""


@dataclass(frozen=True)
class Books:
    """A loan, and the bank lines that wait to be matched to it; the manager's token and session."""

    fund: Fund
    loan: Loan
    lines: list[int]
    token: str
    session: str

    def repay(self, parts: Machine, line: int) -> Answer:
        """Match a bank line to the loan through the API, under a key that is the line's."""
        address = f"/api/v1/books/{self.fund.book.code}/loans/{self.loan.pk}/repayments/"
        return parts.ask(address, {"bank_line": line}, token=self.token, key=f"line-{line}")

    def are_right(self) -> None:
        """Every line is repaid once, and every rule of every app holds."""
        assert self.loan.events.filter(kind=EventKind.REPAID).count() == len(self.lines)
        assert examine_everything(Book.objects.get(pk=self.fund.book.pk)) == []


@contextmanager
def installation(
    database: TestDatabase, parts: Machine, monkeypatch: pytest.MonkeyPatch, *names: str
) -> Iterator[None]:
    """These parts over a copy of the test's database; what this process asks for wakes their workers."""
    if database.superuser_url is None:
        refuse_or_skip("set DATABASE_SUPERUSER_URL to copy the books to a server that may be killed")
    dump_and_restore(database.superuser_url, parts.server)
    app = Celery("drill", set_as_current=False)
    app.conf.update(configuration(parts.folder, parts.broker_url))
    monkeypatch.setattr(wakeup, "app", app)
    with logged_in(parts.server.url(parts.roles.app)):
        parts.start(*names)
        yield
    app.close()


def keep_books() -> Books:
    """A loan of 60 instalments, of which the money of eighteen came in."""
    fund = make_fund()
    loan = make_drawn_loan(fund)
    rows = [row for row in planned_schedule(terms_of(loan)) if row.due_on <= UNTIL]
    make_bank_account(book=fund.book)
    content = bank_file(*[(row.due_on, str(row.total.amount), loan.reference) for row in rows])
    (imported,) = import_bank_file(book=fund.book, name="bank.xml", content=content, by=fund.priya)
    lines = [line.pk for line in imported.new_lines]
    manager = make_staff(fund.book, StaffRole.MANAGER)
    return Books(fund, loan, lines, make_token(user=manager, label="drill")[1], session_of(manager))


def session_of(user: User) -> str:
    """The key of a session in which somebody has logged in."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def all_are_done() -> bool:
    return not Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists()


@pytest.fixture
def parts(spare_server: object, tmp_path: Path) -> Iterator[Machine]:
    """An installation woken through Redis, that knows the tests' kinds of work."""
    import_module("tests.commonweal.jobs.kinds")
    with machine(spare_server, tmp_path, broker="redis", application="tests.commonweal.jobs.celery_process") as made:
        yield made


@pytest.mark.parametrize("broker", ["redis", "files"])
def test_each_message_delivered_twice_has_one_effect(
    committing_database: TestDatabase, parts: Machine, monkeypatch: pytest.MonkeyPatch, broker: str
) -> None:
    parts.broker = "redis" if broker == "redis" else "files"
    names = [REDIS, *WORKERS] if broker == "redis" else [*WORKERS]
    with installation(committing_database, parts, monkeypatch, *names):
        tom = make_fund().tom
        jobs = []
        for _ in range(40):
            jobs.append(enqueue(kind="test.units", arguments={}, by=tom))
            wake_workers()
        wait_until(all_are_done, what="the jobs")
        twice = 2 * len(jobs)
        wait_until(lambda: sum(parts.log(name).count("Task jobs.wake") for name in WORKERS) >= twice, what="messages")
        done = [(job.state, job.attempts) for job in Job.objects.filter(pk__in=[job.pk for job in jobs])]
        assert Counter(done) == {(JobState.DONE, 1): len(jobs)}
        assert [marks(job) for job in jobs] == [[f"unit {n}" for n in range(1, UNITS + 1)]] * len(jobs)


def test_a_task_longer_than_redis_waits_runs_once_in_effect(
    committing_database: TestDatabase, parts: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.application = "tests.drills.impatient_celery"
    with installation(committing_database, parts, monkeypatch, REDIS, *WORKERS):
        job = enqueue(kind="test.quiet", arguments={"seconds": 12}, by=make_fund().tom)
        wait_until(all_are_done, what="the job")
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.DONE, 1)
        logs = "".join(parts.log(name) for name in WORKERS)
        received = Counter(re.findall(r"Task jobs\.wake\[([\w-]+)\] received", logs))
        assert max(received.values()) > 1, "Redis has delivered nothing twice"


@pytest.mark.parametrize("seconds", [pytest.param(20, id="20 seconds"), pytest.param(300, id="five minutes")])
def test_the_broker_is_gone_while_repayments_are_recorded(
    committing_database: TestDatabase, parts: Machine, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    with installation(committing_database, parts, monkeypatch, REDIS, WEB, *WORKERS):
        books = keep_books()
        periods = [f"2025-{month:02}" for month in range(5, 13)]
        parts.kill(REDIS)
        began = time.monotonic()
        for number, line in enumerate(books.lines):
            answers = [books.repay(parts, line)]
            if number < len(periods):
                asked = {"period": periods[number]}
                address = f"/api/v1/books/{books.fund.book.code}/statement-runs/"
                answers.append(parts.ask(address, asked, token=books.token, key=periods[number]))
            assert {answer.status for answer in answers} <= {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}, answers
            assert max(answer.seconds for answer in answers) < AT_MOST
        assert Job.objects.filter(kind="issue_statements", state=JobState.QUEUED).count() == len(periods)
        time.sleep(max(0, began + seconds - time.monotonic()))
        parts.start(REDIS)
        wait_until(all_are_done, 240, what="the follow-ups")
        found = Job.objects.filter(kind="issue_statements").values_list("state", "attempts")
        assert Counter(found) == {(JobState.DONE, 1): len(periods)}
        assert StatementRun.objects.filter(book=books.fund.book).count() == len(periods)
        assert PreparedStatement.objects.filter(run__book=books.fund.book).count() == len(periods) * 2  # the impact's
        books.are_right()


def test_postgresql_is_gone_and_comes_back(
    committing_database: TestDatabase, parts: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installation(committing_database, parts, monkeypatch, REDIS, WEB, *WORKERS):
        books = keep_books()
        desk = f"/desk/{books.fund.book.code}/"
        assert parts.ask(desk, session=books.session).status == HTTPStatus.OK
        connections.close_all()
        told: dict[int, list[int]] = {line: [] for line in books.lines}

        def repay_all() -> None:
            for line, statuses in told.items():
                while HTTPStatus.CREATED not in statuses:
                    statuses.append(books.repay(parts, line).status)
                    time.sleep(0.2)

        writer = threading.Thread(target=repay_all)
        writer.start()
        for _ in range(2):
            time.sleep(1)
            parts.kill(POSTGRESQL)
            away = [parts.ask(path, session=books.session) for path in (desk, "/api/v1/books/", "/ready")]
            assert [answer.status for answer in away] == [HTTPStatus.SERVICE_UNAVAILABLE] * 3, away
            assert all(answer.headers.get("Retry-After") for answer in away)
            assert max(answer.seconds for answer in away) < AT_MOST
            assert AWAY.partition(".")[0] in away[0].text
            assert "Traceback" not in away[0].text
            assert parts.ask("/live").status == HTTPStatus.OK
            parts.start(POSTGRESQL)
            wait_until(parts.is_ready, what="the web server")
        writer.join(timeout=240)
        assert not writer.is_alive()
        assert any(HTTPStatus.SERVICE_UNAVAILABLE in statuses for statuses in told.values())
        assert set().union(*told.values()) <= {HTTPStatus.CREATED, HTTPStatus.SERVICE_UNAVAILABLE}
        connections.close_all()
        books.are_right()
        job = enqueue(kind="test.units", arguments={}, by=books.fund.tom)
        wait_until(all_are_done, what="a worker that works again")
        assert marks(job) == [f"unit {n}" for n in range(1, UNITS + 1)]
