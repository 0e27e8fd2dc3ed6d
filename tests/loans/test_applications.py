"""An application is prepared by one person and decided by another, once, on the terms that were shown."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from moneyed import Money

from ledger.queries import account
from ledger.services import approve as approve_content
from loans import queries
from loans.domain.application import ApplicationStatus
from loans.domain.errors import (
    ApprovalByMaker,
    ImpossibleTerms,
    MoveNotAllowed,
    NotPreparedYet,
    OutsideProduct,
    ProductExists,
    ReasonMissing,
    TermsChanged,
    UnknownCalendar,
)
from loans.models import Application, ApplicationStep, Loan, LoanTerms
from loans.services import apply, approve, decline, offer_product, revise, send_back, submit
from tests.borrowers.builders import community_shop
from tests.builders import pounds
from tests.loans.builders import APPROVED_ON, asked, make_application, make_fund, make_loan

pytestmark = pytest.mark.django_db


def shown(application):
    """The fingerprint that the approver's form carries."""
    return queries.asked_terms_sha256(application)


def test_an_application_is_numbered_and_prepared_by_somebody():
    fund = make_fund()
    application = make_application(fund, submitted=False)
    assert (application.reference, application.status) == ("A-0132", "draft")
    assert application.prepared_by == fund.priya
    assert queries.application_by_reference(fund.book, "A-0132") == application
    assert make_application(fund, shop="8124").reference == "A-0133"


def test_the_preview_is_the_engines_answer():
    application = make_application(make_fund())
    first = queries.schedule_asked(application)[0]
    assert (first.due_on, first.total, first.interest) == (date(2025, 6, 2), pounds("676.65"), pounds("175.00"))


def test_an_approval_makes_the_loan_its_terms_and_its_accounts():
    fund = make_fund()
    application = make_application(fund)
    loan = approve(application=application, shown_sha256=shown(application), on=APPROVED_ON, by=fund.tom)
    assert (loan.reference, loan.payment_reference, loan.approved_on) == ("L-0108", "HH-0108", APPROVED_ON)
    terms = queries.loan_terms(loan).get()
    assert (terms.approval.made_by, terms.approval.checked_by) == (fund.priya, fund.tom)
    assert terms.approval.content_sha256 == terms.terms_sha256 == shown(application)
    assert terms.approval.subject == "harbour-hills/A-0132"
    assert queries.terms_of(loan) == queries.terms_asked(application)
    assert all(account(fund.book, f"{node}/L-0108") for node in ("1310", "1320", "1020", "2110"))
    assert queries.position_of(loan, date(2026, 11, 23)).drawn == pounds("0.00")


def test_the_maker_does_not_check():
    fund = make_fund()
    application = make_application(fund)
    for decide in (approve, send_back, decline):
        reason = {} if decide is approve else {"reason": "Because"}
        with pytest.raises(ApprovalByMaker, match="You prepared A-0132 yourself"):
            decide(application=application, shown_sha256=shown(application), on=APPROVED_ON, by=fund.priya, **reason)
    assert not Loan.objects.exists()


def test_whoever_changes_the_terms_has_made_them():
    fund = make_fund()
    application = make_application(fund)
    revise(application=application, asked=asked("30000.00"), on=APPROVED_ON, by=fund.tom)
    application.refresh_from_db()
    with pytest.raises(ApprovalByMaker):
        approve(application=application, shown_sha256=shown(application), on=APPROVED_ON, by=fund.tom)
    assert approve(application=application, shown_sha256=shown(application), on=APPROVED_ON, by=fund.priya)


def test_terms_that_changed_since_are_not_approved():
    fund = make_fund()
    application = make_application(fund)
    seen = shown(application)
    revise(application=application, asked=asked(rate="0.055"), on=APPROVED_ON, by=fund.priya)
    for decide in (approve, send_back, decline):
        reason = {} if decide is approve else {"reason": "Because"}
        with pytest.raises(TermsChanged, match="no longer those that you were shown: Priya Nair changed them"):
            decide(application=application, shown_sha256=seen, on=APPROVED_ON, by=fund.tom, **reason)
    assert Application.objects.get().status == ApplicationStatus.SUBMITTED
    assert not Loan.objects.exists()


def test_what_is_decided_is_decided():
    fund = make_fund()
    application = make_application(fund)
    decline(application=application, shown_sha256=shown(application), reason="Too thin", on=APPROVED_ON, by=fund.tom)
    with pytest.raises(MoveNotAllowed, match="A-0132 is declined already: you cannot approve it now"):
        approve(application=application, shown_sha256=shown(application), on=APPROVED_ON, by=fund.tom)
    assert not Loan.objects.exists()


def test_sent_back_amended_and_submitted_again():
    fund = make_fund()
    application = make_application(fund)
    send_back(
        application=application, shown_sha256=shown(application), reason="Shorter, please", on=APPROVED_ON, by=fund.tom
    )
    revise(application=application, asked=asked(months=48), purpose="Refrigeration", on=APPROVED_ON, by=fund.priya)
    submit(application=application, on=APPROVED_ON, by=fund.priya)
    application.refresh_from_db()
    loan = approve(application=application, shown_sha256=shown(application), on=APPROVED_ON, by=fund.tom)
    assert queries.terms_of(loan).months == 48
    steps = [(step.move, step.status, step.recorded_by.name, step.reason) for step in application.steps.all()]
    assert steps == [
        ("submit", "submitted", "Priya Nair", ""),
        ("send back", "sent_back", "Tom Ashworth", "Shorter, please"),
        ("revise", "sent_back", "Priya Nair", ""),
        ("submit", "submitted", "Priya Nair", ""),
        ("approve", "approved", "Tom Ashworth", ""),
    ]


@pytest.mark.parametrize("decide", [send_back, decline])
def test_a_refusal_needs_a_reason(decide):
    fund = make_fund()
    application = make_application(fund)
    with pytest.raises(ReasonMissing):
        decide(application=application, shown_sha256=shown(application), reason=" ", on=APPROVED_ON, by=fund.tom)
    assert not ApplicationStep.objects.filter(recorded_by=fund.tom).exists()


def test_a_draft_without_a_purpose_is_not_submitted():
    fund = make_fund()
    application = apply(
        product=fund.product, organisation=community_shop(), asked=asked(), purpose=" ", on=APPROVED_ON, by=fund.priya
    )
    with pytest.raises(NotPreparedYet, match="does not say what the money is for"):
        submit(application=application, on=APPROVED_ON, by=fund.priya)


@pytest.mark.parametrize(
    "change, refusal, field",
    [
        ({"amount": pounds("99.99")}, OutsideProduct, "amount"),
        ({"amount": pounds("250000.01")}, OutsideProduct, "amount"),
        ({"amount": Money("1000.00", "EUR")}, OutsideProduct, "amount"),
        ({"months": 121}, OutsideProduct, "months"),
        ({"months": 0}, ImpossibleTerms, "months"),
        ({"amount": pounds("1000.001")}, ImpossibleTerms, "principal"),
        ({"annual_rate": Decimal("6")}, ImpossibleTerms, "annual_rate"),
        ({"annual_rate": Decimal("0.0600001")}, ImpossibleTerms, "annual_rate"),
        ({"first_due_on": APPROVED_ON}, ImpossibleTerms, "first_due_on"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_field(change, refusal, field):
    fund = make_fund()
    with pytest.raises(refusal) as refused:
        make_application(fund, replace(asked(), **change))
    assert refused.value.field == field
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "change, refusal",
    [
        ({"amounts": (pounds("2.00"), pounds("1.00"))}, OutsideProduct),
        ({"amounts": (pounds("1.00"), Money("2.00", "EUR"))}, OutsideProduct),
        ({"amounts": (Money("1.000", "BHD"), Money("2.000", "BHD"))}, OutsideProduct),
        ({"months": (12, 6)}, OutsideProduct),
        ({"annual_rate": Decimal("6")}, OutsideProduct),
        ({"calendar": "GB-XYZ"}, UnknownCalendar),
        ({"code": "community-loan"}, ProductExists),
    ],
)
def test_a_product_that_makes_no_sense_is_refused(change, refusal):
    fund = make_fund()
    given = {
        "book": fund.book,
        "code": "other",
        "name": "Other loan",
        "amounts": (pounds("1.00"), pounds("2.00")),
        "months": (1, 12),
        "annual_rate": Decimal("0.05"),
        "payment_prefix": "HH",
    }
    with pytest.raises(refusal):
        offer_product(**(given | change))
    assert queries.products(fund.book).get() == fund.product


COPY_TERMS = """
    INSERT INTO loans_loanterms (loan_id, version, effective_on, principal, principal_currency, annual_rate, months,
        first_due_on, day_count, calendar, content, approval_id, terms_sha256)
    SELECT loan_id, 2, effective_on, principal, principal_currency, annual_rate, months,
        first_due_on, day_count, calendar, content, %s, terms_sha256
    FROM loans_loanterms WHERE loan_id = %s
"""


def test_in_the_database_an_approval_serves_once():
    loan = make_loan(make_fund())
    approval = queries.loan_terms(loan).get().approval_id
    guarded = "not those that were proposed"
    with pytest.raises(DatabaseError, match=guarded), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY_TERMS, [approval, loan.pk])
    assert LoanTerms.objects.get().loan == loan


def test_in_the_database_terms_have_the_hash_of_their_approval():
    """Terms that were approved for one loan do not stand under an approval of anything else."""
    fund = make_fund()
    loan = make_loan(fund)
    other = approve_content(
        subject="anything else",
        content_sha256="a" * 64,
        made_by=fund.priya,
        made_at=datetime.now(UTC),
        checked_by=fund.tom,
    )
    guarded = "not those that were proposed"
    with pytest.raises(DatabaseError, match=guarded), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY_TERMS, [other.pk, loan.pk])
    assert LoanTerms.objects.get().loan == loan


@pytest.mark.parametrize("table", ["loans_applicationstep", "loans_loanterms"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_decisions_and_terms_only_grow(table, statement):
    make_loan(make_fund())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_of_what_waits_takes_one_query(django_assert_num_queries, how_many):
    fund = make_fund()
    for number in range(how_many):
        make_application(fund, shop=str(8123 + number))
    with django_assert_num_queries(1):
        listed = [f"{a} {a.organisation} {a.product} {a.prepared_by}" for a in queries.waiting_applications(fund.book)]
    assert len(listed) == how_many
