"""Terms of lenders that a loan cannot keep are refused with the figure; the others are said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from investors.domain.errors import TermsBeyondTheLoan
from investors.domain.participation import Participation, SharingRule
from investors.queries import holdings_in
from investors.services import set_participations
from tests.investors.shared_loan import DRAWN_ON, PARTS, SharedLoan, approve_netherby

BANK, TRUST, GRANT = PARTS
"""£21,000.00, £10,500.00 and £3,500.00 of £35,000.00 at 6%, in sixty instalments from 1 June 2025 to 1 May 2030."""


@pytest.fixture
def netherby(db: None) -> SharedLoan:
    return approve_netherby()


def share(netherby: SharedLoan, *parts: Participation) -> None:
    loan, by = netherby.loan, netherby.tom
    set_participations(loan=loan, effective_on=DRAWN_ON, participations=parts, rule=SharingRule.RANKED, by=by)


def on_own_terms(
    part: Participation, rate: str | None = None, fee: str = "0", principal_from: date | None = None
) -> Participation:
    own = Decimal(rate) if rate else None
    return replace(part, annual_rate=own, servicing_fee=Decimal(fee), principal_from=principal_from)


LATE, SOON = date(2030, 5, 2), date(2029, 6, 1)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (
            (BANK, on_own_terms(TRUST, "0.10"), GRANT),
            "come to £420.00 a year more than the £2,100.00 that L-0001 earns at 6%",
        ),
        ((on_own_terms(BANK, "0.05"), on_own_terms(TRUST, "0.08"), GRANT), None),
        (
            (on_own_terms(BANK, "0.05"), on_own_terms(TRUST, "0.080001"), GRANT),
            "come to £0.01 a year more than the £2,100.00",
        ),
        ((BANK, on_own_terms(TRUST, "0.07", "0.01"), GRANT), None),
        (
            (BANK, on_own_terms(TRUST, principal_from=LATE), GRANT),
            "TST takes no principal before 2 May 2030, and the last instalment of L-0001 falls due on 1 May 2030",
        ),
        (
            [on_own_terms(part, principal_from=day) for part, day in zip(PARTS, (SOON, SOON, LATE), strict=True)],
            "LOT takes no principal before 2 May 2030",
        ),
        (
            [on_own_terms(part, principal_from=SOON) for part in PARTS],
            "falls due on 2 June 2025, and no lender takes any before 1 June 2029",
        ),
        ((BANK, on_own_terms(TRUST, principal_from=SOON), on_own_terms(GRANT, principal_from=SOON)), None),
    ],
)
def test_what_the_loan_cannot_keep_is_refused(netherby: SharedLoan, parts, says: str | None) -> None:
    if says is None:
        share(netherby, *parts)
    else:
        with pytest.raises(TermsBeyondTheLoan, match=says):
            share(netherby, *parts)
    assert netherby.loan.participation_sets.exists() is (says is None)


def test_a_holding_says_what_its_lender_has_agreed(netherby: SharedLoan) -> None:
    share(netherby, BANK, on_own_terms(TRUST, "0.07", "0.01", SOON), GRANT)
    found = {one.investor.code: (one.rule, one.own_terms) for one in holdings_in(netherby.loan, DRAWN_ON)}
    assert found == {
        "NRB": (SharingRule.RANKED, ""),
        "TST": (
            SharingRule.RANKED,
            "7% a year of its own; servicing fee 1% a year; no principal before 1 June 2029",
        ),
        "LOT": (SharingRule.RANKED, ""),
    }
