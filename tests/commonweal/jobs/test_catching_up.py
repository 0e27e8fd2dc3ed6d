"""Days that are caught up in one run end in the books that they end in one by one, entry for entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from commonweal.jobs.checks import examine_everything
from commonweal.jobs.close import close_days, close_month
from investors.domain.participation import Participation
from investors.services import register_investor, set_participations
from loans import queries
from loans.domain.events import Suspended
from loans.domain.provision import Stage
from loans.models import BaseRateIndex
from loans.services import draw_down, record, record_base_rate, set_provision_rule
from tests.builders import pounds
from tests.commonweal.jobs.books_told import entries_told, standings_told
from tests.investors.shared_loan import LENDERS
from tests.loans.builders import DRAWN_ON, Fund, asked, make_fund, make_loan, pay
from tests.loans.machine import make_live_loans
from tests.loans.test_products import linked_product

pytestmark = pytest.mark.django_db

THROUGH, LATER = DRAWN_ON + timedelta(days=59), date(2030, 1, 1)
MAY = date(2025, 5, 31)
SHARES = ("0.01", "0.05", "0.20", "0.35", "0.50", "0.75")


@pytest.fixture
def fund() -> Fund:
    """Four half-drawn loans: one is paid ahead, the others are late, one of them shared, another not accruing."""
    fund, loans = make_live_loans()
    percentages = {stage: Decimal(share) for stage, share in zip(Stage, SHARES, strict=True)}
    set_provision_rule(book=fund.book, percentages=percentages, on=DRAWN_ON, reason="The board", by=fund.tom)
    parts = []
    for (code, name, kind, rank, _), amount in zip(LENDERS, ("3600.00", "1900.00", "500.00"), strict=True):
        parts.append(Participation(register_investor(code=code, name=name, kind=kind).code, rank, pounds(amount)))
    set_participations(loan=loans[1], effective_on=DRAWN_ON, participations=parts, by=fund.tom)
    for loan in loans:
        half = queries.terms_of(loan).principal / 2
        draw_down(loan=loan, amount=half, on=DRAWN_ON, by=fund.priya, key="half")
    record(loan=loans[3], event=Suspended(DRAWN_ON, 0), by=fund.tom, key="suspended")
    pay(loans[0], "400.00", DRAWN_ON, by=fund.priya)
    return fund


def closed_by(fund: Fund, runs: Iterable[date]) -> tuple[object, object, object]:
    """The books after the days are closed in these runs; what was done is undone afterwards."""
    with transaction.atomic():
        for through in runs:
            close_days(book=fund.book, through=through, today=LATER, by=fund.tom)
            fund.book.refresh_from_db()
        again = close_days(book=fund.book, through=THROUGH, today=LATER, by=fund.tom)
        assert (again, examine_everything(fund.book)) == (0, [])
        found = entries_told(fund.book), standings_told(fund.book), fund.book.business_date
        transaction.set_rollback(True)
    fund.book.refresh_from_db()
    return found


def test_sixty_days_in_one_run_are_sixty_days_one_by_one(fund: Fund) -> None:
    every_day = [DRAWN_ON + timedelta(days=day) for day in range(60)]
    one_by_one, at_once = closed_by(fund, every_day), closed_by(fund, [THROUGH])
    assert one_by_one == at_once
    kinds = {kind for _, kind, *_ in at_once[0]}
    assert {"accrual", "interest", "provision", "apportionment", "fee"} <= kinds


def test_a_month_that_is_closed_shows_what_was_earned_in_it(fund: Fund) -> None:
    """Half of £6,000.00 at 9% from 1 May to 1 June is £22.50 by equal months, for each of the three that accrue."""
    close_days(book=fund.book, through=MAY, today=LATER, by=fund.tom)
    fund.book.refresh_from_db()
    before = entries_told(fund.book)
    close_month(book=fund.book, through=MAY, by=fund.tom)
    assert entries_told(fund.book) == before
    earned = {source: lines for on, kind, _, source, lines in before if (on, kind) == (MAY, "accrual")}
    assert {source: dict(lines)["4010"] for source, lines in earned.items()} == {
        "loan:L-0108": -2250,
        "loan:L-0109": -2250,
        "loan:L-0110": -2250,
    }


def test_days_over_a_change_of_base_rate_are_caught_up_alike() -> None:
    """The rate changes on the tenth of the days that are caught up; what falls due then bears it."""
    plain = make_fund(today=DRAWN_ON)
    fund = replace(plain, product=linked_product(plain))
    loan = make_loan(fund, replace(asked(), annual_rate=None))
    draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    index, on = BaseRateIndex.objects.get(book=fund.book), DRAWN_ON + timedelta(days=9)
    record_base_rate(index=index, effective_on=on, annual_rate=Decimal("0.0525"), by=fund.tom)
    every_day = [DRAWN_ON + timedelta(days=day) for day in range(60)]
    one_by_one, at_once = closed_by(fund, every_day), closed_by(fund, [THROUGH])
    assert one_by_one == at_once
    close_days(book=fund.book, through=THROUGH, today=LATER, by=fund.tom)
    assert queries.position_of(loan, THROUGH).annual_rate == Decimal("0.0825")
