"""What a preview showed is what the ledger then shows, for every act: the same entries, and the same position."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledger.models import JournalEntry
from ledger.queries import entry_postings
from loans import queries
from loans.domain.allocation import Component
from loans.domain.entries import AGAIN
from loans.domain.events import (
    Drawn,
    FeeCharged,
    Happened,
    HolidayGranted,
    RateChanged,
    Recovered,
    Refunded,
    Repaid,
    Restructured,
    Resumed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeSettlement
from loans.domain.provision import Stage
from loans.domain.reschedule import rescheduled
from loans.domain.servicing import HolidayInterest, Prepayment
from loans.models import EventKind, Loan, LoanEvent
from loans.services import (
    Circumstances,
    approve_proposal,
    draw_down,
    preview,
    preview_taking_back,
    propose,
    provide,
    record,
    reverse_event,
    set_provision_rule,
)
from loans.services.act_refusals import COSTS_MONEY
from tests.builders import pounds
from tests.loans.builders import DRAWN_ON, Fund, make_drawn_loan, make_fund, make_loan, pay

pytestmark = pytest.mark.django_db

ON = date(2025, 9, 10)
BACK = date(2025, 7, 15)


def new_terms(loan: Loan) -> Happened:
    at = queries.position_of(loan, ON)
    terms = rescheduled(queries.terms_of(loan), at, capitalises=True, instalments=72, first_due_on=date(2025, 11, 1))
    return Restructured(ON, 0, terms, capitalises=True)


ACTS: dict[str, tuple[tuple[Happened, ...], Happened | Callable[[Loan], Happened]]] = {
    "draw": ((), Drawn(ON, 0, pounds("5000.00"))),
    "repay": ((), Repaid(ON, 0, pounds("700.00"))),
    "repay, backdated": ((), Repaid(BACK, 0, pounds("700.00"))),
    "prepay": ((), Repaid(ON, 0, pounds("9000.00"), Prepayment.SHORTER_TERM)),
    "settle": ((), lambda loan: Repaid(ON, 0, queries.position_of(loan, ON).settlement, settles=True)),
    "a fee": ((), FeeCharged(ON, 0, pounds("75.00"))),
    "a fee kept back": ((), FeeCharged(ON, 0, pounds("75.00"), settlement=FeeSettlement.DEDUCTED)),
    "a fee added": ((), FeeCharged(BACK, 0, pounds("75.00"), settlement=FeeSettlement.CAPITALISED)),
    "a fee earned later": ((), FeeCharged(ON, 0, pounds("75.00"), earned_by=date(2027, 5, 1))),
    "another rate": ((), RateChanged(BACK, 0, Decimal("0.08"))),
    "waive": ((), Waived(ON, 0, pounds("50.00"), Component.INTEREST)),
    "pause": ((), HolidayGranted(ON, 0, 3, HolidayInterest.CAPITALISED, extends=True)),
    "restructure": ((), new_terms),
    "suspend": ((), Suspended(BACK, 0)),
    "resume": ((Suspended(BACK, 0),), Resumed(ON, 0)),
    "write off a part": ((), WrittenOff(ON, 0, pounds("9000.00"))),
    "write off": ((Suspended(BACK, 0),), WrittenOff(ON, 0)),
    "recover": ((WrittenOff(ON, 0),), Recovered(ON, 0, pounds("400.00"))),
    "refund": ((Repaid(ON, 0, pounds("9000.00")),), Refunded(ON, 0, pounds("1000.00"))),
}


@pytest.mark.parametrize(("before", "act"), ACTS.values(), ids=ACTS)
def test_what_a_preview_showed_is_what_the_ledger_then_shows(
    before: tuple[Happened, ...], act: Happened | Callable[[Loan], Happened]
) -> None:
    fund = make_fund(today=ON)
    loan = make_loan(fund)
    draw_down(loan=loan, amount=pounds("30000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    pay(loan, "600.00", "2025-06-02", by=fund.priya)
    pay(loan, "300.00", "2025-08-20", by=fund.priya)
    for event in before:
        do(fund, loan, event)
    event = act(loan) if callable(act) else act
    last = JournalEntry.objects.filter(book=fund.book).latest("pk").pk
    shown = preview(loan=fresh(loan), event=event, bank_account="MAIN")
    assert JournalEntry.objects.filter(book=fund.book).latest("pk").pk == last
    do(fund, loan, event)
    booked = JournalEntry.objects.filter(book=fund.book, pk__gt=last).order_by("pk")
    told = [
        [entry.effective_on, entry.narrative, sorted((line.account, line.amount.amount) for line in entry.postings)]
        for entry in shown.entries
    ]
    assert sorted(told) == sorted([entry.effective_on, entry.narrative, lines(entry)] for entry in booked)
    assert queries.position_of(loan, ON) == shown.after


def test_a_look_at_taking_a_loss_back_shows_the_provision_that_comes_back() -> None:
    fund = make_fund(today=ON)
    loan = make_drawn_loan(fund)
    shares = {stage: Decimal("0.5") for stage in Stage}
    set_provision_rule(book=fund.book, percentages=shares, on=DRAWN_ON, reason="The board's policy", by=fund.tom)
    provide(book=fund.book, on=ON, by=fund.tom, key="provided")
    do(fund, loan, WrittenOff(ON, 0, pounds("5000.00")))
    event = LoanEvent.objects.get(loan=loan, kind=EventKind.WRITTEN_OFF)
    last = JournalEntry.objects.filter(book=fund.book).latest("pk").pk
    shown = preview_taking_back(event=event, on=ON)
    reverse_event(event=event, on=ON, reason="taken back", by=fund.tom, key="back")
    booked = JournalEntry.objects.filter(book=fund.book, pk__gt=last).order_by("pk")
    assert [entry.narrative for entry in shown.entries] == [entry.narrative for entry in booked]
    assert {posting.account for entry in shown.entries for posting in entry.postings} >= {"1390/L-0108"}


@pytest.mark.parametrize(
    ("on", "interest"),
    [
        pytest.param(date(2025, 6, 2), {"150.00"}, id="on the day on which the loan is behind"),
        pytest.param(date(2025, 6, 10), {"200.00", "-50.00"}, id="after it"),
    ],
)
def test_an_act_on_a_loan_that_is_behind_books_what_fell_due_in_one_go_as_its_look_showed(
    on: date, interest: set[str]
) -> None:
    fund = make_fund(today=on)
    loan = make_loan(fund)
    draw_down(loan=loan, amount=pounds("30000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    do(fund, loan, RateChanged(DRAWN_ON, 0, Decimal("0.08")))
    event = LoanEvent.objects.select_related("loan__book").get(loan=loan, kind=EventKind.RATE_CHANGED)
    last = JournalEntry.objects.filter(book=fund.book).latest("pk").pk
    shown = preview_taking_back(event=event, on=on)
    reverse_event(event=event, on=on, reason="It was not agreed", by=fund.tom, key="back")
    booked = list(JournalEntry.objects.filter(book=fund.book, pk__gt=last).order_by("pk"))
    assert [(entry.effective_on, entry.narrative) for entry in shown.entries] == [
        (entry.effective_on, entry.narrative) for entry in booked
    ]
    owed = [dict(lines(entry)).get("1320/L-0108") for entry in booked if "interest" in entry.narrative]
    assert {str(amount) for amount in owed} == interest
    assert [AGAIN in entry.narrative for entry in booked if "interest" in entry.narrative] == [False, True][: len(owed)]


def do(fund: Fund, loan: Loan, event: Happened) -> None:
    """Record an event, by two people where it takes two."""
    if isinstance(event, COSTS_MONEY):
        proposal = propose(loan=fresh(loan), event=event, reason="To see it", by=fund.priya)
        approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
        return
    if isinstance(event, Drawn):
        draw_down(loan=loan, amount=event.amount, on=event.effective_on, by=fund.tom, key="more")
        return
    through = Circumstances(bank_account="MAIN")
    record(loan=fresh(loan), event=event, by=fund.tom, key=f"{event}"[:90], circumstances=through)


def fresh(loan: Loan) -> Loan:
    return Loan.objects.select_related("book").get(pk=loan.pk)


def lines(entry: JournalEntry) -> list[tuple[str, Decimal]]:
    """The postings of an entry that stands."""
    return sorted((line.account.code, Decimal(line.amount).scaleb(-2)) for line in entry_postings(entry))
