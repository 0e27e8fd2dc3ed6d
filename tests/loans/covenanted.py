"""Loans with covenants, and the accounts that keep to them or break them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from borrowers.models import Accounts
from commonweal.access.models import User
from loans.covenants import CovenantShown, covenants_of
from loans.domain.covenants import CovenantKind
from loans.domain.project import FundingKind, FundingStatus
from loans.models import Covenant, Loan, ProjectFunding, WaiverProposal
from loans.services import CovenantAsked, agree_covenant, propose_waiver, record_funding
from tests.borrowers.builders import accounts, figures
from tests.builders import pounds
from tests.loans.builders import TODAY

TESTED_ON = date(2026, 9, 30)


def make_covenant(loan: Loan, *, by: User, **changes: Any) -> Covenant:
    """At least £5,000.00 in cash at the end of each quarter, from September 2026 on."""
    given = {"kind": CovenantKind.MINIMUM_CASH, "threshold": Decimal(5000), "first_test_on": TESTED_ON} | changes
    return agree_covenant(loan=loan, asked=CovenantAsked(**given), on=TODAY, by=by, reason="As in the offer")


def give_cash(loan: Loan, cash: str, *, by: User, **changes: Any) -> Accounts:
    """The accounts of September 2026 with so much cash."""
    return accounts(loan.organisation, figures=figures(cash=cash), by=by, **changes)


def make_waiver(covenant: Covenant, *, by: User, reason: str = "The grant came in October") -> WaiverProposal:
    """A proposal to let the breach of September 2026 pass."""
    return propose_waiver(covenant=covenant, tested_on=TESTED_ON, reason=reason, on=TODAY, by=by)


def make_funding(loan: Loan, *, by: User, **changes: Any) -> ProjectFunding:
    """A grant of £15,000.00 that is agreed."""
    given: dict[str, Any] = {
        "funder": "Rural Shops Fund",
        "kind": FundingKind.GRANT,
        "amount": pounds("15000.00"),
        "status": FundingStatus.AGREED,
        "status_on": date(2025, 4, 1),
        "on": TODAY,
    }
    return record_funding(loan=loan, by=by, **given | changes)


def standing(loan: Loan, on: date = TODAY) -> CovenantShown:
    """The loan's first covenant as it stands."""
    return covenants_of([loan], on)[loan.pk][0]
