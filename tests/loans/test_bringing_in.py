"""What was confirmed is brought in: it ties to its control totals, and its next month is serviced."""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.close import bring_book_up_to_date
from ledger.queries import trial_balance
from loans.models import HistoryLine, Loan, MovingIn
from loans.queries import position_of
from loans.services import confirm_moving_in
from tests.builders import pounds
from tests.loans.builders import Fund, make_fund
from tests.loans.test_moving_in import tried
from tests.moving_in import many, sheets

pytestmark = pytest.mark.django_db


def moved(fund: Fund, count: int) -> MovingIn:
    """So many loans, prepared by Tom, confirmed by Priya, and in."""
    ready = tried(fund, sheets(many(count)))
    confirmed = confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya)
    return move_in(moving_in=confirmed, by=fund.priya)


def test_two_thousand_loans_move_in_tie_and_their_next_month_is_serviced() -> None:
    fund = make_fund(today=date(2026, 12, 1))
    done = moved(fund, 2000)
    assert done.state == MovingIn.State.DONE
    given = done.found["given"]
    assert {name: given.get(name, 0) for name in done.brought} == done.brought
    bring_book_up_to_date(book=fund.book, through=date(2026, 11, 30), by=fund.priya)
    assert not Loan.objects.filter(moved_in=done, next_action_on__lte=date(2026, 11, 30)).exists()
    assert {row.code: row.minor for row in trial_balance(fund.book, date(2026, 11, 30))}["3020"] == 0


def test_a_loan_stands_where_its_row_said_and_the_books_are_in_order() -> None:
    fund = make_fund(today=date(2026, 11, 2))
    moved(fund, 30)
    late = position_of(Loan.objects.get(reference="OLD-00010"), date(2026, 11, 2))
    assert (late.arrears, late.days_past_due) == (pounds("467.35"), 32)
    assert HistoryLine.objects.filter(loan__reference="OLD-00010").count() == 3
    assert examine_everything(fund.book) == []
