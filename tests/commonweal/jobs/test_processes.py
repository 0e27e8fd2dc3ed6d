"""Real workers in processes of their own: killed, racing, woken through Celery, or never woken at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from commonweal.jobs import leases
from commonweal.jobs.leases import claim
from commonweal.jobs.models import ATTEMPTS, Job, JobState
from commonweal.jobs.services import enqueue
from commonweal.jobs.tasks import sweep, wake
from commonweal.jobs.worker import work
from tests.commonweal.jobs.conftest import somebody
from tests.commonweal.jobs.kinds import UNITS, marks
from tests.databases import TestDatabase
from tests.drills.machine import free_port
from tests.tools import find_program

pytestmark = pytest.mark.committing

ROOT = Path(__file__).resolve().parents[3]
WORKER = [sys.executable, "-m", "tests.commonweal.jobs.worker_process"]
CELERY = [
    sys.executable,
    "-m",
    "celery",
    "-A",
    "tests.commonweal.jobs.celery_process",
    "worker",
    "--beat",
    "--loglevel=info",
]


@pytest.fixture(autouse=True)
def no_broker(wake_ups: list[str]) -> list[str]:
    """What this process asks for wakes nobody; the workers must find it."""
    return wake_ups


@contextmanager
def process(
    command: list[str], database: TestDatabase, var_dir: Path, broker_url: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the test's own database, with all that it starts; ended afterwards."""
    var_dir.mkdir(exist_ok=True)
    environment = {**os.environ, **database.environment, "VAR_DIR": str(var_dir), "BROKER_URL": broker_url}
    log = (var_dir / "worker.log").open("wb")
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield worker
    finally:
        with log:
            kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """What the kernel does to a worker that takes too much memory."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(timeout=20)


def wait_until(holds: Callable[[], bool], seconds: float = 40) -> None:
    """Look every tenth of a second; fail when it does not come to hold in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def let_leases_end() -> None:
    """A minute passes."""
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_whose_worker_is_killed_is_finished_by_the_next_one(
    committing_database: TestDatabase, tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    job = enqueue(kind="test.units", arguments={"hold": str(hold)}, by=somebody())
    with process([*WORKER, "--once"], committing_database, tmp_path) as worker:
        wait_until(hold.with_suffix(".reached").exists)
        kill(worker)
    hold.unlink()
    assert work(worker="too early") == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, marks(job)) == (JobState.RUNNING, 1, ["unit 1", "unit 2"])
    let_leases_end()
    assert work(worker="the next one") == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, {"units": UNITS})
    assert marks(job) == [f"unit {number}" for number in range(1, UNITS + 1)]


def test_a_job_that_kills_its_workers_is_given_up(committing_database: TestDatabase, tmp_path: Path) -> None:
    job = enqueue(kind="test.poison", arguments={}, by=somebody())
    for _ in range(ATTEMPTS):
        with process([*WORKER, "--once"], committing_database, tmp_path) as worker:
            assert worker.wait(timeout=40) == -signal.SIGKILL
        let_leases_end()
    assert work(worker="the next one") == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, ATTEMPTS)


def test_workers_racing_for_many_jobs_do_each_one_once(committing_database: TestDatabase) -> None:
    tom = somebody()
    jobs = [enqueue(kind="test.units", arguments={}, by=tom) for _ in range(12)]
    counts: list[int] = []
    race([lambda name=name: counts.append(work(worker=name)) for name in "abcd"])
    assert sum(counts) == len(jobs)
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, job.attempts, len(marks(job))) == (JobState.DONE, 1, UNITS)


def test_a_row_that_another_worker_is_just_taking_is_passed_over() -> None:
    tom = somebody()
    first, second = (enqueue(kind="test.units", arguments={}, by=tom) for _ in range(2))
    found: list[Job | None] = []
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=first.pk)
        race([lambda: found.append(claim(worker="b"))])
    assert found == [second]


def test_a_worker_that_works_without_a_word_keeps_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=0.9))
    job = enqueue(kind="test.quiet", arguments={"seconds": 2.4}, by=somebody())
    found: list[Job | None] = []

    def look() -> None:
        for _ in range(4):
            time.sleep(0.5)
            found.append(claim(worker="b"))

    race([lambda: work(worker="a"), look])
    job.refresh_from_db()
    assert found == [None] * 4
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_a_doubled_message_has_one_effect() -> None:
    job = enqueue(kind="test.units", arguments={}, by=somebody())
    race([wake, wake, sweep])
    wake()
    job.refresh_from_db()
    assert (job.state, job.attempts, len(marks(job))) == (JobState.DONE, 1, UNITS)


def test_one_key_asked_for_by_many_at_once_makes_one_job() -> None:
    tom = somebody()
    asked: list[Job] = []
    race([lambda: asked.append(enqueue(kind="test.units", arguments={}, by=tom, key="K"))] * 8)
    assert len(asked) == 8
    assert Job.objects.count() == 1


def test_a_message_wakes_a_celery_worker_and_its_sweep_finds_what_no_message_announced(
    committing_database: TestDatabase, tmp_path: Path
) -> None:
    tom = somebody()
    with process(CELERY, committing_database, tmp_path) as worker:
        silent = enqueue(kind="test.units", arguments={}, by=tom)
        wait_until(lambda: state_of(silent) == JobState.DONE)
        asked = enqueue(kind="test.greet", arguments={"name": "Jo"}, by=tom)
        send_wake_up(committing_database, tmp_path)
        (tmp_path / "broker" / "0_cut_off.celery.msg").write_text("{")
        wait_until(lambda: state_of(asked) == JobState.DONE)
        log = (tmp_path / "worker.log").read_text()
        assert "Task jobs.wake" in log
        assert "Task jobs.sweep" in log
        refused = enqueue(kind="test.refuse", arguments={}, by=tom)
        wait_until(lambda: state_of(refused) == JobState.FAILED)
        assert worker.poll() is None
    assert (marks(silent), marks(asked)) == ([f"unit {n}" for n in range(1, UNITS + 1)], ["unit 1"])
    assert Job.objects.get(pk=asked.pk).result == {"said": "Good day, Jo"}


def test_jobs_are_run_without_celery(committing_database: TestDatabase, tmp_path: Path) -> None:
    with process(WORKER, committing_database, tmp_path):
        job = enqueue(kind="test.units", arguments={}, by=somebody())
        wait_until(lambda: state_of(job) == JobState.DONE)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of the test's own."""
    program = find_program("redis-server", package="redis-server")
    port = free_port()
    place = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen([program, *place], stdout=subprocess.DEVNULL, start_new_session=True)
    yield f"redis://127.0.0.1:{port}/0"
    kill(server)


def test_workers_are_woken_through_redis(committing_database: TestDatabase, tmp_path: Path, redis_url: str) -> None:
    tom, folders = somebody(), [tmp_path / "a", tmp_path / "b"]
    without_beat = [word for word in CELERY if word != "--beat"]
    with (
        process([*CELERY, "-n", "a"], committing_database, folders[0], redis_url),
        process([*without_beat, "-n", "b"], committing_database, folders[1], redis_url),
    ):
        wait_until(lambda: all("Connected to redis://" in (each / "worker.log").read_text() for each in folders))
        jobs = [enqueue(kind="test.units", arguments={}, by=tom) for _ in range(6)]
        send_wake_up(committing_database, tmp_path, redis_url)
        wait_until(lambda: all(state_of(job) == JobState.DONE for job in jobs))
        wait_until(lambda: "Task jobs.wake" in "".join((folder / "worker.log").read_text() for folder in folders))
    assert {job.attempts for job in Job.objects.filter(kind="test.units")} == {1}
    assert [len(marks(job)) for job in jobs] == [UNITS] * len(jobs)


def send_wake_up(database: TestDatabase, var_dir: Path, broker_url: str = "") -> None:
    """A message from another process, as the web server sends it."""
    environment = {**os.environ, **database.environment, "VAR_DIR": str(var_dir), "BROKER_URL": broker_url}
    code = "import django; django.setup(); from commonweal.jobs.wakeup import wake_workers; wake_workers()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, timeout=40)


def race(actions: list[Callable[[], Any]]) -> None:
    """Do all of them at once, each in a thread and on a connection of its own; a fault in one is a fault here."""
    start = threading.Barrier(len(actions))

    def runner(action: Callable[[], Any]) -> None:
        start.wait()
        try:
            action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        for future in [pool.submit(runner, action) for action in actions]:
            future.result(timeout=60)
