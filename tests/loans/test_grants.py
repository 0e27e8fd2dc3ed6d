"""A grant beside a loan is awarded once, paid by entries of two people, and never more than was awarded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from loans.domain.grants import GrantRefused
from loans.grants import grants_in_ledger, grants_of, paid_of
from loans.models import Grant
from loans.services import record_grant_payment
from tests.builders import post_entry, pounds, reverse_entry
from tests.loans.builders import TODAY, Fund, make_fund, make_loan
from tests.loans.granted import make_grant, paying

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Fund:
    return make_fund(today=TODAY)


def test_a_grant_is_paid_by_entries_that_stand(fund: Fund) -> None:
    loan = make_loan(fund)
    grant = make_grant(loan, by=fund.priya)
    entries = [paying(loan, amount, by=fund.priya) for amount in ("3000.00", "2000.00")]
    for entry in entries:
        record_grant_payment(grant=grant, entry=entry.pk, by=fund.priya)
    assert paid_of(grants_of(loan).get()) == pounds("5000.00")
    assert grants_in_ledger(loan.book, TODAY) == 5000_00
    reverse_entry(entries[1], on=TODAY, by=fund.priya)
    assert paid_of(grants_of(loan).get()) == pounds("3000.00"), "what was reversed paid nothing"
    assert grants_in_ledger(loan.book, TODAY) == 3000_00


def test_no_other_entry_pays_it_and_none_pays_twice(fund: Fund) -> None:
    loan = make_loan(fund)
    grant, other = make_grant(loan, by=fund.priya), make_grant(loan, by=fund.priya, title="Grant for the roof")
    first = paying(loan, "4000.00", by=fund.priya)
    record_grant_payment(grant=grant, entry=first.pk, by=fund.priya)
    alone = post_entry(book=loan.book, by=fund.priya)
    for entry, to, said in (
        (first.pk, other, "paid a grant already"),
        (paying(loan, "1000.01", by=fund.priya).pk, grant, "£0.01 more than was awarded"),
        (alone.pk, grant, "two people"),
        (987654321, grant, "has no entry E-987654321"),
    ):
        with pytest.raises(GrantRefused, match=said):
            record_grant_payment(grant=to, entry=entry, by=fund.priya)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": " "}, "has a title"),
    "a title that says the same": ({"description": "Grant for the till"}, "says more"),
    "a long title": ({"title": "x" * 141}, "140 characters"),
    "another currency": ({"amount": pounds("1.00") * 0}, "no amount"),
    "half a penny": ({"amount": pounds("1.005")}, "whole pennies"),
    "a day to come": ({"awarded_on": date(2027, 1, 1)}, "once it is awarded"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_grant_that_is_wrong_is_refused(fund: Fund, name: str) -> None:
    changes, said = WRONG[name]
    with pytest.raises(GrantRefused, match=said):
        make_grant(make_loan(fund), by=fund.priya, **changes)
    assert not Grant.objects.exists()


def test_a_grant_stands_as_it_was_awarded(fund: Fund) -> None:
    make_grant(make_loan(fund), by=fund.priya)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE loans_grant SET title = 'Another'")
