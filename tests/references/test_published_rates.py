"""Do our rates agree with those that law and the Commission print, digit by digit?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from loans.domain.rates import actuarial_annual_rate, apr, apr_on_dates, in_percent
from tests.references.published_rates import APRC, APRC_DATED, DIRECTIVE_98_7, REGULATION_Z, Case


def digits(percent: str) -> int:
    return len(percent.partition(".")[2])


@pytest.mark.parametrize("case", [*DIRECTIVE_98_7, *APRC], ids=lambda case: case.name)
def test_annual_percentage_rates_of_charge(case: Case) -> None:
    assert in_percent(apr(case.flows), digits(case.percent)) == Decimal(case.percent)


@pytest.mark.parametrize(("name", "percent", "flows"), APRC_DATED)
def test_the_same_by_dates(name: str, percent: str, flows: list[tuple[date, Decimal]]) -> None:
    assert in_percent(apr_on_dates(flows), digits(percent)) == Decimal(percent)


@pytest.mark.parametrize(("periods_per_year", "case"), REGULATION_Z)
def test_actuarial_rates(periods_per_year: int | Fraction, case: Case) -> None:
    found = actuarial_annual_rate(case.flows, Fraction(periods_per_year))
    assert in_percent(found, digits(case.percent)) == Decimal(case.percent)
