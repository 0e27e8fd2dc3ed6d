"""A repayment of last quarter becomes known in this one: what was distributed stays, and the next run corrects it.

The loan is on the real engine; the fund has a senior and a first-loss class, and one loan.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from commonweal.desk.capital_shown import shown_act
from investors.checks import CHECKS
from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.models import CapitalAct
from investors.queries import capital_acts, capital_register, free_cash, unshared_result
from investors.services import register_investor
from ledger.checks import examine
from ledger.domain.money import from_minor
from ledger.queries import fund_accounts
from ledger.queries.fund_accounts import Period
from ledger.services import close_period
from loans.domain.servicing import Prepayment
from loans.services import HowRepaid, bring_up_to_date, record_repayment
from tests.builders import let_days_pass, pounds
from tests.investors.fund_in_classes import FIRST_LOSS, NAMES, SENIOR, ClassFund
from tests.loans.builders import Fund, make_drawn_loan, make_fund

pytestmark = pytest.mark.django_db

BEGUN, QUARTER, NEXT = date(2025, 5, 1), date(2025, 7, 31), date(2025, 10, 31)
WAS_PAID, BECAME_KNOWN = date(2025, 6, 10), date(2025, 9, 15)
HOLDERS = {("SENIOR", "NRB"): 24_000_00, ("SENIOR", "OAK"): 8_000_00, ("FIRST", "LOT"): 8_000_00}


class Life:
    """A fund, its loan, and its two people."""

    def __init__(self) -> None:
        self.lends: Fund = make_fund(today=BEGUN)
        self.fund = ClassFund(self.lends.book, self.lends.tom, self.lends.priya)
        for terms in (SENIOR, FIRST_LOSS):
            self.fund.begins(terms)
        for (code, investor), minor in HOLDERS.items():
            name, kind = NAMES[investor]
            register_investor(code=investor, name=name, kind=kind)
            self.fund.commit(code, investor, minor, BEGUN)
        self.fund.call(["SENIOR", "FIRST"], 40_000_00, BEGUN, BEGUN)
        for (code, investor), minor in HOLDERS.items():
            self.fund.pays(code, investor, minor, BEGUN)
        self.loan = make_drawn_loan(self.lends)
        self.hold()

    def until(self, day: date) -> None:
        """Days pass, and the loan is told up to then."""
        self.fund.book = let_days_pass(self.fund.book, to=day)
        bring_up_to_date(loan=self.loan, on=day, by=self.fund.tom)
        self.hold()

    def repays(self, amount: str, on: date, how: HowRepaid | None = None) -> None:
        """The business pays, on a day that may be long over."""
        given: dict[str, Any] = {"amount": pounds(amount), "on": on, "bank_account": "MAIN", "key": f"paid:{on}"}
        record_repayment(loan=self.loan, by=self.fund.tom, how=how or HowRepaid(), **given)
        self.hold()

    def quarter(self, on: date) -> tuple[CapitalAct, CapitalAct]:
        """The result of a quarter is shared, and its income distributed."""
        shared = self.fund.act(ActKind.RESULT, on)
        self.hold()
        paid = self.fund.act(ActKind.DISTRIBUTION, on)
        assert sum(line.amount for line in paid.lines.all()) <= paid.figures["free"]
        self.hold()
        return shared, paid

    def hold(self) -> None:
        """The identities of a fund: commitments, net assets, cash, and every check of the books."""
        book, known = self.fund.book, capital_register(self.fund.book)
        for holder in known.holders:
            one = known.commitment(holder)
            assert one.amount == one.drawn + one.undrawn - one.cancelled + one.recallable
        capital = sum((known.balance(holder) for holder in known.holders), known.nought)
        waits = unshared_result(book, book.business_date, known)
        if waits:
            capital += waits.result.income - waits.result.fees - waits.result.impairment
        accounts = fund_accounts(book, [Period(book.opened_on, book.business_date)])
        assert from_minor(accounts.balance_sheet.ties[0].minor[0], "GBP") == capital
        assert free_cash(book, book.business_date) >= known.nought
        assert [finding for check in CHECKS for finding in check(book)] == []


@pytest.mark.parametrize("is_closed", [False, True], ids=["last quarter is open", "last quarter is closed"])
def test_a_backdated_repayment_is_corrected_in_this_quarters_distribution(*, is_closed: bool) -> None:
    life = Life()
    for on in (date(2025, 6, 1), date(2025, 7, 1)):
        life.until(on)
        life.repays("676.65", on)
    life.until(QUARTER)
    shared, paid = life.quarter(QUARTER)
    before = capital_acts(life.fund.book).get(pk=paid.pk)
    as_it_was = (before.content, list(before.lines.values_list("investor__code", "effect", "amount")))
    assert (shared.figures["later"], paid.figures["corrects"]) == (None, [])
    if is_closed:
        close_period(book=life.fund.book, through=QUARTER, by=life.fund.tom)

    life.until(BECAME_KNOWN)
    life.repays(
        "10000.00", WAS_PAID, HowRepaid(Prepayment.SHORTER_TERM, books_later=True, reason="The bank named it late")
    )
    life.until(NEXT)
    corrects, run = life.quarter(NEXT)

    later = corrects.figures["later"]
    assert (later["act"], later["through"]) == (str(shared), QUARTER.isoformat())
    assert later["income"] == sum(one["adds"] for one in later["entries"]) < 0, "less interest was earned in July"
    stays = capital_acts(life.fund.book).get(pk=paid.pk)
    assert (stays.content, list(stays.lines.values_list("investor__code", "effect", "amount"))) == as_it_was
    assert stays.state == "approved"

    (first,) = [one for one in run.figures["corrects"] if one["code"] == "FIRST"]
    assert sum(one["amount"] for one in run.figures["corrects"]) == later["income"], "no penny of it is lost"
    assert (
        f"less here, because {corrects} corrects the result through 31 July 2025 that {shared} had shared: E-"
        in (first["why"])
    )
    assert "What was distributed of it stays as it was." in first["why"]
    by_class = {one["code"]: one for one in corrects.figures["classes"]}
    assert "because of what became known after" in by_class["FIRST"]["why"][-1]
    lines = [ActLine("FIRST", "LOT", Effect.INCOME_DISTRIBUTED, 1)]
    captions = [table.caption for table in shown_act(life.fund.book, run.what, lines, run.figures)["explained"]]
    assert "What it corrects of earlier distributions" in captions

    known = capital_register(life.fund.book)
    earned = {code: _of(known, code, Effect.INCOME) for code in ("SENIOR", "FIRST")}
    assert earned == {code: _of(known, code, Effect.INCOME_DISTRIBUTED) for code in earned}, "both runs paid it all"
    assert examine(life.fund.book) == []


def _of(known: Any, code: str, effect: Effect) -> int:
    """What an effect comes to in a class."""
    lines = (each for holder in known.holders_of(code) for each in known.standing_lines(holder, effect))
    return sum(each.line.minor for each in lines)
