"""A small fund moves in, and programs that we did not write come to the same: hledger for every account, pyxirr for
every rate; the identities hold, and a statement after the move begins with what moved in."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
import pyxirr

from investors.checks import capital_stands_at_its_acts
from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind
from investors.domain.capital_entries import capital_of
from investors.queries import capital_holdings, capital_register, investor_by_code, unshared_result
from investors.statement_figures import build_investor_statement
from investors.statements import InvestorStatement
from ledger.domain.money import to_minor
from ledger.exports import hledger_lines, read_journal
from ledger.exports.names import hledger_names
from ledger.queries import accounts, balances
from ledger.queries.fund_accounts import Period, fund_accounts
from ledger.services import seal, seal_text
from loans.statements import Issuer, StatementHead, StatementStatus
from tests.builders import pounds
from tests.investors.fund_in_classes import ClassFund, make_class_fund
from tests.investors.moved_in import FIRST_DAY, FLOWS, OPEN_CALL, SURPLUS, asked
from tests.ledger.other_programs import assert_others_agree, hledger_balances

PAID, DAY_AFTER = date(2026, 4, 10), date(2026, 4, 11)
MONTH_END, NEXT_MONTH = date(2026, 4, 30), date(2026, 5, 1)
STANDS = {"NRB": 65_000_00, "OAK": 30_000_00}


@pytest.fixture
def fund(db: None) -> ClassFund:
    """£100,000 on 3010 for all owners, of which a bank and a foundation have £95,000; a call of £12,000 is open."""
    fund = make_class_fund(today=MONTH_END)
    fund.moves("1010/MAIN", "3010", SURPLUS, FIRST_DAY)
    fund.act(ActKind.MOVED_IN, FIRST_DAY, **asked(**OPEN_CALL, totals={"called": 12_000_00}))
    return fund


def identities_hold(fund: ClassFund, on: date) -> None:
    """Each commitment is made of its parts; the accounts of all holders, the surplus, and what of the result is not
    shared yet, make net assets."""
    known = capital_register(fund.book)
    for holder in known.holders:
        one = known.commitment(holder, on)
        assert one.amount == one.drawn + one.undrawn - one.cancelled + one.recallable
    whole = known.commitment_of_class("SENIOR", on)
    assert whole.amount == whole.drawn + whole.undrawn - whole.cancelled + whole.recallable
    capital = sum((known.balance(holder, on) for holder in known.holders), pounds("0.00"))
    surplus = -balances(fund.book, ["3010"], on)["3010"]
    left = unshared_result(fund.book, on, known)
    assert left is not None
    unshared = left.result.income - left.result.fees - left.result.impairment
    net = fund_accounts(fund.book, [Period(fund.book.opened_on, on)]).balance_sheet.ties[0].minor[0]
    assert to_minor((capital + surplus + unshared).amount, "GBP") == net
    assert list(capital_stands_at_its_acts(fund.book)) == []


def test_hledger_comes_to_every_capital_account_that_moved_in(fund: ClassFund, hledger: str) -> None:
    identities_hold(fund, FIRST_DAY)
    journal = read_journal(fund.book)
    numbers = {name: number for number, name in hledger_names(journal.accounts, journal.base_currency).items()}
    text = "".join(hledger_lines(journal))
    theirs = hledger_balances(hledger, text, numbers, MONTH_END, MONTH_END)[MONTH_END]
    codes = dict(accounts(fund.book).values_list("code", "pk"))
    known = capital_register(fund.book)
    assert {one[1]: to_minor(known.balance(one).amount, "GBP") for one in known.holders} == STANDS
    for holder in known.holders:
        assert -theirs[codes[capital_of(*holder)]] == known.balance(holder).amount
    assert_others_agree(hledger, fund.book, from_on=FIRST_DAY, to_on=MONTH_END)


def test_the_identities_hold_when_life_went_on_from_what_moved_in(fund: ClassFund, hledger: str) -> None:
    fund.pays("SENIOR", "NRB", 12_000_00, MONTH_END)
    fund.earns(600_00, MONTH_END)
    fund.act(ActKind.RESULT, MONTH_END)
    fund.act(ActKind.DISTRIBUTION, MONTH_END, capital={"SENIOR": 1_000_00}, recallable=True)
    identities_hold(fund, MONTH_END)
    assert_others_agree(hledger, fund.book, from_on=FIRST_DAY, to_on=MONTH_END)


@pytest.mark.parametrize("code", ["NRB", "OAK"])
def test_rate_and_multiples_of_the_whole_life_are_those_of_pyxirr(fund: ClassFund, code: str) -> None:
    (held,) = capital_holdings(fund.book, investor_by_code(code), FIRST_DAY, FIRST_DAY)
    mine = [(date.fromisoformat(on), what == "paid in", float(amount)) for of, on, what, amount in FLOWS if of == code]
    stands = STANDS[code] / 100
    paid = sum(amount for _, is_in, amount in mine if is_in)
    back = sum(amount for _, is_in, amount in mine if not is_in)
    days = [*(on for on, _, _ in mine), FIRST_DAY]
    theirs = pyxirr.xirr(days, [*(-amount if is_in else amount for _, is_in, amount in mine), stands])
    assert theirs is not None
    assert held.earned.rate is not None
    assert float(held.earned.rate.rate) == pytest.approx(theirs, abs=1e-6)
    assert held.earned.multiples.dpi == Fraction(back) / Fraction(paid)
    assert held.earned.multiples.tvpi == Fraction(back + stands) / Fraction(paid)


def statement(fund: ClassFund, code: str, since: date, until: date) -> InvestorStatement:
    """A statement over days of which the last is not included."""
    known = seal(book=fund.book)
    assert known is not None
    head = StatementHead(
        issuer=Issuer("Village fund", (), "", "", "", ""),
        number=f"{since}-{code}",
        status=StatementStatus.PROVISIONAL,
        period_start=since,
        period_end=until,
        issued_on=until,
        seal=str(seal_text(known)),
    )
    return build_investor_statement(investor_by_code(code), fund.book, head, known_under=known)


def test_a_statement_after_the_move_begins_with_what_moved_in(fund: ClassFund) -> None:
    """In the month of the move its line says what came from before; after it, that is the opening balance."""
    fund.pays("SENIOR", "NRB", 12_000_00, PAID)
    (first,) = statement(fund, "NRB", FIRST_DAY, NEXT_MONTH).classes
    assert (first.account.opening, first.account.closing) == (pounds("0.00"), pounds("77000.00"))
    assert [(line.kind, line.amount) for line in first.lines] == [
        (CapitalKind.MOVED_IN, pounds("65000.00")),
        (CapitalKind.CONTRIBUTION, pounds("12000.00")),
    ]
    (later,) = statement(fund, "NRB", DAY_AFTER, NEXT_MONTH).classes
    assert (later.account.opening, later.account.closing, later.lines) == (pounds("77000.00"), pounds("77000.00"), ())
    multiples = later.held.earned.multiples
    assert (multiples.paid_in, multiples.distributed) == (pounds("112000.00"), pounds("50000.00"))
    assert (later.held.commitment.drawn, later.held.commitment.amount) == (pounds("102000.00"), pounds("120000.00"))
    (owed,) = statement(fund, "OAK", DAY_AFTER, NEXT_MONTH).classes
    assert (owed.account.opening, owed.held.earned.multiples.paid_in) == (pounds("30000.00"), pounds("30000.00"))
