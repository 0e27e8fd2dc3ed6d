"""Asking for work: in the caller's transaction, once for each key, and never stopped by a broker."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import transaction

from commonweal.access.models import User
from commonweal.celery import app
from commonweal.jobs.errors import JobAlreadyFinished, JobKeyReused, JobNotFinished, UnknownJobKind
from commonweal.jobs.models import ATTEMPTS, Job, JobState
from commonweal.jobs.services import cancel, enqueue, retry
from commonweal.jobs.worker import work

pytestmark = pytest.mark.django_db


def greeting(by: User, name: str = "Jo", key: str | None = None, attempts: int = ATTEMPTS) -> Job:
    return enqueue(kind="test.greet", arguments={"name": name}, by=by, key=key, attempts=attempts)


def test_a_worker_is_woken_only_when_the_transaction_commits(
    tom: User, wake_ups: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        greeting(tom)
        assert wake_ups == []
    for callback in callbacks:
        callback()
    assert wake_ups == ["jobs.wake"]


def test_work_asked_for_in_a_transaction_that_is_rolled_back_is_not_there(
    tom: User, wake_ups: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        greeting(tom)
        transaction.set_rollback(True)
    assert Job.objects.count() == 0
    assert wake_ups == []


def test_asking_twice_under_one_key_makes_one_job(tom: User) -> None:
    first, second = greeting(tom, key="greet:Jo"), greeting(tom, key="greet:Jo")
    assert first == second
    assert Job.objects.count() == 1


def test_without_a_key_each_asking_is_its_own_job(tom: User) -> None:
    assert greeting(tom) != greeting(tom)


def test_a_finished_job_is_not_done_again_when_asked_for_again(tom: User) -> None:
    job = greeting(tom, key="greet:Jo")
    assert work(worker="a") == 1
    assert greeting(tom, key="greet:Jo").state == JobState.DONE
    assert work(worker="a") == 0
    job.refresh_from_db()
    assert job.attempts == 1


@pytest.mark.parametrize("change", ["kind", "arguments"])
def test_a_key_that_names_other_work_is_refused(tom: User, change: str) -> None:
    asked: dict[str, Any] = {"kind": "test.greet", "arguments": {"name": "Jo"}}
    job = enqueue(**asked, by=tom, key="K")
    other = {"kind": "test.fault"} if change == "kind" else {"arguments": {"name": "Hana"}}
    with pytest.raises(JobKeyReused, match=f"'K' already names {job.reference}"):
        enqueue(**{**asked, **other}, by=tom, key="K")


def test_work_that_nobody_knows_is_refused_with_the_names_that_are_known(tom: User) -> None:
    with pytest.raises(UnknownJobKind, match=r"no work called 'test\.gret'; known: .*test\.greet"):
        enqueue(kind="test.gret", arguments={}, by=tom)
    assert Job.objects.count() == 0


def test_a_broker_that_is_down_is_logged_and_the_job_waits_for_the_sweep(
    tom: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    nobody_listens = "redis://127.0.0.1:1/0"
    with app.connection_for_write(nobody_listens) as connection:
        monkeypatch.setattr(app, "connection_for_write", lambda *args, **kwargs: connection.clone())
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
            job = greeting(tom)
    assert "No worker could be woken" in caplog.text
    assert work(worker="the sweep") == 1
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_job_that_waits_is_cancelled_and_never_starts(tom: User) -> None:
    job = cancel(job=greeting(tom))
    assert work(worker="a") == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.CANCELLED, 0)


def test_what_has_ended_cannot_be_cancelled(tom: User) -> None:
    job = cancel(job=greeting(tom))
    with pytest.raises(JobAlreadyFinished, match=f"{job.reference} has already ended: cancelled"):
        cancel(job=job)


def test_a_cancelled_job_can_be_asked_for_again(tom: User) -> None:
    cancel(job=greeting(tom, key="greet:Jo"))
    again = greeting(tom, key="greet:Jo", attempts=10)
    assert (again.state, again.attempt_limit) == (JobState.QUEUED, 10)
    assert work(worker="a") == 1


def test_what_still_waits_is_not_tried_again(tom: User) -> None:
    with pytest.raises(JobNotFinished, match="waiting"):
        retry(job=greeting(tom))


def test_trying_a_done_job_again_changes_nothing(tom: User) -> None:
    job = greeting(tom)
    work(worker="a")
    assert retry(job=job).state == JobState.DONE
    assert work(worker="a") == 0
