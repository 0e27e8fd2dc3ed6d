"""Terms that make no sense are refused by name, and equal terms have one fingerprint."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from loans.domain.calendar import BusinessDays
from loans.domain.errors import ImpossibleTerms
from loans.domain.terms import terms_content, terms_sha256
from tests.loans.tables import annuity, netherby, pounds


@pytest.mark.parametrize(
    "field, value, said",
    [
        ("principal", pounds("0.00"), "lend more than nought"),
        ("principal", pounds("-1.00"), "lend more than nought"),
        ("principal", pounds("0.001"), "finer than the smallest unit"),
        ("principal", Money(Decimal("NaN"), "GBP"), "not a finite amount"),
        ("principal", Money(Decimal("1E15"), "GBP"), "too large"),
        ("annual_rate", Decimal("10"), "write 6% as 0.06"),
        ("annual_rate", Decimal("-0.01"), "write 6% as 0.06"),
        ("annual_rate", Decimal("NaN"), "write 6% as 0.06"),
        ("months", 0, "from 1 to 480 months"),
        ("months", 481, "from 1 to 480 months"),
    ],
)
def test_impossible_terms_are_refused_by_field(field, value, said):
    with pytest.raises(ImpossibleTerms, match=said) as refusal:
        replace(netherby(), **{field: value})
    assert refusal.value.field == field


def test_the_content_speaks_as_the_calculator_commands_do():
    assert terms_content(netherby()) == {
        "amortisation": "annuity",
        "annual_rate": "0.06",
        "business_days": {"calendar": "GB-ENG", "convention": "following", "interest": "unadjusted"},
        "currency": "GBP",
        "day_count": "30e/360",
        "instalments": 60,
        "principal": "35000",
        "principal_due": {"every": "1M", "first": "2025-06-01"},
    }


def test_the_fingerprint_never_changes_for_terms_that_were_approved():
    assert terms_sha256(netherby()) == "d06344a9910b6ed3fc8f273e999863a487b93a518e3b84daee6f6f414a6d220c"


def test_equal_terms_have_one_fingerprint_however_they_are_written():
    written_otherwise = replace(netherby(), annual_rate=Decimal("0.060000"), principal=pounds("35000"))
    assert terms_sha256(written_otherwise) == terms_sha256(netherby())


def test_a_bank_holiday_proclaimed_later_does_not_undo_an_approval():
    more_holidays = replace(netherby(), business_days=BusinessDays("GB-ENG", frozenset({date(2028, 6, 5)})))
    assert terms_sha256(more_holidays) == terms_sha256(netherby())


@pytest.mark.parametrize(
    "change",
    [
        {"principal": pounds("35000.01")},
        {"principal": Money("35000.00", "EUR")},
        {"annual_rate": Decimal("0.0601")},
        {"months": 61},
        {"first_due_on": date(2025, 6, 2)},
        {"business_days": None},
        {"business_days": BusinessDays("GB-SCT")},
    ],
)
def test_any_changed_term_changes_the_fingerprint(change):
    assert terms_sha256(replace(netherby(), **change)) != terms_sha256(netherby())


def test_a_preview_assumes_a_drawdown_one_month_before_the_first_instalment():
    assert netherby().planned_drawn_on == date(2025, 5, 1)
    assert annuity("100.00", "6%", 1, "2026-03-31").planned_drawn_on == date(2026, 2, 28)
