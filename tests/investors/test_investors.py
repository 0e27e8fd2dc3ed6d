"""Registering investors; the record stays."""

from __future__ import annotations

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from investors.domain.errors import ImpossibleInvestor, InvestorExists
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.services import register_investor

pytestmark = pytest.mark.django_db


def register_bank(code: str = "NRB", name: str = "Northmoor Regional Bank", number: str = "01234567") -> Investor:
    return register_investor(code=code, name=name, kind=InvestorKind.REGIONAL_BANK, registered_number=number)


def test_a_bank_is_registered_once() -> None:
    bank = register_bank()
    assert (bank.code, str(bank), bank.get_kind_display()) == ("NRB", "Northmoor Regional Bank", "Regional bank")
    assert register_bank() == bank
    assert Investor.objects.count() == 1


def test_other_particulars_under_a_code_in_use_are_refused() -> None:
    register_bank()
    with pytest.raises(
        InvestorExists, match="NRB is registered as Northmoor Regional Bank, with another registered number"
    ):
        register_bank(number="07654321")


@pytest.mark.parametrize("code", ["", "nrb", "N/B", "N B", "-NRB", "A" * 21, "NRB\n"])
def test_a_code_that_cannot_be_part_of_an_account_is_refused(code: str) -> None:
    with pytest.raises(ImpossibleInvestor):
        register_bank(code=code)
    with pytest.raises(DatabaseError), transaction.atomic():
        Investor.objects.create(code=code, name="By hand", kind="foundation")


def test_a_name_is_needed() -> None:
    with pytest.raises(ImpossibleInvestor, match="has no name"):
        register_bank(name="  ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE investors_investor SET code = 'XXX'",
        "DELETE FROM investors_investor",
        "TRUNCATE investors_investor CASCADE",
        "ALTER TABLE investors_investor DISABLE TRIGGER append_only",
    ],
)
def test_the_record_stays(statement: str) -> None:
    register_bank()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    Investor.objects.filter(code="NRB").update(name="Northmoor Bank plc")


@pytest.mark.django_db
def test_an_investor_is_not_called_like_a_loan() -> None:
    with pytest.raises(ImpossibleInvestor, match="L-0108 is how a loan or a borrowing is called"):
        register_investor(code="L-0108", name="Lender", kind=InvestorKind.FOUNDATION)
