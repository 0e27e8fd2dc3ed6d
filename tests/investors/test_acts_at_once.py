"""Several people act on a fund's capital, a payout or a sale at the same moment: one counts, and the books agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from commonweal.access.models import User
from investors.checks import CHECKS
from investors.domain.capital_act import ActKind
from investors.domain.capital_entries import source_of_act
from investors.domain.errors import InvestorError
from investors.domain.kinds import InvestorKind
from investors.models import (
    CapitalAct,
    CapitalDecision,
    ParticipationTransfer,
    Payout,
    PayoutDecision,
    TransferDecision,
)
from investors.services import (
    approve_act,
    approve_payout,
    approve_transfer,
    decline_act,
    decline_payout,
    one_spends_held_money,
    pay_in,
    propose_act,
    propose_transfer,
    register_investor,
    say_tax_treatment,
)
from ledger.models import Book, JournalEntry
from ledger.queries import balances
from loans.models import Loan
from tests.builders import make_user, pounds
from tests.investors import paid_out
from tests.investors.fund_in_classes import TODAY, ClassFund, make_class_fund
from tests.investors.paid_out import ACCOUNTS, PaidOut, all_of, make_paid_out
from tests.ledger.at_once import all_at_once, wait_until_somebody_waits, with_own_connection
from tests.ledger.payment_world import confirm_account

pytestmark = pytest.mark.committing


def outcomes(doings: Sequence[Callable[[], object]]) -> Counter[str]:
    """What came of things that are begun at the same moment: how many of which kind."""

    def tried(doing: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            try:
                return doing()
            except InvestorError as refusal:
                return refusal

        return run

    return Counter(type(one).__name__ for one in all_at_once([tried(one) for one in doings]))


def findings(book: Book) -> list[object]:
    """What the checks of the investor side find."""
    return [finding for check in CHECKS for finding in check(book)]


def checkers() -> list[User]:
    """Three more people."""
    return [make_user(name=f"Checker {number}") for number in range(3)]


@pytest.fixture
def fund(committing_database: object) -> ClassFund:
    """NRB has committed £10,000.00, of which £4,000.00 is called; £8,000.00 is held for it."""
    fund = make_class_fund()
    fund.commit("SENIOR", "NRB", 10_000_00, date(2026, 1, 5))
    fund.call(["SENIOR"], 4_000_00, date(2026, 1, 10), date(2026, 1, 31))
    fund.holds("NRB", 8_000_00, date(2026, 1, 31))
    return fund


def test_a_distribution_is_decided_once(fund: ClassFund) -> None:
    paid = pounds("4000.00")
    pay_in(book=fund.book, fund_class="SENIOR", investor="NRB", amount=paid, on=TODAY, by=fund.tom)
    act = fund.propose(ActKind.DISTRIBUTION, TODAY, capital={"SENIOR": 500_00}, recallable=True)
    shown = act.content_sha256

    def approves(by: User) -> Callable[[], object]:
        return lambda: approve_act(act=CapitalAct.objects.get(pk=act.pk), shown_sha256=shown, by=by)

    def withdraws() -> object:
        return decline_act(act=CapitalAct.objects.get(pk=act.pk), shown_sha256=shown, reason="Too soon", by=fund.tom)

    told = outcomes([*map(approves, [*checkers(), fund.priya, fund.priya]), withdraws])
    assert told == {"CapitalDecision": 1, "CapitalActRefused": 5}
    decision = CapitalDecision.objects.get(act=act)
    assert JournalEntry.objects.filter(source=source_of_act(act.number)).count() == decision.is_approved
    assert findings(fund.book) == []


def test_two_calls_do_not_share_what_may_be_called(fund: ClassFund) -> None:
    def calls(minor: int, by: User) -> Callable[[], object]:
        asked = {"classes": ["SENIOR"], "minor": minor, "due_on": TODAY.isoformat()}
        return lambda: propose_act(book=fund.book, kind=ActKind.CALL, on=TODAY, asked=asked, words="More", by=by)

    told = outcomes([calls(4_000_00, fund.tom), calls(5_000_00, fund.priya), calls(3_500_00, fund.tom)])
    assert told == {"CapitalAct": 1, "CapitalActRefused": 2}
    assert CapitalAct.objects.filter(kind="call", decision=None).count() == 1


def test_what_was_called_is_paid_in_once(fund: ClassFund) -> None:
    def pays(by: User) -> Callable[[], object]:
        asked = {"fund_class": "SENIOR", "investor": "NRB", "amount": pounds("4000.00"), "on": TODAY, "by": by}
        return lambda: pay_in(book=fund.book, **asked)

    assert outcomes([*map(pays, [fund.tom, fund.priya, fund.tom])]) == {"CapitalAct": 1, "ImpossibleCommitment": 2}
    assert balances(fund.book, ["2510/NRB"], TODAY)["2510/NRB"] == pounds("-4000.00")
    assert findings(fund.book) == []


@pytest.fixture
def lenders_paid(committing_database: object) -> PaidOut:
    """The lenders of the Netherby loan, and OAK for whom £500.00 is held and who may be paid out."""
    there = make_paid_out()
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    there.shared.lenders["OAK"] = oak
    paid_out.pay_in(there.shared, "OAK", "500.00")
    confirm_account(there.shared.book, "investor:OAK", *ACCOUNTS["TST"])
    since = date(2025, 5, 1)
    say_tax_treatment(investor=oak, rate=Decimal("0"), effective_on=since, reason="A charity", by=there.shared.tom)
    return there


def approves_payout(payout: Payout, by: User) -> Callable[[], object]:
    """Somebody approves what was shown."""
    return lambda: approve_payout(payout=payout, shown_sha256=payout.content_sha256, by=by)


def test_a_payout_is_decided_once_and_not_by_its_maker(lenders_paid: PaidOut) -> None:
    shared, payout = lenders_paid.shared, lenders_paid.propose(all_of("NRB"))
    asked = {"payout": payout, "shown_sha256": payout.content_sha256, "reason": "Wrong quarter"}
    doings = [*(approves_payout(payout, by) for by in (*checkers(), shared.tom, shared.tom, shared.priya))]
    told = outcomes([*doings, lambda: decline_payout(**asked, by=shared.priya)])
    assert told["PayoutDecision"] == PayoutDecision.objects.count() == 1
    assert told["PayoutRefused"] + told["SameTwoEyes"] == len(doings)
    decision = PayoutDecision.objects.get()
    assert decision.decided_by != shared.priya or decision.outcome == "declined"
    entries = JournalEntry.objects.filter(source=payout.lines.get().source)
    assert entries.count() == (decision.outcome == "approved")
    assert lenders_paid.is_clean


def test_money_that_is_held_is_not_paid_out_and_spent_on_a_part(lenders_paid: PaidOut) -> None:
    shared, payout = lenders_paid.shared, lenders_paid.propose(all_of("OAK"))
    sale = propose_transfer(
        loan=shared.loan,
        seller=shared.lenders["TST"],
        buyer=shared.lenders["OAK"],
        amount=pounds("600.00"),
        on=shared.book.business_date,
        price=pounds("490.00"),
        reason="To spread the risk",
        by=shared.priya,
    )
    buys = {"transfer": sale, "shown_sha256": sale.content_sha256, "by": shared.tom}
    told = outcomes([approves_payout(payout, shared.tom), lambda: approve_transfer(**buys)])
    assert told in ({"PayoutDecision": 1, "MoneyShort": 1}, {"TransferDecision": 1, "PayoutRefused": 1})
    assert balances(shared.book, ["2510/OAK"], shared.book.business_date)["2510/OAK"] <= pounds("0.00")
    assert lenders_paid.is_clean


def test_a_sale_holds_no_loan_while_it_waits_for_the_money(lenders_paid: PaidOut) -> None:
    """Whoever lends has the money first and the loan then: a sale the other way round would wait for it for ever."""
    shared = lenders_paid.shared
    sells = {"seller": shared.lenders["TST"], "buyer": shared.lenders["OAK"], "amount": pounds("600.00")}
    terms = {"on": shared.book.business_date, "reason": "To spread the risk", "by": shared.priya}
    sale = propose_transfer(loan=shared.loan, price=pounds("100.00"), **sells, **terms)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            one_spends_held_money(shared.book)
            sold = pool.submit(with_own_connection, approves_sale(sale, shared.tom))
            wait_until_somebody_waits()
            assert Loan.objects.select_for_update(nowait=True, of=("self",)).get(pk=shared.loan.pk)
        assert isinstance(sold.result(30), TransferDecision)
    assert lenders_paid.is_clean


def approves_sale(sale: ParticipationTransfer, by: User) -> Callable[[], TransferDecision]:
    """Somebody approves what was shown."""
    return lambda: approve_transfer(transfer=sale, shown_sha256=sale.content_sha256, by=by)


def test_a_part_is_sold_once(lenders_paid: PaidOut) -> None:
    shared = lenders_paid.shared
    sells = {"loan": shared.loan, "seller": shared.lenders["TST"], "amount": pounds("10500.00"), "by": shared.priya}
    terms = {"on": shared.book.business_date, "price": pounds("100.00"), "reason": "All of it"}

    def proposes(buyer: str) -> Callable[[], object]:
        return lambda: propose_transfer(**sells, **terms, buyer=shared.lenders[buyer])

    assert outcomes([proposes("OAK"), proposes("OAK")]) == {"ParticipationTransfer": 2}, "the same one"
    sale = shared.loan.transfers.get()

    def approves(by: User) -> Callable[[], object]:
        return lambda: approve_transfer(transfer=sale, shown_sha256=sale.content_sha256, by=by)

    told = outcomes([approves(shared.tom), approves(checkers()[0]), approves(shared.tom), approves(shared.priya)])
    assert told["TransferDecision"] == TransferDecision.objects.count() == 1
    assert told["TransferRefused"] + told["SameTwoEyes"] == 3
    assert lenders_paid.is_clean
