"""Approving a loan: by a second person, of exactly the terms that were shown, once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.services import approve as approve_content
from ledger.services import open_account
from loans.domain.application import Move
from loans.domain.terms import Terms
from loans.domain.terms_content import terms_content, terms_sha256
from loans.domain.terms_summary import summary_of
from loans.models import Application, Loan, LoanTerms, Series
from loans.queries import terms_asked
from loans.services.applications import lock_application, refuse_decision, refuse_outside_product, take_step
from loans.services.numbering import next_number

LOAN_ACCOUNTS = ("1310", "1320", "1020", "2110")
"""Principal, interest receivable, payments on their way, repayments in advance."""


@transaction.atomic
def approve(*, application: Application, shown_sha256: str, on: date, by: AbstractBaseUser, reason: str = "") -> Loan:
    """Agree to lend on the terms whose fingerprint the approver was shown; gives the loan, with its accounts open.

    No money moves. Raises MoveNotAllowed, ApprovalByMaker, TermsChanged, OutsideProduct.
    """
    locked = lock_application(application)
    status = refuse_decision(locked, Move.APPROVE, shown_sha256, by=by)
    refuse_outside_product(locked.product_version, terms_asked(locked))
    loan = _make_loan(locked, on)
    _agree_terms(loan, locked, on=on, by=by, reason=reason)
    for node in LOAN_ACCOUNTS:
        open_account(book=locked.book, node=node, subject=loan.reference, on=on, currency=loan.currency)
    take_step(locked, Move.APPROVE, status, on=on, by=by, reason=reason.strip())
    return loan


def terms_columns(terms: Terms) -> dict[str, Any]:
    """What a version of terms is kept as: whole, and the columns that lists show."""
    return {"content": terms_content(terms), **asdict(summary_of(terms))}


def _make_loan(application: Application, on: date) -> Loan:
    number = next_number(application.book, Series.LOAN)
    return Loan.objects.create(
        book=application.book,
        reference=f"L-{number:04d}",
        organisation=application.organisation,
        product=application.product,
        application=application,
        payment_reference=f"{application.product.payment_prefix}-{number:04d}",
        currency=application.amount.currency.code,
        approved_on=on,
    )


def _agree_terms(loan: Loan, application: Application, *, on: date, by: AbstractBaseUser, reason: str) -> LoanTerms:
    terms = terms_asked(application)
    sha256 = terms_sha256(terms)
    approval = approve_content(
        subject=f"{application.book.code}/{application.reference}",
        content_sha256=sha256,
        made_by=application.prepared_by,
        made_at=application.prepared_at,
        checked_by=by,
        reason=reason.strip(),
    )
    return LoanTerms.objects.create(
        loan=loan,
        version=1,
        effective_on=on,
        **terms_columns(terms),
        terms_sha256=sha256,
        approval=approval,
    )
