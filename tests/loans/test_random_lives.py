"""Whatever is recorded, in whatever order it becomes known, the ledger stands where the engine does on every day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from ledger.checks import examine
from ledger.domain.money import from_minor, to_minor
from loans import queries
from loans.checks import CHECKS
from loans.domain.errors import LoanError
from loans.domain.movements import Moved
from loans.models import EventKind, Loan, LoanEvent
from loans.services import bring_up_to_date, draw_down, reverse_repayment
from tests.loans.builders import DRAWN_ON, Fund, asked, make_fund, make_loan, pay

pytestmark = pytest.mark.django_db

ACTS = 25
LAST_DAY = date(2026, 11, 23)


class Life:
    """A loan of twelve months to which random things happen, about a third of them refused."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.fund: Fund = make_fund()
        rate = self.random.choice(["0", "0.0425", "0.06", "0.18"])
        self.loan: Loan = make_loan(self.fund, asked("6000.00", 12, rate=rate))
        self.done: list[str] = []

    def day(self) -> date:
        """Any day from the drawdown to well after the end."""
        return DRAWN_ON + timedelta(days=self.random.randrange(420))

    def live(self) -> None:
        self.draw("first", 400000, DRAWN_ON)
        for number in range(ACTS):
            act = self.random.choice([self.pay, self.pay, self.pay, self.take_back, self.catch_up, self.draw_more])
            try:
                act(f"{number}")
                self.done.append(act.__name__)
            except LoanError as refusal:
                self.done.append(type(refusal).__name__)
        bring_up_to_date(loan=self.loan, on=LAST_DAY, by=self.fund.priya)

    def draw(self, key: str, minor: int, on: date) -> None:
        draw_down(loan=self.loan, amount=from_minor(minor, "GBP"), on=on, by=self.fund.priya, key=key)

    def draw_more(self, key: str) -> None:
        self.draw(key, self.random.randrange(1, 250000), self.day())

    def pay(self, key: str) -> None:
        minor = self.random.choice([self.random.randrange(1, 150000), 51639])
        pay(self.loan, from_minor(minor, "GBP"), self.day(), by=self.fund.priya, key=key)

    def take_back(self, key: str) -> None:
        repaid = LoanEvent.objects.filter(loan=self.loan, kind=EventKind.REPAID).order_by("number")
        if repaid:
            event = self.random.choice(list(repaid))
            on = event.effective_on + timedelta(days=self.random.randrange(60))
            reverse_repayment(event=event, on=on, reason="A mistake", by=self.fund.tom, key=key)

    def catch_up(self, _key: str) -> None:
        bring_up_to_date(loan=self.loan, on=self.day(), by=self.fund.priya)


@pytest.mark.parametrize("seed", range(8))
def test_the_ledger_follows_the_engine_through_a_random_life(seed):
    life = Life(seed)
    life.live()
    days = [DRAWN_ON + timedelta(days=days) for days in range(0, 570, 9)]
    wrong = {}
    for on in days:
        at, stands = queries.position_of(life.loan, on), queries.booked_balances(life.loan, on)
        should = Moved(
            principal=to_minor(at.principal_outstanding.amount, "GBP"),
            interest=to_minor(at.interest_due.amount, "GBP"),
            in_advance=to_minor(at.in_advance.amount, "GBP"),
        )
        if stands != should:
            wrong[on] = (stands, should)
    assert wrong == {}, life.done
    assert examine(life.fund.book, CHECKS) == [], life.done
    assert {"pay", "take_back"} <= set(life.done)
