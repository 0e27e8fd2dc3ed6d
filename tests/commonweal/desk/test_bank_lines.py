"""A bank line matched by hand at the desk: money that went out confirms a drawdown, once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ledger.queries import balances, unmatched_bank_lines
from tests.builders import pounds
from tests.commonweal.access.people import make_staff
from tests.loans.builders import TODAY, bank_line, make_drawn_loan, make_fund

pytestmark = pytest.mark.django_db


def test_money_that_went_out_confirms_a_drawdown_once(client: Client) -> None:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "-35000.00", "no reference", "2025-05-02")
    client.force_login(make_staff(fund.book, "finance"))
    address = reverse("desk:bank-line-match", args=[fund.book.code, line.pk])
    answers = [client.post(address, {"purpose": f"loan-{loan.pk}"}).status_code for _ in range(2)]
    assert answers == [302, 200]
    assert not unmatched_bank_lines(fund.book).exists()
    assert balances(fund.book, ["1020/L-0108", "2010/MAIN"], TODAY) == {
        "1020/L-0108": pounds("0.00"),
        "2010/MAIN": pounds("0.00"),
    }
