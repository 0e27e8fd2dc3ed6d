"""A community shop is thought late until its lost payment turns up; the books follow, and it settles by a quote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger.models import BankStatementLine
from ledger.services import close_period
from loans import queries
from loans.domain.quote import settlement_quote
from loans.domain.servicing import DefaultInterest, Servicing
from loans.services import HowRepaid
from tests.builders import pounds
from tests.loans.builders import asked, pay
from tests.stories.telling import Story, brings

pytestmark = pytest.mark.django_db

LATE = DefaultInterest(Decimal("0.10"), grace_days=5, on_interest=True)


@pytest.fixture
def shop() -> Story:
    """£12,000 over 24 months at 6%, with 10% on all that is more than five days late."""
    asks = asked("12000.00", 24, "2025-06-01")
    return Story("Netherby Corner Shop Society", asks, more=brings(servicing=Servicing(default_interest=LATE)))


def test_a_shop_settles_early_after_a_backdated_repayment(shop: Story, hledger: str) -> None:
    stray = a_payment_goes_astray(shop)
    it_turns_up_after_the_close(shop, stray)
    settles_by_a_quote(shop)
    shop.ends_well(hledger)


def a_payment_goes_astray(shop: Story) -> BankStatementLine:
    """July's came without a reference, so that August's pays July's, and default interest is charged."""
    shop.lend("2025-05-01", "12000.00")
    shop.receive_what_is_due("2025-06-02")
    shop.on("2025-07-01")
    stray = shop.bank("2025-07-01", "531.85", "SHOP")
    shop.receive("2025-08-01", "531.85")
    shop.receive("2025-09-01", "531.85")
    shop.stands("""
    # day        principal interest default advance 2010/MAIN    4010  4040
      2025-06-02  11528.15     0.00    0.00    0.00      0.00  -60.00  0.00
      2025-07-01  11528.15    57.64    0.00    0.00   -531.85 -117.64  0.00
      2025-08-01  11057.73    55.27    0.00    0.00   -531.85 -172.91 -3.79
      2025-09-01  10584.97    52.89    0.00    0.00   -531.85 -225.80 -7.61
    """)
    close_period(book=shop.fund.book, through=date(2025, 8, 31), by=shop.fund.tom)
    return stray


def it_turns_up_after_the_close(shop: Story, stray: BankStatementLine) -> None:
    """It counts from 1 July; July and August are closed and stay, so September's first day takes the difference."""
    shop.on("2025-09-10")
    pay(
        shop.loan,
        "531.85",
        "2025-07-01",
        by=shop.amina,
        bank_line_id=stray.pk,
        how=HowRepaid(books_later=True, reason="Found in suspense: the shop's payment of 1 July"),
    )
    shop.stands("""
    # day        principal interest default advance 2010/MAIN    4010  4040
      2025-07-01  11528.15    57.64    0.00    0.00   -531.85 -117.64  0.00
      2025-08-01  11057.73    55.27    0.00    0.00   -531.85 -172.91 -3.79
      2025-08-31  11057.73    55.27    0.00    0.00   -531.85 -172.91 -3.79
      2025-09-01  10098.40     0.00    0.00    0.00      0.00 -225.80  0.00
      2025-09-10  10098.40     0.00    0.00    0.00      0.00 -225.80  0.00
    """)
    at = queries.position_of(shop.loan, date(2025, 8, 1))
    assert (at.days_past_due, at.arrears, at.default_interest_due) == (0, pounds("0.00"), pounds("0.00"))
    assert shop.again() == [
        "2025-09-01 Default interest of L-0108, worked out again",
        "2025-09-01 Default interest of L-0108, worked out again",
        "2025-09-01 Repayment of L-0108, worked out again",
        "2025-09-01 Repayment of L-0108, worked out again",
    ]


def settles_by_a_quote(shop: Story) -> None:
    """A quote for 15 October, paid on its date, leaves exactly nothing owed."""
    shop.receive_what_is_due("2025-10-01")
    on = date(2025, 10, 15)
    quote = settlement_quote(queries.first_terms_of(shop.loan), queries.events_of(shop.loan), on)
    parts = (quote.principal, quote.interest_due, quote.accrued_interest, quote.fees, quote.default_interest)
    assert [str(part.amount) for part in (*parts, quote.in_advance)] == ["9617.04", "0.00", "22.44", *3 * ["0.00"]]
    assert quote.total == pounds("9639.48")
    shop.receive("2025-10-15", str(quote.total.amount), how=HowRepaid(settles=True))
    shop.on("2025-12-31")
    shop.stands("""
    # day        principal interest default advance 2010/MAIN    4010 4040
      2025-10-14   9617.04     0.00    0.00    0.00      0.00 -276.29 0.00
      2025-10-15      0.00     0.00    0.00    0.00      0.00 -298.73 0.00
      2025-12-31      0.00     0.00    0.00    0.00      0.00 -298.73 0.00
    """)
    at = queries.position_of(shop.loan, date(2025, 12, 31))
    assert (at.settled, at.owed_in_all, at.settlement) == (True, pounds("0.00"), pounds("0.00"))
