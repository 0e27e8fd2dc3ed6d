"""Lists take a fixed number of queries, and a statement's figures stay as they were known."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.services import seal
from loans import queries
from loans.bank_holidays import CALENDARS, business_days, calendar_days
from loans.domain.errors import TargetRefused, UnknownCalendar
from loans.services import Promise, promise_impact
from tests.borrowers.builders import people_in_work
from tests.builders import pounds
from tests.loans.builders import TODAY, asked, make_drawn_loan, make_fund, make_loan, make_netherby, pay


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 3])
def test_a_list_of_loans_with_their_positions_takes_three_queries(django_assert_num_queries, how_many):
    fund = make_fund()
    for number in range(how_many):
        pay(make_drawn_loan(fund, shop=str(8123 + number)), "676.65", "2025-06-02", by=fund.priya)
    with django_assert_num_queries(3):
        found = list(queries.loans(fund.book))
        positions = queries.positions_of(found, TODAY)
        shown = [(str(loan.organisation), positions[loan.pk].principal_outstanding) for loan in found]
    assert shown == [("Netherby Corner Shop Society", pounds("34498.35"))] * how_many
    with django_assert_num_queries(2):
        queries.booked_balances_of(found, date(2025, 6, 2))


@pytest.mark.django_db
def test_each_balance_of_many_loans_is_read_once(monkeypatch):
    fund = make_fund()
    found = [make_drawn_loan(fund, shop=str(8123 + number)) for number in range(3)]
    read = []
    monkeypatch.setattr(queries, "to_minor", lambda *amount: read.append(amount) or 0)
    queries.booked_balances_of(found[:1], TODAY)
    for_one = len(read)
    queries.booked_balances_of(found, TODAY)
    assert len(read) == for_one * (1 + 3)


@pytest.mark.committing
def test_a_seal_covers_what_was_known():
    fund = make_fund()
    loan = make_netherby(fund)
    known = seal(book=fund.book)
    pay(loan, "100.00", "2026-11-10", by=fund.priya)
    assert queries.position_of(loan, TODAY, known_under=known).in_advance == pounds("0.00")
    assert queries.position_of(loan, TODAY).in_advance == pounds("100.00")
    assert queries.booked_balances(loan, TODAY, known_under=known).in_advance == 0


@pytest.mark.django_db
def test_loans_are_found_by_fund_business_reference_and_what_is_to_do():
    fund = make_fund()
    drawn, undrawn = make_drawn_loan(fund), make_loan(fund, asked("20000.00"), shop="8124")
    assert list(queries.loans(fund.book)) == [drawn, undrawn]
    assert list(queries.loans_of(undrawn.organisation)) == [undrawn]
    assert queries.loan_by_reference(fund.book, "L-0108") == drawn
    assert queries.loan_by_reference(fund.book, "L-9999") is None
    assert list(queries.loans_with_something_to_do(fund.book, date(2025, 6, 2))) == [drawn]
    assert list(queries.loans_with_something_to_do(fund.book, date(2025, 6, 1))) == []


@pytest.mark.django_db
def test_a_target_is_promised_once_with_a_loan():
    fund = make_fund()
    loan, indicator = make_loan(fund), people_in_work()
    promise = Promise(Decimal(5), date(2025, 5, 1), Decimal(7), date(2028, 9, 30))
    target = promise_impact(loan=loan, indicator=indicator, promise=promise, by=fund.priya)
    assert list(queries.impact_targets(loan)) == [target]
    with pytest.raises(TargetRefused, match="People in work is promised with L-0108 already"):
        promise_impact(loan=loan, indicator=indicator, promise=promise, by=fund.priya)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "promise, said",
    [
        (Promise(Decimal(5), date(2025, 5, 1), Decimal(7), date(2025, 5, 1)), "not after the baseline"),
        (Promise(Decimal("NaN"), date(2025, 5, 1), Decimal(7), date(2028, 5, 1)), "plain numbers"),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(promise, said):
    fund = make_fund()
    loan, indicator = make_loan(fund), people_in_work()
    with pytest.raises(TargetRefused, match=said):
        promise_impact(loan=loan, indicator=indicator, promise=promise, by=fund.priya)


def test_bank_holidays_differ_between_the_nations():
    easter_monday, second_of_january = date(2026, 4, 6), date(2026, 1, 2)
    assert easter_monday in calendar_days("GB-ENG")
    assert easter_monday not in calendar_days("GB-SCT")
    assert second_of_january in calendar_days("GB-SCT")
    assert date(2026, 7, 13) in calendar_days("GB-NIR")
    assert business_days("weekdays").shift(easter_monday) == easter_monday


def test_a_calendar_that_does_not_exist_is_refused():
    with pytest.raises(UnknownCalendar, match=r"There is no calendar 'GB-XYZ'\. Choose one of GB-ENG, GB-SCT"):
        business_days("GB-XYZ")
    assert CALENDARS == ("GB-ENG", "GB-SCT", "GB-NIR", "weekdays")
