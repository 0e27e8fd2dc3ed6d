"""Relief by tax year, claims and repayments: HMRC's examples give HMRC's answers, ours are marked as estimates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from investors.domain.citr.claims import Ended, EndedBy, claim_years
from investors.domain.citr.findings import Outcome
from investors.domain.citr.loan import CitrLoan, certificate_finding, qualifying_findings
from investors.domain.citr.relief import InvestedAmount, average_balance, invested_amounts, relief_years
from investors.domain.citr.tax_year import TaxYear, tax_year_of
from investors.domain.citr.withdrawal import after_value, ended_by_repayment, kept_balances, value_received
from investors.domain.errors import ImpossibleTaxRelief
from ledger.domain.money import from_minor
from tests.builders import pounds
from tests.loans.tables import rows

INVESTED_ON = date(2019, 6, 1)
TEN_THOUSAND = CitrLoan(INVESTED_ON, pounds("10000.00"))
AFTERWARDS = date(2026, 1, 1)


def balances(table: str) -> list[tuple[date, Money]]:
    """Rows of day, capital outstanding from then on."""
    return [(date.fromisoformat(day), pounds(amount)) for day, amount in rows(table)]


STANDS = balances("2019-06-01 10000.00")


def invested(loan: CitrLoan = TEN_THOUSAND, table: list[tuple[date, Money]] = STANDS) -> tuple[InvestedAmount, ...]:
    return invested_amounts(loan, table, as_of=AFTERWARDS)


def test_500_pounds_for_each_of_five_tax_years() -> None:
    """HS237: £10,000 on 1 June 2019."""
    found = [[str(each.tax_year), str(each.relief.amount)] for each in invested()]
    assert found == rows("""
        2019-20 500.00
        2020-21 500.00
        2021-22 500.00
        2022-23 500.00
        2023-24 500.00
    """)
    assert not any(each.average.is_estimate for each in invested())


@pytest.mark.parametrize(
    "liabilities, expected",
    [
        (  # CITM6031, whose remainder of year 4 is printed as £1,200: 2,000 − 700 is 1,300
            "500 500 300 2000 500",
            """
            # relief brought liability  used carried  lost  tax-left
              500.00   0.00    500.00 500.00    0.00  0.00     0.00
              500.00   0.00    500.00 500.00    0.00  0.00     0.00
              500.00   0.00    300.00 300.00  200.00  0.00     0.00
              500.00 200.00   2000.00 700.00    0.00  0.00  1300.00
              500.00   0.00    500.00 500.00    0.00  0.00     0.00
            """,
        ),
        (  # CITM6031: nothing in year 4, £700 in year 5
            "500 500 500 0 700",
            """
              500.00   0.00    500.00 500.00    0.00   0.00    0.00
              500.00   0.00    500.00 500.00    0.00   0.00    0.00
              500.00   0.00    500.00 500.00    0.00   0.00    0.00
              500.00   0.00      0.00   0.00  500.00   0.00    0.00
              500.00 500.00    700.00 700.00    0.00 300.00    0.00
            """,
        ),
    ],
)
def test_unused_relief_carries_forward_inside_the_five_years(liabilities: str, expected: str) -> None:
    known = {TaxYear(2019 + no): pounds(amount) for no, amount in enumerate(liabilities.split())}
    years = relief_years(invested(), {year: amount + pounds("0.00") for year, amount in known.items()})
    parts = ("relief", "brought_forward", "liability", "used", "carried_forward", "lost", "tax_left")
    assert [[f"{getattr(year, part).amount:.2f}" for part in parts] for year in years] == rows(expected)
    assert not any(year.is_estimate for year in years)


def test_an_unknown_liability_makes_an_estimate() -> None:
    first, *_ = relief_years(invested())
    assert (first.used, first.tax_left, first.is_estimate) == (pounds("500.00"), None, True)


def test_no_claim_for_the_year_of_a_repayment_and_later() -> None:
    """CITM6100: £10,000 lent on 1 January 2004 and wholly repaid on 30 September 2008; none for 2007-08 or later."""
    loan = CitrLoan(date(2004, 1, 1), pounds("10000.00"))
    repaid = balances("2004-01-01 10000.00\n 2008-09-30 0.00")
    assert ended_by_repayment(loan, repaid, as_of=date(2008, 9, 29)) == ()
    ended = ended_by_repayment(loan, repaid, as_of=date(2008, 9, 30))
    assert ended == (Ended(EndedBy.REPAID, date(2008, 9, 30)),)
    years = claim_years(loan, ended, as_of=date(2010, 1, 1))
    assert [[str(year.tax_year), str(year.qualifying_on), str(year.is_claimable)] for year in years] == rows("""
        2003-04  2005-01-01  True
        2004-05  2006-01-01  True
        2005-06  2007-01-01  True
        2006-07  2008-01-01  True
        2007-08  2009-01-01  False
    """)
    assert years[-1].why == (
        "No claim: on 30 September 2008, before the qualifying date 1 January 2009, the loan was wholly repaid."
    )


@pytest.mark.parametrize(
    "ended, as_of, claimable",
    [
        ([], date(2020, 4, 5), "NNNNN"),
        ([], date(2020, 4, 6), "YNNNN"),
        ([], AFTERWARDS, "YYYYY"),
        ([Ended(EndedBy.DISPOSED, date(2020, 5, 31))], AFTERWARDS, "NNNNN"),
        ([Ended(EndedBy.DISPOSED, date(2020, 6, 1))], AFTERWARDS, "YNNNN"),
        ([Ended(EndedBy.REPAID, date(2024, 6, 1))], AFTERWARDS, "YYYYY"),
        ([Ended(EndedBy.OVER_LIMITS, date(2022, 5, 31))], AFTERWARDS, "YYNNN"),
    ],
)
def test_when_a_claim_may_be_made(ended: list[Ended], as_of: date, claimable: str) -> None:
    years = claim_years(TEN_THOUSAND, ended, as_of=as_of)
    assert "".join("NY"[year.is_claimable] for year in years) == claimable


def test_lost_accreditation_is_our_reading() -> None:
    *_, last = claim_years(TEN_THOUSAND, [Ended(EndedBy.ACCREDITATION_LOST, date(2024, 1, 1))], as_of=AFTERWARDS)
    assert (last.is_claimable, last.is_estimate) == (False, True)
    assert last.why.endswith("the institution lost its accreditation.")


class TestTerms:
    def test_a_drawdown_loan_has_one_certificate_and_18_months(self) -> None:
        loan = CitrLoan(date(2025, 5, 1), pounds("100000.00"), drawdown_until=date(2026, 11, 1))
        assert (loan.certificate_due_by, loan.last_drawdown_by) == (date(2025, 5, 31), date(2026, 11, 1))
        assert {finding.outcome for finding in qualifying_findings(loan)} == {Outcome.HOLDS}

    @pytest.mark.parametrize(
        "issued_on, as_of, outcome, says",
        [
            (date(2019, 7, 1), AFTERWARDS, Outcome.HOLDS, "is due by 1 July 2019; it was issued on 1 July 2019."),
            (date(2019, 7, 3), AFTERWARDS, Outcome.FAILS, "issued on 3 July 2019, 2 days late."),
            (None, date(2019, 7, 1), Outcome.RUNNING, "it is not issued yet."),
            (None, date(2019, 7, 2), Outcome.FAILS, "it is 1 day late."),
        ],
    )
    def test_the_certificate(self, issued_on: date | None, as_of: date, outcome: Outcome, says: str) -> None:
        found = certificate_finding(TEN_THOUSAND, issued_on=issued_on, as_of=as_of)
        assert found.outcome is outcome
        assert found.words.endswith(says)

    @pytest.mark.parametrize(
        "required, fails",
        [
            ("2021-12-01 2000.00\n 2022-12-01 3500.00", [4]),
            ("2021-12-01 2000.00\n 2022-12-01 3000.00", []),
            ("2021-05-31 0.01", [2]),
            ("2021-06-01 2500.00\n 2022-06-01 2500.00\n 2023-06-01 2500.00\n 2024-06-01 2500.00", []),
            ("2021-06-01 2500.01\n 2024-05-31 5000.00", [3, 5]),
        ],
    )
    def test_repayments_that_may_be_required(self, required: str, fails: list[int]) -> None:
        loan = CitrLoan(INVESTED_ON, pounds("10000.00"), required=tuple(balances(required)))
        found = [finding for finding in qualifying_findings(loan) if finding.outcome is Outcome.FAILS]
        assert [finding.rule for finding in found] == [f"repayments required by the end of year {no}" for no in fails]

    def test_a_late_drawdown_and_a_conversion_fail(self) -> None:
        loan = CitrLoan(INVESTED_ON, pounds("1.00"), date(2020, 12, 2), is_convertible_within_five_years=True)
        drawdown, conversion, *_ = qualifying_findings(loan)
        assert drawdown.words == "It is drawn until 2 December 2020; the last day for that is 1 December 2020."
        assert (drawdown.outcome, conversion.outcome) == (Outcome.FAILS, Outcome.FAILS)

    def test_an_investment_of_nothing_is_refused(self) -> None:
        with pytest.raises(ImpossibleTaxRelief, match=r"An investment of £0\.00 on 1 June 2019 is none"):
            CitrLoan(INVESTED_ON, pounds("0.00"))


class TestAverages:
    repaid = balances("2019-06-01 10000.00\n 2021-12-01 8000.00")

    def test_the_mean_of_daily_balances(self) -> None:
        average = average_balance(self.repaid, date(2021, 6, 1), date(2022, 6, 1))
        assert (average.amount, average.is_estimate) == (pounds("9002.74"), True)
        third = invested(table=self.repaid)[2]
        assert (str(third.tax_year), third.amount, third.relief) == ("2021-22", pounds("9002.74"), pounds("450.14"))

    def test_a_later_year_is_never_more_than_months_19_to_24(self) -> None:
        """CITM6090: the smaller of the year's average and that of the six months beginning 18 months in."""
        drawn_late = balances("2019-06-01 4000.00\n 2021-05-01 10000.00")
        found = [str(each.amount.amount) for each in invested(table=drawn_late)]
        assert found == ["4000.00", "4509.59", "5021.98", "5021.98", "5021.98"]

    def test_days_to_come_are_an_estimate(self) -> None:
        first, second, *_ = invested_amounts(TEN_THOUSAND, STANDS, as_of=date(2020, 7, 1))
        assert (first.average.is_estimate, second.average.is_estimate) == (False, True)

    def test_no_balance_is_refused(self) -> None:
        with pytest.raises(ImpossibleTaxRelief, match="No balance of the investment is known"):
            average_balance([], INVESTED_ON, AFTERWARDS)

    def test_a_balance_that_is_not_kept(self) -> None:
        """Months 19 to 24 average £10,000; £7,499 in year 3 is £1 short, which is an insignificant value."""
        third, *_ = kept_balances(
            TEN_THOUSAND, balances("2019-06-01 10000.00\n 2021-06-01 7499.00"), as_of=date(2022, 6, 1)
        )
        assert (third.average, third.permitted, third.short) == tuple(map(pounds, ("7499.00", "7500.00", "1.00")))
        assert (third.is_kept, third.withdraws_relief) == (False, False)
        assert third.words == (
            "Year 3: £7,499.00 stood on average; the permitted balance is £7,500.00, £1.00 more: insignificant, so no "
            "relief is withdrawn."
        )

    def test_far_too_much_repaid_withdraws_all_relief(self) -> None:
        paid_back = balances("2019-06-01 10000.00\n 2021-06-01 6500.00\n 2022-06-01 5000.00")
        kept = kept_balances(TEN_THOUSAND, paid_back, as_of=AFTERWARDS)
        assert [each.withdraws_relief for each in kept] == [True, False, False]
        assert ended_by_repayment(TEN_THOUSAND, paid_back, as_of=AFTERWARDS) == (
            Ended(EndedBy.OVER_LIMITS, date(2022, 5, 31)),
        )


class TestValueReceived:
    def test_small_values_are_ignored_until_they_add_up(self) -> None:
        first, second, third = value_received(
            TEN_THOUSAND, balances("2019-01-01 600.00\n 2021-09-01 500.00\n 2021-10-01 999.99")
        )
        assert (first.counts_from, first.total) == (None, pounds("600.00"))
        assert (second.counts_from, second.total) == (date(2021, 6, 1), pounds("1100.00"))
        assert (second.outcome, second.is_estimate) == (Outcome.WARNS, True)
        assert third.counts_from is None
        counted = after_value(STANDS, [first, second, third])
        assert counted == tuple(balances("2019-06-01 10000.00\n 2021-06-01 8900.00"))

    @pytest.mark.parametrize(
        "on, counts_from",
        [
            ("2018-05-31", None),
            ("2018-06-01", INVESTED_ON),
            ("2020-05-31", INVESTED_ON),
            ("2024-05-31", date(2023, 6, 1)),
            ("2024-06-01", None),
        ],
    )
    def test_it_counts_within_six_years_from_the_first_day_of_its_year(self, on: str, counts_from: date | None) -> None:
        (found,) = value_received(TEN_THOUSAND, balances(f"{on} 1000.00"))
        assert found.counts_from == counts_from


def test_tax_years() -> None:
    year = tax_year_of(date(2020, 4, 5))
    assert (str(year), year.first_on, year.last_on) == ("2019-20", date(2019, 4, 6), date(2020, 4, 5))
    assert tax_year_of(date(2020, 4, 6)) == year.later(1)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 2000), min_size=5, max_size=5))
def test_relief_is_used_carried_or_lost_and_never_twice(liabilities: list[int]) -> None:
    known = {TaxYear(2019 + no): from_minor(each * 100, "GBP") for no, each in enumerate(liabilities)}
    years = relief_years(invested(), known)
    for before, year in zip((None, *years), years, strict=False):
        assert year.brought_forward == (before.carried_forward if before else pounds("0.00"))
        assert year.relief + year.brought_forward == year.used + year.carried_forward + year.lost
        assert year.used <= known[year.tax_year]
    assert not years[-1].carried_forward
