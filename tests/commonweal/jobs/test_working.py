"""Doing work: who holds a job, how it ends, and what a worker that was too slow may still write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commonweal.access.models import User
from commonweal.jobs.clock import database_now
from commonweal.jobs.errors import LeaseLost
from commonweal.jobs.leases import LEASE, claim, progress, release
from commonweal.jobs.models import ATTEMPTS, Job, JobState
from commonweal.jobs.services import cancel, enqueue, retry
from commonweal.jobs.worker import RETRY_AFTER, run, work
from tests.commonweal.jobs.kinds import UNITS, marks

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def ask(by: User, kind: str = "test.units", **arguments: Any) -> Job:
    return enqueue(kind=kind, arguments=arguments, by=by)


def taken(worker: str = "a", now: datetime = NOON) -> Job:
    job = claim(worker=worker, now=now)
    assert job is not None
    return job


def test_the_oldest_job_is_taken_first_and_then_no_more(tom: User) -> None:
    first, second = ask(tom), ask(tom)
    assert [claim(worker="a", now=NOON) for _ in range(3)] == [first, second, None]


def test_a_job_in_hand_is_left_alone_until_its_lease_ends(tom: User) -> None:
    ask(tom)
    job = taken("a")
    assert claim(worker="b", now=NOON + LEASE - timedelta(seconds=1)) is None
    again = taken("b", NOON + LEASE)
    assert (again, again.attempts, again.lease_owner) == (job, 2, "b")


def test_progress_says_how_far_and_keeps_the_job(tom: User) -> None:
    ask(tom)
    job = taken(now=database_now() - timedelta(seconds=50))
    progress(job, done=3, total=10, note="three of ten")
    assert claim(worker="b", now=database_now() + timedelta(seconds=30)) is None
    job.refresh_from_db()
    assert (job.done, job.total, job.note) == (3, 10, "three of ten")
    assert job.lease_until is not None
    assert timedelta(0) <= database_now() + LEASE - job.lease_until < timedelta(seconds=20)


def test_a_worker_whose_clock_is_days_ahead_takes_nothing_over(tom: User, time_machine_at_noon: None) -> None:
    ask(tom)
    job = claim(worker="a")
    assert job is not None
    assert abs(timezone.now() - database_now()) > LEASE
    assert claim(worker="b") is None
    progress(job, done=1, total=10)
    assert claim(worker="b") is None


def test_progress_leaves_what_is_not_said(tom: User) -> None:
    ask(tom)
    job = taken()
    progress(job, done=1, total=10, note="one")
    progress(job, done=2)
    job.refresh_from_db()
    assert (job.done, job.total, job.note) == (2, 10, "one")


def test_a_worker_that_was_taken_over_can_write_nothing(tom: User) -> None:
    ask(tom)
    stale = taken("a")
    fresh = taken("b", NOON + LEASE)
    with pytest.raises(LeaseLost, match="no longer held by a"):
        progress(stale, done=4)
    with pytest.raises(LeaseLost):
        release(stale, state=JobState.DONE, result={"from": "a"}, finished_at=NOON)
    release(fresh, state=JobState.DONE, result={"from": "b"}, finished_at=NOON)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.result, fresh.done) == (JobState.DONE, {"from": "b"}, 0)


def test_a_worker_taken_over_by_itself_is_stale_too(tom: User) -> None:
    ask(tom)
    stale, _fresh = taken("a"), taken("a", NOON + LEASE)
    with pytest.raises(LeaseLost):
        progress(stale, done=4)


def test_a_stale_worker_that_finishes_changes_nothing_and_is_logged(
    tom: User, caplog: pytest.LogCaptureFixture
) -> None:
    ask(tom)
    stale, fresh = taken("a"), taken("b", NOON + LEASE)
    run(stale)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.lease_owner, fresh.result, marks(fresh)) == (JobState.RUNNING, "b", None, [])
    assert "Its result was not recorded" in caplog.text


def test_a_finished_job_is_not_taken_again(tom: User) -> None:
    ask(tom)
    job = taken()
    run(job)
    assert claim(worker="b", now=NOON + timedelta(days=1)) is None
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, UNITS, UNITS, {"units": UNITS})
    assert job.finished_at is not None
    assert job.lease_until is None


def test_a_cancelled_job_stops_at_its_next_unit_and_rolls_that_unit_back(tom: User) -> None:
    ask(tom)
    job = taken()
    cancel(job=job)
    run(job)
    job.refresh_from_db()
    assert (job.state, job.result, marks(job)) == (JobState.CANCELLED, None, [])


def test_a_refusal_of_our_own_is_the_answer_and_is_not_tried_again(tom: User) -> None:
    job = ask(tom, "test.refuse")
    assert work(worker="a") == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert job.error == "Lines 3 and 7 of the file are in euros; the account is in pounds. Nothing was changed."


def test_a_fault_is_tried_again_later_and_then_told_without_its_inside(tom: User) -> None:
    job = ask(tom, "test.fault")
    now = NOON
    for attempt in range(1, ATTEMPTS + 1):
        run(taken(now=now))
        job.refresh_from_db()
        if attempt < ATTEMPTS:
            assert job.state == JobState.QUEUED
            assert job.not_before is not None
            assert claim(worker="a", now=job.not_before - RETRY_AFTER / 2) is None
            now = job.not_before
    assert (job.state, marks(job)) == (JobState.FAILED, ["unit 1", "unit 2", "unit 3"])
    assert f"a technical fault, {ATTEMPTS} times in a row" in job.error
    assert job.reference in job.error
    assert "index 7" not in job.error


def test_a_result_that_json_cannot_hold_is_a_fault(tom: User) -> None:
    job = ask(tom, "test.unserialisable")
    assert work(worker="a") == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)


def test_a_job_that_keeps_losing_its_worker_is_given_up(tom: User) -> None:
    job = ask(tom)
    for attempt in range(ATTEMPTS):
        taken(now=NOON + attempt * LEASE)
    assert claim(worker="b", now=NOON + ATTEMPTS * LEASE) is None
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "its worker was lost each time" in job.error


def test_a_failed_job_tried_again_has_fresh_attempts(tom: User) -> None:
    job = ask(tom, "test.fault")
    for attempt in range(ATTEMPTS):
        run(taken(now=NOON + timedelta(days=365 + attempt)))
    retry(job=job)
    job.refresh_from_db()
    assert (job.state, job.error, job.finished_at) == (JobState.QUEUED, "", None)
    for attempt in range(ATTEMPTS):
        run(taken(now=NOON + timedelta(days=400 + attempt)))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 2 * ATTEMPTS)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "asleep"},
        {"state": "running"},
        {"state": "done"},
        {"state": "failed", "finished_at": NOON},
        {"lease_owner": "a"},
        {"done": 5, "total": 4},
    ],
)
def test_the_database_refuses_a_row_that_makes_no_sense(tom: User, nonsense: dict[str, Any]) -> None:
    job = ask(tom)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**nonsense)
