"""Is a month closed when nothing stands in the way, reopened with a reason, and is each close led to its balances?"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.timezone import localdate

from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.desk.month_end import next_month_end, open_year_end
from commonweal.jobs.models import Job
from commonweal.jobs.readiness import readiness
from commonweal.jobs.worker import work
from commonweal.templatetags.commonweal import day
from ledger import queries
from ledger.domain.financial_year import YearEnd
from ledger.models import Book
from ledger.services import draft_sha256, draft_year_end, move_business_date, post_draft
from tests.builders import make_book, make_draft
from tests.demo import Demo
from tests.pages import csv_rows, look, send

PAGE = "/desk/harbour-hills/month-end/"


def test_the_periods_lead_to_the_balances_they_closed_with(demo: Demo) -> None:
    page = look(demo.client(TOM), PAGE)
    rows = page.rows("Periods")
    assert len(rows) == 18
    assert rows[0].startswith("September 2026 | Closed | Amina Diallo | ")
    fingerprint = rows[0].split(" | ")[-1]
    assert page.link(fingerprint) == "/desk/harbour-hills/ledger/?as_of=2026-09-30"
    assert "Nothing can be posted before 1 October 2026" in page.text
    assert csv_rows(demo.client(TOM), PAGE)[1][:4] == ["2026-09-01", "2026-09-30", "Closed", "Amina Diallo"]


def test_the_days_that_are_over_are_closed_by_a_job_once(demo: Demo) -> None:
    client, opened = demo.client(AMINA), demo.book.business_date
    sent = [client.post(f"{PAGE}day/").headers["Location"] for _ in range(2)]
    job = Job.objects.get(kind="close_days")
    assert sent == [f"/desk/harbour-hills/jobs/{job.pk}/"] * 2
    work(worker="here")
    job.refresh_from_db()
    demo.book.refresh_from_db()
    assert (job.state, demo.book.business_date) == ("done", max(opened, localdate()))
    assert f"the business date is {day(demo.book.business_date)}." in look(client, sent[0]).text


def test_what_has_to_be_done_first_is_said(demo: Demo) -> None:
    assert look(demo.client(AMINA), PAGE).facts("What has to be done first") == {
        "The period is over": "Done",
        "Bank statements in": "Done",
        "Bank and books agree": "Done",
        "Bank lines matched": "Done",
        "Manual journals posted": "Done",
        "Instalments posted": "Done",
        "Interest earned and not due 1 loan": "With the close",
    }
    draft = make_draft(book=demo.book, by=demo.user(TOM), on=date(2026, 10, 30))
    waits, what_to_do = (
        f"{draft} of 30 October 2026 not posted",
        "Let a colleague post what is prepared, or withdraw it.",
    )
    facts = look(demo.client(AMINA), PAGE).facts("What has to be done first")
    assert facts[f"Manual journals posted {waits}. {what_to_do}"] == "Not yet"
    page = send(demo.client(AMINA), f"{PAGE}close/", through="2026-10-31")
    first = "First “Manual journals posted” must be done: what to do stands above."
    assert page.forbidden()["Close October 2026"] == first
    (problem,) = page.problems()
    assert problem.endswith(f"Manual journals posted: not yet, {waits}. {what_to_do} No period was closed.")
    assert queries.closed_until(demo.book) == date(2026, 10, 1)


def test_the_last_month_of_the_year_asks_for_the_year_end_journal(demo: Demo) -> None:
    row, march = "Year-end journal posted", date(2027, 3, 31)
    page = look(demo.client(AMINA), PAGE)
    assert "The fund’s financial year ends on 31 March." in page.text
    assert row not in page.facts("What has to be done first")
    assert row not in {item.label for item in readiness(demo.book, date(2027, 2, 28))}
    due = readiness(demo.book, march)[-1]
    assert (due.label, due.standing, due.may_be_left) == (row, "open", True)
    assert due.note == "the financial year ends on 31 March 2027 and its result is not carried forward"
    move_business_date(book=demo.book, to=march)
    draft = draft_year_end(book=demo.book, year_end=march, by=demo.user(AMINA))
    post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=demo.user(TOM))
    carried = readiness(demo.book, march)[-1]
    assert (carried.label, carried.standing) == (row, "done")


def test_a_year_that_is_closed_is_neither_offered_nor_prepared(demo: Demo) -> None:
    amina = demo.client(AMINA)
    assert look(amina, PAGE).value("on") == "2027-03-31"
    (problem,) = send(amina, f"{PAGE}year-end/", on="2026-03-31").problems()
    assert problem.startswith("31 March 2026 is in a closed period, so a journal of that day could not be posted.")
    assert "Date it on or after 1 October 2026, or reopen the latest closed period" in problem
    assert not queries.open_drafts(demo.book).exists()


def test_a_month_is_closed_and_the_next_one_is_offered(demo: Demo) -> None:
    page = send(demo.client(AMINA), f"{PAGE}close/", through="2026-10-31")
    job = Job.objects.get(kind="close_month")
    assert f"{job} · through 31 October 2026 · asked for by Amina Diallo" in page.text
    assert look(demo.client(AMINA), PAGE).link("see how far it is") == f"/desk/harbour-hills/jobs/{job.pk}/"
    assert work(worker="test") == 1
    page = look(demo.client(AMINA), f"/desk/harbour-hills/jobs/{job.pk}/")
    assert "Finished October 2026 is closed: nothing can be posted before 1 November 2026." in page.text
    page = look(demo.client(AMINA), page.link("See the periods"))
    assert page.rows("Periods")[0].startswith("October 2026 | Closed | Amina Diallo | ")
    assert "Close November 2026" in page.text
    page = send(demo.client(AMINA), f"{PAGE}close/", through="2026-11-30")
    said = "not yet, the business date is 23 November 2026. Wait until its last day is over, and close its days."
    assert f"The period is over: {said}" in page.problems()[0]


def test_an_address_that_only_takes_a_form_says_so(demo: Demo) -> None:
    answer = demo.client(AMINA).get(f"{PAGE}close/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "takes what a form sends and has no page of its own. Nothing was changed." in answer.content.decode()


def test_only_the_manager_reopens_and_says_why(demo: Demo) -> None:
    tom = demo.client(TOM)
    assert send(tom, f"{PAGE}reopen/", reason=" ").problems() == ["Enter the reason for reopening"]
    assert queries.closed_until(demo.book) == date(2026, 10, 1)
    page = send(tom, f"{PAGE}reopen/", reason="A bank charge of September came late")
    assert page.notices() == ["September 2026 is open again. Close it when you are done."]
    assert "Reopened A bank charge of September came late" in page.rows("Periods")[1]
    assert "Close September 2026" in page.text
    assert queries.closed_until(demo.book) == date(2026, 9, 1)


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo) -> None:
    assert set(look(demo.client(AMINA), PAGE).forbidden()) == {"Reopen"}
    assert "Close October 2026" in look(demo.client(PRIYA), PAGE).forbidden()
    assert "Prepare the entry" in look(demo.client(PRIYA), PAGE).forbidden()


@pytest.mark.django_db
def test_a_fund_whose_year_ends_in_december() -> None:
    book = move_business_date(book=make_book(opened_on=date(2025, 1, 1), year_end=YearEnd(12, 31)), to=date(2027, 1, 1))
    assert open_year_end(book) == date(2026, 12, 31)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opened", "today", "month", "year"),
    [
        (date(2025, 4, 1), date(2025, 4, 20), date(2025, 4, 30), date(2026, 3, 31)),
        (date(2025, 4, 15), date(2026, 3, 31), date(2025, 4, 30), date(2026, 3, 31)),
        (date(2025, 4, 1), date(2026, 4, 1), date(2025, 4, 30), date(2026, 3, 31)),
        (date(2025, 1, 1), date(2027, 1, 1), date(2025, 1, 31), date(2026, 3, 31)),
        (date(2024, 2, 29), date(2026, 6, 1), date(2024, 2, 29), date(2026, 3, 31)),
    ],
)
def test_the_next_month_and_the_last_year(opened: date, today: date, month: date, year: date) -> None:
    book: Book = move_business_date(book=make_book(opened_on=opened), to=today)
    assert next_month_end(book) == month
    assert open_year_end(book) == year
