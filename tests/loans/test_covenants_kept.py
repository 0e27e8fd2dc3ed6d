"""Is a covenant agreed once, followed by the accounts, and a breach let pass by two people alone?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger.domain.errors import SameTwoEyes
from ledger.services import approve
from loans.covenants import covenants_of, needed_figures, needing_somebody
from loans.domain.covenants import CovenantKind, CovenantStatus
from loans.domain.errors import CovenantRefused, FundingRefused, WaiverRefused
from loans.domain.project import FundingStatus, Part, project
from loans.models import Loan, ProjectFunding, WaiverDecision
from loans.services import approve_waiver, decline_waiver, end_covenant
from tests.builders import pounds
from tests.loans.builders import TODAY, Fund, make_fund, make_loan
from tests.loans.covenanted import TESTED_ON, give_cash, make_covenant, make_funding, make_waiver, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Fund:
    """The fund of every test."""
    return make_fund()


@pytest.fixture
def loan(fund: Fund) -> Loan:
    """A loan that Tom approved."""
    return make_loan(fund)


def test_a_loan_follows_its_accounts_from_overdue_to_near_to_broken(fund: Fund, loan: Loan) -> None:
    make_covenant(loan, by=fund.tom)
    assert standing(loan).now.test.status is CovenantStatus.OVERDUE  # type: ignore[union-attr]
    first = give_cash(loan, "5200.00", by=fund.priya)
    near = standing(loan)
    assert near.now is not None
    assert (near.now.test.status, near.now.value, near.now.headroom) == (
        "near_breach",
        Decimal("5200.00"),
        Decimal(200),
    )
    give_cash(loan, "4900.00", by=fund.priya, replaces=first, reason="A cheque bounced")
    assert [one.now.test.status for one in needing_somebody(fund.book, TODAY) if one.now] == ["breach"]
    assert [line.value for line in needed_figures(loan.organisation)] == ["cash"]


def test_a_breach_is_let_pass_by_two_people_at_the_value_they_saw(fund: Fund, loan: Loan) -> None:
    covenant = make_covenant(loan, by=fund.tom)
    given = give_cash(loan, "4900.00", by=fund.priya)
    proposal = make_waiver(covenant, by=fund.priya)
    shown = {"proposal": proposal, "shown_sha256": proposal.content_sha256, "on": TODAY}
    with pytest.raises(SameTwoEyes):
        approve_waiver(**shown, by=fund.priya)
    with pytest.raises(WaiverRefused, match="not the waiver that you were shown"):
        approve_waiver(**shown | {"shown_sha256": "0" * 64}, by=fund.tom)
    approve_waiver(**shown, by=fund.tom, reason="Agreed")
    assert standing(loan).now.waiver == proposal  # type: ignore[union-attr]
    assert needing_somebody(fund.book, TODAY) == []
    with pytest.raises(WaiverRefused, match="decided on this waiver already"):
        approve_waiver(**shown, by=fund.tom)
    give_cash(loan, "4800.00", by=fund.priya, replaces=given, reason="A cheque bounced")
    assert len(needing_somebody(fund.book, TODAY)) == 1, "restated figures bring the breach back"


def test_figures_restated_meanwhile_void_a_proposal(fund: Fund, loan: Loan) -> None:
    covenant = make_covenant(loan, by=fund.tom)
    given = give_cash(loan, "4900.00", by=fund.priya)
    proposal = make_waiver(covenant, by=fund.priya)
    give_cash(loan, "100.00", by=fund.priya, replaces=given, reason="A slip")
    shown = {"proposal": proposal, "shown_sha256": proposal.content_sha256, "on": TODAY, "by": fund.tom}
    with pytest.raises(WaiverRefused, match="were restated since"):
        approve_waiver(**shown)
    decline_waiver(**shown, reason="Propose it anew")
    make_waiver(covenant, by=fund.priya)


def test_nobody_ends_a_covenant_to_be_rid_of_its_breach(fund: Fund, loan: Loan) -> None:
    covenant = make_covenant(loan, by=fund.tom)
    give_cash(loan, "4900.00", by=fund.priya)
    ending = {"covenant": covenant, "ends_on": TODAY, "reason": "Repaid a half", "on": TODAY, "by": fund.tom}
    with pytest.raises(CovenantRefused, match="Let two people waive that breach first"):
        end_covenant(**ending)
    proposal = make_waiver(covenant, by=fund.priya)
    approve_waiver(proposal=proposal, shown_sha256=proposal.content_sha256, on=TODAY, by=fund.tom)
    end_covenant(**ending)
    with pytest.raises(CovenantRefused, match="has ended already"):
        end_covenant(**ending)
    make_covenant(loan, by=fund.tom, threshold=Decimal(2500))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"threshold": Decimal(-1)}, "threshold"),
        ({"threshold": Decimal("NaN")}, "threshold"),
        ({"threshold": Decimal("0.001")}, "threshold"),
        ({"kind": CovenantKind.GEARING, "threshold": Decimal(60)}, "threshold"),
        ({"first_test_on": date(2026, 9, 29)}, "first_test_on"),
        ({"first_test_on": date(2025, 3, 31)}, "first_test_on"),
        ({"every_months": 0}, "every_months"),
        ({"kind": CovenantKind.MINIMUM_INCOME, "over_months": 25}, "over_months"),
        ({"near_margin": Decimal(1)}, "near_margin"),
    ],
)
def test_a_covenant_without_sense_is_refused_by_its_field(
    fund: Fund, loan: Loan, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(CovenantRefused) as refused:
        make_covenant(loan, by=fund.tom, **changes)
    assert refused.value.field == field


def test_the_database_takes_no_approval_of_something_else(fund: Fund, loan: Loan) -> None:
    covenant = make_covenant(loan, by=fund.tom)
    give_cash(loan, "4900.00", by=fund.priya)
    proposal = make_waiver(covenant, by=fund.priya)
    other = approve(
        subject="harbour-hills/else",
        content_sha256=proposal.content_sha256,
        made_by=fund.priya,
        made_at=proposal.proposed_at,
        checked_by=fund.tom,
    )
    with pytest.raises(Error, match="not one of what its maker proposed"), transaction.atomic():
        WaiverDecision.objects.create(
            proposal=proposal,
            content_sha256=proposal.content_sha256,
            decided_on=TODAY,
            approval=other,
            decided_by=fund.tom,
        )
    with pytest.raises(Error), transaction.atomic():
        covenant.delete()


def test_many_loans_cost_as_many_queries_as_one(fund: Fund, loan: Loan) -> None:
    others = [make_loan(fund, shop=f"90{number}1") for number in range(2)]
    for one in (loan, *others):
        make_covenant(one, by=fund.tom)
        give_cash(one, "4900.00", by=fund.priya)
        make_waiver(one.covenants.get(), by=fund.priya)
    counts = []
    for found in ([loan], [loan, *others]):
        with CaptureQueriesContext(connection) as asked:
            covenants_of(found, TODAY)
        counts.append(len(asked))
    assert counts == [3, 3]
    assert TESTED_ON < TODAY


def test_a_projects_funding_is_followed_and_never_edited(fund: Fund, loan: Loan) -> None:
    applied = make_funding(loan, by=fund.priya, status=FundingStatus.APPLIED)
    agreed = make_funding(loan, by=fund.priya, amount=pounds("10000.00"), replaces=applied)
    make_funding(loan, by=fund.priya, funder="Members", status=FundingStatus.WITHDRAWN)
    rows = ProjectFunding.objects.filter(loan=loan, replaced_by=None)
    whole = project(pounds("35000.00"), [Part(row.money, FundingStatus(row.status)) for row in rows])
    assert (whole.total, whole.secured, whole.loan_share.denominator) == (pounds("45000.00"), pounds("10000.00"), 9)
    for changes, says in (
        ({"replaces": applied}, "changed by somebody else"),
        ({"replaces": agreed, "status": FundingStatus.APPLIED}, "does not lead to applied"),
        ({"replaces": agreed, "status_on": date(2025, 3, 1)}, "cannot be of 1 March 2025"),
        ({"amount": pounds("0.00")}, "no amount above nought"),
        ({"funder": " "}, "who the funder is"),
        ({"status_on": date(2026, 12, 1)}, "recorded on that day"),
    ):
        with pytest.raises(FundingRefused, match=says):
            make_funding(loan, by=fund.priya, **changes)  # type: ignore[arg-type]
