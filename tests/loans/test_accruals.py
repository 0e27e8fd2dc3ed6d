"""A month shows all that it earned: what is earned and not due is booked on its last day and taken back the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.queries import balances, entries_by_source
from ledger.services import close_period, move_business_date
from loans import queries
from loans.checks import accruals_stand_as_told
from loans.domain.accruals import NOTHING, Accrued, accrual_accounts, accrual_entries, accrued
from loans.domain.events import RateChanged, Suspended
from loans.domain.rounding import Scale
from loans.models import Loan
from loans.services import Circumstances, accrue_some, bring_up_to_date, draw_down, record
from tests.loans.builders import DRAWN_ON, Fund, make_drawn_loan, make_fund
from tests.loans.machine import make_live_loans

MAY, JUNE = date(2025, 5, 31), date(2025, 6, 30)


def stands(loan: Loan, on: date) -> list[str]:
    """What of a loan's interest, fees and default interest is accrued in the books."""
    codes = accrual_accounts(loan.reference)
    return [str(amount.amount) for amount in balances(loan.book, codes, on).values()]


def close(fund: Fund, on: date) -> int:
    posted = accrue_some(book=fund.book, on=on, by=fund.tom).posted
    assert accrue_some(book=fund.book, on=on, by=fund.tom) == ([], 0)
    return posted


def test_the_pair_of_entries_takes_itself_back() -> None:
    earned, back = accrual_entries("L-0108", MAY, Accrued(16935, 210, 45), Scale("GBP", 2))
    assert [(line.account, line.minor) for line in earned.postings] == [
        ("1325/L-0108", 16935),
        ("1335/L-0108", 210),
        ("1345/L-0108", 45),
        ("4010", -16935),
        ("4030", -210),
        ("4040", -45),
    ]
    assert [(line.account, -line.minor) for line in back.postings] == [
        (line.account, line.minor) for line in earned.postings
    ]
    assert (earned.effective_on, back.effective_on) == (MAY, date(2025, 6, 1))
    assert accrual_entries("L-0108", MAY, NOTHING, Scale("GBP", 2)) == ()


@pytest.mark.django_db
def test_a_month_earns_all_of_its_days() -> None:
    """£35,000.00 at 6% a year, drawn on 1 May and due on 2 June: a month of interest belongs to May, £175.00."""
    fund = make_fund(today=MAY)
    loan = make_drawn_loan(fund)
    assert close(fund, MAY) == 2
    assert stands(loan, MAY) == ["175.00", "0.00", "0.00"]
    assert stands(loan, MAY + timedelta(days=1)) == ["0.00", "0.00", "0.00"]
    assert balances(fund.book, ["4010"], MAY)["4010"].amount == Decimal("-175.00")
    assert close(fund, MAY) == 0


@pytest.mark.django_db
def test_what_becomes_known_later_changes_only_months_that_are_open() -> None:
    fund = make_fund(today=JUNE)
    loan = make_drawn_loan(fund)
    for on in (MAY, JUNE):
        bring_up_to_date(loan=loan, on=on, by=fund.tom)
        close(fund, on)
    before = stands(loan, JUNE)
    may = stands(loan, MAY)
    close_period(book=fund.book, through=MAY, by=fund.tom)
    for rate, sent in (("0.09", 1), ("0.12", 2)):
        change, known_late = RateChanged(date(2025, 5, 16), 0, Decimal(rate)), Circumstances(books_later=True)
        record(loan=loan, event=change, by=fund.tom, key=rate, circumstances=known_late)
        assert (close(fund, JUNE), close(fund, JUNE)) == (2, 0)
        told = accrued(queries.first_terms_of(loan), queries.events_of(loan), JUNE)
        assert stands(loan, JUNE) == [f"{Decimal(units) / 100:.2f}" for units in told]
        assert entries_by_source(fund.book, f"loan:{loan.reference}").filter(kind="accrual").count() == 4 + 2 * sent
    assert (stands(loan, MAY), stands(loan, JUNE) == before) == (may, False)
    assert list(accruals_stand_as_told(fund.book)) == []
    Loan.objects.filter(pk=loan.pk).update(accrued_through=date(2025, 7, 31))
    (finding,) = accruals_stand_as_told(fund.book)
    assert (finding.code, finding.subject) == ("accrual-differs", "L-0108")


@pytest.mark.django_db
def test_every_kind_of_loan_accrues_what_it_would_be_asked_for() -> None:
    """Level, equal principal with a commitment fee, and dear when late: the engine's own figures, to the penny."""
    fund, loans = make_live_loans()
    for loan in loans:
        draw_down(loan=loan, amount=queries.terms_of(loan).principal / 2, on=DRAWN_ON, by=fund.priya, key="half")
    on = date(2025, 7, 20)
    fund = replace(fund, book=move_business_date(book=fund.book, to=on))
    for loan in loans:
        bring_up_to_date(loan=loan, on=on, by=fund.tom)
    record(loan=loans[0], event=Suspended(on, 0), by=fund.tom, key="suspended")
    close(fund, on)
    level, dear, equal, flat = (Loan.objects.get(pk=loan.pk) for loan in loans)
    assert stands(level, on) == ["0.00", "0.00", "0.00"]
    for loan in (dear, equal, flat):
        position = queries.position_of(loan, on + timedelta(days=1))
        interest, fees, default = (Decimal(each) for each in stands(loan, on))
        assert interest == position.accrued_interest.amount > 0
        assert default == position.default_interest_accrued.amount
        assert (fees > 0) is (loan == equal)
    assert Decimal(stands(dear, on)[2]) > 0
