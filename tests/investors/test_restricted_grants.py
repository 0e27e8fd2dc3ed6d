"""Restricted grants: received for a purpose, applied only to that, and never below nought."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from investors.checks import CHECKS
from investors.domain.capital_act import ActKind
from investors.domain.errors import AboveCash, GrantRefused, InvestorError
from investors.domain.restricted_grant import Purpose
from investors.models import CapitalAct
from investors.queries import Why, changes_in_funds, free_cash, restricted_grants
from investors.services import register_investor
from ledger.queries import balances, fund_accounts
from ledger.queries.fund_accounts import Period
from loans.queries import loans
from tests.builders import pounds
from tests.investors.forged_acts import approve_past_the_services, forged
from tests.investors.fund_in_classes import NAMES, ClassFund
from tests.investors.test_class_statements import sealed, statement
from tests.loans.builders import make_drawn_loan, make_fund

pytestmark = pytest.mark.django_db

AGREED, CAME, USED = date(2025, 5, 2), date(2025, 5, 12), date(2025, 6, 30)
GRANTS = {"OPS": ("operating", 5_000_00), "LOSS": ("first-loss", 8_000_00), "PLUS": ("beside-the-loan", 3_000_00)}


@pytest.fixture
def fund() -> ClassFund:
    """A fund with a loan and a grant for each purpose. It had costs of £1,200.00, and lost £3,500.00 in the end."""
    lends = make_fund(today=date(2025, 9, 30))
    make_drawn_loan(lends)
    fund = ClassFund(lends.book, lends.tom, lends.priya)
    name, kind = NAMES["LOT"]
    register_investor(code="LOT", name=name, kind=kind)
    for code, (purpose, minor) in GRANTS.items():
        fund.act(ActKind.GRANT, AGREED, grant=code, funder="LOT", purpose=purpose, minor=minor)
    fund.holds("LOT", 14_000_00, CAME)
    for code in ("OPS", "LOSS"):
        fund.act(ActKind.GRANT_RECEIVED, CAME, grant=code, minor=GRANTS[code][1])
    fund.act(ActKind.GRANT_RECEIVED, CAME, grant="PLUS", minor=1_000_00)
    fund.moves("5030", "1010/MAIN", 1_200_00, USED)
    fund.loses(4_000_00, USED)
    fund.recovers(500_00, USED)
    return fund


def use(fund: ClassFund, code: str, minor: int, **more: Any) -> CapitalAct:
    """A grant is applied to what it was given for, unless another purpose is said."""
    asked = {"grant": code, "purpose": GRANTS[code][0], "minor": minor} | more
    return fund.act(ActKind.GRANT_APPLIED, USED, **asked)


def left(fund: ClassFund) -> dict[str, str]:
    """What is left of each grant."""
    return {code: str(one.balance().amount) for code, one in restricted_grants(fund.book).items()}


def test_each_grant_pays_for_its_own_purpose_and_stands_beside_the_fund(fund: ClassFund) -> None:
    free = free_cash(fund.book, USED)
    use(fund, "OPS", 1_200_00)
    use(fund, "LOSS", 3_500_00)
    loan = loans(fund.book).get().reference
    use(fund, "PLUS", 900_00, loan=loan)
    assert left(fund) == {"OPS": "3800.00", "LOSS": "4500.00", "PLUS": "100.00"}
    stands = balances(fund.book, ["4060", "4061", "4062", "5070", f"2160/{loan}", "3210/OPS"], USED)
    assert [str(one.amount) for one in stands.values()] == [
        "-1200.00",
        "-3500.00",
        "-900.00",
        "900.00",
        "-900.00",
        "-3800.00",
    ]
    assert free_cash(fund.book, USED) == free + pounds("4700.00"), "what was applied is the fund's to use"
    accounts = fund_accounts(fund.book, [Period(fund.book.opened_on, USED)])
    own, restricted = accounts.balance_sheet.sections[-2:]
    assert (own.name, restricted.name) == ("Fund", "Restricted funds")
    assert restricted.total.minor == (8_400_00,)
    assert accounts.balance_sheet.ties[0].minor[0] == own.total.minor[0] + restricted.total.minor[0]
    (lot,) = changes_in_funds(fund.book, AGREED, USED)
    assert (lot.changes[Why.GRANTED], lot.changes[Why.BETWEEN], lot.closing) == (-14_000_00, 0, 0)
    assert [finding for check in CHECKS for finding in check(fund.book)] == []


def test_what_was_applied_is_taken_back_and_what_was_received_only_while_it_is_left(fund: ClassFund) -> None:
    used = use(fund, "OPS", 1_200_00)
    received = CapitalAct.objects.get(book=fund.book, kind="grant-received", content__contains='"OPS"')
    with pytest.raises(GrantRefused, match=r"£1,200\.00 more than the £3,800\.00 that is left"):
        fund.propose(ActKind.REVERSAL, USED, act=received.number)
    with pytest.raises(GrantRefused, match=r"£5,000\.00 of OPS was received"):
        fund.propose(ActKind.REVERSAL, USED, act=1)
    fund.act(ActKind.REVERSAL, USED, act=used.number)
    fund.act(ActKind.REVERSAL, USED, act=received.number)
    assert left(fund)["OPS"] == "0.00"
    assert [finding for check in CHECKS for finding in check(fund.book)] == []


def test_the_statement_of_a_funder_calls_a_grant_a_grant(fund: ClassFund) -> None:
    told = statement(fund, sealed(fund), "LOT")
    given = next(line for line in told.cash.lines if line.words == "Given as a restricted grant")
    assert (given.amount, len(given.entries)) == (pounds("-14000.00"), 3)
    assert told.cash.closing == pounds("0.00")


REFUSED: dict[str, tuple[type[InvestorError], dict[str, Any], str]] = {
    "another purpose": (
        GrantRefused,
        {"grant": "OPS", "purpose": "first-loss", "minor": 1_00},
        r"£1\.00 of OPS is to be applied to first losses, and it was given for operating costs",
    ),
    "above its balance": (
        GrantRefused,
        {"grant": "PLUS", "purpose": "beside-the-loan", "minor": 1_000_01},
        r"£0\.01 more than the £1,000\.00 that is left",
    ),
    "above the costs": (
        GrantRefused,
        {"grant": "OPS", "purpose": "operating", "minor": 1_200_01},
        r"£0\.01 more than the £1,200\.00 of them that no grant has paid for",
    ),
    "above the losses": (
        GrantRefused,
        {"grant": "LOSS", "purpose": "first-loss", "minor": 3_500_01},
        r"£0\.01 more than the £3,500\.00",
    ),
    "beside no loan": (
        InvestorError,
        {"grant": "PLUS", "purpose": "beside-the-loan", "minor": 1_00, "loan": "L-9"},
        "no loan L-9",
    ),
    "of no grant": (GrantRefused, {"grant": "GOLD", "purpose": "operating", "minor": 1}, "has no grant GOLD"),
}


@pytest.mark.parametrize(("refusal", "asked", "figure"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(
    fund: ClassFund, refusal: type[InvestorError], asked: dict[str, Any], figure: str
) -> None:
    with pytest.raises(refusal, match=figure) as told:
        fund.propose(ActKind.GRANT_APPLIED, USED, **asked)
    assert "nothing was changed" in str(told.value).lower()


def test_no_more_is_received_than_was_promised_and_has_come(fund: ClassFund) -> None:
    with pytest.raises(GrantRefused, match=r"£0\.01 more than the £2,000\.00 that is left of the £3,000\.00 promised"):
        fund.propose(ActKind.GRANT_RECEIVED, USED, grant="PLUS", minor=2_000_01)
    with pytest.raises(AboveCash, match=r"£1\.00 more than the £0\.00 that is held for LOT"):
        fund.propose(ActKind.GRANT_RECEIVED, USED, grant="PLUS", minor=1_00)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        (
            '"purpose":"operating"',
            '"purpose":"first-loss"',
            "uses grant OPS for first-loss; it was given for op",
        ),
        ('"minor":120000', '"minor":500001', "takes grant OPS to 1 minor units below nought"),
    ],
    ids=["another purpose", "above its balance"],
)
def test_the_database_refuses_too(fund: ClassFund, old: str, new: str, refusal: str) -> None:
    act = fund.propose(ActKind.GRANT_APPLIED, USED, grant="OPS", purpose=Purpose.OPERATING.value, minor=1_200_00)
    act = forged(act, old, new)
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        approve_past_the_services(act, fund)
