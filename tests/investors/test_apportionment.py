"""Every entry of a shared loan gets its lenders' side: once, to the penny, and whenever it is asked for."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections, transaction

from investors.checks import CHECKS
from investors.services import apportion, apportion_book
from ledger.checks import Finding, examine
from ledger.domain.entry import JournalEntry as JournalEntryValue
from ledger.domain.entry import credit, debit
from ledger.models import JournalEntry
from ledger.queries import trial_balance
from ledger.services import close_period, reverse
from loans.services import reverse_repayment
from tests.builders import post_entries, post_entry, pounds
from tests.investors.shared_loan import SharedLoan, approve_netherby

FIRST_DUE, SECOND_DUE = date(2025, 6, 2), date(2025, 7, 1)


@pytest.fixture
def netherby(db: None) -> SharedLoan:
    shared = approve_netherby()
    shared.share()
    return shared


def stands(netherby: SharedLoan, *, on: date = date(2026, 11, 23)) -> dict[str, str]:
    """The balances of the lenders' side, debits positive, without the noughts."""
    rows = trial_balance(netherby.book, on)
    return {row.code: str(row.balance.amount) for row in rows if row.minor and row.code[:2] in ("24", "25", "50")}


def sides(netherby: SharedLoan) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(book=netherby.book, kind="apportionment").order_by("pk"))


def found(netherby: SharedLoan) -> list[Finding]:
    return examine(netherby.book, CHECKS)


def live(netherby: SharedLoan, *, sharing_after_each: bool) -> None:
    """A drawdown, one instalment on time, one late and short, and money in advance."""
    acts = (
        lambda: netherby.draw(),
        lambda: netherby.repay("676.65", on=FIRST_DUE),
        lambda: netherby.repay("500.01", on=date(2025, 7, 9)),
        lambda: netherby.repay("1000.00", on=date(2025, 7, 20)),
        lambda: netherby.fall_due(on=date(2025, 8, 1)),
    )
    for act in acts:
        act()
        if sharing_after_each:
            apportion(loan=netherby.loan, by=netherby.tom)
    apportion(loan=netherby.loan, by=netherby.tom)


def test_a_drawdown_is_shared(netherby: SharedLoan) -> None:
    netherby.draw()
    (number,) = apportion(loan=netherby.loan, by=netherby.tom)
    side = JournalEntry.objects.get(pk=number)
    assert (side.kind, side.effective_on, side.request.posted_by) == ("apportionment", date(2025, 5, 1), netherby.tom)
    assert side.narrative == f"Lenders' parts of E-{number - 1}: Drawdown of L-0001"
    assert stands(netherby) == {
        "2410/L-0001/LOT": "-3500.00",
        "2410/L-0001/NRB": "-21000.00",
        "2410/L-0001/TST": "-10500.00",
        "2510/LOT": "3500.00",
        "2510/NRB": "21000.00",
        "2510/TST": "10500.00",
    }


def test_an_instalment_on_time_leaves_nobody_with_interest_due(netherby: SharedLoan) -> None:
    netherby.draw()
    netherby.repay("676.65", on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby) == {
        "2410/L-0001/LOT": "-3449.83",
        "2410/L-0001/NRB": "-20699.01",
        "2410/L-0001/TST": "-10349.51",
        "2510/LOT": "3432.33",
        "2510/NRB": "20594.01",
        "2510/TST": "10297.01",
        "5010": "175.00",
    }
    assert found(netherby) == []


def test_after_each_act_or_all_in_one_go_is_the_same(netherby: SharedLoan) -> None:
    results = []
    for sharing_after_each in (True, False):
        with transaction.atomic():
            live(netherby, sharing_after_each=sharing_after_each)
            results.append(stands(netherby))
            assert found(netherby) == []
            transaction.set_rollback(True)
    assert results[0] == results[1]
    assert results[0]["5010"] == "517.46"


def test_asking_again_posts_nothing(netherby: SharedLoan) -> None:
    live(netherby, sharing_after_each=False)
    before = stands(netherby)
    assert apportion(loan=netherby.loan, by=netherby.tom) == ()
    assert apportion_book(book=netherby.book, by=netherby.tom) == 0
    assert stands(netherby) == before
    assert len({side.source for side in sides(netherby)}) == len(sides(netherby)) == 8


def test_a_book_is_apportioned_loan_by_loan(netherby: SharedLoan) -> None:
    netherby.draw()
    netherby.fall_due(on=FIRST_DUE)
    assert apportion_book(book=netherby.book, by=netherby.priya) == 2
    assert found(netherby) == []


def test_money_in_advance_is_shared_when_it_is_applied(netherby: SharedLoan) -> None:
    netherby.draw()
    netherby.repay("676.65", on=date(2025, 5, 20))
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby)["2510/NRB"] == "21000.00"
    netherby.fall_due(on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby)["2510/NRB"] == "20594.01"
    assert found(netherby) == []


def test_a_part_drawn_is_shared_like_the_whole(netherby: SharedLoan) -> None:
    netherby.draw("100.01")
    apportion(loan=netherby.loan, by=netherby.tom)
    assert (stands(netherby)["2510/NRB"], stands(netherby)["2510/TST"]) == ("60.01", "30.00")
    assert stands(netherby)["2510/LOT"] == "10.00"


def test_a_repayment_taken_back_is_taken_back_from_the_lenders(netherby: SharedLoan) -> None:
    netherby.draw()
    netherby.fall_due(on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    before = stands(netherby)
    netherby.repay("676.65", on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    reverse_repayment(
        event=netherby.loan.events.latest("number"), on=FIRST_DUE, reason="Bounced", by=netherby.tom, key="bounced"
    )
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby) == before
    assert found(netherby) == []


def test_where_the_day_is_closed_it_is_dated_on_the_first_open_one(netherby: SharedLoan) -> None:
    netherby.draw()
    close_period(book=netherby.book, through=date(2025, 5, 31), by=netherby.tom)
    apportion(loan=netherby.loan, by=netherby.tom)
    assert sides(netherby)[0].effective_on == date(2025, 6, 1)


def test_a_loan_nobody_shares_is_left_alone(db: None) -> None:
    alone = approve_netherby()
    alone.draw()
    assert apportion(loan=alone.loan, by=alone.tom) == ()
    assert found(alone) == []


class TestWhatTheChecksFind:
    def test_an_entry_not_yet_apportioned(self, netherby: SharedLoan) -> None:
        netherby.draw()
        (finding,) = found(netherby)
        assert (finding.code, finding.subject) == ("not-apportioned", "L-0001")
        assert "Drawdown of L-0001 (2025-05-01) is not shared" in finding.message

    def test_what_there_is_no_rule_for(self, netherby: SharedLoan) -> None:
        netherby.draw()
        apportion(loan=netherby.loan, by=netherby.tom)
        entry = post_entry(
            book=netherby.book, by=netherby.tom, on=FIRST_DUE, amount="9.00", debited="5030", credited="1310/L-0001"
        )
        assert apportion(loan=netherby.loan, by=netherby.tom) == ()
        (finding,) = found(netherby)
        assert finding.message.startswith(
            f"{entry}: 'Arrangement fee' on 2 June 2025 moves L-0001 against account 5030"
        )

    def test_a_loss_that_carries_its_lenders_lines_is_in_order(self, netherby: SharedLoan) -> None:
        netherby.draw()
        apportion(loan=netherby.loan, by=netherby.tom)
        loss, lot = pounds("9.00"), "2410/L-0001/LOT"
        lines = (debit("5020", loss), credit("1310/L-0001", loss), debit(lot, loss), credit("5020", loss))
        post_entries([JournalEntryValue(FIRST_DUE, "Loss, borne by LOT", lines)], book=netherby.book, by=netherby.tom)
        assert apportion(loan=netherby.loan, by=netherby.tom) == ()
        assert stands(netherby)[lot] == "-3491.00"
        assert found(netherby) == []

    def test_lenders_lines_that_do_not_make_up_the_loss_are_found(self, netherby: SharedLoan) -> None:
        netherby.draw()
        apportion(loan=netherby.loan, by=netherby.tom)
        lines = (
            debit("5020", pounds("8.00")),
            debit("2410/L-0001/LOT", pounds("1.00")),
            credit("1310/L-0001", pounds("9.00")),
        )
        post_entries([JournalEntryValue(FIRST_DUE, "Loss", lines)], book=netherby.book, by=netherby.tom)
        assert [finding.code for finding in found(netherby)] == ["not-apportioned", "lender-share"]

    def test_an_entry_before_the_participations(self, netherby: SharedLoan) -> None:
        netherby.share(on=date(2025, 5, 3))
        netherby.draw()
        assert apportion(loan=netherby.loan, by=netherby.tom) == ()
        assert [finding.code for finding in found(netherby)] == ["not-apportioned"]
        netherby.share()
        apportion(loan=netherby.loan, by=netherby.tom)
        assert found(netherby) == []

    @pytest.mark.parametrize("account", ["2410/L-0001/NRB", "2420/L-0001/TST"])
    def test_an_entry_that_no_loan_entry_made(self, netherby: SharedLoan, account: str) -> None:
        live(netherby, sharing_after_each=False)
        post_entry(book=netherby.book, by=netherby.tom, on=date(2025, 9, 1), amount="0.01", debited=account)
        (finding,) = found(netherby)
        assert finding.code == "lender-share"
        assert f"account {account} stands at " in finding.message
        assert "a difference of £0.01" in finding.message

    def test_a_lenders_side_that_was_reversed(self, netherby: SharedLoan) -> None:
        netherby.draw()
        (number,) = apportion(loan=netherby.loan, by=netherby.tom)
        reverse(number, book=netherby.book, on=FIRST_DUE, reason="by mistake", key="oops", by=netherby.tom)
        assert [finding.code for finding in found(netherby)] == ["not-apportioned"]
        apportion(loan=netherby.loan, by=netherby.tom)
        assert found(netherby) == []


@pytest.mark.committing
def test_eight_at_once_post_each_side_once() -> None:
    netherby = approve_netherby()
    netherby.share()
    live_entries = 4
    netherby.draw()
    netherby.repay("676.65", on=FIRST_DUE)
    netherby.fall_due(on=SECOND_DUE)
    posted: list[int] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        posted.extend(apportion(loan=netherby.loan, by=netherby.tom))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(posted) == len(set(posted)) == len(sides(netherby)) == live_entries
    assert found(netherby) == []
