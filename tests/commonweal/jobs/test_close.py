"""A month is closed over loans that are posted to its end, also where one moves at the last moment."""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.jobs import close
from commonweal.jobs.close import close_month
from commonweal.jobs.errors import NotReadyToClose
from ledger.queries import closed_until
from tests.loans.builders import make_drawn_loan, make_fund

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
    with pytest.raises(NotReadyToClose, match=r"L-0108 changed while .*: an instalment due by 2025-06-30 is not"):
        close_month(book=fund.book, through=JUNE, by=fund.tom)
    assert closed_until(fund.book) is None
