"""`calculate schedule`: what it answers, and every refusal with its field, what is wrong and what would do."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from loans.calculators import calculator
from loans.calculators.lines import answers

LOAN: dict[str, Any] = {
    "principal": "1000.00",
    "drawn_on": "2026-01-01",
    "annual_rate": "0.06",
    "amortisation": "annuity",
    "day_count": "30e/360",
    "principal_due": {"first": "2026-02-01", "every": "1M"},
    "instalments": 12,
}
LEFT_OUT = object()
NEVER_ENDS = {"instalments": LEFT_OUT}
TO_2027 = {"instalments": LEFT_OUT, "maturity": "2027-01-01"}


def line(**changes: Any) -> bytes:
    fields = {name: value for name, value in (LOAN | changes).items() if value is not LEFT_OUT}
    return json.dumps({"id": "a", **fields}).encode() + b"\n"


def answered(*lines: bytes) -> list[Any]:
    return [json.loads(each.text) for each in answers(io.BytesIO(b"".join(lines)), calculator("schedule"))]


def asked(**changes: Any) -> Any:
    (found,) = answered(line(**changes))
    return found["result"]


def rates(*days_and_rates: str) -> list[dict[str, str]]:
    return [dict(zip(("on", "annual_rate"), each.split(), strict=True)) for each in days_and_rates]


def drawdowns(*days_and_amounts: str) -> list[dict[str, str]]:
    return [dict(zip(("on", "amount"), each.split(), strict=True)) for each in days_and_amounts]


def shift(**changes: str) -> dict[str, str]:
    return {"convention": "following", "interest": "unadjusted", "calendar": "GB-ENG"} | changes


TERMS_WITHOUT_SENSE: list[tuple[dict[str, Any], str, str]] = [
    ({"payment": "5.00", **NEVER_ENDS}, "payment", "never repay the loan"),
    ({"payment": "4.00", "amortisation": "given_payment", **NEVER_ENDS}, "payment", "Raise the payment"),
    ({"amortisation": "given_payment"}, "payment", "say how much it is"),
    ({"amortisation": "bullet", "payment": "5.00"}, "payment", "leave it out"),
    ({"payment": "0.001"}, "payment", "finer than 2 decimals"),
    ({"instalments": LEFT_OUT, "maturity": "2026-01-31"}, "maturity", "before the first due date, 1 February 2026"),
    ({"instalments": LEFT_OUT, "maturity": "2026-01-01"}, "maturity", "not after the first day"),
    ({"maturity": "2026-02-01"}, "maturity", "a later maturity"),
    ({"amortisation": "bullet", **NEVER_ENDS}, "maturity", "A bullet loan ends"),
    (
        {**TO_2027, "principal_due": {"first": "2026-02-01", "every": "1D"}, "maturity": "2040-01-01"},
        "maturity",
        "5000",
    ),
    (NEVER_ENDS, "instalments", "Nothing says when the loan ends"),
    ({"interest_method": "flat", "payment": "100", **NEVER_ENDS}, "instalments", "for the whole term"),
    ({"instalments": 1000, "principal_due": {"first": "2026-02-01", "every": "1Y"}}, "instalments", "after 2999"),
    ({"principal_due": {"first": "2026-02-01", "every": "999Y"}}, "principal_due.every", "shorten the term"),
    ({"principal_due": LEFT_OUT}, "principal_due", "a first date and an interval"),
    ({"interest_free_periods": 13}, "interest_free_periods", "there are no more. Give at most 12"),
    ({"interest_free_periods": 13, **TO_2027}, "interest_free_periods", "Give at most 12"),
    ({"deferred_interest_periods": 13}, "deferred_interest_periods", "Give at most 12"),
    ({"deferred_interest_periods": 13, **TO_2027}, "deferred_interest_periods", "Give at most 12"),
    ({"interest_only_periods": 12}, "interest_only_periods", "the last one pays principal. Give at most 11"),
    ({"interest_only_periods": 12, **TO_2027}, "interest_only_periods", "Give at most 11"),
    ({"annual_rate": "10"}, "annual_rate", "write 6% as 0.06"),
    ({"annual_rate": "6"}, "annual_rate", "below 5 (500%)"),
    ({"annual_rate": "-1"}, "annual_rate", "above -1"),
    ({"rate_changes": rates("2026-03-01 10")}, "rate_changes", "write 6% as 0.06"),
    ({"rate_changes": rates("2026-03-01 0.07", "2026-03-01 0.08")}, "rate_changes", "Two rates are in force"),
    ({"rate_changes": rates("2025-12-31 0.07")}, "rate_changes", "before the first day"),
    ({"drawdowns": drawdowns("2026-01-01 400")}, "drawdowns", "Make them equal"),
    ({"drawdowns": drawdowns("2026-01-02 1000")}, "drawdowns", "on drawn_on, 1 January 2026"),
    ({"drawdowns": drawdowns("2026-01-01 500", "2027-01-01 500")}, "drawdowns", "not before the end, 1 January 2027"),
    ({"principal": "1000.001"}, "principal", "finer than 2 decimals"),
    ({"principal": "1000.5", "currency": "JPY"}, "principal", "finer than 0 decimals"),
    ({"principal": "1000000000000000"}, "principal", "less than 10^15"),
    ({"discount": "1000"}, "discount", "leaves nothing"),
    ({"discount": "0.001"}, "discount", "finer than 2 decimals"),
    ({"amortised_to": "2026-12-31"}, "amortised_to", "does not end on 1 January 2027"),
    ({"amortised_to": "2999-12-31"}, "amortised_to", "more than 5000 due dates"),
    ({"capitalise_interest_until": "2027-01-01"}, "capitalise_interest_until", "the loan ends on 1 January 2027"),
    ({"rounding": {"payment_multiple": "0.005"}}, "rounding", "finer than 2 decimals"),
    ({"months": [[8, "101"]]}, "months", "to 100 times"),
    ({"months": [[8, "0"], [8, "2"]]}, "months", "8 has two weights"),
    ({"steps": [[1, "0"]]}, "steps", "nothing is asked for before the end"),
    ({"drawn_on": "1850-01-01"}, "drawn_on", "before 1900"),
]


@pytest.mark.parametrize(("changes", "field", "said"), TERMS_WITHOUT_SENSE)
def test_terms_that_make_no_sense_together(changes: dict[str, Any], field: str, said: str) -> None:
    (found,) = answered(line(**changes))
    assert found["error"]["code"] == "impossible_terms"
    assert found["error"]["field"] == field
    assert said in found["error"]["message"]


@pytest.mark.parametrize(
    ("changes", "code", "field", "said"),
    [
        ({"colour": "red"}, "unknown_field", "colour", "choose one of: principal, currency"),
        ({"principal_due": {"first": "2026-02-01", "each": "1M"}}, "unknown_field", "principal_due.each", "every"),
        ({"principal": LEFT_OUT}, "missing_field", "principal", "Give it"),
        ({"day_count": LEFT_OUT}, "missing_field", "day_count", "Give it"),
        ({"principal_due": {"first": "2026-02-01"}}, "missing_field", "principal_due.every", "Give it"),
        ({"business_days": {"convention": "following"}}, "missing_field", "business_days.interest", "Give it"),
        ({"principal": 1000}, "bad_value", "principal", "the JSON number 1000. Write it as a JSON string"),
        ({"principal": 1000.5}, "bad_value", "principal", "the JSON number 1000.5"),
        ({"annual_rate": 0.06}, "bad_value", "annual_rate", "JSON string"),
        ({"payment": 100}, "bad_value", "payment", "JSON string"),
        ({"discount": 1}, "bad_value", "discount", "JSON string"),
        ({"drawdowns": [{"on": "2026-01-01", "amount": 5}]}, "bad_value", "drawdowns[0].amount", "JSON string"),
        (
            {"rate_changes": [{"on": "2026-03-01", "annual_rate": 1}]},
            "bad_value",
            "rate_changes[0].annual_rate",
            "JSON",
        ),
        ({"principal": "1e3"}, "bad_value", "principal", "plain decimal"),
        ({"principal": "NaN"}, "bad_value", "principal", "plain decimal"),
        ({"principal": "0"}, "bad_value", "principal", "more than 0"),
        ({"principal": "-1"}, "bad_value", "principal", "more than 0"),
        ({"payment": "0"}, "bad_value", "payment", "more than 0"),
        ({"accrued_interest": "-0.01"}, "bad_value", "accrued_interest", "0 or more"),
        ({"instalments": "12"}, "bad_value", "instalments", "without quotation marks"),
        ({"instalments": 12.0}, "bad_value", "instalments", "whole number"),
        ({"instalments": True}, "bad_value", "instalments", "whole number"),
        ({"instalments": 0}, "bad_value", "instalments", "1 or more"),
        ({"instalments": 5001}, "bad_value", "instalments", "5000 or less"),
        ({"interest_free_periods": -1}, "bad_value", "interest_free_periods", "0 or more"),
        ({"drawn_on": "2026-02-30"}, "bad_value", "drawn_on", "no such day"),
        ({"drawn_on": "1 February 2026"}, "bad_value", "drawn_on", '"2026-11-21"'),
        ({"principal_due": {"every": "1M"}}, "bad_value", "principal_due.first", "Give one of the two"),
        ({"interest_due": {"every": "1M"}}, "bad_value", "interest_due.first", "Give one of the two"),
        ({"principal_due": {"first": "2026-02-01", "every": "1Q"}}, "bad_value", "principal_due.every", '"1M"'),
        ({"currency": "ZZZ"}, "bad_value", "currency", "ISO 4217"),
        ({"currency": "gbp"}, "bad_value", "currency", '"GBP"'),
        ({"amortisation": "level"}, "bad_value", "amortisation", "annuity, equal_principal, given_payment, bullet"),
        ({"day_count": "actual/actual"}, "bad_value", "day_count", "actual/actual-isda"),
        ({"interest_method": "flat rate"}, "bad_value", "interest_method", "declining, flat"),
        ({"stub": "none"}, "bad_value", "stub", "short, long"),
        ({"month_end": "last"}, "bad_value", "month_end", "clamp, stick, roll"),
        ({"business_days": shift(calendar="GB-WLS")}, "bad_value", "business_days.calendar", "GB-ENG, GB-SCT, GB-NIR"),
        ({"business_days": shift(convention="next")}, "bad_value", "business_days.convention", "modified_following"),
        ({"business_days": shift(interest="both")}, "bad_value", "business_days.interest", "adjusted, unadjusted"),
        ({"drawdowns": []}, "bad_value", "drawdowns", "from 1 to 1000"),
        (
            {"drawdowns": drawdowns("2026-01-01 1001", "2026-02-01 -1")},
            "bad_value",
            "drawdowns[1].amount",
            "more than 0",
        ),
        ({"rounding": {"decimals": 13}}, "bad_value", "rounding.decimals", "12 or less"),
        ({"rounding": {"mode": "down"}}, "bad_value", "rounding.mode", "half_even, half_up"),
        ({"rounding": {"smooth": "yes"}}, "bad_value", "rounding.smooth", "true or false"),
        ({"months": [[13, "1"]]}, "bad_value", "months[0][0]", "12 or less"),
        ({"steps": [[0, "1"]]}, "bad_value", "steps[0][0]", "1 or more"),
    ],
)
def test_fields_that_are_not_as_they_should_be(changes: dict[str, Any], code: str, field: str, said: str) -> None:
    (found,) = answered(line(**changes))
    assert (found["error"]["code"], found["error"]["field"]) == (code, field)
    assert said in found["error"]["message"]


def test_one_bad_line_never_stops_the_others() -> None:
    bad = [line(**changes) for changes, _, _ in TERMS_WITHOUT_SENSE]
    lines = [each for pair in zip(bad, [line()] * len(bad), strict=True) for each in pair]
    found = answered(*lines)
    assert [set(each) for each in found] == [{"id", "error"}, {"id", "result"}] * len(bad)
    assert {json.dumps(each) for each in found[1::2]} == {json.dumps(found[1])}


def test_what_a_line_gets() -> None:
    found = asked(instalments=2, rate_changes=rates("2026-02-15 0.09"), discount="20")
    assert found == {
        "instalments": [
            {
                "no": 1,
                "due": "2026-02-01",
                "principal": "498.75",
                "interest": "5.00",
                "total": "503.75",
                "balance": "501.25",
            },
            {
                "no": 2,
                "due": "2026-03-01",
                "principal": "501.25",
                "interest": "3.17",
                "total": "504.42",
                "balance": "0.00",
            },
        ],
        "events": [
            event("2026-01-01 drawdown -980.00 1000.00 0.06"),
            event("2026-02-01 principal 498.75 501.25 0.06"),
            event("2026-02-01 interest 5.00 501.25 0.06"),
            event("2026-02-15 rate_change 0.00 501.25 0.09"),
            event("2026-03-01 principal 501.25 0.00 0.09"),
            event("2026-03-01 interest 3.17 0.00 0.09"),
        ],
        "totals": {"principal": "1000.00", "interest": "8.17", "total": "1008.17"},
        "payment": "503.75",
    }


def event(words: str) -> dict[str, str]:
    return dict(zip(("on", "kind", "amount", "balance", "annual_rate"), words.split(), strict=True))


@pytest.mark.parametrize(
    ("changes", "payment"),
    [
        ({}, "86.07"),
        ({"currency": "JPY", "principal": "100000"}, "8607"),
        ({"currency": "BHD", "principal": "1000.000"}, "86.066"),
        ({"rounding": {"decimals": None}}, "86.066429707081"),
        ({"rounding": {"decimals": 4}}, "86.0664"),
        ({"rounding": {"payment_multiple": "1"}}, "86.00"),
        ({"amortisation": "equal_principal"}, "83.33"),
        ({"interest_method": "flat"}, "88.33"),
        ({"amortisation": "bullet"}, None),
    ],
)
def test_the_payment_has_exactly_its_decimals(changes: dict[str, Any], payment: str | None) -> None:
    assert asked(**changes)["payment"] == payment


def test_a_negative_part_is_said() -> None:
    long = asked(principal="100000.00", annual_rate="0.5", day_count="actual/365f", instalments=480)
    assert long["negative_parts"] is True
    assert min(float(row["principal"]) for row in long["instalments"]) < 0
    assert "negative_parts" not in asked()


def test_a_month_of_nothing_has_its_row() -> None:
    august = asked(months=[[8, "0"]])["instalments"][6]
    assert (august["due"], august["total"]) == ("2026-08-01", "0.00")
