"""The checks find nothing in sound books, and each finds its own fault."""

from datetime import UTC, date, datetime

import pytest

from ledger.checks import examine
from ledger.models import Approval
from ledger.services import approve
from loans import queries
from loans.checks import (
    CHECKS,
    columns_agree_with_terms,
    events_have_their_entries,
    ledger_stands_where_the_engine_does,
    loans_are_not_behind,
    schedules_match_the_engine,
    standings_match_the_engine,
    terms_are_what_was_approved,
)
from loans.domain.event_content import content_sha256
from loans.models import EventKind, Instalment, Loan, LoanEvent, LoanTerms, PlannedInstalment, Proposal, Standing
from loans.services import rebuild_projections, rebuild_schedule, reverse_repayment
from tests.builders import post_entry
from tests.loans.builders import TODAY, Fund, asked, make_drawn_loan, make_fund, make_loan, make_netherby, pay

pytestmark = pytest.mark.django_db


def said(check, book):
    """What one check finds, as text."""
    return [str(finding) for finding in check(book)]


def test_sound_books_have_no_findings():
    fund = make_fund()
    loan = make_netherby(fund)
    pay(loan, "700.00", "2026-11-20", by=fund.priya)
    pay(loan, "10.00", "2026-11-05", by=fund.priya)
    wrong = pay(loan, "5.00", "2026-11-06", by=fund.priya)
    reverse_repayment(event=wrong, on=date(2026, 11, 9), reason="Another's", by=fund.tom, key="mistake")
    make_loan(fund, asked("20000.00"), shop="8124")
    assert examine(fund.book, CHECKS) == []


def test_a_loan_that_is_behind_is_found_and_its_ledger_is_judged_as_far_as_it_goes():
    fund = make_fund()
    make_drawn_loan(fund)
    assert [str(finding) for finding in examine(fund.book, CHECKS)] == [
        "loan-behind: L-0108: what fell due on 2 June 2025 is not posted; run the close of business"
    ]
    assert said(loans_are_not_behind, fund.book) != []


def test_a_schedule_that_differs_is_found():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    Instalment.objects.filter(loan=loan, no=7).update(interest=1)
    assert said(schedules_match_the_engine, fund.book) == [
        "schedule-differs: L-0108: 2 rows differ from the engine's, the first for instalment 7; rebuild the schedule"
    ]
    Instalment.objects.filter(loan=loan).delete()
    assert "60 rows differ" in said(schedules_match_the_engine, fund.book)[0]
    rebuild_schedule(loan=loan)
    assert said(schedules_match_the_engine, fund.book) == []


def test_standings_and_plans_that_differ_are_found_and_rebuilt():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    pay(loan, "700.00", "2025-06-02", by=fund.priya)
    kept = list(Standing.objects.values_list("effective_on", "until", "principal"))
    Standing.objects.filter(loan=loan).update(principal=1)
    PlannedInstalment.objects.filter(loan=loan)[0].delete()
    assert said(standings_match_the_engine, fund.book) == [
        "standing-differs: L-0108: 6 rows of where it stood are not as the engine tells them; rebuild the projections",
        "standing-differs: L-0108: 1 rows of the plan are not as the engine tells them; rebuild the projections",
    ]
    rebuild_projections(loan=loan)
    assert said(standings_match_the_engine, fund.book) == []
    assert list(Standing.objects.values_list("effective_on", "until", "principal")) == kept


def test_a_next_action_on_no_due_date_is_found():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    Loan.objects.filter(pk=loan.pk).update(next_action_on=date(2025, 6, 1))
    (found,) = said(schedules_match_the_engine, fund.book)
    assert found == "schedule-differs: L-0108: nothing is to be done on 2025-06-01"


def test_a_ledger_that_stands_elsewhere_is_found():
    fund = make_fund()
    make_netherby(fund)
    post_entry(book=fund.book, by=fund.priya, on=TODAY, amount="0.01", debited="1310/L-0108", credited="4030")
    assert said(ledger_stands_where_the_engine_does, fund.book) == [
        "ledger-differs: L-0108: on 23 November 2026 the ledger has principal £25,576.13, interest due £0.00, "
        "in advance £0.00; the engine principal £25,576.12, interest due £0.00, in advance £0.00"
    ]


@pytest.mark.parametrize("kind, amount", [(EventKind.DRAWN, 100), (EventKind.REPAID, 12700)])
def test_an_event_that_its_entry_does_not_book_is_found(kind, amount):
    fund = make_fund()
    loan = make_netherby(fund)
    elsewhere = post_entry(book=fund.book, by=fund.priya, on=TODAY, amount="127.00")
    LoanEvent.objects.create(
        loan=loan,
        number=99,
        kind=kind,
        effective_on=TODAY,
        amount=amount,
        currency="GBP",
        content={"event": kind},
        content_sha256=content_sha256({"event": kind}),
        terms=queries.loan_terms(loan).get() if kind == EventKind.DRAWN else None,
        entry=elsewhere,
        key="by hand",
        recorded_by=fund.priya,
    )
    assert said(events_have_their_entries, fund.book) == [
        f"event-not-booked: L-0108: {kind.label.lower()} 99 is not what E-{elsewhere.pk} books"
    ]


def test_a_reversal_whose_entry_mirrors_nothing_is_found():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    paid = pay(loan, "676.65", "2025-06-02", by=fund.priya)
    elsewhere = post_entry(book=fund.book, by=fund.priya, on=TODAY)
    LoanEvent.objects.create(
        loan=loan,
        number=3,
        kind=EventKind.REVERSED,
        effective_on=TODAY,
        currency="GBP",
        content={"event": "reversed"},
        content_sha256=content_sha256({"event": "reversed"}),
        reverses=paid,
        entry=elsewhere,
        key="by hand",
        recorded_by=fund.priya,
    )
    assert "reversal 3 is not what" in said(events_have_their_entries, fund.book)[0]


def approval_of_new_terms(fund: Fund, terms: LoanTerms, sha256: str) -> Approval:
    """What two people would have to do so that the database takes a second version of the terms."""
    content = {"event": "restructured", "terms": terms.content}
    proposal = Proposal.objects.create(
        loan=terms.loan,
        kind="restructured",
        effective_on=terms.effective_on,
        content=content,
        content_sha256=sha256,
        cost=0,
        reason="A longer term",
        proposed_by=fund.priya,
    )
    return approve(
        subject=f"{fund.book.code}/{terms.loan.reference}/P-{proposal.pk}/terms-2",
        content_sha256=sha256,
        made_by=fund.priya,
        made_at=datetime.now(UTC),
        checked_by=fund.tom,
    )


def test_columns_that_lists_show_otherwise_than_the_terms_are_found():
    fund = make_fund()
    loan = make_loan(fund)
    assert said(columns_agree_with_terms, fund.book) == []
    row = queries.loan_terms(loan).get()
    row.pk, row.version, row.months = None, 2, 59
    row.approval = approval_of_new_terms(fund, row, row.terms_sha256)
    row.save(force_insert=True)
    assert said(columns_agree_with_terms, fund.book) == [
        "terms-shown-otherwise: L-0108: its months is listed as 59; its terms say 60"
    ]


def test_terms_under_the_fingerprint_of_others_are_found():
    fund = make_fund()
    loan = make_loan(fund)
    assert said(terms_are_what_was_approved, fund.book) == []
    row = queries.loan_terms(loan).get()
    approval = approval_of_new_terms(fund, row, "a" * 64)
    row.pk, row.version, row.approval, row.terms_sha256 = None, 2, approval, approval.content_sha256
    row.save(force_insert=True)
    (finding,) = said(terms_are_what_was_approved, fund.book)
    assert finding == (
        f"terms-not-approved: L-0108: version 2 of its terms is not what approval {approval.pk} was given for"
    )
