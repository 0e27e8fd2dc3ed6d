"""Holdings that move between investors, and a later close: nothing of the class or the fund changes by them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from investors.checks import CHECKS
from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind
from investors.domain.capital_holding import earned
from investors.domain.errors import AboveCash, CapitalActRefused, InvestorError, TransferRefused
from investors.models import CapitalAct
from investors.queries import capital_register, cash_due, investor_by_code
from ledger.domain.money import to_minor
from tests.builders import pounds
from tests.investors.forged_acts import approve_past_the_services, forged
from tests.investors.fund_in_classes import TODAY, ClassFund, make_class_fund

pytestmark = pytest.mark.django_db

SIGNED, PAID, QUARTER, NEXT = date(2025, 3, 20), date(2025, 4, 1), date(2025, 6, 30), date(2025, 9, 30)
NRB, OAK, TST = ("SENIOR", "NRB"), ("SENIOR", "OAK"), ("SENIOR", "TST")


@pytest.fixture
def fund() -> ClassFund:
    """Senior capital of £60,000 and £30,000, of which £45,000 is drawn and £9,000 came back and may be called again;
    the first quarter is shared, and its income is not paid out."""
    fund = make_class_fund()
    for holder, minor in ((NRB, 60_000_00), (OAK, 30_000_00)):
        fund.commit(*holder, minor, SIGNED)
    fund.call(["SENIOR"], 45_000_00, SIGNED, PAID)
    for holder, minor in ((NRB, 30_000_00), (OAK, 15_000_00)):
        fund.pays(*holder, minor, PAID)
    fund.act(ActKind.DISTRIBUTION, PAID, capital={"SENIOR": 9_000_00}, recallable=True)
    fund.earns(300_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    return fund


def sells(minor: int, **more: Any) -> dict[str, Any]:
    """NRB transfers a part of its commitment to TST."""
    return {"fund_class": "SENIOR", "seller": "NRB", "buyer": "TST", "minor": minor} | more


def of_class(fund: ClassFund) -> list[object]:
    """All that is told of the class, which no transfer changes."""
    known = capital_register(fund.book)
    natures = [sum((known.balance(one, kinds=[kind]) for one in known.holders), known.nought) for kind in CapitalKind]
    return [known.commitment_of_class("SENIOR"), *natures]


def findings(fund: ClassFund) -> list[object]:
    """What the checks of the investor side find."""
    return [finding for check in CHECKS for finding in check(fund.book)]


def test_everything_moves_in_proportion_and_the_class_stays_as_it_was(fund: ClassFund) -> None:
    before = of_class(fund)
    act = fund.act(ActKind.TRANSFER, QUARTER, **sells(20_000_00, price=7_500_00))
    assert of_class(fund) == before
    whys = {line.why.partition(" transfers ")[0] for line in act.lines.all()}
    assert whys == {investor_by_code("NRB").name}, "investors read it"
    known = capital_register(fund.book)
    moved, stays = known.commitment(TST), known.commitment(NRB)
    figures = [str(one.amount) for one in (moved.amount, moved.drawn, moved.undrawn, moved.recallable)]
    assert figures == ["20000.00", "8000.00", "10000.00", "2000.00"]
    assert (stays.amount, stays.drawn) == (pounds("40000.00"), pounds("16000.00"))
    multiples = earned(known.movements(TST), known.nought, TODAY).multiples
    assert (multiples.paid_in, multiples.distributed) == (pounds("10000.00"), pounds("2000.00"))
    assert multiples.net_asset_value == known.balance(TST) == pounds("8066.67")
    assert (act.figures["share"], act.figures["price"], act.figures["capital"]) == ("1/3", 7_500_00, 8_066_67)
    account = known.account(NRB, PAID, TODAY)
    assert account.total(CapitalKind.TRANSFER) == pounds("-8066.67")
    assert findings(fund) == []
    assert cash_due(investor_by_code("TST"), fund.book, TODAY) == pounds("0.00"), "the price is theirs"


def test_income_that_was_not_paid_is_paid_to_who_took_it_over_and_later_days_are_its_own(fund: ClassFund) -> None:
    fund.act(ActKind.TRANSFER, QUARTER, **sells(60_000_00))
    fund.earns(300_00, NEXT)
    fund.act(ActKind.RESULT, NEXT)
    fund.act(ActKind.DISTRIBUTION, NEXT)
    paid = {code: cash_due(investor_by_code(code), fund.book, NEXT) for code in ("NRB", "TST", "OAK")}
    assert paid["NRB"] == pounds("6000.00"), "what came back before the transfer stays paid to the seller"
    assert paid["TST"] == pounds("400.00"), "two thirds of both quarters"
    assert findings(fund) == []


def test_a_transfer_is_taken_back_as_one(fund: ClassFund) -> None:
    before = {one: capital_register(fund.book).balance(one) for one in (NRB, OAK)}
    act = fund.act(ActKind.TRANSFER, QUARTER, **sells(20_000_00))
    with pytest.raises(CapitalActRefused, match=f"{act} came after"):
        fund.propose(ActKind.REVERSAL, QUARTER, act=act.number - 1)
    fund.act(ActKind.REVERSAL, QUARTER, act=act.number)
    known = capital_register(fund.book)
    assert {one: known.balance(one) for one in (NRB, OAK)} == before
    assert (known.commitment(TST).amount, known.balance(TST)) == (pounds("0.00"), pounds("0.00"))
    assert findings(fund) == []


LATER = "first holds on 20 March 2025"
REFUSED: dict[str, tuple[date, dict[str, Any], str]] = {
    "above what the seller holds": (QUARTER, sells(60_000_01), r"£0\.01 more than the £60,000\.00 that it holds"),
    "before the seller held it": (date(2025, 3, 19), sells(1_00), rf"£1\.00 more than the £0\.00 .* {LATER}"),
    "to itself": (QUARTER, sells(1_00, buyer="NRB"), "to itself"),
    "to nobody": (QUARTER, sells(1_00, buyer="NEW"), "No investor is registered under NEW"),
    "on days that are not shared": (NEXT, sells(1_00), "shared up to 30 June 2025, before it"),
    "before the last sharing": (date(2025, 5, 31), sells(1_00), "shared through 30 June 2025 already"),
}


@pytest.mark.parametrize(("on", "asked", "figure"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_transferred_is_refused(fund: ClassFund, on: date, asked: dict[str, Any], figure: str) -> None:
    before = CapitalAct.objects.count()
    with pytest.raises(TransferRefused, match=figure) as told:
        fund.propose(ActKind.TRANSFER, on, **asked)
    assert "nothing was changed" in str(told.value).lower()
    assert CapitalAct.objects.count() == before


def test_an_open_call_and_a_later_distribution_stand_against_a_transfer(fund: ClassFund) -> None:
    call = fund.call(["SENIOR"], 3_000_00, QUARTER, QUARTER)
    with pytest.raises(TransferRefused, match=r"£2,000\.00 of the commitment of NRB to Senior is called"):
        fund.propose(ActKind.TRANSFER, QUARTER, **sells(1_00))
    fund.act(ActKind.REVERSAL, QUARTER, act=call.number)
    fund.act(ActKind.DISTRIBUTION, NEXT)
    with pytest.raises(TransferRefused, match="on 30 September 2025 cash was distributed"):
        fund.propose(ActKind.TRANSFER, QUARTER, **sells(1_00))


def joins(fund: ClassFund, minor: int, held: int) -> None:
    """TST commits to the class at a later close, and its money comes."""
    fund.commit(*TST, minor, QUARTER)
    if held:
        fund.holds("TST", held, QUARTER)


def test_who_joins_later_pays_its_share_with_interest_to_those_who_were_there(fund: ClassFund) -> None:
    """£45,000 was drawn and £9,000 came back on the same day: £36,000 for 90 days, half of it TST's."""
    joins(fund, 90_000_00, 20_000_00)
    before = {code: cash_due(investor_by_code(code), fund.book, QUARTER) for code in ("NRB", "OAK")}
    act = fund.act(ActKind.EQUALISATION, QUARTER, fund_class="SENIOR", rate="0.05")
    known = capital_register(fund.book)
    drawn = {one[1]: to_minor(known.commitment(one).drawn.amount, "GBP") for one in (NRB, OAK, TST)}
    assert drawn == {"NRB": 12_000_00, "OAK": 6_000_00, "TST": 18_000_00}
    assert known.balance(TST) == pounds("18000.00")
    assert known.commitment(NRB).recallable == pounds("18000.00")
    got = {code: cash_due(investor_by_code(code), fund.book, QUARTER) - before[code] for code in before}
    assert got == {"NRB": pounds("12147.95"), "OAK": pounds("6073.97")}, "capital, and £221.92 of interest"
    assert cash_due(investor_by_code("TST"), fund.book, QUARTER) == pounds("1778.08")
    assert sum(line.amount for line in act.lines.filter(effect="catch-up-paid")) == 221_92
    assert findings(fund) == []
    fund.act(ActKind.REVERSAL, QUARTER, act=act.number)
    assert capital_register(fund.book).balance(TST) == pounds("0.00")


def test_a_later_close_is_refused_with_the_figure(fund: ClassFund) -> None:
    refused: list[tuple[type[InvestorError], str, str]] = [
        (CapitalActRefused, "0.05", r"paid its share of the £36,000\.00"),
        (CapitalActRefused, "1", r"Interest of 100\.00% a year"),
    ]
    for refusal, rate, figure in refused:
        with pytest.raises(refusal, match=figure):
            fund.propose(ActKind.EQUALISATION, QUARTER, fund_class="SENIOR", rate=rate)
    joins(fund, 90_000_00, 18_000_00)
    with pytest.raises(AboveCash, match=r"pay £18,221\.92, £221\.92 more than the £18,000\.00"):
        fund.propose(ActKind.EQUALISATION, QUARTER, fund_class="SENIOR", rate="0.05")


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ('"moved-paid-in",-1000000,', '"moved-paid-in",-1000001,', "sums to -1 minor units instead of nought"),
        ("1000000,0,", "10000000,0,", "a commitment of which its investor holds 6000000 on 2025-06-30"),
    ],
    ids=["uneven", "more than is held"],
)
def test_the_database_refuses_too(fund: ClassFund, old: str, new: str, refusal: str) -> None:
    act = forged(fund.propose(ActKind.TRANSFER, QUARTER, **sells(20_000_00)), old, new)
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        approve_past_the_services(act, fund)
