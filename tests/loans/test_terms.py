"""Terms that make no sense are refused by name, and equal terms have one fingerprint."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from loans.domain.calendar import BusinessDays, MonthEnd, Recurrence
from loans.domain.conventions import Amortisation, Pattern, RateChange, Tranche
from loans.domain.errors import ImpossibleTerms
from loans.domain.rounding import Rounding
from loans.domain.terms_content import terms_content, terms_sha256
from tests.loans.tables import annuity, netherby, pounds


@pytest.mark.parametrize(
    "field, value, said",
    [
        ("principal", pounds("0.00"), "lend more than nought"),
        ("principal", pounds("-1.00"), "lend more than nought"),
        ("principal", pounds("0.001"), "finer than 2 decimals"),
        ("principal", Money(Decimal("NaN"), "GBP"), "lend more than nought"),
        ("principal", Money(Decimal("1E15"), "GBP"), "less than 10.15"),
        ("annual_rate", Decimal("10"), "write 6% as 0.06"),
        ("annual_rate", Decimal("-1"), "write 6% as 0.06"),
        ("annual_rate", Decimal("NaN"), "write 6% as 0.06"),
        ("instalments", 0, "from 1 to 5000"),
        ("instalments", 5001, "from 1 to 5000"),
        ("instalments", None, "Nothing says when the loan ends"),
        ("interest_only_periods", 60, "Give at most 59"),
        ("interest_free_periods", 61, "there are no more"),
        ("deferred_interest_periods", -1, "nought or more"),
        ("maturity", date(2025, 5, 31), "before the first due date, 1 June 2025"),
        ("maturity", date(2025, 5, 1), "not after the first day, 1 May 2025"),
        ("maturity", date(2030, 4, 1), "60 instalments do not end on 1 April 2030"),
        ("maturity", date(3000, 1, 1), "after 2999"),
        ("payment", Decimal(0), "more than nought"),
        ("amortisation", Amortisation.GIVEN_PAYMENT, "say how much it is"),
        ("discount", Decimal("35000"), "leaves nothing"),
        ("accrued_interest", Decimal("-0.01"), "below nought"),
        ("accrued_interest", Decimal("Infinity"), "below 10.15"),
        ("drawdowns", (Tranche(date(2025, 5, 1), pounds("34999.00")),), "The drawdowns make 34999.00"),
        ("drawdowns", (Tranche(date(2025, 5, 2), pounds("35000.00")),), "first drawdown is on drawn_on, 1 May 2025"),
        ("rate_changes", (RateChange(date(2026, 1, 1), Decimal(10)),), "write 6% as 0.06"),
        ("rate_changes", 2 * (RateChange(date(2026, 1, 1), Decimal("0.07")),), "Two rates are in force from 1 January"),
        ("rate_changes", (RateChange(date(2025, 4, 30), Decimal("0.07")),), "before the first day, 1 May 2025"),
        ("months", Pattern(by_month=((13, Decimal(0)),)), "from 1 .January. to 12"),
        ("months", Pattern(by_month=((8, Decimal(-1)),)), "from 0 .none. to 100"),
        ("months", Pattern(by_month=((8, Decimal(0)), (8, Decimal(1)))), "8 has two weights"),
        ("months", Pattern(by_month=tuple((no, Decimal(0)) for no in range(1, 13))), "nothing is asked for"),
        ("steps", Pattern(steps=((1, Decimal(0)),)), "nothing is asked for"),
        ("amortised_to", date(2030, 4, 30), "does not end on 1 May 2030"),
        ("capitalise_interest_until", date(2030, 5, 1), "the loan ends on 1 May 2030"),
        ("steps", Pattern(steps=((13, Decimal(1)), (13, Decimal(2)))), "13 has two weights"),
    ],
)
def test_impossible_terms_are_refused_by_field(field, value, said):
    with pytest.raises(ImpossibleTerms, match=said) as refusal:
        replace(netherby(), **{"pattern" if isinstance(value, Pattern) else field: value})
    assert refusal.value.field == (field if field != "amortisation" else "payment")


@pytest.mark.parametrize("field, change", [("months", {"months": 0}), ("months", {"months": 481})])
def test_an_annuity_runs_from_one_to_480_months(field, change):
    with pytest.raises(ImpossibleTerms, match="from 1 to 480 months") as refusal:
        annuity("100.00", "6%", first="2026-03-31", **change)
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
        {"instalments": 61},
        {"principal_due": Recurrence(date(2025, 6, 2))},
        {"principal_due": Recurrence(date(2025, 6, 1), month_end=MonthEnd.ROLL)},
        {"rate_changes": (RateChange(date(2026, 1, 1), Decimal("0.07")),)},
        {"pattern": Pattern(by_month=((8, Decimal(0)),))},
        {"rounding": Rounding(None)},
        {"business_days": None},
        {"business_days": BusinessDays("GB-SCT")},
    ],
)
def test_any_changed_term_changes_the_fingerprint(change):
    assert terms_sha256(replace(netherby(), **change)) != terms_sha256(netherby())


def test_a_preview_assumes_a_drawdown_one_month_before_the_first_instalment():
    assert netherby().planned_drawn_on == date(2025, 5, 1)
    assert annuity("100.00", "6%", 1, "2026-03-31").planned_drawn_on == date(2026, 2, 28)
