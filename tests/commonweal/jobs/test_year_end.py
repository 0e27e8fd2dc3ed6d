"""A financial year ends as its fund manager sees it: months closed, the result carried by two people, a year begun."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from commonweal.access.models import StaffMembership, StaffRole, User
from commonweal.jobs.close import close_month
from commonweal.jobs.errors import NotReadyToClose, YearEndNotReady
from commonweal.jobs.year_end import year_closed_uncarried, year_end_within
from commonweal.jobs.year_end_journal import prepare_year_end
from ledger.checks import examine
from ledger.domain.errors import AlreadyExists, ContentChanged, LedgerError, MalformedEntry, PeriodClosed
from ledger.models import Book
from ledger.queries import Period, fund_accounts, period_movements, trial_balance
from ledger.services import close_period, move_business_date, withdraw_draft
from tests.builders import check_draft, make_book, make_user, post_entry, reverse_entry
from tests.pages import look

FEBRUARY, YEAR_END = date(2026, 2, 28), date(2026, 3, 31)

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> User:
    return make_user()


@pytest.fixture
def tom() -> User:
    return make_user(name="Tom Ashworth")


@pytest.fixture
def book(amina: User) -> Book:
    """A book with £100.00 of fees in its year to 31 March 2026, closed through February, on 1 April."""
    book = make_book(opened_on=date(2025, 4, 1), today=date(2026, 4, 1))
    post_entry(book=book, by=amina, on=date(2025, 9, 14))
    close_period(book=book, through=FEBRUARY, by=amina)
    return book


def test_the_result_is_carried_and_the_next_year_begins_with_what_stands(book: Book, amina: User, tom: User) -> None:
    draft = prepare_year_end(book=book, year_end=YEAR_END, by=amina)
    with pytest.raises(AlreadyExists, match=rf"Journal {draft} carries the result .* waits for a second person"):
        prepare_year_end(book=book, year_end=YEAR_END, by=tom)
    entry = check_draft(draft, by=tom)
    with pytest.raises(AlreadyExists, match=rf"carried forward already, by {entry}: no income or expense is left"):
        prepare_year_end(book=book, year_end=YEAR_END, by=amina)
    close_month(book=book, through=YEAR_END, by=amina)
    stands = {row.code: row.minor for row in trial_balance(book, YEAR_END) if row.minor}
    assert stands == {"1010/MAIN": 10000, "3010": -10000}
    move_business_date(book=book, to=date(2027, 4, 1))
    year = {one.account.code: one for one in period_movements(book, date(2026, 4, 1), date(2027, 3, 31))}
    assert {code: one.opening for code, one in year.items() if one.opening} == stands
    last = {one.account.code: one for one in period_movements(book, date(2025, 4, 1), YEAR_END)}["4030"]
    assert (last.before_year_end, last.year_end, last.closing) == (-10000, 10000, 0)
    assert (year_closed_uncarried(book), examine(book)) == (None, [])


@pytest.mark.parametrize("on", [YEAR_END, date(2026, 4, 1)])
def test_a_year_end_journal_that_is_taken_back_is_nobodys_income(book: Book, amina: User, tom: User, on: date) -> None:
    reverse_entry(check_draft(prepare_year_end(book=book, year_end=YEAR_END, by=amina), by=tom), by=amina, on=on)
    years = [Period(date(2025, 4, 1), YEAR_END), Period(date(2026, 4, 1), date(2026, 4, 1))]
    (result,) = fund_accounts(book, years).income.ties
    assert result.minor == (10000, 0)
    fees = {one.account.code: one for one in period_movements(book, date(2025, 4, 1), on)}["4030"]
    assert (fees.before_year_end, fees.year_end, fees.closing) == (-10000, 0, -10000)
    left = year_end_within(book, YEAR_END)
    assert left is not None
    assert (left.is_carried, left.has_journal) == (on > YEAR_END, False)


@pytest.mark.parametrize(
    ("on", "today", "refusal", "said"),
    [
        (date(2026, 3, 30), None, YearEndNotReady, "no financial year ends on that day"),
        (
            date(2027, 3, 31),
            None,
            YearEndNotReady,
            "months of the year are open, from 1 March 2026",
        ),
        (date(2026, 2, 28), None, PeriodClosed, "28 February 2026 is in a closed period"),
        (YEAR_END, date(2026, 3, 31), YearEndNotReady, "the year is not over, the business date is"),
    ],
)
def test_a_year_is_carried_once_its_months_are_closed_and_it_is_over(
    amina: User, on: date, today: date | None, refusal: type[Exception], said: str
) -> None:
    book = make_book(opened_on=date(2025, 4, 1), today=today or date(2026, 4, 1))
    post_entry(book=book, by=amina, on=date(2025, 9, 14))
    close_period(book=book, through=FEBRUARY, by=amina)
    with pytest.raises(refusal, match=said):
        prepare_year_end(book=book, year_end=on, by=amina)


def test_a_result_that_moved_since_is_not_carried_as_it_was(book: Book, amina: User, tom: User) -> None:
    draft = prepare_year_end(book=book, year_end=YEAR_END, by=amina)
    post_entry(book=book, by=amina, on=date(2026, 3, 30), amount="7.50")
    with pytest.raises(ContentChanged, match="income or costs were posted since"):
        check_draft(draft, by=tom)
    withdraw_draft(draft=draft, by=amina)
    check_draft(prepare_year_end(book=book, year_end=YEAR_END, by=amina), by=tom)
    post_entry(book=book, by=amina, on=date(2026, 3, 31), amount="2.50")
    with pytest.raises(NotReadyToClose, match="Prepare another one for the rest"):
        close_month(book=book, through=YEAR_END, by=amina)
    check_draft(prepare_year_end(book=book, year_end=YEAR_END, by=amina), by=tom)
    close_month(book=book, through=YEAR_END, by=amina)
    assert examine(book) == []


def test_a_year_without_any_result_has_none_to_carry(amina: User) -> None:
    book = make_book(opened_on=date(2026, 3, 1), today=date(2026, 4, 1))
    with pytest.raises(MalformedEntry, match="there is no result to carry forward"):
        prepare_year_end(book=book, year_end=YEAR_END, by=amina)


def test_the_month_end_page_warns_before_a_year_is_passed_over_and_after(book: Book, amina: User, tom: User) -> None:
    StaffMembership.objects.create(user=amina, book=book, role=StaffRole.FINANCE)
    client, page = Client(), f"/desk/{book.code}/month-end/"
    client.force_login(amina)
    due = "The financial year ends on 31 March 2026, and its result is not carried forward."
    assert f"{due} Prepare the year-end journal, and let a colleague post it" in look(client, page).text
    client.post(f"{page}year-end/", {"on": "2026-03-31"})
    assert f"{due} Let a colleague post it before you close." in look(client, page).text
    withdraw_draft(draft=book.drafts.get(), by=tom)
    with pytest.raises(NotReadyToClose, match=r"its result is not carried forward. Prepare the year-end journal"):
        close_month(book=book, through=YEAR_END, by=amina)
    close_month(book=book, through=YEAR_END, by=amina, reasons={"year-end": "The auditor asks for one over both years"})
    told = look(client, page).text
    assert due not in told
    assert "The year to 31 March 2026 was closed without its journal." in told
    with pytest.raises(LedgerError):
        prepare_year_end(book=book, year_end=YEAR_END, by=amina)
