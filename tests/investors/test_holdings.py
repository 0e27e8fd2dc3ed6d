"""What each lender has: on any day, as any seal knew it, and what moved in between."""

from __future__ import annotations

import time
from datetime import date
from fractions import Fraction

import pytest

from investors.queries import cash_due, holdings, holdings_in, investors_in, movements
from investors.services import apportion
from ledger.models import Book, JournalEntry, Seal
from ledger.services import seal
from tests.builders import pounds
from tests.investors.shared_loan import DRAWN_ON, SharedLoan, approve_another, approve_netherby

FIRST_DUE, SECOND_DUE = date(2025, 6, 2), date(2025, 7, 1)


def netherby_in_july() -> SharedLoan:
    """Drawn, one instalment paid, the next one due and unpaid."""
    shared = approve_netherby()
    shared.share()
    shared.draw()
    shared.repay("676.65", on=FIRST_DUE)
    shared.fall_due(on=SECOND_DUE)
    apportion(loan=shared.loan, by=shared.tom)
    return shared


def seal_everything(book: Book) -> Seal:
    """A seal over every entry; while a test beside this one has a transaction open, the sealer waits for it to end."""
    for _ in range(600):
        latest = seal(book=book)
        if latest is not None and latest.position == JournalEntry.objects.filter(book=book).count():
            return latest
        time.sleep(0.1)
    raise AssertionError("some transaction on this server has been open for a minute")


@pytest.fixture
def netherby(db: None) -> SharedLoan:
    return netherby_in_july()


def test_a_holding_on_a_day(netherby: SharedLoan) -> None:
    (holding,) = holdings(netherby.lenders["NRB"], netherby.book, SECOND_DUE)
    assert (holding.loan, holding.investor.code, holding.rank, holding.ranks) == (netherby.loan, "NRB", 1, 3)
    assert (holding.participation, holding.whole, holding.share) == (
        pounds("21000.00"),
        pounds("35000.00"),
        Fraction(3, 5),
    )
    assert (holding.principal, holding.interest_due) == (pounds("20699.01"), pounds("103.49"))


def test_before_the_repayment_and_before_the_participations(netherby: SharedLoan) -> None:
    (holding,) = holdings(netherby.lenders["NRB"], netherby.book, DRAWN_ON)
    assert (holding.principal, holding.interest_due) == (pounds("21000.00"), pounds("0.00"))
    assert holdings(netherby.lenders["NRB"], netherby.book, date(2025, 4, 30)) == []


def test_all_lenders_of_a_loan_make_its_balance(netherby: SharedLoan) -> None:
    found = holdings_in(netherby.loan, SECOND_DUE)
    assert [holding.investor.code for holding in found] == ["NRB", "TST", "LOT"]
    assert sum((holding.principal for holding in found), pounds("0")) == pounds("34498.35")
    assert sum((holding.interest_due for holding in found), pounds("0")) == pounds("172.49")


@pytest.mark.committing
def test_as_a_seal_knew_it() -> None:
    netherby = netherby_in_july()
    sealed = seal_everything(netherby.book)
    netherby.repay("676.65", on=SECOND_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    bank = netherby.lenders["NRB"]
    (now,) = holdings(bank, netherby.book, SECOND_DUE)
    (then,) = holdings(bank, netherby.book, SECOND_DUE, known_under=sealed)
    assert (now.principal, then.principal) == (pounds("20396.51"), pounds("20699.01"))
    assert (now.interest_due, then.interest_due) == (pounds("0.00"), pounds("103.49"))
    assert cash_due(bank, netherby.book, SECOND_DUE) != cash_due(bank, netherby.book, SECOND_DUE, known_under=sealed)
    (known,) = movements(bank, netherby.book, FIRST_DUE, SECOND_DUE, known_under=sealed)
    assert known.closing == then.principal


def test_what_moved_in_a_period_ties(netherby: SharedLoan) -> None:
    netherby.repay("172.49", on=date(2025, 7, 2))
    apportion(loan=netherby.loan, by=netherby.tom)
    (all_of_it,) = movements(netherby.lenders["TST"], netherby.book, DRAWN_ON, date(2025, 7, 31))
    assert (all_of_it.opening, all_of_it.funded, all_of_it.returned) == (
        pounds("0.00"),
        pounds("10500.00"),
        pounds("150.49"),
    )
    assert all_of_it.closing == all_of_it.holding.principal == pounds("10349.51")
    assert (all_of_it.interest_earned, all_of_it.interest_received) == (pounds("104.25"), pounds("104.25"))
    (july,) = movements(netherby.lenders["TST"], netherby.book, date(2025, 7, 1), date(2025, 7, 31))
    assert (july.opening, july.funded, july.returned) == (pounds("10349.51"), pounds("0.00"), pounds("0.00"))
    assert (july.interest_earned, july.interest_received) == (pounds("51.75"), pounds("51.75"))


def test_another_loan_and_another_book_are_no_part_of_it(netherby: SharedLoan) -> None:
    approve_another(netherby)
    assert len(holdings(netherby.lenders["NRB"], netherby.book, SECOND_DUE)) == 1
    assert [investor.code for investor in investors_in(netherby.book)] == ["LOT", "NRB", "TST"]


@pytest.mark.django_db
def test_eighteen_instalments_of_the_demo_story() -> None:
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    for instalment in netherby.loan.instalments.order_by("no")[:18]:
        netherby.repay("676.65", on=instalment.due_on)
    apportion(loan=netherby.loan, by=netherby.tom)
    last_day = date(2026, 11, 23)
    assert [
        (holding.investor.code, str(holding.principal.amount)) for holding in holdings_in(netherby.loan, last_day)
    ] == [
        ("NRB", "15345.67"),
        ("TST", "7672.84"),
        ("LOT", "2557.61"),
    ]
    received = [
        moved.interest_received
        for lender in netherby.lenders.values()
        for moved in movements(lender, netherby.book, DRAWN_ON, last_day)
    ]
    assert received == [pounds("1653.49"), pounds("826.75"), pounds("275.58")]
    assert cash_due(netherby.lenders["TST"], netherby.book, last_day) == pounds("-6846.09")
