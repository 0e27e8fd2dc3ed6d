"""Are statements asked for by period, listed with what they are, and downloaded by those who may?"""

from __future__ import annotations

import re
import subprocess
from datetime import date
from decimal import Decimal
from hashlib import sha256
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from borrowers.domain.readings import ReadingPeriod
from borrowers.models import Reading
from commonweal.access.models import ReadRecord
from commonweal.demo.story import AMINA, HANA, JO, PRIYA, RUTH, TOM
from commonweal.documents import runs
from commonweal.documents.issuing import content
from commonweal.documents.models import Document, StatementRun
from commonweal.documents.runs import publish_run, run_by_key, run_sha256, state_of
from commonweal.documents.statements import RenderedDocument
from commonweal.jobs.models import Job
from commonweal.jobs.statements import period_of, prepare_statements, tell_readers
from commonweal.jobs.worker import work
from commonweal.letters.kinds import LetterKind
from commonweal.letters.models import Letter
from investors.statements import InvestorStatement
from loans.loan_statement import LoanStatement
from tests.borrowers import builders as said_by
from tests.demo import Demo
from tests.pages import csv_rows, look, send, xlsx_sheet

LIST = "/desk/harbour-hills/statements/"


def test_what_was_issued_says_for_whom_and_whether_it_is_final(demo: Demo) -> None:
    rows = look(demo.client(TOM), LIST).rows("Statements issued")
    assert len(rows) == 15
    first = "2026-10-L-0108 (PDF) issued 23 Nov 2026 | Netherby Corner Shop Society Loan statement | October 2026"
    assert rows[0].startswith(f"{first} | Provisional | ")
    third = "2026-Q3-NRB (PDF) issued 23 Nov 2026 | Northmoor Regional Bank Investor statement | July to September 2026"
    assert any(row.startswith(f"{third} | Final | ") for row in rows)


def test_the_list_as_files(demo: Demo) -> None:
    rows = csv_rows(demo.client(RUTH), LIST)
    assert rows[1][:3] == ["2026-10-L-0108", "Loan statement", "Netherby Corner Shop Society"]
    assert rows[1][3:6] == ["2026-10-01", "2026-10-31", "Provisional"]
    assert rows[1][7] == Document.objects.get(number="2026-10-L-0108").sha256
    assert "t=" in xlsx_sheet(demo.client(RUTH), LIST)


def test_a_statement_is_downloaded_as_it_was_issued_and_the_reading_recorded(demo: Demo) -> None:
    document = Document.objects.get(number="2026-Q3-TST")
    answer = demo.client(RUTH).get(f"{LIST}{document.pk}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert sha256(answer.content).hexdigest() == document.sha256
    assert ReadRecord.objects.filter(user=demo.user(RUTH), what="document", subject=str(document.pk)).exists()
    assert demo.client(RUTH).get(f"{LIST}987654/").status_code == HTTPStatus.NOT_FOUND


def test_a_run_is_asked_for_by_its_period(demo: Demo) -> None:
    page = look(demo.client(AMINA), LIST)
    assert page.value("period") == "2026-Q3"
    page = send(demo.client(AMINA), f"{LIST}issue/", period="2026-q2")
    job = Job.objects.get()
    assert (job.kind, job.arguments["period"]) == ("issue_statements", "2026-Q2")
    assert f"{job} · 2026-Q2 · asked for by Amina Diallo" in page.text


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        ("", "Enter the period"),
        (
            "last",
            "'last' is no period. Write a year, a quarter or a month: 2026, 2026-Q3 or 2026-09; nothing was issued.",
        ),
        ("2026-Q4", "2026-Q4 is not over: its last day is 31 December 2026, and the business date of"),
        ("2026-13", "'2026-13' is no period."),
    ],
)
def test_a_period_that_is_none_or_not_over_is_refused(demo: Demo, period: str, problem: str) -> None:
    page = send(demo.client(AMINA), f"{LIST}issue/", period=period)
    assert page.problems()[0].startswith(problem)
    assert page.value("period") == period
    assert not Job.objects.exists()


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo) -> None:
    for person in (PRIYA, RUTH):
        assert set(look(demo.client(person), LIST).forbidden()) == {"Prepare statements"}


def test_a_run_is_gone_on_with_looked_at_and_published_by_a_second_person(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after two of five statements it renders the other three; asked for again it renders nothing."""
    render, rendered, cut_off = runs.render_statement, list[str](), list[str]()

    def counted(statement: LoanStatement | InvestorStatement) -> RenderedDocument:
        if len(rendered) == 2 and not cut_off:
            cut_off.append(statement.head.number)
            raise ConnectionError("cut off")
        rendered.append(statement.head.number)
        return render(statement)

    monkeypatch.setattr(runs, "render_statement", counted)
    asked_for = {"book": demo.book, "period": period_of("2026-08", demo.book), "by": demo.user(AMINA)}
    with pytest.raises(ConnectionError):
        prepare_statements(**asked_for)
    begun = StatementRun.objects.latest("pk")
    assert len(look(demo.client(TOM), f"{LIST}runs/{begun.pk}/").rows("All statements of the run")) == 2
    run = prepare_statements(**asked_for)
    assert len(rendered) == len(set(rendered)) == 5
    number, page = f"{LIST}runs/{run.pk}/", look(demo.client(TOM), LIST)
    assert f"{run} waits for a second person. 5 statements of August 2026, prepared by Amina Diallo." in page.text
    assert not Document.objects.filter(prepared__run=run).exists()
    page = look(demo.client(TOM), number)
    assert {row.partition(" | ")[2] for row in page.rows("Samples")} >= {
        "Netherby Corner Shop Society Loan statement | Says the most"
    }
    assert len(page.rows("All statements of the run")) == len(csv_rows(demo.client(TOM), number)) - 1 == 5
    answer = demo.client(TOM).get(f"{LIST}prepared/{run.prepared.first().pk}/")
    assert answer.content.startswith(b"%PDF-1.7")
    decide, shown = f"{number}decide/", {"decision": "publish", "sha256": run_sha256(run)}
    assert "somebody else has to check it" in send(demo.client(AMINA), decide, **shown).problems()[0]
    assert send(demo.client(TOM), decide, **shown | {"decision": "decline"}).problems()[0].startswith("Say why")
    page = send(demo.client(TOM), decide, **shown)
    assert "Published by Tom Ashworth" in page.text
    assert Document.objects.filter(prepared__run=run).count() == 5
    work(worker="here")
    letters = Letter.objects.filter(kind=LetterKind.STATEMENT)
    assert {one.person.email for one in letters} >= {JO.email, HANA.email}
    assert letters.count() == len({(one.about, one.person_id) for one in letters})
    assert tell_readers(run=run) == 0
    with CaptureQueriesContext(connection) as asked:
        assert prepare_statements(**asked_for) == run
    assert len(rendered) == 5
    assert len(asked) <= 75, "whether anything was said since takes one reading of the year, whatever the statements"


def test_a_restated_reading_alone_makes_new_statements_that_say_so(demo: Demo, pdftotext: str) -> None:
    """No entry is posted: the seal stays, and whoever has the figure gets another statement with the reason."""
    first = period_run(demo)
    assert state_of(run_by_key(first.pk)) == StatementRun.State.PUBLISHED
    reading = Reading.objects.filter(organisation=demo.loan.organisation, value=5, period_end=date(2026, 10, 1)).get()
    said_by.reading(
        reading.organisation,
        reading.indicator,
        period=reading.period,
        value=Decimal(4),
        replaces=reading,
        reason="One contract had ended in August",
    )
    again = period_run(demo)
    assert (again.seal, again.status) == (first.seal, first.status)
    assert again != first == StatementRun.objects.get(said_sha256=first.said_sha256, period_end=first.period_end)
    assert period_run(demo) == again
    publish_run(run=again, shown_sha256=run_sha256(again), by=demo.user(TOM))
    made = {one.number: one for one in Document.objects.filter(prepared__run=again)}
    assert set(made) == {f"2026-Q3-{name}.2" for name in ("L-0108", "LOT", "NRB", "TST", "harbour-hills-impact")}
    read = [pdftotext, "-", "-"]
    text = subprocess.run(read, input=content(made["2026-Q3-TST.2"]), capture_output=True, check=True).stdout.decode()
    pages = re.sub(r"\s+", " ", text)
    assert "5 people is now 4 people. One contract had ended in August" in pages
    assert "Replaces 2026-Q3-TST " in pages
    assert period_run(demo) == again


def test_what_is_said_of_later_days_is_not_known_to_an_earlier_period(demo: Demo) -> None:
    first = period_run(demo)
    reading = Reading.objects.filter(organisation=demo.loan.organisation, value=5).first()
    assert reading is not None
    later = ReadingPeriod(date(2026, 10, 1), date(2026, 11, 1))
    said_by.reading(reading.organisation, reading.indicator, period=later, value=Decimal(2))
    assert period_run(demo) == first


def period_run(demo: Demo) -> StatementRun:
    return prepare_statements(book=demo.book, period=period_of("2026-Q3", demo.book), by=demo.user(AMINA))
