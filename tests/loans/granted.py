"""Grants beside loans to test with, and the manual journals that pay them."""

from __future__ import annotations

from typing import Any

from commonweal.access.models import User
from ledger.models import JournalEntry
from loans.models import Grant, Loan
from loans.services import award_grant
from tests.builders import check_draft, make_draft, make_user, pounds
from tests.loans.builders import APPROVED_ON, TODAY


def make_grant(loan: Loan, *, by: User, **changes: Any) -> Grant:
    """£5,000.00 beside a loan, awarded with it."""
    given = {
        "title": "Grant for the till",
        "description": "The half of the deal that is not paid back",
        "amount": pounds("5000.00"),
        "awarded_on": APPROVED_ON,
        "on": TODAY,
    } | changes
    return award_grant(loan=loan, by=by, **given)


def paying(loan: Loan, amount: str, *, by: User) -> JournalEntry:
    """A manual journal of two people that spends so much on costs of the fund."""
    draft = make_draft(book=loan.book, by=by, on=TODAY, amount=amount, narrative="Grant for the till, paid")
    return check_draft(draft, by=make_user(name="Amina Diallo"))
