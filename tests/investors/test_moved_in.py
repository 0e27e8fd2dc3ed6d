"""Holdings move in from a spreadsheet: what stands afterwards, the whole life's return, and all that is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from investors.checks import capital_stands_at_its_acts
from investors.domain.capital_act import ActKind
from investors.domain.errors import CapitalActRefused, HoldingsDoNotTie
from investors.domain.moved_in_rows import read_moved_in
from investors.queries import capital_holdings, capital_register, investor_by_code, unshared_result
from investors.services import approve_act
from ledger.domain.errors import SameTwoEyes
from ledger.domain.money import to_minor
from ledger.queries import balances
from ledger.queries.fund_accounts import Period, fund_accounts
from tests.builders import pounds
from tests.investors.fund_in_classes import ClassFund, make_class_fund
from tests.investors.moved_in import FIRST_DAY, OPEN_CALL, SURPLUS, asked, sheets

TODAY = date(2026, 4, 30)
SENIOR_NRB = ("SENIOR", "NRB")


@pytest.fixture
def fund(db: None) -> ClassFund:
    """A fund whose opening trial balance has £100,000 on 3010 for all owners together."""
    fund = make_class_fund(today=TODAY)
    fund.moves("1010/MAIN", "3010", SURPLUS, FIRST_DAY)
    return fund


def move_in(fund: ClassFund, **given: Any) -> Any:
    return fund.act(ActKind.MOVED_IN, FIRST_DAY, **asked(**given))


def refused(fund: ClassFund, **given: Any) -> str:
    with pytest.raises(HoldingsDoNotTie) as refusal:
        fund.propose(ActKind.MOVED_IN, FIRST_DAY, **asked(**given))
    return str(refusal.value)


def test_what_moved_in_stands_to_the_penny_and_leaves_net_assets_as_they_were(fund: ClassFund) -> None:
    period = [Period(fund.book.opened_on, TODAY)]
    before = fund_accounts(fund.book, period).balance_sheet.ties[0].minor[0]
    act = move_in(fund)
    known = capital_register(fund.book)
    stands = known.commitment(SENIOR_NRB)
    parts = stands.drawn, stands.undrawn, stands.cancelled, stands.recallable, stands.callable
    assert [to_minor(one.amount, "GBP") for one in parts] == [90_000_00, 20_000_00, 0, 10_000_00, 30_000_00]
    assert stands.amount == stands.drawn + stands.undrawn - stands.cancelled + stands.recallable == pounds("120000.00")
    found = balances(fund.book, ["3110/SENIOR/NRB", "3110/SENIOR/OAK", "3010"], TODAY)
    assert [-one for one in found.values()] == [pounds("65000.00"), pounds("30000.00"), pounds("5000.00")]
    assert fund_accounts(fund.book, period).balance_sheet.ties[0].minor[0] == before == SURPLUS
    assert list(capital_stands_at_its_acts(fund.book)) == []
    assert act.figures["made"]["surplus left"] == 5_000_00


def test_history_tells_the_return_of_the_whole_life(fund: ClassFund) -> None:
    """The worked vector of docs/maths: −60,000, −40,000, +20,000, +30,000 and 65,000 standing give 4.7922% a year,
    DPI 0.50 and TVPI 1.15."""
    move_in(fund)
    (held,) = capital_holdings(fund.book, investor_by_code("NRB"), FIRST_DAY, FIRST_DAY)
    assert (held.earned.multiples.dpi, held.earned.multiples.tvpi) == (pytest.approx(0.5), pytest.approx(1.15))
    assert held.earned.rate is not None
    assert held.earned.rate.words.startswith("4.79%")
    assert held.earned.words.endswith("from 1 April 2022 to 1 April 2026")
    assert held.fees == pounds("2000.00")
    assert [(line.kind.words, line.amount) for line in held.lines] == [("moved in from before", pounds("65000.00"))]
    assert held.account.rows() == (
        ("opening", pounds("0.00")),
        ("moved in from before", pounds("65000.00")),
        ("closing", pounds("65000.00")),
    )


def test_life_goes_on_from_what_moved_in(fund: ClassFund) -> None:
    move_in(fund)
    fund.call(["SENIOR"], 17_000_00, FIRST_DAY, FIRST_DAY)
    fund.pays("SENIOR", "NRB", 10_000_00, TODAY)
    fund.earns(300_00, TODAY)
    unshared = unshared_result(fund.book, TODAY)
    assert unshared is not None
    assert (unshared.since, unshared.result.income) == (FIRST_DAY, pounds("300.00"))
    fund.act(ActKind.RESULT, TODAY)
    assert list(capital_stands_at_its_acts(fund.book)) == []
    assert capital_register(fund.book).commitment(SENIOR_NRB).drawn == pounds("100000.00")


def test_a_call_that_was_open_at_the_move_is_paid_here(fund: ClassFund) -> None:
    move_in(fund, **OPEN_CALL, totals={"called": 12_000_00})
    (held,) = capital_holdings(fund.book, investor_by_code("NRB"), FIRST_DAY, FIRST_DAY)
    (call,) = held.calls
    assert (call.due_on, call.called, call.unpaid) == (date(2026, 4, 10), pounds("12000.00"), pounds("12000.00"))
    assert held.commitment.callable == pounds("18000.00")
    assert held.account.closing == pounds("65000.00")
    fund.pays("SENIOR", "NRB", 12_000_00, TODAY)
    (held,) = capital_holdings(fund.book, investor_by_code("NRB"), FIRST_DAY, TODAY)
    assert (held.calls, held.commitment.drawn) == ((), pounds("102000.00"))
    assert list(capital_stands_at_its_acts(fund.book)) == []


def test_the_same_lists_again_change_nothing(fund: ClassFund) -> None:
    first = fund.propose(ActKind.MOVED_IN, FIRST_DAY, **asked())
    assert fund.propose(ActKind.MOVED_IN, FIRST_DAY, **asked()) == first
    with pytest.raises(CapitalActRefused, match="waits for a decision"):
        fund.propose(ActKind.MOVED_IN, FIRST_DAY, **asked(income=18_000_01, totals=_penny_more()))
    with pytest.raises(SameTwoEyes):
        approve_act(act=first, shown_sha256=first.content_sha256, by=fund.tom)
    approve_act(act=first, shown_sha256=first.content_sha256, by=fund.priya)
    assert "NRB stands in SENIOR here already" in refused(fund)
    assert "OAK stands in SENIOR here already" in refused(fund)


def _penny_more() -> dict[str, int]:
    return {"income": 18_000_01, "capital": 95_000_01, "surplus left": 4_999_99}


def test_it_is_taken_back_as_one_and_moves_in_anew(fund: ClassFund) -> None:
    act = move_in(fund)
    fund.act(ActKind.REVERSAL, FIRST_DAY, act=act.number)
    assert -balances(fund.book, ["3010"], TODAY)["3010"] == pounds("100000.00")
    move_in(fund, income=18_000_01, totals=_penny_more())
    (held,) = capital_holdings(fund.book, investor_by_code("NRB"), FIRST_DAY, TODAY)
    assert held.account.closing == pounds("65000.01")
    assert held.earned.rate is not None
    assert list(capital_stands_at_its_acts(fund.book)) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"undrawn": 20_000_01, "totals": {"undrawn": 45_000_01}},
            "Holdings, row 2: NRB in SENIOR has a commitment of £120,000.00, and drawn + undrawn − cancelled + "
            "recallable make £120,000.01, a difference of £0.01.",
        ),
        (
            {"drop_flow": 1},
            "Holdings, row 2: NRB in SENIOR has £100,000.00 paid in, and its lines in History come to £60,000.00, a "
            "difference of £40,000.00.",
        ),
        (
            {"totals": {"paid in": 130_000_01}},
            "Control totals: “paid in” says £130,000.01, and the rows make £130,000.00, a difference of £0.01.",
        ),
        (
            {"totals": {"surplus left": 5_000_01}},
            "Control totals: “surplus left” says £5,000.01, and the rows make £5,000.00, a difference of £0.01.",
        ),
        ({"totals": {"holders": 3}}, "“holders” says 3, and the rows make 2, a difference of 1."),
        ({"income": 24_000_01}, "£1,000.00 more than the £100,000.00 that stand on 3010"),
        ({"losses": 70_000_00}, "the capital account of NRB in SENIOR would stand £4,000.00 below nought"),
        ({"drawn": 64_999_99}, "has £64,999.99 drawn, and what was paid in and returned allows from £65,000.00"),
        (
            {"called": 30_000_01, "called_due": "2026-04-10", "totals": {"called": 30_000_01}},
            "NRB in SENIOR has £30,000.01 called and unpaid, £0.01 more than the £30,000.00 that could be called.",
        ),
        (
            {"called": 500_00, "totals": {"called": 500_00}},
            "NRB in SENIOR has £500.00 called and unpaid, and no day on which it is due. Give both, or neither.",
        ),
        (
            {"called_due": "2026-04-10"},
            "has £0.00 called and unpaid, and 10 April 2026 as the day on which it is due. Give both, or neither.",
        ),
        ({"cancelled": 30_000_01}, "NRB in SENIOR has £30,000.01 cancelled, more than the £30,000.00"),
    ],
)
def test_each_difference_is_named_with_its_row_and_figure(fund: ClassFund, given: dict[str, Any], says: str) -> None:
    if says.startswith("£1,000.00 more"):
        given = {"income": 24_000_00}
    message = refused(fund, **given)
    assert says in message
    assert message.endswith("Nothing was changed.")
    assert capital_register(fund.book).holders == []


def test_rows_that_cannot_be_read_are_named_all_at_once() -> None:
    found = sheets()
    found["Holdings"][1][1][3] = "ninety"
    found["History"][2][1][2] = "01/04/2023"
    with pytest.raises(HoldingsDoNotTie) as refusal:
        read_moved_in(found, "GBP")
    assert "Holdings, row 2: “drawn” says 'ninety'" in str(refusal.value)
    assert "History, row 3: “on” says '01/04/2023'" in str(refusal.value)


def test_who_moved_in_is_equalised_without_interest_and_told_why_not_with_it(db: None) -> None:
    """£120,000.00 of £170,000.00 is drawn; on which days, nobody said."""
    fund = make_class_fund(today=FIRST_DAY)
    fund.moves("1010/MAIN", "3010", SURPLUS, FIRST_DAY)
    fund.act(ActKind.MOVED_IN, FIRST_DAY, **asked())
    fund.holds("OAK", 5_294_12, FIRST_DAY)
    with pytest.raises(CapitalActRefused, match=r"£120,000\.00 of what is drawn of Senior moved in with holdings"):
        fund.propose(ActKind.EQUALISATION, FIRST_DAY, fund_class="SENIOR", rate="0.05")
    fund.act(ActKind.EQUALISATION, FIRST_DAY, fund_class="SENIOR", rate="0")
    known = capital_register(fund.book)
    drawn = [str(known.commitment(("SENIOR", code)).drawn.amount) for code in ("NRB", "OAK")]
    assert drawn == ["84705.88", "35294.12"]
