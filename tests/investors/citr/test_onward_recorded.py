"""The onward test as the ledger and the marks on loans tell it: by day, with a guarantee, a write-off and a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from investors.domain.citr.findings import Outcome
from investors.domain.citr.kinds import InvestmentKind
from investors.domain.citr.limits import Accreditation
from investors.domain.citr.onward import Case
from investors.domain.errors import ImpossibleTaxRelief
from investors.queries import onward_test, raised_by_period
from investors.services import InvestmentTerms, mark_loan, record_accreditation, record_citr_investment
from loans.domain.guarantee import SchemeTerms
from loans.services import certify, enter_scheme
from tests.builders import pounds
from tests.investors.shared_loan import SharedLoan, approve_netherby

pytestmark = pytest.mark.django_db

RAISED_ON = date(2025, 1, 6)
TERMS = SchemeTerms(
    date(2025, 1, 1), None, Decimal("0.7"), Decimal("0.7"), pounds("25001.00"), pounds("2000000.00"), 72, 90
)


@pytest.fixture
def netherby() -> SharedLoan:
    """£200,000 is raised, and £35,000 lent in May."""
    netherby = approve_netherby()
    record_accreditation(
        book=netherby.book,
        kind=Accreditation.RETAIL,
        starts_on=date(2025, 1, 1),
        ends_on=date(2028, 1, 1),
        applied_for=pounds("80000.00"),
        reference="A-1",
        by=netherby.tom,
    )
    terms = InvestmentTerms(InvestmentKind.LOAN, pounds("200000.00"), RAISED_ON)
    record_citr_investment(book=netherby.book, investor=netherby.lenders["TST"], terms=terms, by=netherby.tom)
    netherby.share()
    netherby.draw()
    return netherby


def mark(netherby: SharedLoan, **more: Any) -> None:
    given: dict[str, Any] = {"on": date(2025, 5, 1), "case": Case.LISTED_AREA, "reason": "Ward E05001234 is listed"}
    mark_loan(loan=netherby.loan, by=netherby.tom, **(given | more))


def test_each_day_is_what_counts_of_what_was_raised(netherby: SharedLoan) -> None:
    assert not onward_test(netherby.book, date(2025, 6, 1)).counted, "nothing is marked"
    mark(netherby)
    found = onward_test(netherby.book, date(2026, 1, 6))
    assert found.starts_on == RAISED_ON
    shares = {day.on: day.share for day in found.days}
    assert shares[RAISED_ON] == 1, "in the first three months nothing needs to be lent on"
    assert shares[date(2025, 4, 6)] == 0
    assert shares[date(2025, 5, 1)] == Fraction(35, 200)
    first, _ = found.findings
    assert first.outcome is Outcome.FAILS
    assert "17.50% of the investment fund is in relevant investments on 6 January 2026; 25.00% is needed" in first.words


def test_a_guaranteed_loan_does_not_count_until_that_is_agreed(netherby: SharedLoan) -> None:
    scheme = enter_scheme(
        book=netherby.book, code="ggs", name="Growth guarantee", terms=TERMS, source="gov.uk", by=netherby.tom
    )
    certify(loan=netherby.loan, parameters=scheme, reference="G-1", on=date(2025, 5, 1), by=netherby.priya)
    mark(netherby)
    found = onward_test(netherby.book, date(2025, 6, 1))
    assert found.today is not None
    assert (found.today.relevant, found.warnings) == (
        pounds("0.00"),
        ("L-0001 is protected by a publicly funded guarantee and does not count.",),
    )
    mark(netherby, agreed_to_count=True, reason="Agreed with the department on 4 June 2025")
    found = onward_test(netherby.book, date(2025, 6, 1))
    assert found.today is not None
    assert found.today.relevant == pounds("35000.00")
    assert "is counted although a publicly funded guarantee protects it" in found.warnings[0]


def test_a_loan_that_is_no_longer_relevant_and_one_without_a_reason(netherby: SharedLoan) -> None:
    mark(netherby)
    mark(netherby, on=date(2025, 7, 1), case=None, reason="It moved out of the area")
    by_day = {day.on: day.relevant for day in onward_test(netherby.book, date(2025, 8, 1)).days}
    assert (by_day[date(2025, 5, 1)], by_day[date(2025, 7, 1)]) == (pounds("35000.00"), pounds("0.00"))
    with pytest.raises(ImpossibleTaxRelief, match="Say why L-0001 is a relevant investment, or why not"):
        mark(netherby, reason=" ")


def test_more_than_125_percent_of_the_application_needs_notice(netherby: SharedLoan) -> None:
    ((_, raised, (limit, notice)),) = raised_by_period(netherby.book, date(2025, 2, 1))
    assert (raised, limit.outcome, notice.outcome) == (pounds("200000.00"), Outcome.HOLDS, Outcome.WARNS)
    assert "£100,000.00 more" in notice.words
