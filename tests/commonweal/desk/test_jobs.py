"""Does long work say how far it is, to the page and to its fragment; and who may stop it and try again?"""

from __future__ import annotations

from http import HTTPStatus

import pytest

from commonweal.demo.story import AMINA, PRIYA, RUTH, TOM
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.services import enqueue
from tests.demo import Demo
from tests.pages import look, send

PAGES = "/desk/harbour-hills/jobs/"
REFRESH = '<noscript><meta http-equiv="refresh" content="5"></noscript>'


@pytest.fixture
def job(demo: Demo) -> Job:
    """A run of statements that waits."""
    asked = {"book": demo.book.code, "period": "2026-Q3"}
    return enqueue(kind="issue_statements", arguments=asked, by=demo.user(AMINA), book=demo.book)


def test_work_that_waits_asks_again_by_itself_with_scripts_and_without(demo: Demo, job: Job) -> None:
    page = look(demo.client(RUTH), f"{PAGES}{job.pk}/")
    assert page.title == "Preparing statements · Harbour & Hills Community Fund"
    assert "Waiting to start It is next in the queue. You may leave this page; the work goes on." in page.text
    assert 'hx-trigger="every 2s"' in page.source
    assert REFRESH in page.source


def test_the_fragment_is_the_same_panel_alone(demo: Demo, job: Job) -> None:
    job.change(total=5, done=2, note="Northmoor Regional Bank")
    fragment = demo.client(RUTH).get(f"{PAGES}{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith(f'\n<section class="panel" id="job-{job}"') or f'id="job-{job}"' in fragment
    assert "<html" not in fragment
    assert '<progress aria-labelledby="job-' in fragment
    assert 'max="5" value="2"' in fragment


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        (JobState.DONE, "", "Finished It is done."),
        (
            JobState.FAILED,
            "The period is not over. Nothing was issued.",
            "Failed The period is not over. Nothing was issued.",
        ),
        (JobState.CANCELLED, "", "Stopped It was stopped. What was finished stays."),
    ],
)
def test_work_that_is_over_asks_no_more(demo: Demo, job: Job, state: JobState, error: str, words: str) -> None:
    job.change(state=state, error=error, finished_at=job.requested_at)
    page = look(demo.client(AMINA), f"{PAGES}{job.pk}/")
    assert words in page.text
    assert "hx-get" not in page.source
    assert REFRESH not in page.source
    assert page.link("See the statements") == "/desk/harbour-hills/statements/"


@pytest.mark.parametrize(("state", "done"), [(JobState.FAILED, 2), (JobState.CANCELLED, 0)])
def test_work_that_failed_shows_no_bar_that_seems_to_go_on(demo: Demo, job: Job, state: JobState, done: int) -> None:
    job.change(state=state, error="No.", total=5, done=done, finished_at=job.requested_at)
    page = look(demo.client(AMINA), f"{PAGES}{job.pk}/")
    assert "<progress" not in page.source
    assert f"{done} of 5 were done by then." in page.text


def test_work_is_stopped_and_tried_again(demo: Demo, job: Job) -> None:
    page = send(demo.client(AMINA), f"{PAGES}{job.pk}/stop/")
    assert "Stopped" in page.text
    again = send(demo.client(AMINA), f"{PAGES}{job.pk}/stop/")
    assert again.notices() == [f"{job} has already ended: cancelled. What it did stands; nothing was changed."]
    page = send(demo.client(TOM), f"{PAGES}{job.pk}/retry/")
    assert "Waiting to start" in page.text
    refused = send(demo.client(TOM), f"{PAGES}{job.pk}/retry/")
    told = f"{job} is not over yet (waiting). Wait for it or cancel it first; nothing was changed."
    assert refused.notices() == [told]


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo, job: Job) -> None:
    for person in (PRIYA, RUTH):
        page = look(demo.client(person), f"{PAGES}{job.pk}/")
        assert page.forbidden()["Stop"].startswith("Only a fund manager or a finance officer may stop long work.")
    job.change(state=JobState.FAILED, error="No.", finished_at=job.requested_at)
    assert set(look(demo.client(RUTH), f"{PAGES}{job.pk}/").forbidden()) == {"Try again"}


def test_somebody_else_s_job_answers_like_one_that_does_not_exist(demo: Demo, job: Job) -> None:
    assert demo.client(TOM).get(f"{PAGES}987654/").status_code == HTTPStatus.NOT_FOUND
    job.change(book=None)
    assert demo.client(TOM).get(f"{PAGES}{job.pk}/").status_code == HTTPStatus.NOT_FOUND
