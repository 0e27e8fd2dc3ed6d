"""What is missing of a drawdown: at the bank, and of each lender's part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from commonweal.jobs.lending import lend
from investors.domain.errors import MoneyShort
from investors.domain.funds import MoneyToLend, refuse_short
from investors.domain.participation import Participation
from investors.queries import cash_due, money_to_lend
from investors.services import receive_contribution
from loans.models import LoanEvent
from tests.builders import pounds
from tests.investors.shared_loan import BUSINESS_DATE, DRAWN_ON, LENDERS, SharedLoan, approve_netherby
from tests.loans.builders import Fund, bank_line

TWO = (Participation("NRB", 1, pounds("60.00")), Participation("TST", 2, pounds("40.00")))


def there_is(bank: str, on_its_way: str, bank_held: str, trust_held: str) -> MoneyToLend:
    held = {"NRB": pounds(bank_held), "TST": pounds(trust_held)}
    return MoneyToLend(
        pounds(bank), pounds(on_its_way), pounds("0.00"), TWO, {"NRB": "Bank", "TST": "Trust"}, held, pounds("900.00")
    )


@pytest.mark.parametrize(
    "there, short",
    [
        (there_is("100.00", "0.00", "60.00", "40.00"), ("0.00", "0.00", "0.00")),
        (there_is("99.99", "0.00", "60.00", "40.00"), ("0.01", "0.00", "0.00")),
        (there_is("100.00", "0.01", "60.00", "40.00"), ("0.01", "0.00", "0.00")),
        (there_is("100.00", "0.00", "59.99", "40.01"), ("0.00", "0.01", "0.00")),
        (there_is("100.00", "0.00", "60.00", "-1.00"), ("0.00", "0.00", "41.00")),
    ],
)
def test_what_is_missing_of_a_hundred_pounds(there: MoneyToLend, short: tuple[str, str, str]) -> None:
    amount = pounds("100.00")
    found = (there.short_at_bank(amount), *(one.short for one in there.lenders(amount)))
    assert found == tuple(map(pounds, short))
    assert there.is_short(amount) == any(found)


def test_a_loan_that_nobody_shares_is_not_lent_from_what_is_held_for_others() -> None:
    there = replace(there_is("1000.00", "10.00", "0.00", "0.00"), participations=())
    assert (there.free, there.short_at_bank(pounds("100.00"))) == (pounds("90.00"), pounds("10.00"))
    with pytest.raises(MoneyShort, match=r"£10\.00 at the bank, which has £90\.00 .* not held for investors"):
        refuse_short("L-0108", pounds("100.00"), there)


@pytest.fixture
def netherby() -> SharedLoan:
    """£35,000.00 agreed; all but a penny of the own part is paid in on 28 April 2025."""
    found = approve_netherby()
    fund = Fund(found.book, found.loan.product, found.priya, found.tom)
    for code, _, _, _, amount in LENDERS:
        line = bank_line(fund, "3499.99" if code == "LOT" else amount, f"INV-{code}", "2025-04-28")
        receive_contribution(line=line, investor=found.lenders[code], key=f"in:{code}", by=found.tom)
    found.share(on=date(2025, 4, 14))
    return found


@pytest.mark.django_db
def test_all_that_is_held_may_be_lent_and_not_a_penny_more(netherby: SharedLoan) -> None:
    loan, tom = netherby.loan, netherby.tom
    with pytest.raises(MoneyShort, match=r"£0\.01 of the £3,500\.00 of Lottery .*; £0\.01 at the bank"):
        lend(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=tom, key="whole")
    assert not LoanEvent.objects.exists()
    first = lend(loan=loan, amount=pounds("34999.90"), on=DRAWN_ON, by=tom, key="most")
    assert lend(loan=loan, amount=pounds("34999.90"), on=DRAWN_ON, by=tom, key="most") == first
    assert cash_due(netherby.lenders["LOT"], netherby.book, BUSINESS_DATE) == pounds("0.00")
    assert money_to_lend(loan, DRAWN_ON).on_its_way == pounds("34999.90")


@pytest.mark.django_db
def test_money_that_came_later_was_not_there_before(netherby: SharedLoan) -> None:
    with pytest.raises(MoneyShort, match=r"of Northmoor Regional Bank, for whom £0\.00 is held"):
        lend(loan=netherby.loan, amount=pounds("100.00"), on=date(2025, 4, 20), by=netherby.tom, key="early")


@pytest.mark.django_db
def test_a_reason_lets_it_be_lent_and_is_kept(netherby: SharedLoan) -> None:
    amount, why = pounds("35000.00"), " The fund pays the penny "
    event = lend(loan=netherby.loan, amount=amount, on=DRAWN_ON, by=netherby.tom, key="whole", shortfall_reason=why)
    assert event.reason == "The fund pays the penny"
    assert cash_due(netherby.lenders["LOT"], netherby.book, BUSINESS_DATE) == pounds("-0.01")
