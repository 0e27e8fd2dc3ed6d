"""Is an auditor's pack asked for, made behind the page, listed with its hash, and downloaded by those who may?"""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from commonweal.access.models import ReadRecord
from commonweal.demo.story import AMINA, PRIYA, RUTH
from commonweal.documents.models import Document
from commonweal.jobs.models import Job
from commonweal.jobs.worker import work
from tests.demo import Demo
from tests.pages import csv_rows, look, send

LIST = "/desk/harbour-hills/month-end/packs/"
YEAR = "2025-04-01:2026-03-31"


def test_a_pack_is_made_by_a_job_and_downloaded_by_the_auditor(demo: Demo) -> None:
    client = demo.client(AMINA)
    assert look(client, LIST).value("days") == YEAR
    send(client, f"{LIST}make/", days=YEAR)
    work(worker="here")
    job = Job.objects.get(kind="auditors_pack")
    pack = Document.objects.get(kind="auditors-pack")
    assert (job.state, job.done, job.result and job.result["sha256"]) == ("done", job.total, pack.sha256)
    assert f"{pack.file_name} is made." in look(client, f"/desk/harbour-hills/jobs/{job.pk}/").text
    (row,) = look(client, LIST).rows("Packs made")
    assert row.startswith("April 2025 to March 2026 | ZIP ")
    assert csv_rows(client, LIST)[1][7] == pack.sha256
    answer = demo.client(RUTH).get(f"{LIST}{pack.pk}/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="auditors-pack-20250401-20260331-harbour-hills.zip"'
    )
    assert sha256(answer.content).hexdigest() == pack.sha256
    assert ReadRecord.objects.filter(user=demo.user(RUTH), what="document", subject=str(pack.pk)).exists()
    assert len(look(client, "/desk/harbour-hills/statements/").rows("Statements issued")) == 15, "packs are none"


def test_who_may_not_is_told_whom_to_ask(demo: Demo) -> None:
    assert set(look(demo.client(RUTH), LIST).forbidden()) == {"Make the pack"}
    client = demo.client(AMINA)
    send(client, f"{LIST}make/", days=YEAR)
    work(worker="here")
    pack = Document.objects.get(kind="auditors-pack")
    assert demo.client(PRIYA).get(f"{LIST}{pack.pk}/").status_code == HTTPStatus.FORBIDDEN
    page = look(demo.client(PRIYA), LIST)
    assert "Only a fund manager, a finance officer or an auditor may download" in page.text
    assert page.problems() == []


def test_days_that_are_not_on_offer_are_refused(demo: Demo) -> None:
    page = send(demo.client(AMINA), f"{LIST}make/", days="2025-04-01:2027-03-31")
    assert page.problems() != []
    assert not Job.objects.exists()
