"""The fund's deed: its classes and their terms, the order of payment and the management fee, by two people alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from investors.domain.capital_act import ActKind
from investors.domain.errors import (
    CapitalActRefused,
    CircularClaim,
    ImpossibleClass,
    ImpossibleFee,
    ImpossibleWaterfall,
)
from investors.domain.fund_class import FundClass as Terms
from investors.domain.management_fee import FeeBase, FeeTerms, ManagementFee
from investors.models import CapitalAct, CapitalDecision, FundClass
from investors.queries import class_terms, fee_agreement
from investors.services import approve_act, decline_act
from ledger.domain.errors import SameTwoEyes
from tests.builders import make_book
from tests.investors.forged_acts import approve_past_the_services, forged
from tests.investors.fund_in_classes import ClassFund, make_class_fund

pytestmark = pytest.mark.django_db

BEGUN, QUARTER, NEXT = date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 1)
USUAL = ["fees", "income:1", "capital:1", "income:2", "capital:2", "reserve", "income:3", "capital:3"]


@pytest.fixture
def fund() -> ClassFund:
    """Senior, mezzanine and first-loss capital, paid in, and £600.00 of income that is shared."""
    fund = make_class_fund()
    for code, investor, minor in (("SENIOR", "NRB", 40_000_00), ("MEZZ", "TST", 7_500_00), ("FIRST", "LOT", 2_500_00)):
        fund.commit(code, investor, minor, BEGUN)
        fund.call([code], minor, BEGUN, BEGUN)
        fund.pays(code, investor, minor, BEGUN)
    fund.earns(600_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    return fund


def order(*claims: str, **share: str) -> dict[str, Any]:
    """An order of claims; the reserve may be a share."""
    return {"steps": [{"claim": one, **(share if one == "reserve" else {})} for one in claims]}


def paid(act: CapitalAct) -> dict[str, int]:
    """What each step was paid."""
    return {one["code"]: one["paid"] for one in act.figures["steps"]}


def test_a_run_keeps_the_version_of_the_order_that_it_used(fund: ClassFund) -> None:
    first = fund.act(ActKind.DISTRIBUTION, QUARTER, most=400_00)
    assert [one["code"] for one in first.figures["steps"]] == USUAL
    assert first.figures["waterfall"] == "Distribution, version 1"
    turned = ["fees", "income:3", "capital:3", *USUAL[1:6]]
    fund.act(ActKind.DEED, NEXT, "The deed of July", **order(*turned))
    second = fund.act(ActKind.DISTRIBUTION, NEXT, most=60_00)
    assert second.figures["waterfall"] == "Distribution, version 2"
    assert (paid(second)["income:3"], paid(second)["income:2"]) == (51_51, 8_49)
    assert CapitalAct.objects.get(pk=first.pk).content == first.content


def test_the_reserve_may_have_a_share_of_what_is_paid_before_it(fund: ClassFund) -> None:
    shares = ["fees", "income:1", "reserve", *[one for one in USUAL[2:] if one != "reserve"]]
    fund.act(ActKind.DEED, QUARTER, **order(*shares, of="income:1", rate="0.1"))
    with pytest.raises(CapitalActRefused, match="by a share of what is paid"):
        fund.propose(ActKind.DISTRIBUTION, QUARTER, reserve=1_00)
    run = fund.act(ActKind.DISTRIBUTION, QUARTER)
    assert (paid(run)["income:1"], paid(run)["reserve"], run.figures["reserve"]) == (398_90, 39_89, 39_89)


REFUSED: dict[str, tuple[type[ImpossibleWaterfall], dict[str, Any], str]] = {
    "circular": (
        CircularClaim,
        order("fees", "reserve", *USUAL[1:5], *USUAL[6:], of="income:2", rate="0.1"),
        "reserve",
    ),
    "incomplete": (ImpossibleWaterfall, order(*USUAL[:-2]), "leaves out income of First loss, capital of First loss"),
    "twice": (ImpossibleWaterfall, order(*USUAL, "income:1"), "income:1 stands twice"),
    "of no class": (ImpossibleWaterfall, order(*USUAL, "income:9"), "no claim income:9"),
}


@pytest.mark.parametrize(("refusal", "asked", "words"), REFUSED.values(), ids=REFUSED)
def test_an_order_that_cannot_be_is_refused(
    fund: ClassFund, refusal: type[ImpossibleWaterfall], asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(refusal, match=words) as told:
        fund.propose(ActKind.DEED, QUARTER, **asked)
    assert "nothing was changed" in str(told.value).lower()


def test_terms_of_a_class_change_from_the_first_day_that_is_not_shared(fund: ClassFund) -> None:
    asked = {"fund_class": "MEZZ", "rank": 2, "target_return": "0.05", "return_cap": None, "unpaid": "lapses"}
    asked |= {"takes_rest": False}
    with pytest.raises(CapitalActRefused, match="is shared through 30 June 2025"):
        fund.propose(ActKind.TERMS, QUARTER, **asked)
    with pytest.raises(ImpossibleClass):
        fund.propose(ActKind.TERMS, NEXT, **(asked | {"return_cap": "0.04"}))
    act = fund.act(ActKind.TERMS, NEXT, **asked)
    assert (class_terms(fund.book, QUARTER)["MEZZ"].terms, class_terms(fund.book)["MEZZ"].terms) == (
        "6.00% a year, capped at 8.00%",
        "5.00% a year",
    )
    with pytest.raises(CapitalActRefused, match="has these terms already"):
        fund.propose(ActKind.TERMS, NEXT, **asked)
    fund.earns(1_000_00, date(2025, 9, 30))
    shared = fund.act(ActKind.RESULT, date(2025, 9, 30))
    by_class = {one["code"]: one["income"] for one in shared.figures["classes"]}
    assert by_class["MEZZ"] == 94_52, "£7,500.00 × 5% × 92 ÷ 365, and no cap to go up to"
    with pytest.raises(CapitalActRefused, match="rests on it"):
        fund.propose(ActKind.REVERSAL, date(2025, 9, 30), act=act.number)


def test_the_database_refuses_a_circular_order(fund: ClassFund) -> None:
    act = fund.propose(ActKind.DEED, QUARTER, **order(*USUAL))
    act = forged(act, '{"claim":"fees"}', '{"claim":"fees","of":"income:2"}')
    with pytest.raises(DatabaseError, match="orders fees twice, or as a share"), transaction.atomic():
        approve_past_the_services(act, fund)


GOLD = Terms("GOLD", "Gold", 1, Decimal("0.035"), Decimal("0.05"))


def test_a_class_is_there_only_once_two_people_agreed_and_from_its_day_on(fund: ClassFund) -> None:
    holder = {"fund_class": "GOLD", "investor": "NRB", "minor": 100_00}
    act = fund.propose(ActKind.CLASS, NEXT, **GOLD.asked())
    assert "GOLD" not in class_terms(fund.book)
    with pytest.raises(SameTwoEyes):
        approve_act(act=act, shown_sha256=act.content_sha256, by=fund.tom)
    with pytest.raises(CapitalActRefused, match="waits for a decision"):
        fund.propose(ActKind.CLASS, NEXT, **Terms("SILVER", "Silver", 4).asked())
    approve_act(act=act, shown_sha256=act.content_sha256, by=fund.priya)
    assert class_terms(fund.book)["GOLD"] == GOLD
    assert FundClass.objects.get(book=fund.book, code="GOLD").act == act
    assert list(class_terms(fund.book)) == ["GOLD", "SENIOR", "MEZZ", "FIRST"]
    with pytest.raises(CapitalActRefused, match="has no class GOLD on 30 June 2025"):
        fund.propose(ActKind.COMMITMENT, QUARTER, **holder)
    fund.act(ActKind.COMMITMENT, NEXT, **holder)
    for asked in (GOLD.asked(), GOLD.asked() | {"name": "More gold"}):
        with pytest.raises(ImpossibleClass, match=r"has a class GOLD already: Gold, rank 1, 3\.50% a year, capped"):
            fund.propose(ActKind.CLASS, NEXT, **asked)
    with pytest.raises(ImpossibleClass, match=r"holds U\+202E \(RIGHT-TO-LEFT OVERRIDE\), which nobody sees"):
        replace(GOLD, code="NEW", name="Go\u202eld")
    with pytest.raises(ImpossibleClass, match="rank 0"):
        fund.propose(ActKind.CLASS, NEXT, **(GOLD.asked() | {"code": "TIN", "rank": 0}))
    with pytest.raises(CapitalActRefused, match="a class stays"):
        fund.propose(ActKind.REVERSAL, NEXT, act=act.number)


def test_the_database_keeps_no_class_but_what_two_people_agreed_on(fund: ClassFund) -> None:
    """Not one that waits or was declined, nor another book's, nor other terms, nor under another act."""
    waits = fund.propose(ActKind.CLASS, NEXT, **GOLD.asked())
    row = {
        "book": fund.book,
        "code": "GOLD",
        "name": "Gold",
        "rank": 1,
        "target_return": GOLD.target_return,
        "return_cap": GOLD.return_cap,
        "unpaid": GOLD.unpaid,
        "act": waits,
    }

    def refuses(**other: Any) -> None:
        with pytest.raises(DatabaseError, match="GOLD is not what two people agreed on"), transaction.atomic():
            FundClass.objects.create(**(row | other))

    refuses()
    decline_act(act=waits, shown_sha256=waits.content_sha256, reason="Not in the deed", by=fund.priya)
    refuses()
    agreed = approve_past_the_services(fund.propose(ActKind.CLASS, NEXT, **GOLD.asked()), fund).act
    for other in (
        {"name": "Goldish"},
        {"rank": 2},
        {"target_return": Decimal("0.04")},
        {"return_cap": None},
        {"unpaid": "lapses"},
        {"takes_rest": True},
        {"book": make_book(code="other", name="Other")},
        {"act": fund.book.capital_acts.get(kind=ActKind.COMMITMENT, number=4)},
    ):
        refuses(**({"act": agreed} | other))
    assert FundClass.objects.create(**(row | {"act": agreed})).act == agreed


def test_the_database_makes_no_class_by_one_person(fund: ClassFund) -> None:
    act = fund.propose(ActKind.CLASS, NEXT, **GOLD.asked())
    with pytest.raises(DatabaseError, match="not approved by a second person"), transaction.atomic():
        CapitalDecision.objects.create(act=act, outcome="approved", decided_by=fund.tom)


def test_an_agreed_rate_is_said_as_it_was_agreed() -> None:
    """Two people agree on the sentence, and investors read it."""
    terms = Terms("GOLD", "Gold", 1, Decimal("0.041250"), Decimal("0.0625"))
    assert terms.terms == "4.125% a year, capped at 6.25%"


LAST_QUARTER = {"since": "2025-04-01", "until": "2025-06-30"}


def asked_fee(since: date, base: FeeBase = FeeBase.COMMITTED, rate: str = "0.01") -> dict[str, Any]:
    """What an act asks for that agrees a management fee."""
    return FeeTerms(since, base, Decimal(rate)).asked()


def test_a_management_fee_counts_only_once_two_people_agreed(fund: ClassFund) -> None:
    act = fund.propose(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN))
    assert act.figures == {"before": "nothing", "after": "1.00% a year of what is committed, from 1 April 2025 on"}
    assert fee_agreement(fund.book) is None
    with pytest.raises(CapitalActRefused, match="has agreed no management fee"):
        fund.propose(ActKind.FEE, QUARTER, **LAST_QUARTER)
    with pytest.raises(SameTwoEyes):
        approve_act(act=act, shown_sha256=act.content_sha256, by=fund.tom)
    decline_act(act=act, shown_sha256=act.content_sha256, reason="The deed says 2%", by=fund.priya)
    assert fee_agreement(fund.book) is None
    fund.act(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN, rate="0.02"))
    assert fee_agreement(fund.book) == ManagementFee((FeeTerms(BEGUN, FeeBase.COMMITTED, Decimal("0.02")),))


def test_a_step_down_is_agreed_ahead_and_charged_from_its_day(fund: ClassFund) -> None:
    """Agreed in June for a day that is to come, then another before it, which says until when it counts."""
    fund.act(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN))
    ahead = date(2027, 4, 1)
    assert ahead > fund.book.business_date
    step = fund.act(ActKind.FEE_TERMS, QUARTER, **asked_fee(ahead, FeeBase.DRAWN, "0.005"))
    assert step.figures["before"] == "1.00% a year of what is committed"
    between = fund.propose(ActKind.FEE_TERMS, QUARTER, **asked_fee(date(2026, 4, 1), FeeBase.NET_ASSET_VALUE))
    assert between.figures["after"] == (
        "1.00% a year of what capital accounts stand at, from 1 April 2026 to 31 March 2027"
    )
    decline_act(act=between, shown_sha256=between.content_sha256, reason="One step is enough", by=fund.priya)
    fund.act(ActKind.FEE, QUARTER, **LAST_QUARTER)
    fund.act(ActKind.REVERSAL, NEXT, act=step.number)
    first = FeeTerms(BEGUN, FeeBase.COMMITTED, Decimal("0.01"))
    assert fee_agreement(fund.book) == ManagementFee((first,)), "the fee that was charged is of days before it"
    fund.act(ActKind.FEE_TERMS, NEXT, **asked_fee(ahead, rate="0.004"))
    assert fee_agreement(fund.book) == ManagementFee((first, replace(first, effective_on=ahead, rate=Decimal("0.004"))))


def test_terms_of_days_that_are_charged_stay(fund: ClassFund) -> None:
    act = fund.act(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN))
    with pytest.raises(ImpossibleFee, match=r"From 1 April 2025 a fee of 1\.00% a year of what is committed is agreed"):
        fund.propose(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN, rate="0.02"))
    with pytest.raises(ImpossibleFee, match=r"fee of 100\.00% a year is not possible"):
        fund.propose(ActKind.FEE_TERMS, QUARTER, since="2025-05-01", base="drawn", rate="1")
    charged = fund.act(ActKind.FEE, QUARTER, **LAST_QUARTER)
    for kind, asked in (
        (ActKind.FEE_TERMS, asked_fee(QUARTER)),
        (ActKind.REVERSAL, {"act": act.number}),
    ):
        with pytest.raises(CapitalActRefused, match=f"{charged} charged the fee from 1 April 2025 to 30 June 2025"):
            fund.propose(kind, QUARTER, **asked)
    fund.act(ActKind.REVERSAL, QUARTER, act=charged.number)
    fund.act(ActKind.REVERSAL, QUARTER, act=act.number)
    assert fee_agreement(fund.book) is None


def test_a_charge_that_waits_is_not_approved_on_terms_that_came_since(fund: ClassFund) -> None:
    fund.act(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN))
    waits = fund.propose(ActKind.FEE, QUARTER, **LAST_QUARTER)
    fund.act(ActKind.FEE_TERMS, QUARTER, **asked_fee(date(2025, 6, 1), rate="0.005"))
    with pytest.raises(CapitalActRefused, match="has moved"):
        approve_act(act=waits, shown_sha256=waits.content_sha256, by=fund.priya)


def test_the_database_agrees_no_fee_by_one_person_nor_one_that_cannot_be(fund: ClassFund) -> None:
    act = fund.propose(ActKind.FEE_TERMS, QUARTER, **asked_fee(BEGUN))
    with pytest.raises(DatabaseError, match="not approved by a second person"), transaction.atomic():
        CapitalDecision.objects.create(act=act, outcome="approved", decided_by=fund.tom)
    for old, new in (
        ('"rate":"0.01"', '"rate":"1"'),
        ('"rate":"0.01"', '"rate":"-0.01"'),
        ('"rate":"0.01"', '"other":"0.01"'),
        ('"base":"committed"', '"base":"promised"'),
        ('"since":"2025-04-01"', '"until":"2025-04-01"'),
    ):
        with pytest.raises(DatabaseError, match="agrees no fee that can be"), transaction.atomic():
            approve_past_the_services(forged(act, old, new), fund)
    with transaction.atomic():
        approve_past_the_services(act, fund)
    with pytest.raises(DatabaseError, match="another stands from that day"), transaction.atomic():
        approve_past_the_services(forged(act, '"rate":"0.01"', '"rate":"0.02"'), fund)
