"""Do four eyes on acts hold against who comes past the services? As the app role, by SQL."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.moving_in import try_moving_in
from loans.domain.events import Restructured, WrittenOff
from loans.domain.reschedule import rescheduled
from loans.models import LoanEvent, MovingIn, Proposal
from loans.queries import loan_terms, position_of, terms_of
from loans.services import (
    approve_proposal,
    confirm_moving_in,
    decline_proposal,
    prepare_moving_in,
    propose,
    withdraw_moving_in,
)
from tests.builders import make_user, pounds
from tests.ledger.raw_rows import refusal
from tests.loans.builders import TODAY, Fund, make_drawn_loan, make_fund
from tests.moving_in import CUT_OVER_ON, loans_file, many, sheets

NOT_THOSE, ONE_PERSON, NOT_PROPOSED, NO_SUCH_WAY = "CW102", "CW112", "CW113", "CW114"
APPROVE = (
    "INSERT INTO ledger_approval (subject, content_sha256, made_by_id, made_at, checked_by_id, reason) "
    "VALUES (%(subject)s, %(sha256)s, %(maker)s, now(), %(checker)s, '') RETURNING id"
)
DECIDE = (
    "INSERT INTO loans_proposaldecision (proposal_id, decision, reason, decided_by_id) "
    "VALUES (%(proposal)s, %(decision)s, '', %(by)s)"
)
HAPPEN = (
    "INSERT INTO loans_loanevent (loan_id, number, kind, effective_on, currency, content, content_sha256, "
    "bank_account, reason, approval_id, key, recorded_by_id) "
    "SELECT %(loan)s, 900, %(kind)s, effective_on, 'GBP', content, content_sha256, '', '', %(approval)s, 'by hand', "
    "%(checker)s FROM loans_proposal WHERE id = %(proposal)s"
)
AGREE = (
    "INSERT INTO loans_loanterms (loan_id, version, principal_currency, effective_on, principal, annual_rate, months, "
    "first_due_on, day_count, calendar, content, terms_sha256, approval_id) "
    "SELECT loan_id, 2, principal_currency, effective_on, principal, annual_rate, months, first_due_on, day_count, "
    "calendar, content, terms_sha256, %(approval)s FROM loans_loanterms WHERE loan_id = %(loan)s AND version = 1"
)

pytestmark = pytest.mark.django_db


def run(statement: str, **values: object) -> int:
    """Run a statement past the services; gives the id it returns, or 0."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0]) if cursor.description else 0


def answer(statement: str, **values: object) -> str:
    """The SQLSTATE of the refusal, at the latest at commit, or 'done'."""
    try:
        with transaction.atomic():
            run(statement, **values)
            run("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return refusal(error)[0]
    return "done"


def write_off(fund: Fund) -> Proposal:
    """A write-off that Priya proposed."""
    event = WrittenOff(TODAY, 0, pounds("10.00"))
    return propose(loan=make_drawn_loan(fund), event=event, reason="Closed its shop", by=fund.priya)


@pytest.mark.parametrize(
    ("decision", "by_maker", "expected"),
    [
        ("approved", True, ONE_PERSON),
        ("declined", True, ONE_PERSON),
        ("withdrawn", False, ONE_PERSON),
        ("declined", False, "done"),
        ("withdrawn", True, "done"),
    ],
)
def test_a_second_person_decides_and_the_maker_withdraws(decision: str, by_maker: bool, expected: str) -> None:
    fund = make_fund()
    by = fund.priya if by_maker else fund.tom
    assert answer(DECIDE, proposal=write_off(fund).pk, decision=decision, by=by.pk) == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("nothing", "done"),
        ("subject", NOT_PROPOSED),
        ("maker", NOT_PROPOSED),
        ("checker", NOT_PROPOSED),
        ("kind", NOT_PROPOSED),
        ("undecided", NOT_PROPOSED),
        ("declined", NOT_PROPOSED),
    ],
)
def test_an_event_under_an_approval_is_what_its_maker_proposed(wrong: str, expected: str) -> None:
    fund, someone = make_fund(), make_user()
    proposal = write_off(fund)
    if wrong == "declined":
        decline_proposal(proposal=proposal, reason="Not yet", by=fund.tom)
    elif wrong != "undecided":
        run(DECIDE, proposal=proposal.pk, decision="approved", by=fund.tom.pk)
    subject = "x/evil/1" if wrong == "subject" else f"{fund.book.code}/{proposal.loan.reference}/P-{proposal.pk}"
    maker = someone if wrong == "maker" else fund.priya
    checker = someone if wrong == "checker" else fund.tom
    people = {"maker": maker.pk, "checker": checker.pk}
    approval = run(APPROVE, subject=subject, sha256=proposal.content_sha256, **people)
    kind = "holiday_granted" if wrong == "kind" else "written_off"
    given = {"proposal": proposal.pk, "loan": proposal.loan_id, "kind": kind, "checker": checker.pk}
    assert answer(HAPPEN, approval=approval, **given) == expected


def test_a_proposal_on_one_loan_is_no_approval_for_another() -> None:
    fund = make_fund()
    proposal = write_off(fund)
    other = make_drawn_loan(fund, shop="8124")
    run(DECIDE, proposal=proposal.pk, decision="approved", by=fund.tom.pk)
    subject = f"{fund.book.code}/{proposal.loan.reference}/P-{proposal.pk}"
    people = {"maker": fund.priya.pk, "checker": fund.tom.pk}
    approval = run(APPROVE, subject=subject, sha256=proposal.content_sha256, **people)
    given = {"proposal": proposal.pk, "loan": other.pk, "kind": "written_off", "checker": fund.tom.pk}
    assert answer(HAPPEN, approval=approval, **given) == NOT_PROPOSED


def test_new_terms_are_those_that_were_proposed() -> None:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    first = loan_terms(loan).get()
    terms = rescheduled(terms_of(loan), position_of(loan, TODAY), capitalises=True, first_due_on=date(2027, 1, 1))
    event = Restructured(TODAY, 0, terms, capitalises=True)
    proposal = propose(loan=loan, event=event, reason="A slow year", by=fund.priya)
    people = {"maker": fund.priya.pk, "checker": fund.tom.pk}
    for subject in ("x/evil/2", f"{fund.book.code}/{loan.reference}/P-{proposal.pk}/terms-2"):
        approval = run(APPROVE, subject=subject, sha256=first.terms_sha256, **people)
        assert answer(AGREE, approval=approval, loan=loan.pk) == NOT_THOSE
    approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    assert answer("SELECT 1") == "done"
    assert LoanEvent.objects.filter(loan=loan, kind="restructured").count() == 1


def moving(fund: Fund, state: str) -> MovingIn:
    """A book of loans that came this far by the services."""
    rows = many(2)
    wrong = loans_file([{**row, "rate": "x"} for row in rows]) if state == "refused" else {}
    files = sheets(rows) | wrong
    moving_in = prepare_moving_in(book=fund.book, cut_over_on=CUT_OVER_ON, files=files, by=fund.tom)
    if state == "prepared":
        return moving_in
    if state == "withdrawn":
        return withdraw_moving_in(moving_in=moving_in, by=fund.tom)
    moving_in = try_moving_in(moving_in=moving_in)
    if state in ("ready", "refused"):
        return moving_in
    moving_in = confirm_moving_in(moving_in=moving_in, shown_sha256=moving_in.content_sha256, by=fund.priya)
    return moving_in if state == "confirmed" else move_in(moving_in=moving_in, by=fund.priya)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        ("refused", "state = 'ready', found = '{}'"),
        ("refused", "state = 'prepared'"),
        ("refused", "found = '{}'"),
        ("withdrawn", "state = 'ready', withdrawn_by_id = NULL"),
        ("prepared", "state = 'ready'"),
        ("prepared", "state = 'confirmed', approval_id = %(approval)s"),
        ("ready", "found = '{}'"),
        ("ready", "state = 'confirmed', approval_id = %(approval)s"),
        ("confirmed", "state = 'ready', approval_id = NULL"),
        ("confirmed", "brought = '{}'"),
        ("done", "state = 'confirmed'"),
        ("done", "brought = '{}'"),
    ],
)
def test_a_book_of_loans_moves_in_along_its_states(state: str, to: str) -> None:
    fund = make_fund()
    moving_in = moving(fund, state)
    people = {"maker": make_user().pk, "checker": fund.priya.pk}
    approval = run(APPROVE, subject=f"{moving_in.source}/x", sha256=moving_in.content_sha256, **people)
    update = f"UPDATE loans_movingin SET {to} WHERE id = %(moving_in)s"
    assert answer(update, moving_in=moving_in.pk, approval=approval) == NO_SUCH_WAY


def test_what_was_refused_does_not_begin_anew_as_ready() -> None:
    refused = moving(make_fund(), "refused")
    again = (
        "INSERT INTO loans_movingin (book_id, number, cut_over_on, content_sha256, state, found, prepared_by_id) "
        "SELECT book_id, 99, cut_over_on, content_sha256, 'ready', '{}', prepared_by_id FROM loans_movingin "
        "WHERE id = %(moving_in)s"
    )
    assert answer(again, moving_in=refused.pk) == NO_SUCH_WAY
