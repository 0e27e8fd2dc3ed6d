"""What was confirmed is brought in: it ties to its control totals, and its next month is serviced."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from commonweal.access.models import StaffRole
from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.close import bring_book_up_to_date
from commonweal.jobs.moving_in import WORKBOOK
from commonweal.jobs.readiness import readiness
from commonweal.jobs.statements import period_of, prepare_statements
from ledger import queries as ledger
from ledger.queries import trial_balance
from loans.domain.errors import ReversalRefused
from loans.models import EventKind, HistoryLine, Loan, LoanEvent, MovingIn
from loans.queries import position_of
from loans.services import BroughtFile, confirm_moving_in, reverse_event
from loans.statement_figures import build_loan_statement
from loans.statements import Issuer, StatementHead, StatementStatus
from tests.builders import pounds
from tests.commonweal.desk.test_query_counts import COSTS, cost
from tests.loans.builders import Fund, make_fund, pay
from tests.loans.test_moving_in import tried
from tests.moving_in import Row, many, sheets, workbook

pytestmark = pytest.mark.django_db


def moved(fund: Fund, count: int) -> MovingIn:
    """So many loans, prepared by Tom, confirmed by Priya, and in."""
    return moved_rows(fund, many(count))


def moved_rows(fund: Fund, rows: list[Row]) -> MovingIn:
    """The same with the rows of one's own."""
    ready = tried(fund, sheets(rows))
    confirmed = confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya)
    return move_in(moving_in=confirmed, by=fund.priya)


@pytest.mark.parametrize("loans", [pytest.param(300, id="300"), pytest.param(2000, id="2000", marks=pytest.mark.drill)])
def test_a_book_of_loans_moves_in_ties_and_its_next_month_is_serviced(loans: int) -> None:
    fund = make_fund(today=date(2026, 12, 1))
    done = moved(fund, loans)
    assert done.state == MovingIn.State.DONE
    given = done.found["given"]
    assert {name: given.get(name, 0) for name in done.brought} == done.brought
    bring_book_up_to_date(book=fund.book, through=date(2026, 11, 30), by=fund.priya)
    assert not Loan.objects.filter(moved_in=done, next_action_on__lte=date(2026, 11, 30)).exists()
    assert {row.code: row.minor for row in trial_balance(fund.book, date(2026, 11, 30))}["3020"] == 0
    client = manager_of(fund)
    for name in ("loans", "arrears", "portfolio"):
        assert cost(client, COSTS[name][1]) == COSTS[name][2], "as many queries as with one loan"
    assert cost(client, COSTS["loans as CSV"][1]) <= COSTS["loans as CSV"][2] + 2, "one more for each thousand rows"


def manager_of(fund: Fund) -> Client:
    """A browser in which a fund manager is logged in."""
    fund.priya.staff_memberships.create(book=fund.book, role=StaffRole.MANAGER)
    client = Client()
    client.force_login(fund.priya)
    return client


def test_a_loan_stands_where_its_row_said_and_the_books_are_in_order() -> None:
    fund = make_fund(today=date(2026, 11, 2))
    moved(fund, 30)
    late = position_of(Loan.objects.get(reference="OLD-00010"), date(2026, 11, 2))
    assert (late.arrears, late.days_past_due) == (pounds("467.35"), 32)
    assert (late.undrawn, late.drawn) == (pounds("0.00"), late.principal_outstanding)
    assert HistoryLine.objects.filter(loan__reference="OLD-00010").count() == 3
    assert examine_everything(fund.book) == []


def test_a_loan_is_moved_out_again_only_while_nothing_came_after_it() -> None:
    fund = make_fund(today=date(2026, 11, 2))
    moved(fund, 2)
    first, second = Loan.objects.filter(moved_in__isnull=False).select_related("book").order_by("pk")[:2]
    pay(first, "10.00", date(2026, 11, 2), by=fund.priya)
    brought = {event.loan_id: event for event in LoanEvent.objects.filter(kind=EventKind.BROUGHT_IN)}
    back = {"on": date(2026, 11, 2), "reason": "It was never ours", "by": fund.tom, "key": "back"}
    with pytest.raises(ReversalRefused, match="went on after it was brought in: repayment 2 of 2 November 2026"):
        reverse_event(event=brought[first.pk], **back)
    reverse_event(event=brought[second.pk], **back)
    assert position_of(second, date(2026, 11, 2)).principal_outstanding == pounds("0.00")


def test_a_workbook_holds_up_the_close_until_the_command_has_brought_it_in() -> None:
    fund = make_fund(today=date(2026, 12, 1))
    ready = tried(fund, {WORKBOOK: BroughtFile("loans.xlsx", workbook(many(3)))})
    assert [one.message for one in ready.findings.all()] == []
    confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya)
    waits = {item.label: item for item in readiness(fund.book, date(2026, 11, 30))}["Loans moved in"]
    assert (waits.may_be_left, waits.standing, waits.note) == (False, "open", f"{ready} is not all in")
    said = io.StringIO()
    call_command("move_in", str(ready.number), book=fund.book.code, by=fund.priya.email, stdout=said)
    assert said.getvalue() == f"{ready} is in: 3 loans, tied to the control totals.\n"
    assert "Loans moved in" not in {item.label for item in readiness(fund.book, date(2026, 11, 30))}
    loan = Loan.objects.get(reference="OLD-00001")
    page = manager_of(fund).get(reverse("desk:loan", args=[fund.book.code, loan.pk])).content.decode()
    assert "Before it came here" in page
    assert "Agreed in the other system" in page


def test_a_loan_that_moved_in_gets_its_statement_though_nothing_was_drawn_here() -> None:
    fund = make_fund(today=date(2026, 12, 1))
    moved(fund, 1)
    run = prepare_statements(book=fund.book, period=period_of("2026-11", fund.book), by=fund.priya)
    document = run.prepared.get(kind="loan-statement")
    loan = Loan.objects.get()
    known = ledger.first_seal_covering(fund.book, date(2026, 11, 30))
    assert known is not None
    head = StatementHead(
        *(Issuer("Village fund", (), "", "", "", ""), document.number, StatementStatus.PROVISIONAL),
        *(date(2026, 10, 1), date(2026, 12, 1), fund.book.business_date, run.seal),
    )
    told = build_loan_statement(loan, head, known_under=known)
    assert told.transactions[0].what == "Brought over from our earlier system"
    assert told.principal.lines[0].words == "Brought over from our earlier system"
