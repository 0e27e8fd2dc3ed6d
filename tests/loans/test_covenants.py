"""What does a covenant's test come to, at its edges, from which accounts, and when?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borrowers.domain.accounts import Line
from loans.domain.covenants import (
    Agreed,
    CovenantKind,
    CovenantStatus,
    GivenAccounts,
    Unit,
    all_tests,
    headroom,
    judged,
    measured,
    shown,
    stands_at,
)
from tests.borrowers.builders import figures, quarter

ON = date(2026, 11, 23)
DAY = timedelta(days=1)


def agreed(kind: CovenantKind = CovenantKind.MINIMUM_CASH, threshold: str = "5000", **changes: object) -> Agreed:
    """A covenant tested each quarter from September 2026 on."""
    terms: dict[str, object] = {"first_test_on": date(2026, 9, 30), **changes}
    return Agreed(kind, Decimal(threshold), "GBP", **terms)  # type: ignore[arg-type]


def made(to: str, currency: str = "GBP", rank: int = 0, months: int = 3, **amounts: str) -> GivenAccounts:
    """Accounts of a quarter, or of the year that ends with it."""
    span = quarter(to)
    start = span.start if months == 3 else date(span.end.year - 1, span.end.month, 1)
    return GivenAccounts(start, span.end, currency, figures(**amounts), rank)


@pytest.mark.parametrize(
    ("cash", "status"), [("4999.99", "breach"), ("5000.00", "near_breach"), ("5499.99", "near_breach"), ("5500", "met")]
)
def test_the_threshold_itself_is_kept_to_and_the_margin_begins_there(cash: str, status: str) -> None:
    (test,) = all_tests(agreed(), [made("2026-09", cash=cash)], ON)
    assert test.status == status


@pytest.mark.parametrize(
    ("owed", "status"), [("0", "met"), ("90", "met"), ("90.01", "near_breach"), ("100.01", "breach")]
)
def test_at_most_is_the_mirror(owed: str, status: str) -> None:
    (test,) = all_tests(agreed(CovenantKind.MAXIMUM_OVERDUE, "100"), [made("2026-09", overdue=owed)], ON)
    assert test.status == status


def test_a_year_is_put_together_without_gap_or_overlap_from_the_best_accounts() -> None:
    year = agreed(CovenantKind.MINIMUM_INCOME, "100")
    quarters = [made(f"{y}-{m:02}", income="10") for y, m in ((2025, 12), (2026, 3), (2026, 6), (2026, 9))]
    assert all_tests(year, quarters, ON)[0].value == 40
    assert all_tests(year, quarters[1:], ON)[0].why.startswith("There are no accounts for all days from 1 October 2025")
    audited = made("2026-09", rank=2, months=12, income="99")
    assert all_tests(year, [*quarters, audited], ON)[0].value == 99
    half = GivenAccounts(date(2026, 2, 1), date(2026, 10, 1), "GBP", figures(income="7"), 2)
    assert all_tests(year, [*quarters, half], ON)[0].value == 40, "what begins inside another set leads nowhere"


def test_what_is_unknown_or_in_another_currency_is_not_used_and_said() -> None:
    assert (
        all_tests(agreed(), [made("2026-09", income="1")], ON)[0].why
        == "The accounts to 30 September 2026 do not say: cash."
    )
    assert (
        all_tests(agreed(), [made("2026-09", "EUR", cash="9000")], ON)[0].why
        == "The accounts to 30 September 2026 are in EUR."
    )


def test_it_stands_where_the_last_figures_left_it_until_the_next_are_overdue() -> None:
    terms = agreed(first_test_on=date(2026, 6, 30))
    broken = made("2026-06", cash="1.00")
    for day, status in ((date(2026, 10, 1), "breach"), (date(2026, 11, 14), "breach"), (date(2026, 11, 15), "overdue")):
        now = stands_at(all_tests(terms, [broken], day))
        assert now is not None
        assert (day, now.status) == (day, CovenantStatus(status))
    assert stands_at(all_tests(terms, [broken], date(2026, 6, 29))) is None


def test_the_days_of_the_tests_are_month_ends_and_stop_at_the_end() -> None:
    terms = agreed(first_test_on=date(2026, 11, 30), ends_on=date(2027, 5, 31))
    assert terms.test_days(date(2028, 1, 1)) == (date(2026, 11, 30), date(2027, 2, 28))


@pytest.mark.parametrize(
    ("kind", "amounts", "status"),
    [
        ("debt_service_cover", {"income": "1", "costs": "5", "interest": "0", "loan_repayments": "0"}, "met"),
        ("current_ratio", {"current_assets": "0", "current_liabilities": "0"}, "met"),
        ("gearing", {"total_debt": "1", "net_assets": "-1"}, "breach"),
        ("gearing", {"total_debt": "0", "net_assets": "-5"}, "met"),
    ],
)
def test_a_denominator_of_nought_has_a_meaning(kind: str, amounts: dict[str, str], status: str) -> None:
    terms = agreed(CovenantKind(kind), "0.5", over_months=3)
    (test,) = all_tests(terms, [made("2026-09", **amounts)], ON)
    assert test.status == status


@given(
    st.sampled_from(CovenantKind),
    st.decimals("0", "1000", places=4),
    st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6),
)
def test_what_is_printed_never_looks_better_than_it_is(kind: CovenantKind, threshold: Decimal, value: Fraction) -> None:
    terms = agreed(kind, str(threshold))
    broken = judged(terms, value) is CovenantStatus.BREACH
    assert broken == (headroom(terms, value) < 0)
    assert headroom(terms, Fraction(shown(kind, value))) <= headroom(terms, value)
    step = Fraction(1, 10**4 if kind.rule.unit is Unit.SHARE else 100)
    assert abs(Fraction(shown(kind, value)) - value) < step


def test_every_kind_is_measured_from_its_lines_alone() -> None:
    for kind in CovenantKind:
        value, meaning, _ = measured(kind, dict.fromkeys(kind.rule.lines, Decimal(7)))
        assert (value is None) == (meaning is not None), kind
        assert all(isinstance(line, Line) for line in kind.rule.lines)
