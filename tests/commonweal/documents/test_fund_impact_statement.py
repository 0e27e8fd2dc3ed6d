"""The fund's own impact statement: issued by two people with the others, kept while it says the same, for funders."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.db import DatabaseError, transaction

from borrowers.models import Reading
from commonweal.access.models import InvestorMembership
from commonweal.demo.story import AMINA, HANA, JO, TOM
from commonweal.documents.issuing import content, verify
from commonweal.documents.models import Document, PreparedStatement, StatementRun
from commonweal.documents.runs import publish_run, run_sha256
from commonweal.jobs.statements import period_of, prepare_statements, tell_readers
from investors.domain.kinds import InvestorKind
from investors.impact_sections import fund_picture
from investors.impact_statement import ImpactStatement
from investors.services import register_investor
from investors.statements import Note
from ledger.domain.errors import SameTwoEyes
from loans.statements import StatementDoesNotAdd
from tests.borrowers import builders as said_by
from tests.builders import make_user, post_entry
from tests.commonweal.documents.builders import head
from tests.demo import Demo
from tests.published import publish_file

KIND, SUBJECT = "impact-statement", "harbour-hills-impact"


def prepared(demo: Demo, period: str = "2026-08") -> StatementRun:
    """A run that Amina had prepared."""
    return prepare_statements(book=demo.book, period=period_of(period, demo.book), by=demo.user(AMINA))


def publish(demo: Demo, run: StatementRun) -> None:
    """By Tom."""
    publish_run(run=run, shown_sha256=run_sha256(run), by=demo.user(TOM))


def of_fund(run: StatementRun) -> PreparedStatement:
    """What the run prepared of the fund's impact."""
    return run.prepared.get(kind=KIND)


def inside(pdf: bytes, name: str) -> bytes:
    """A file that a PDF carries."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        found: bytes = opened.attachments[name].get_file().read_bytes()
    return found


def restate(demo: Demo) -> None:
    """The shop's five people in work were four."""
    reading = Reading.objects.filter(organisation=demo.loan.organisation, value=5, period_end=date(2026, 10, 1)).get()
    said_by.reading(
        reading.organisation,
        reading.indicator,
        period=reading.period,
        value=Decimal(4),
        replaces=reading,
        reason="One contract had ended in August",
    )


def test_two_people_issue_it_with_the_others(demo: Demo) -> None:
    run = prepared(demo)
    assert run.planned[-1] == [KIND, SUBJECT]
    assert (of_fund(run).number, of_fund(run).recipient) == (f"2026-08-{SUBJECT}", "All who fund the fund")
    with pytest.raises(SameTwoEyes):
        publish_run(run=run, shown_sha256=run_sha256(run), by=demo.user(AMINA))
    assert not Document.objects.filter(kind=KIND, period_end=run.period_end).exists()
    publish(demo, run)
    made = Document.objects.get(prepared__run=run, kind=KIND)
    assert (made.organisation, made.investor, made.recipient) == (None, None, "All who fund the fund")
    assert verify(made) == []
    forged = Document.objects.get(pk=made.pk)
    forged.pk, forged.number, forged.prepared = None, "2026-08-forged", None
    with pytest.raises(DatabaseError, match="not as a published run prepared it"), transaction.atomic():
        forged.save(force_insert=True)


def test_its_figures_are_those_inside_it(demo: Demo) -> None:
    one = of_fund(prepared(demo))
    assert one.figures is not None
    kept, pdf = bytes(one.figures.content), bytes(one.file.content)
    assert inside(pdf, f"statement-{one.number}.csv") == kept
    rows = list(csv.DictReader(StringIO(kept.decode(), "")))
    assert {row["section"] for row in rows} >= {"statement", "year", "impact", "ledger", "health", "principal"}
    assert [row["value"] for row in rows if row["measure"] == "last day"] == ["2026-08-31", "2026-08-31"]
    assert "changed" not in {row["section"] for row in rows}


def test_what_is_known_later_and_changes_nothing_keeps_it_byte_for_byte(demo: Demo) -> None:
    first = StatementRun.objects.get(period_end=date(2026, 11, 1))
    post_entry(book=demo.book, on=date(2026, 10, 15), narrative="Audit fee", by=demo.user(AMINA))
    again = prepared(demo, "2026-10")
    assert again.seal != first.seal
    stands = of_fund(again)
    assert stands.stands == Document.objects.get(kind=KIND, prepared__run=first)
    assert (stands.file_id, stands.figures_id) == (of_fund(first).file_id, of_fund(first).figures_id)
    publish(demo, again)
    assert Document.objects.filter(kind=KIND, period_end=date(2026, 11, 1)).count() == 1


def test_a_restatement_makes_a_new_one_that_says_what_changed(demo: Demo, page_text: Callable[[bytes], str]) -> None:
    restate(demo)
    run = prepared(demo, "2026-Q3")
    publish(demo, run)
    made = Document.objects.get(prepared__run=run, kind=KIND)
    assert (made.number, str(made.replaces)) == (f"2026-Q3-{SUBJECT}.2", f"2026-Q3-{SUBJECT}")
    said = re.sub(r"\s+", " ", page_text(content(made)))
    assert f"Changed since 2026-Q3-{SUBJECT}" in said
    assert "People in work: supported 5 people 4 people" in said
    assert "5 people is now 4 people. One contract had ended in August" in said
    assert "Replaces 2026-Q3-harbour-hills-impact" in said
    figures = inside(content(made), f"statement-{made.number}.csv").decode()
    assert 'changed,1,,impact: People in work,"supported, was",5,people,' in figures
    assert 'changed,1,,impact: People in work,"supported, is",4,people,' in figures


def test_a_new_one_whose_figures_are_the_same_says_so(demo: Demo, page_text: Callable[[bytes], str]) -> None:
    """A reading is restated to the same value: what was restated is told, and no figure differs."""
    reading = Reading.objects.filter(organisation=demo.loan.organisation, value=5, period_end=date(2026, 10, 1)).get()
    said_by.reading(
        reading.organisation,
        reading.indicator,
        period=reading.period,
        value=reading.value,
        replaces=reading,
        reason="The same figure, from the payroll",
    )
    one = of_fund(prepared(demo, "2026-Q3"))
    assert one.stands is None
    said = re.sub(r"\s+", " ", page_text(bytes(one.file.content)))
    assert "Every figure is the same as on that statement" in said


def test_those_who_fund_the_fund_read_it_and_nobody_else(demo: Demo) -> None:
    mine = Document.objects.get(number=f"2026-Q3-{SUBJECT}")
    hana, jo, tom = demo.client(HANA), demo.client(JO), demo.client(TOM)
    answer = hana.get(f"/investor/documents/{mine.pk}/")
    assert sha256(answer.content).hexdigest() == mine.sha256
    page = hana.get("/investor/documents/").content.decode()
    assert "The fund’s impact, July to September 2026 (PDF)" in page
    assert f"/investor/documents/{mine.pk}/" in hana.get("/investor/impact/").content.decode()
    assert f"/desk/harbour-hills/statements/{mine.pk}/" in tom.get("/desk/harbour-hills/impact/year/").content.decode()
    listed = hana.get(f"/api/v1/documents/?kind={KIND}").json()["results"]
    assert {one["number"] for one in listed} == {f"{one}-{SUBJECT}" for one in ("2026-Q2", "2026-Q3", "2026-10")}
    assert jo.get(f"/api/v1/documents/{mine.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert jo.get(f"/api/v1/documents/?kind={KIND}").json()["results"] == []
    stranger = make_user()
    InvestorMembership.objects.create(
        user=stranger,
        investor=register_investor(code="ELSE", name="Elsewhere Trust", kind=InvestorKind.SOCIAL_INVESTOR),
    )
    jo.force_login(stranger)
    assert jo.get(f"/investor/documents/{mine.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert jo.get(f"/api/v1/documents/?kind={KIND}").json()["results"] == []


def test_it_stays_apart_from_statements_for_one_reader(demo: Demo) -> None:
    made = publish_file(demo.book, "apart-impact", b"%PDF apart")
    assert tell_readers(run=made.prepared.run) == 0, "those who fund the fund are told of their own statement"
    wrong = Document.objects.get(pk=made.pk)
    wrong.pk, wrong.number, wrong.investor = None, "2026-Q3-wrong", demo.investor("NRB")
    with pytest.raises(DatabaseError), transaction.atomic():
        wrong.save(force_insert=True)


def test_a_year_that_ends_on_another_day_is_no_statement(demo: Demo) -> None:
    impact = fund_picture(demo.book, date(2026, 9, 30)).impact()
    with pytest.raises(StatementDoesNotAdd, match="its year on 2026-09-29"):
        ImpactStatement(head("2026-Q3-x"), impact, (Note("a", "b"),))
