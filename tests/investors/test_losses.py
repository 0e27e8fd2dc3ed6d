"""A shared loan that is lost in part: who bears what, and what comes back."""

from __future__ import annotations

from datetime import date

import pytest

from investors.checks import CHECKS
from investors.queries import cash_due, holdings, movements
from investors.services import apportion, apportion_book
from investors.statement_figures import build_investor_statement
from ledger.checks import examine
from ledger.services import open_account, reverse, seal
from tests.builders import post_entry, pounds
from tests.investors.shared_loan import BUSINESS_DATE, SharedLoan, approve_netherby
from tests.investors.test_statement_figures import head_under

LOST_ON, BACK_ON = date(2025, 6, 20), date(2025, 6, 27)


@pytest.fixture
def netherby(db: None) -> SharedLoan:
    shared = approve_netherby()
    shared.share()
    shared.draw()
    shared.repay("676.65", on=date(2025, 6, 2))
    for node in ("1360", "1410"):
        open_account(book=shared.book, node=node, subject=shared.loan.reference, on=shared.book.opened_on)
    apportion(loan=shared.loan, by=shared.tom)
    return shared


def act(netherby: SharedLoan, on: date, amount: str, debited: str, credited: str) -> int:
    """An entry of the loan, shared."""
    source = f"loan:{netherby.loan.reference}"
    made = post_entry(
        book=netherby.book, by=netherby.tom, on=on, amount=amount, debited=debited, credited=credited, source=source
    )
    apportion_book(book=netherby.book, by=netherby.tom)
    return made.pk


def stands(netherby: SharedLoan, on: date = BUSINESS_DATE) -> dict[str, tuple[str, str, str]]:
    """What each lender has, lost and got back."""
    found = {}
    for code, lender in netherby.lenders.items():
        (one,) = holdings(lender, netherby.book, on)
        found[code] = (str(one.principal.amount), str(one.lost.amount), str(one.came_back.amount))
    return found


def test_a_loss_is_borne_pro_rata_and_what_comes_back_is_shared_alike(netherby: SharedLoan) -> None:
    act(netherby, LOST_ON, "10000.01", "5020", "1310/L-0001")
    assert stands(netherby) == {
        "NRB": ("14699.01", "6000.00", "0.00"),
        "TST": ("7349.50", "3000.01", "0.00"),
        "LOT": ("2449.83", "1000.00", "0.00"),
    }
    before = cash_due(netherby.lenders["NRB"], netherby.book, BACK_ON)
    act(netherby, BACK_ON, "1000.00", "2010/MAIN", "4050")
    assert stands(netherby)["NRB"] == ("14699.01", "6000.00", "600.00")
    assert stands(netherby, date(2025, 6, 26))["NRB"] == ("14699.01", "6000.00", "0.00")
    assert cash_due(netherby.lenders["NRB"], netherby.book, BACK_ON) - before == pounds("600.00")
    assert examine(netherby.book, CHECKS) == []


def test_a_write_off_taken_back_leaves_no_trace_in_the_figures(netherby: SharedLoan) -> None:
    before = stands(netherby)
    lost = act(netherby, LOST_ON, "10000.01", "5020", "1310/L-0001")
    reverse(lost, book=netherby.book, on=BACK_ON, reason="the wrong loan", key="undo", by=netherby.tom)
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby) == before
    assert examine(netherby.book, CHECKS) == []


def test_guarantee_money_comes_back_when_it_is_used(netherby: SharedLoan) -> None:
    act(netherby, LOST_ON, "7000.00", "1410/L-0001", "1360/L-0001")
    act(netherby, LOST_ON, "10000.00", "5020", "1310/L-0001")
    assert stands(netherby)["LOT"][1:] == ("1000.00", "0.00")
    act(netherby, LOST_ON, "7000.00", "1360/L-0001", "5020")
    assert stands(netherby)["LOT"][1:] == ("1000.00", "700.00")
    assert examine(netherby.book, CHECKS) == []


def test_the_statement_says_what_was_lost_and_what_came_back(netherby: SharedLoan) -> None:
    act(netherby, date(2025, 6, 10), "100.00", "1310/L-0001", "4010")
    act(netherby, LOST_ON, "10000.01", "5020", "1310/L-0001")
    act(netherby, BACK_ON, "1000.00", "2010/MAIN", "4050")
    known = seal(book=netherby.book)
    assert known is not None
    bank, head = netherby.lenders["NRB"], head_under(known)
    statement = build_investor_statement(bank, netherby.book, head, known_under=known)
    (told,) = statement.holdings
    assert (told.added, told.lost, told.came_back) == (pounds("60.00"), pounds("6000.00"), pounds("600.00"))
    assert ("Came back after a loss", pounds("600.00")) in [(one.words, one.amount) for one in statement.cash.lines]
    (moved,) = movements(bank, netherby.book, head.period_start, head.last_day)
    assert moved.closing == moved.holding.principal == told.closing
