"""A month is closed over loans that are posted to its end, also where one moves at the last moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from commonweal.jobs import close, many_loans
from commonweal.jobs.close import ask_to_close, close_days, close_month
from commonweal.jobs.errors import NotReadyToClose
from commonweal.jobs.leases import claim, told_to
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.services import cancel
from commonweal.jobs.worker import run, work
from ledger.domain.errors import PeriodOutOfOrder
from ledger.queries import closed_until, periods
from ledger.services import reopen_period
from loans.domain.offer import Asked
from loans.domain.provision import Stage
from loans.queries import loans_with_something_to_do
from loans.services import draw_down, offer_product, set_provision_rule
from tests.loans.builders import DRAWN_ON, make_drawn_loan, make_fund, make_loan

pytestmark = pytest.mark.django_db

JUNE = date(2025, 6, 30)


def test_what_fell_due_is_posted_before_the_close() -> None:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    close_month(book=fund.book, through=JUNE, by=fund.tom)
    loan.refresh_from_db()
    assert (closed_until(fund.book), loan.next_action_on) == (date(2025, 7, 1), date(2025, 7, 1))


def test_a_loan_that_is_drawn_behind_the_back_of_the_close_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fund = make_fund()

    def drawn_right_after(**_: object) -> int:
        make_drawn_loan(fund)
        return 0

    monkeypatch.setattr(close, "bring_book_up_to_date", drawn_right_after)
    with pytest.raises(
        NotReadyToClose, match=r"L-0108 changed while .*: what fell due or was earned by 30 June 2025 is not"
    ):
        close_month(book=fund.book, through=JUNE, by=fund.tom)
    assert closed_until(fund.book) is None


def test_a_loan_in_another_currency_does_not_stop_the_close() -> None:
    fund = make_fund()
    make_drawn_loan(fund)
    amounts = Money("100.00", "EUR"), Money("250000.00", "EUR")
    terms = {"months": (1, 120), "annual_rate": Decimal("0.06"), "payment_prefix": "EU"}
    euros = offer_product(book=fund.book, code="euros", name="In euros", amounts=amounts, **terms)
    asks = Asked(Money("12000.00", "EUR"), Decimal("0.06"), 12, date(2025, 6, 1))
    loan = make_loan(replace(fund, product=euros), asks, shop="8124")
    draw_down(loan=loan, amount=asks.amount, on=DRAWN_ON, by=fund.priya, key="drawn")
    shares = {stage: Decimal("0.10") for stage in Stage}
    set_provision_rule(book=fund.book, percentages=shares, on=DRAWN_ON, reason="The board", by=fund.tom)
    close_days(book=fund.book, through=fund.book.business_date, today=date(2030, 1, 1), by=fund.tom)
    assert not loans_with_something_to_do(fund.book, fund.book.business_date).exists()


def test_a_close_of_days_that_lost_its_worker_before_the_letters_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    fund, mornings = make_fund(), list[date]()
    days = {"book": fund.book, "through": fund.book.business_date, "today": date(2030, 1, 1), "by": fund.tom}

    def lost(**_: object) -> None:
        raise ConnectionError("the worker is gone")

    monkeypatch.setattr(close, "daily_round", lost)
    with pytest.raises(ConnectionError):
        close_days(**days)
    fund.book.refresh_from_db()
    monkeypatch.setattr(close, "daily_round", lambda *, book, by, progress: mornings.append(book.business_date))
    assert close_days(**days) == 0
    assert mornings == [fund.book.business_date]


def test_the_close_is_a_job_that_tells_how_far_it_is(wake_ups: list[str]) -> None:
    fund = make_fund()
    make_drawn_loan(fund)
    job = ask_to_close(book=fund.book, through=JUNE, by=fund.tom)
    assert closed_until(fund.book) is None
    assert work(worker="a") == 1
    job.refresh_from_db()
    assert (job.state, job.error, job.done, job.total) == (JobState.DONE, "", 5, 5)
    assert job.note.endswith("is closed: nothing can be posted before 1 July 2025.")
    assert closed_until(fund.book) == date(2025, 7, 1)


def test_asked_twice_it_is_one_job_and_after_a_reopening_another(wake_ups: list[str]) -> None:
    fund = make_fund()
    first, second = (ask_to_close(book=fund.book, through=JUNE, by=fund.tom) for _ in range(2))
    assert (first, work(worker="a")) == (second, 1)
    reopen_period(book=fund.book, reason="An invoice came late", by=fund.tom)
    again = ask_to_close(book=fund.book, through=JUNE, by=fund.tom)
    assert (again != first, work(worker="a")) == (True, 1)
    assert [event.kind for event in periods(fund.book).get().events.order_by("number")] == [
        "closed",
        "reopened",
        "closed",
    ]


def test_what_cannot_be_closed_is_refused_before_there_is_a_job(wake_ups: list[str]) -> None:
    fund = make_fund()
    with pytest.raises(NotReadyToClose, match="The period is over: no"):
        ask_to_close(book=fund.book, through=fund.book.business_date, by=fund.tom)
    close_month(book=fund.book, through=JUNE, by=fund.tom)
    with pytest.raises(PeriodOutOfOrder, match="is closed through 30 June 2025 already"):
        ask_to_close(book=fund.book, through=date(2025, 5, 31), by=fund.tom)
    assert not Job.objects.exists()


def test_a_close_that_was_stopped_closes_nothing_and_goes_on_when_asked_again(wake_ups: list[str]) -> None:
    fund = make_fund()
    job = ask_to_close(book=fund.book, through=JUNE, by=fund.tom)
    taken = claim(worker="a")
    assert taken == job
    cancel(job=job)
    run(taken)
    assert closed_until(fund.book) is None
    assert ask_to_close(book=fund.book, through=JUNE, by=fund.tom) == job
    assert work(worker="b") == 1
    assert closed_until(fund.book) == date(2025, 7, 1)


def test_a_large_close_asks_for_help_and_whoever_helps_may_find_all_done(
    wake_ups: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_loans, "HELP_FROM", 1)
    fund = make_fund()
    make_drawn_loan(fund)
    ask_to_close(book=fund.book, through=JUNE, by=fund.tom)
    assert work(worker="a") == 1 + Job.objects.filter(kind="help_close", state=JobState.DONE).count()
    helped = {job.arguments["step"]: job.result["helped"] for job in Job.objects.filter(kind="help_close")}
    assert helped == {"fall due": 0, "accrue": 0}
    assert close_month(book=fund.book, through=JUNE, by=fund.tom).kind == "closed"


def test_more_to_do_than_was_counted_is_no_fault(wake_ups: list[str]) -> None:
    """A loan that is drawn while the close goes through the others is posted too, and was not counted."""
    fund = make_fund()
    job = ask_to_close(book=fund.book, through=JUNE, by=fund.tom)
    claimed = claim(worker="a")
    assert claimed == job
    told = many_loans.Told(told_to(claimed))
    told.expects(1)
    told.did(2, "L-0109 is posted")
    claimed.refresh_from_db()
    assert (claimed.done, claimed.total) == (2, 2)


def test_half_of_the_work_may_be_done_by_who_helps() -> None:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    assert many_loans.help_with("fall due", book=fund.book, on=JUNE, by=fund.priya) == 1
    assert many_loans.help_with("accrue", book=fund.book, on=date(2025, 5, 31), by=fund.priya) == 1
    loan.refresh_from_db()
    assert (loan.next_action_on, loan.accrued_through) == (date(2025, 7, 1), date(2025, 5, 31))
    close_month(book=fund.book, through=JUNE, by=fund.tom)
    assert closed_until(fund.book) == date(2025, 7, 1)
