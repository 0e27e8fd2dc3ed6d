"""Loans that follow a base rate: what the close of the day changes, again and again, and what people agree on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loans import queries
from loans.domain.errors import ActRefused, TwoPeopleNeeded
from loans.domain.events import RateChanged
from loans.models import BaseRate, BaseRateIndex, Loan
from loans.outlook import new_terms
from loans.services import approve_proposal, draw_down, effects_of, follow_base_rates, propose, record, record_base_rate
from tests.builders import pounds
from tests.loans.builders import DRAWN_ON, Fund, asked, make_fund, make_loan
from tests.loans.test_products import linked_product

pytestmark = pytest.mark.django_db

TODAY = date(2025, 8, 15)
PUBLISHED = date(2025, 8, 7)


@pytest.fixture
def fund() -> Fund:
    """A fund whose product follows Bank Rate, 3.75%, with a margin of 3%."""
    plain = make_fund(today=TODAY)
    return replace(plain, product=linked_product(plain))


def lent(fund: Fund, shop: str = "8123") -> Loan:
    loan = make_loan(fund, replace(asked(), annual_rate=None), shop=shop)
    draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    return Loan.objects.get(pk=loan.pk)


def publish(fund: Fund, rate: str, on: date = PUBLISHED) -> None:
    """A rate is recorded, in place of the one that stands from that day."""
    index = BaseRateIndex.objects.get(book=fund.book)
    stands = BaseRate.objects.filter(index=index, effective_on=on, replaced_by=None).first()
    record_base_rate(index=index, effective_on=on, annual_rate=Decimal(rate), by=fund.tom, replaces=stands)


def close(fund: Fund) -> list[str]:
    """What the close of a day changes."""
    changed = follow_base_rates(book=fund.book, through=TODAY, by=fund.tom)
    return [f"{event.effective_on} {event.content['annual_rate']}" for event in changed]


def bears(loan: Loan) -> Decimal:
    return queries.position_of(loan, TODAY).annual_rate


def restructure(fund: Fund, loan: Loan, rate: str | None = None) -> None:
    event = new_terms(
        loan, date(2025, 8, 1), instalments=72, capitalises=True, annual_rate=Decimal(rate) if rate else None
    )
    proposal = propose(loan=loan, event=event, reason="A longer term", by=fund.priya)
    approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)


def test_a_rate_that_is_corrected_and_corrected_back_is_followed_each_time(fund: Fund) -> None:
    loan = lent(fund)
    for rate, told in (("0.04", "0.07"), ("0.0425", "0.0725"), ("0.04", "0.07")):
        publish(fund, rate)
        assert close(fund) == [f"2025-08-07 {told}"]
        assert bears(loan) == Decimal(told)
        assert close(fund) == []


def test_new_terms_with_a_rate_of_their_own_end_the_link(fund: Fund) -> None:
    loan = lent(fund)
    restructure(fund, loan, "0.03")
    publish(fund, "0.04")
    assert (close(fund), bears(loan)) == ([], Decimal("0.03"))
    record(loan=loan, event=RateChanged(TODAY, 0, Decimal("0.035")), by=fund.tom, key="by hand")
    assert bears(loan) == Decimal("0.035")


def test_nobody_lowers_a_rate_alone(fund: Fund) -> None:
    loan = lent(fund)
    restructure(fund, loan, "0.03")
    with pytest.raises(TwoPeopleNeeded, match=r"2.99% is less than the 3% that L-0108 bears on 15 August 2025"):
        record(loan=loan, event=RateChanged(TODAY, 0, Decimal("0.0299")), by=fund.tom, key="by hand")
    assert bears(loan) == Decimal("0.03")


def test_new_terms_that_keep_the_rate_go_on_following(fund: Fund) -> None:
    loan = lent(fund)
    restructure(fund, loan)
    publish(fund, "0.04")
    assert (close(fund), bears(loan)) == (["2025-08-07 0.07"], Decimal("0.07"))
    publish(fund, "0.0425", on=date(2025, 7, 3))
    assert close(fund) == ["2025-07-03 0.0725", "2025-08-02 0.0725"]
    assert close(fund) == []


def test_a_rate_by_hand_is_refused_while_the_loan_follows_an_index(fund: Fund) -> None:
    loan = lent(fund)
    with pytest.raises(ActRefused, match=r"L-0108 follows Bank Rate, which gives 6.75% on 15 August 2025"):
        record(loan=loan, event=RateChanged(TODAY, 0, Decimal("0.05")), by=fund.tom, key="by hand")


def test_what_a_rate_changes_takes_no_more_questions_for_more_loans(fund: Fund) -> None:
    def questions() -> int:
        index = BaseRateIndex.objects.get(book=fund.book)
        with CaptureQueriesContext(connection) as asked_of_the_database:
            effects_of(index=index, effective_on=TODAY, annual_rate=Decimal("0.04"))
        return len(asked_of_the_database)

    lent(fund)
    few = questions()
    for shop in ("8124", "8125"):
        lent(fund, shop)
    assert questions() == few
