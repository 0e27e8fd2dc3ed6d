"""A loan of which a part is drawn: what is undrawn has not come back, and what is on its way is nobody's spare cash."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from investors.domain.kinds import InvestorKind
from investors.services import apportion_book, receive_contribution, register_investor
from tests.builders import pounds
from tests.commonweal.access.people import make_investor_person, make_staff
from tests.investors.shared_loan import LENDERS, SharedLoan, approve_netherby
from tests.loans.builders import Fund, bank_line
from tests.pages import Shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def netherby() -> SharedLoan:
    """£35,000.00 agreed and paid in by three lenders, £10,000.00 drawn and not yet paid out, £26.65 repaid early."""
    found = approve_netherby()
    fund = Fund(found.book, found.loan.product, found.priya, found.tom)
    for code, name, kind, _, amount in LENDERS:
        line = bank_line(fund, amount, f"INV-{code}", "2025-04-28")
        investor = register_investor(code=code, name=name, kind=InvestorKind(kind))
        receive_contribution(line=line, investor=investor, key=f"in:{code}", by=found.tom)
    found.share()
    found.draw("10000.00")
    found.repay("26.65", on=date(2025, 5, 2))
    apportion_book(book=found.book, by=found.tom)
    return found


def test_what_is_undrawn_has_not_come_back(client: Client, netherby: SharedLoan) -> None:
    client.force_login(make_investor_person(netherby.lenders["NRB"]))
    answer = client.get("/investor/")
    (row,) = answer.context["holdings"]
    assert (row.one.participation, row.one.principal, row.returned) == (
        pounds("21000.00"),
        pounds("6000.00"),
        pounds("0.00"),
    )
    assert answer.context["listed"]["returned"] == pounds("0.00")
    page = Shown(answer)
    assert "You took part with £21,000.00, of which £15,000.00 is not drawn yet." in page.text
    assert page.rows("Where your money is")[-1] == "Total | 21,000.00 | 15,000.00 | 0.00 | 0.00 | 0.00 | 6,000.00"


def test_cash_that_is_of_others_is_not_the_funds_own(client: Client, netherby: SharedLoan) -> None:
    client.force_login(make_staff(netherby.book, "manager"))
    cash = {fact.label: fact.value for fact in client.get(f"/desk/{netherby.book.code}/").context["cash"]}
    assert cash == {
        "Current account": "£35,000.00",
        "In suspense": "£26.65",
        "On its way to borrowers": "−£10,000.00",
        "Repaid in advance": "−£26.65",
        "Held for investors": "−£22,500.00",
        "The fund’s own": "£2,500.00",
    }
