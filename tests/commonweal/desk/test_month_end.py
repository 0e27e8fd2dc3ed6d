"""Is a month closed when nothing stands in the way, reopened with a reason, and is each close led to its balances?"""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.desk.month_end import latest_year_end, next_month_end
from ledger import queries
from ledger.domain.financial_year import YearEnd
from ledger.queries import Book
from ledger.services import move_business_date
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


def test_what_has_to_be_done_first_is_said(demo: Demo) -> None:
    assert look(demo.client(AMINA), PAGE).facts("What has to be done first") == {
        "The period is over": "Done",
        "Bank lines matched": "Done",
        "Manual journals posted": "Done",
        "Instalments posted": "Done",
    }
    make_draft(book=demo.book, by=demo.user(TOM), on=date(2026, 10, 30))
    assert (
        look(demo.client(AMINA), PAGE).facts("What has to be done first")["Manual journals posted 1 waiting"]
        == "Not yet"
    )
    page = send(demo.client(AMINA), f"{PAGE}close/", through="2026-10-31")
    assert page.notices()[0].endswith("Manual journals posted: no, 1 waiting. Nothing was changed.")
    assert queries.closed_until(demo.book) == date(2026, 10, 1)


def test_a_month_is_closed_and_the_next_one_is_offered(demo: Demo) -> None:
    page = send(demo.client(AMINA), f"{PAGE}close/", through="2026-10-31")
    assert page.notices() == ["October 2026 is closed: nothing can be posted before 1 November 2026."]
    assert page.rows("Periods")[0].startswith("October 2026 | Closed | Amina Diallo | ")
    assert "Close November 2026" in page.text
    page = send(demo.client(AMINA), f"{PAGE}close/", through="2026-11-30")
    assert "The period is over: no, the business date is 2026-11-23. Nothing was changed." in page.notices()[0]


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
    assert latest_year_end(book) == date(2026, 12, 31)


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
    assert latest_year_end(book) == year
