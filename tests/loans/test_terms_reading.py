"""What was written as plain JSON is read back as the same terms, and nothing else is read."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.bank_holidays import calendar_days
from loans.domain.allocation import AllocationRule, Component, Instalments
from loans.domain.calendar import Interval, MonthEnd, Recurrence, Unit
from loans.domain.conventions import Amortisation
from loans.domain.errors import ImpossibleTerms, UnknownCalendar
from loans.domain.rounding import Rounding
from loans.domain.servicing import DefaultInterest, FlatSettlement, Prepayment, Servicing
from loans.domain.terms_content import terms_content, terms_sha256
from loans.domain.terms_reading import read_terms
from tests.loans.strategies import any_terms
from tests.loans.tables import netherby

SERVICINGS = st.builds(
    Servicing,
    allocation=st.builds(AllocationRule, st.permutations(list(Component)).map(tuple), st.sampled_from(Instalments)),
    prepayment=st.sampled_from(Prepayment),
    default_interest=st.none()
    | st.builds(DefaultInterest, st.sampled_from([Decimal("0.08"), Decimal(0)]), st.integers(0, 60), st.booleans()),
    flat_settlement=st.sampled_from(FlatSettlement),
)


@given(any_terms(), SERVICINGS)
def test_any_terms_are_read_as_they_were_written(terms, servicing):
    terms = replace(terms, servicing=servicing)
    again = read_terms(json.loads(json.dumps(terms_content(terms))), calendar_days)
    assert again == terms
    assert terms_sha256(again) == terms_sha256(terms)


@pytest.mark.parametrize(
    "change",
    [
        {"payment": Decimal("676.65"), "amortisation": Amortisation.GIVEN_PAYMENT, "instalments": None},
        {"discount": Decimal("-12.50"), "accrued_interest": Decimal("0.01")},
        {"rounding": Rounding(None)},
        {"rounding": Rounding(2, payment_multiple=Decimal("0.05"), smooth=True)},
        {"capitalise_interest_until": date(2026, 1, 1), "amortised_to": date(2040, 1, 1)},
        {
            "principal_due": Recurrence(date(2025, 7, 31), Interval(3, Unit.MONTH), month_end=MonthEnd.STICK),
            "interest_due": Recurrence(date(2025, 6, 30), month_end=MonthEnd.ROLL),
        },
        {"principal_due": None, "instalments": None, "maturity": date(2030, 5, 1)},
    ],
)
def test_what_is_rare_is_read_as_well(change):
    terms = replace(netherby(), **change)
    assert read_terms(json.loads(json.dumps(terms_content(terms))), calendar_days) == terms


@pytest.mark.parametrize(
    "change, field, said",
    [
        ({"currency": None}, "currency", "a text"),
        ({"currency": "POUND"}, "currency", "ISO 4217"),
        ({"annual_rate": 0.06}, "annual_rate", "a number as a text"),
        ({"annual_rate": "NaN"}, "annual_rate", "a number as a text"),
        ({"instalments": "60"}, "instalments", "a whole number"),
        ({"instalments": True}, "instalments", "a whole number"),
        ({"amortisation": "anuity"}, "amortisation", "one of annuity, equal_principal"),
        ({"maturity": "2027-02-30"}, "maturity", "a date"),
        ({"principal_due": {"every": "1M"}}, "principal_due.first", "is missing"),
        ({"principal_due": {"every": "1X", "first": "2025-06-01"}}, "every", "is no interval"),
        (
            {"principal_due": {"every": "1M", "first": "2025-06-01", "after": "2025-05-01"}},
            "principal_due.first",
            "not a",
        ),
        ({"pattern": {"by_month": [[8]], "steps": []}}, "pattern.by_month[0]", "a number and a weight"),
        ({"servicing": {}}, "servicing.allocation", "is missing"),
        ({"colour": "blue"}, "colour", "is not a term that is known"),
        ({"instalments": 0}, "instalments", "from 1 to"),
    ],
)
def test_what_is_not_terms_is_refused_by_its_place(change, field, said):
    with pytest.raises(ImpossibleTerms, match=said) as refusal:
        read_terms(terms_content(netherby()) | change, calendar_days)
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["currency", "principal", "annual_rate", "amortisation", "day_count"])
def test_what_is_missing_is_named(field):
    content = terms_content(netherby())
    del content[field]
    with pytest.raises(ImpossibleTerms, match=f"{field} is missing") as refusal:
        read_terms(content, calendar_days)
    assert refusal.value.field == field


def test_a_calendar_has_to_exist():
    days = {"calendar": "GB-XYZ", "convention": "following", "interest": "unadjusted"}
    with pytest.raises(UnknownCalendar):
        read_terms(terms_content(netherby()) | {"business_days": days}, calendar_days)
