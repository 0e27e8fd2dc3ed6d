"""A lender sells its part of a loan: by two people, to the penny, and what becomes known late is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from investors.checks import CHECKS
from investors.domain.errors import MoneyShort, TransferRefused
from investors.domain.kinds import InvestorKind
from investors.domain.sale import PaidHow
from investors.models import ParticipationTransfer, TransferDecision
from investors.queries import holdings, known_since, movements, preview_sale, principal_sold
from investors.services import apportion, approve_transfer, decline_transfer, propose_transfer, register_investor
from investors.services.participations import keep_set, open_cash_account
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.domain.errors import SameTwoEyes
from ledger.queries import balances, entries
from ledger.services import post
from loans.domain.servicing import Prepayment
from loans.models import LoanTerms
from loans.services import HowRepaid, record_repayment
from tests.builders import pounds
from tests.investors.shared_loan import BUSINESS_DATE, DRAWN_ON, SharedLoan, approve_netherby

SOLD_ON = date(2025, 7, 16)
"""Half-way through the month whose interest falls due on 1 August."""


@pytest.fixture
def netherby(db: None) -> SharedLoan:
    """Drawn, with the instalments of June and July paid; a foundation that holds £20,000.00 would like to buy."""
    shared = approve_netherby()
    shared.share()
    shared.draw()
    for on in (date(2025, 6, 2), date(2025, 7, 1)):
        shared.fall_due(on=on)
        shared.repay("676.65", on=on)
    apportion(loan=shared.loan, by=shared.tom)
    foundation = register_investor(code="HIL", name="Hilltop Foundation", kind=InvestorKind.FOUNDATION)
    shared.lenders["HIL"] = foundation
    return shared


def pay_in(shared: SharedLoan, code: str, amount: str) -> None:
    """Money of an investor, as if the bank had brought it; its account is open once it takes part anywhere."""
    open_cash_account(shared.book, shared.lenders[code])
    lines = (debit("2010/MAIN", pounds(amount)), credit(f"2510/{code}", pounds(amount)))
    entry = JournalEntry(DRAWN_ON, f"Contribution of {code}", lines, kind=Kind.CONTRIBUTION, source=f"investor:{code}")
    post([entry], book=shared.book, key=f"in:{code}:{amount}", by=shared.tom)


def propose(shared: SharedLoan, amount: str = "7000.00", **given: object) -> ParticipationTransfer:
    asked = {"seller": "NRB", "buyer": "HIL", "on": SOLD_ON, "reason": "The bank lowers its part"} | given
    investors = {side: shared.lenders[str(asked.pop(side))] for side in ("seller", "buyer")}
    return propose_transfer(loan=shared.loan, amount=pounds(amount), by=shared.priya, **investors, **asked)


def sell(shared: SharedLoan, amount: str = "7000.00", **given: object) -> ParticipationTransfer:
    transfer = propose(shared, amount, **given)
    approve_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, by=shared.tom)
    return ParticipationTransfer.objects.get(pk=transfer.pk)


def stands(shared: SharedLoan, *codes: str, on: date = BUSINESS_DATE) -> list[str]:
    found = balances(shared.book, codes, on)
    return [f"{-found[code].amount:.2f}" for code in codes]


def prepay(shared: SharedLoan, amount: str, *, on: date) -> None:
    """Money that lowers the principal on its day, and the instalments after it."""
    how = HowRepaid(Prepayment.LOWER_PAYMENT)
    given = {"amount": pounds(amount), "on": on, "bank_account": "MAIN", "key": f"prepaid:{on}"}
    record_repayment(loan=shared.loan, by=shared.tom, how=how, **given)
    apportion(loan=shared.loan, by=shared.tom)


def is_clean(shared: SharedLoan) -> bool:
    return [finding for check in CHECKS for finding in check(shared.book)] == []


def test_a_third_of_a_part_is_sold_half_way_through_a_month(netherby: SharedLoan) -> None:
    """£33,994.19 is outstanding: £20,396.51 of it is the bank's, and a third of that goes. 15 of 30 days of the bank's
    £101.98 a month are earned, and a third of them goes too."""
    pay_in(netherby, "HIL", "20000.00")
    transfer = propose(netherby)
    assert (transfer.principal_money, transfer.accrued_money) == (pounds("6798.84"), pounds("17.00"))
    assert transfer.price_money == transfer.principal_money
    held = stands(netherby, "2510/NRB", "2510/HIL")
    approve_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, by=netherby.tom)
    assert stands(netherby, "2410/L-0001/NRB", "2410/L-0001/HIL") == ["13597.67", "6798.84"]
    assert stands(netherby, "2510/NRB", "2510/HIL") == [f"{float(held[0]) + 6815.84:.2f}", "13184.16"]
    netherby.fall_due(on=date(2025, 8, 1))
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby, "2420/L-0001/NRB", "2420/L-0001/HIL") == ["67.99", "33.99"]
    assert is_clean(netherby)


def test_all_of_a_part_is_sold_directly_and_the_seller_keeps_what_is_due(netherby: SharedLoan) -> None:
    netherby.fall_due(on=date(2025, 8, 1))
    apportion(loan=netherby.loan, by=netherby.tom)
    transfer = sell(netherby, "21000.00", on=date(2025, 8, 16), paid_how=PaidHow.DIRECTLY, price=pounds("20000.00"))
    assert transfer.decision.entry is None
    assert not entries(netherby.book).filter(kind=Kind.SALE).exists()
    assert stands(netherby, "2410/L-0001/NRB", "2410/L-0001/HIL") == ["0.00", "20396.51"]
    (left,) = holdings(netherby.lenders["NRB"], netherby.book, BUSINESS_DATE)
    assert (left.participation, left.principal, left.interest_due) == (pounds("0.00"), pounds("0.00"), pounds("101.99"))
    netherby.repay("676.65", on=date(2025, 8, 20))
    apportion(loan=netherby.loan, by=netherby.tom)
    assert stands(netherby, "2420/L-0001/NRB", "2420/L-0001/HIL") == ["0.00", "0.00"]
    assert holdings(netherby.lenders["NRB"], netherby.book, BUSINESS_DATE) == []
    assert is_clean(netherby)


def test_opening_and_what_moved_is_closing_for_both(netherby: SharedLoan) -> None:
    pay_in(netherby, "HIL", "25000.00")
    sell(netherby, "21000.00")
    for code, bought in (("NRB", "-20396.51"), ("HIL", "20396.51")):
        (moved,) = movements(netherby.lenders[code], netherby.book, date(2025, 7, 1), date(2025, 7, 31))
        assert (moved.bought, moved.added) == (pounds(bought), pounds("0"))
        assert moved.closing == moved.holding.principal


def test_a_sale_is_sold_back_on_its_day(netherby: SharedLoan) -> None:
    pay_in(netherby, "HIL", "25000.00")
    pay_in(netherby, "NRB", "21000.00")
    before = stands(netherby, "2410/L-0001/NRB", "2510/NRB", "2510/HIL")
    sell(netherby, "21000.00")
    sell(netherby, "21000.00", seller="HIL", buyer="NRB")
    assert stands(netherby, "2410/L-0001/NRB", "2510/NRB", "2510/HIL") == before
    assert is_clean(netherby)


def test_a_backdated_repayment_before_a_sale_is_explained(netherby: SharedLoan) -> None:
    pay_in(netherby, "HIL", "20000.00")
    transfer = sell(netherby)
    assert known_since(transfer) == ""
    prepay(netherby, "3399.42", on=date(2025, 7, 10))
    assert known_since(transfer).startswith(
        "£6,118.95 of principal changed hands on 16 July 2025, £679.89 less than the £6,798.84 that was known"
    )
    assert principal_sold(transfer) == pounds("6118.95")
    (moved,) = movements(netherby.lenders["HIL"], netherby.book, DRAWN_ON, BUSINESS_DATE)
    assert (moved.bought, moved.closing) == (pounds("6118.95"), moved.holding.principal)
    assert is_clean(netherby)


def test_entries_since_a_backdated_sale_are_shared_anew(netherby: SharedLoan) -> None:
    netherby.fall_due(on=date(2025, 8, 1))
    netherby.repay("676.65", on=date(2025, 8, 1))
    apportion(loan=netherby.loan, by=netherby.tom)
    pay_in(netherby, "HIL", "20000.00")
    transfer = propose(netherby)
    assert preview_sale(netherby.loan, transfer.sale).shared_anew > 0
    approve_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, by=netherby.tom)
    (moved,) = movements(netherby.lenders["HIL"], netherby.book, DRAWN_ON, BUSINESS_DATE)
    assert (moved.bought, moved.interest_received) == (transfer.principal_money, pounds("33.99"))
    assert is_clean(netherby)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": "21000.01"}, r"with £21,000\.00 on 16 July 2025, £0\.01 less than £21,000\.01"),
        ({"amount": "0.00"}, r"£0\.00 of a participation in L-0001 cannot be sold"),
        ({"seller": "HIL", "buyer": "NRB"}, r"HIL takes part in L-0001 with £0\.00 on 16 July 2025"),
        ({"buyer": "NRB"}, "NRB cannot sell to itself"),
        ({"buyer": "TST"}, "TST takes part in L-0001 already, at rank 2"),
        ({"on": date(2025, 4, 30)}, "count from 1 May 2025, 1 day after 30 April 2025"),
        ({"on": date(2026, 11, 24)}, "24 November 2026 is after 23 November 2026, the business date"),
        ({"price": pounds("-0.01")}, r"A price of -£0\.01 is not possible"),
        ({"reason": " "}, "Say why it is sold"),
    ],
)
def test_what_cannot_be_sold_is_refused(netherby: SharedLoan, given: dict[str, object], says: str) -> None:
    with pytest.raises(TransferRefused, match=says):
        propose(netherby, **given)
    assert not ParticipationTransfer.objects.exists()


def test_more_than_is_held_for_the_buyer_is_refused(netherby: SharedLoan) -> None:
    pay_in(netherby, "HIL", "6815.83")
    with pytest.raises(MoneyShort, match=r"£6,815\.83 is held for Hilltop Foundation, £0\.01 less than the £6,815\.84"):
        sell(netherby)


def test_two_people_and_exactly_what_was_proposed(netherby: SharedLoan) -> None:
    pay_in(netherby, "HIL", "20000.00")
    transfer = propose(netherby)
    assert propose(netherby) == transfer
    with pytest.raises(TransferRefused, match=r"T-\d+, a sale of £7,000\.00 by NRB, waits for a decision"):
        propose(netherby, "6000.00")
    with pytest.raises(SameTwoEyes):
        approve_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, by=netherby.priya)
    with pytest.raises(TransferRefused, match="is not what you were shown"):
        approve_transfer(transfer=transfer, shown_sha256="0" * 64, by=netherby.tom)
    prepay(netherby, "3399.42", on=date(2025, 7, 10))
    with pytest.raises(TransferRefused, match=r"£6,118\.95 of principal and £\d+\.\d\d of interest would change hands"):
        approve_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, by=netherby.tom)
    decline_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, reason="Too late", by=netherby.tom)
    with pytest.raises(TransferRefused, match="is decided already"):
        approve_transfer(transfer=transfer, shown_sha256=transfer.content_sha256, by=netherby.tom)


class TestTheDatabase:
    def test_a_set_that_follows_needs_an_approved_sale(self, netherby: SharedLoan) -> None:
        shares = netherby.loan.participation_sets.get()
        after = preview_sale(netherby.loan, propose(netherby).sale).after
        terms = LoanTerms.objects.get(pk=shares.terms_id)
        with transaction.atomic(), connection.cursor() as cursor:
            keep_set(netherby.loan, terms, after, by=netherby.tom, follows=shares)
            with pytest.raises(DatabaseError, match="follows another, and no approved sale began it"):
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)

    def test_a_sale_is_not_approved_otherwise_than_it_was_proposed(self, netherby: SharedLoan) -> None:
        pay_in(netherby, "HIL", "20000.00")
        decided = sell(netherby).decision
        other = propose(netherby, "1000.00", on=date(2025, 7, 17))
        with pytest.raises(DatabaseError, match=f"Sale T-{other.pk} is not approved by a second person"):
            TransferDecision.objects.create(
                transfer=other,
                outcome="approved",
                approval_id=decided.approval_id,
                participation_set_id=decided.participation_set_id,
                decided_by=netherby.tom,
            )

    @pytest.mark.parametrize("table", ["investors_participationtransfer", "investors_transferdecision"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_both_tables_only_grow(self, netherby: SharedLoan, table: str, statement: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))
