"""Many people at once: the row lock lets each see what the one before did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from ledger import queries as ledger_queries
from ledger.checks import examine
from ledger.models import Approval
from loans import queries
from loans.checks import CHECKS
from loans.domain.errors import LoanError, MoveNotAllowed, RepaymentRefused
from loans.domain.events import Restructured
from loans.domain.reschedule import rescheduled
from loans.models import Application, EventKind, Loan, LoanEvent
from loans.queries import asked_terms_sha256
from loans.services import (
    approve,
    approve_proposal,
    bring_up_to_date,
    decline,
    draw_down,
    propose,
    reverse_repayment,
)
from tests.builders import make_user, pounds
from tests.loans.builders import (
    APPROVED_ON,
    DRAWN_ON,
    TODAY,
    asked,
    make_application,
    make_drawn_loan,
    make_fund,
    make_loan,
    pay,
)

pytestmark = pytest.mark.committing


def at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Do all of these at the same moment, each on a connection of its own; how often each answer came."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            act()
        except LoanError as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def test_fifty_repayments_of_a_hundred_on_a_thousand():
    """Ten are applied, forty are refused, and the ledger stands at nought."""
    fund = make_fund()
    loan = make_drawn_loan(fund, asked("1000.00", 10, rate="0"))
    answers = at_once([lambda: pay(loan, "100.00", "2025-06-02", by=fund.priya) for _ in range(50)])
    assert answers == {"done": 10, RepaymentRefused.__name__: 40}
    at = queries.position_of(loan, TODAY)
    assert (at.received, at.owed_in_all, at.principal_outstanding) == (
        pounds("1000.00"),
        pounds("0.00"),
        pounds("0.00"),
    )
    bring_up_to_date(loan=loan, on=TODAY, by=fund.priya)
    assert ledger_queries.balances(fund.book, ["1310/L-0108"], TODAY) == {"1310/L-0108": pounds("0.00")}
    assert examine(fund.book, CHECKS) == []


def test_twenty_approvers_at_once():
    """One decision, one approval, one loan."""
    fund = make_fund()
    application = make_application(fund)
    sha256 = asked_terms_sha256(application)
    people = [make_user(name=f"Approver {number}") for number in range(20)]

    def decision(number: int) -> object:
        if number % 2:
            return approve(application=application, shown_sha256=sha256, on=APPROVED_ON, by=people[number])
        return decline(application=application, shown_sha256=sha256, reason="No", on=APPROVED_ON, by=people[number])

    answers = at_once([lambda number=number: decision(number) for number in range(20)])
    assert answers == {"done": 1, MoveNotAllowed.__name__: 19}
    decided = Application.objects.get()
    assert Loan.objects.count() == Approval.objects.count() == (decided.status == "approved")
    assert decided.steps.filter(status__in=["approved", "declined"]).count() == 1


def test_twenty_drawdowns_of_the_whole_at_once():
    fund = make_fund()
    loan = make_loan(fund)
    acts = [
        lambda number=number: draw_down(
            loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key=f"drawn:{number}"
        )
        for number in range(20)
    ]
    assert at_once(acts) == {"done": 1, "DrawdownRefused": 19}
    assert queries.position_of(loan, DRAWN_ON).drawn == pounds("35000.00")


def test_the_same_request_twenty_times_at_once():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    acts = [lambda: pay(loan, "676.65", "2025-06-02", by=fund.priya, key="once") for _ in range(20)]
    assert at_once(acts) == {"done": 20}
    assert LoanEvent.objects.filter(kind="repaid").count() == 1


def test_bringing_up_to_date_twenty_times_at_once():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    at_once([lambda: bring_up_to_date(loan=loan, on=TODAY, by=fund.priya) for _ in range(20)])
    assert queries.entries_of(loan).filter(kind="interest").count() == 18
    assert examine(fund.book, CHECKS) == []


def test_applications_are_numbered_without_gaps_whoever_asks_at_once():
    fund = make_fund()
    at_once([lambda n=n: make_application(fund, shop=str(8200 + n)) for n in range(10)])
    assert sorted(Application.objects.values_list("reference", flat=True)) == [f"A-{n:04d}" for n in range(132, 142)]


def test_a_repayment_is_taken_back_once():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    paid = pay(loan, "676.65", "2025-06-02", by=fund.priya)
    acts = [
        lambda n=n: reverse_repayment(event=paid, on=date(2025, 6, 3), reason="Wrong", by=fund.tom, key=f"mistake:{n}")
        for n in range(10)
    ]
    assert at_once(acts) == {"done": 1, "ReversalRefused": 9}
    bring_up_to_date(loan=loan, on=TODAY, by=fund.priya)
    assert examine(fund.book, CHECKS) == []


def test_two_people_restructure_at_once():
    """One wins and the loan goes on under those terms; the other is told that there are new ones."""
    fund = make_fund()
    loan = make_drawn_loan(fund)
    bring_up_to_date(loan=loan, on=TODAY, by=fund.priya)
    at = queries.position_of(loan, TODAY)
    proposals = []
    for number in (48, 72):
        terms = rescheduled(queries.terms_of(loan), at, capitalises=True, instalments=number)
        event = Restructured(TODAY, 0, terms, capitalises=True)
        proposals.append(propose(loan=loan, event=event, reason="More time", by=fund.priya))
    people = [fund.tom, make_user(name="Amina Diallo")]

    def approval(number: int) -> object:
        proposal = proposals[number]
        return approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=people[number])

    assert at_once([lambda number=number: approval(number) for number in (0, 1)]) == {"done": 1, "ProposalRefused": 1}
    assert LoanEvent.objects.filter(kind=EventKind.RESTRUCTURED).count() == 1
    assert [terms.version for terms in queries.loan_terms(loan)] == [1, 2]
    assert examine(fund.book, CHECKS) == []
