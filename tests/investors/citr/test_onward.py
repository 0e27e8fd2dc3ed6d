"""What may be raised and lent on, which loans count, and whether enough of the money is where it should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from investors.domain.citr.findings import Outcome
from investors.domain.citr.limits import Accreditation, lending_limits, raising_findings
from investors.domain.citr.onward import (
    Case,
    OnwardDay,
    OnwardLoan,
    average_share,
    investment_fund,
    onward_day,
    onward_findings,
    relevant_investments,
)
from investors.domain.errors import ImpossibleTaxRelief
from tests.builders import pounds
from tests.loans.tables import rows

TODAY = date(2026, 4, 1)
FUND = pounds("1000000.00")


@pytest.mark.parametrize(
    "accreditation, ends_on, raised, outcomes",
    [
        (Accreditation.RETAIL, date(2023, 6, 1), "25000000.00", [Outcome.HOLDS, Outcome.HOLDS]),
        (Accreditation.RETAIL, date(2023, 5, 31), "10000000.01", [Outcome.FAILS, Outcome.HOLDS]),
        (Accreditation.WHOLESALE, date(2026, 3, 31), "25000000.01", [Outcome.HOLDS, Outcome.WARNS]),
        (Accreditation.WHOLESALE, date(2023, 5, 31), "20000000.01", [Outcome.FAILS, Outcome.HOLDS]),
    ],
)
def test_what_may_be_raised_by_the_end_of_the_accreditation_period(
    accreditation: Accreditation, ends_on: date, raised: str, outcomes: list[Outcome]
) -> None:
    found = raising_findings(
        accreditation, raised=pounds(raised), applied_for=pounds("20000000.00"), period_ends_on=ends_on
    )
    assert [each.outcome for each in found] == outcomes


def test_what_may_be_lent_to_one_enterprise_from_a_day_on() -> None:
    before, since = lending_limits(date(2023, 5, 31)), lending_limits(date(2023, 6, 1))
    assert [before.of(True), before.of(False)] == [pounds("100000.00"), pounds("250000.00")]
    assert [since.of(True), since.of(False)] == [pounds("250000.00"), pounds("375000.00")]
    with pytest.raises(ImpossibleTaxRelief, match="known for 12 February 2003; they begin on 13 February 2003"):
        lending_limits(date(2003, 2, 12))


def lent(code: str, amount: str, enterprise: str = "", case: Case = Case.LISTED_AREA) -> OnwardLoan:
    return OnwardLoan(code, enterprise or code, date(2025, 1, int(code[-1]) + 1), pounds(amount), False, case)


def judged(*loans: OnwardLoan, fund: str = "1000000.00") -> list[list[str]]:
    counted = relevant_investments(loans, pounds(fund), TODAY)
    return [[each.loan.code, each.finding.outcome.value, each.finding.rule.replace(" ", "-")] for each in counted]


class TestRelevant:
    def test_a_publicly_guaranteed_loan_does_not_count_unless_that_was_agreed(self) -> None:
        guaranteed = replace(lent("L-1", "100000.00"), is_publicly_guaranteed=True)
        agreed = replace(guaranteed, code="L-2", enterprise="L-2", agreed_to_count=True)
        assert judged(agreed, lent("L-3", "100000.00"), guaranteed) == rows("""
            L-1  fails  public-guarantee
            L-2  warns  public-guarantee
            L-3  holds  relevant-investment
        """)
        counted = relevant_investments([guaranteed, agreed], FUND, TODAY)
        assert onward_day(TODAY, FUND, counted).relevant == pounds("100000.00")
        assert all(each.finding.is_estimate for each in counted)

    def test_the_loan_that_passes_a_limit_is_left_out_for_so_long(self) -> None:
        both = (lent("L-1", "300000.00", "SHOP"), lent("L-2", "75000.01", "SHOP"))
        assert judged(*both, fund="9000000.00") == rows("""
            L-1  holds  relevant-investment
            L-2  fails  size
        """)
        *_, second = relevant_investments(both, pounds("9000000.00"), TODAY)
        assert second.finding.words == (
            "With L-2, SHOP has £375,000.01, £0.01 above the limit of £375,000.00; it does not count for so long."
        )
        repaid = replace(both[0], outstanding=pounds("299999.99"))
        assert [outcome for _, outcome, _ in judged(repaid, both[1], fund="9000000.00")] == ["holds", "holds"]

    def test_one_enterprise_has_a_fifth_of_the_fund_at_most(self) -> None:
        assert judged(lent("L-1", "200000.00"), lent("L-2", "200000.01")) == rows("""
            L-1  holds  relevant-investment
            L-2  fails  one-enterprise
        """)

    def test_case_two_is_no_more_than_the_others_by_amount_and_number(self) -> None:
        two = Case.COMPARABLE_AREA
        assert judged(
            lent("L-1", "50000.00", case=two), lent("L-2", "50000.00", case=two), lent("L-3", "90000.00")
        ) == rows(
            """
            L-1  holds  relevant-investment
            L-2  fails  case-2
            L-3  holds  relevant-investment
            """
        )


def test_the_investment_fund_leaves_out_three_months_on_either_side() -> None:
    raised = [(date(2025, 12, 31), pounds("500000.00")), (date(2026, 1, 2), pounds("300000.00"))]
    due = [(date(2026, 7, 1), pounds("20000.00")), (date(2026, 7, 2), pounds("40000.00"))]
    assert investment_fund(TODAY, raised, due, pounds("5000.00")) == pounds("475000.00")
    assert investment_fund(TODAY, [], due, pounds("5000.00")) == pounds("0.00")


class TestByYear:
    starts_on = date(2021, 4, 1)

    def days(self, *shares: tuple[str, str]) -> list[OnwardDay]:
        return [OnwardDay(date.fromisoformat(day), pounds("100.00"), pounds(share)) for day, share in shares]

    def test_a_quarter_a_half_three_quarters_and_then_on_average(self) -> None:
        shares = ("2021-04-01", "0.00"), ("2022-04-01", "25.00"), ("2023-03-01", "49.99"), ("2024-04-01", "75.00")
        days = self.days(*shares)
        found = onward_findings(days, self.starts_on, as_of=date(2025, 9, 1))
        assert [each.outcome.value for each in found] == ["holds", "fails", "holds", "holds", "not over yet"]
        assert found[1].words == (
            "Year 2, to 1 April 2023: 49.99% of the investment fund is in relevant investments on 1 April 2023; 50.00% "
            "is needed. Accreditation is withdrawn from then, unless the Secretary of State allows the failure, and "
            "claims end whose qualifying date has not come."
        )

    def test_an_average_is_of_each_days_share(self) -> None:
        days = self.days(("2021-04-01", "75.00"), ("2024-04-01", "100.00"), ("2024-10-01", "50.00"))
        since = self.starts_on.replace(year=2024) + timedelta(days=1)
        until = date(2025, 4, 2)
        assert average_share(days, since, until) == Fraction(182 * 2 + 183, 2 * 365)
        *_, fourth, fifth = onward_findings(days, self.starts_on, as_of=date(2025, 4, 1))
        assert fourth.words.startswith("Year 4, to 1 April 2025: 74.93% of the investment fund")
        assert (fourth.outcome, fifth.outcome) == (Outcome.FAILS, Outcome.RUNNING)

    def test_a_fund_of_nothing_needs_no_lending(self) -> None:
        assert OnwardDay(TODAY, pounds("0.00"), pounds("0.00")).share == 1

    def test_a_test_without_its_first_day_is_refused(self) -> None:
        with pytest.raises(ImpossibleTaxRelief, match="Nothing is known of the investment fund on 1 April 2021"):
            onward_findings(self.days(("2021-04-02", "1.00")), self.starts_on, as_of=TODAY)
