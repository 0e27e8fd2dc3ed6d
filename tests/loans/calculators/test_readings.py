"""Readings of the contract that a second pair of eyes found: each line says what it must give, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from loans.calculators.schedule import calculate
from loans.domain.errors import ImpossibleTerms

LEFT_OUT = object()
LINE: dict[str, object] = {
    "principal": "1000",
    "drawn_on": "2026-01-31",
    "annual_rate": "0.12",
    "amortisation": "annuity",
    "day_count": "30e/360",
    "principal_due": {"after": "2026-01-31", "every": "1M"},
    "instalments": 4,
}


def asked(**changes: object) -> dict[str, Any]:
    """The answer to the line with some fields changed or left out."""
    return calculate({name: value for name, value in {**LINE, **changes}.items() if value is not LEFT_OUT})


def rows(answer: dict[str, Any], field: str) -> list[Any]:
    """One column of the instalments."""
    return [row[field] for row in answer["instalments"]]


def test_the_order_in_which_drawdowns_are_written_does_not_matter() -> None:
    parts = [{"on": "2026-01-31", "amount": "500"}, {"on": "2026-03-10", "amount": "500"}]
    assert asked(drawdowns=parts[::-1]) == asked(drawdowns=parts)
    assert rows(asked(drawdowns=parts[::-1]), "due")[0] == "2026-02-28"


def test_interest_that_is_deferred_is_paid_though_the_principal_is_cleared_before() -> None:
    """28, 32, 30 and 30 days of 360 on 1000.00, 709.33, 416.90 and 121.07: 9.33 + 7.57 + 4.17 + 1.21."""
    answer = asked(instalments=LEFT_OUT, payment="300", deferred_interest_periods=10)
    assert answer["totals"]["interest"] == "22.28"
    assert answer["instalments"][-1]["balance"] == "0.00"


@pytest.mark.parametrize(
    "change",
    [
        {"rate_changes": [{"on": "2026-04-10", "annual_rate": "0.24"}]},
        {"drawdowns": [{"on": "2026-01-31", "amount": "500"}, {"on": "2026-04-10", "amount": "500"}]},
    ],
)
def test_a_payment_that_is_solved_to_a_date_is_solved_again_though_no_end_is_given(change: dict[str, object]) -> None:
    open_ended = asked(instalments=LEFT_OUT, amortised_to="2026-12-31", **change)
    assert rows(open_ended, "total")[4:10] == rows(asked(instalments=11, **change), "total")[4:10]


def test_a_payment_stays_level_where_a_long_first_period_takes_more_than_all_of_it() -> None:
    answer = asked(
        drawn_on="2025-01-31", principal_due={"first": "2026-01-31", "every": "1M"}, instalments=24, annual_rate="0.6"
    )
    assert set(rows(answer, "total")[:-1]) == {answer["payment"]}
    assert answer["negative_parts"] is True


def test_a_payment_that_is_given_stays_whatever_the_interest() -> None:
    assert rows(asked(payment="5"), "total")[:3] == ["5.00", "5.00", "5.00"]


def test_the_last_stretch_before_principal_is_counted_by_the_intervals_of_interest() -> None:
    answer = asked(
        principal="1200",
        drawn_on="2026-01-01",
        day_count="nominal",
        interest_due={"first": "2026-02-01", "every": "1M"},
        principal_due={"first": "2026-07-01", "every": "3M"},
    )
    assert rows(answer, "interest")[:6] == ["12.00"] * 6


@pytest.mark.parametrize(
    "number, maturity", [(1, "2026-08-31"), (4, "2026-06-15"), (4, "2026-05-15"), (2, "2026-05-31")]
)
def test_given_both_the_maturity_is_the_last_of_so_many_dates(number: int, maturity: str) -> None:
    answer = asked(instalments=number, maturity=maturity)
    assert len(answer["instalments"]) == number
    assert answer["instalments"][-1] == {**answer["instalments"][-1], "due": maturity, "balance": "0.00"}


def test_interest_on_its_own_dates_falls_due_for_as_long_as_principal_does() -> None:
    answer = asked(
        instalments=LEFT_OUT,
        amortisation="equal_principal",
        payment="100",
        principal_due={"after": "2026-01-31", "every": "1Y"},
        interest_due={"after": "2026-01-31", "every": "1M"},
    )
    assert len(answer["instalments"]) == 120
    assert all(Decimal(total) > 0 for total in rows(answer, "total"))


def test_nothing_falls_due_before_the_loan_is_drawn_though_the_day_is_shifted_back() -> None:
    shift = {"convention": "preceding", "interest": "adjusted", "calendar": "weekdays"}
    answer = asked(principal_due={"first": "2026-01-31", "every": "1M"}, business_days=shift)
    assert answer["instalments"][0]["due"] == "2026-01-31"
    assert rows(answer, "total")[0] == answer["payment"] != "0.00"
    assert [event["kind"] for event in answer["events"]][:2] == ["drawdown", "principal"]


def test_due_dates_that_shift_onto_one_day_share_the_principal_all_the_same() -> None:
    shift = {"convention": "following", "interest": "adjusted", "calendar": "weekdays"}
    answer = asked(
        amortisation="equal_principal",
        principal_due={"first": "2026-02-07", "every": "1D"},
        instalments=5,
        business_days=shift,
    )
    assert rows(answer, "principal") == ["200.00"] * 5


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"annual_rate": "-0.5", "principal_due": {"after": "2026-01-31", "every": "4Y"}}, "annual_rate"),
        ({"rounding": {"smooth": True}, "steps": [[3, "2"]]}, "rounding"),
        ({"rounding": {"payment_multiple": "1000"}}, "rounding"),
    ],
)
def test_what_cannot_be_solved_is_refused_by_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ImpossibleTerms) as refusal:
        asked(**changes)
    assert refusal.value.field == field


def test_tiny_parts_make_the_principal_exactly() -> None:
    parts = [{"on": "2026-01-31", "amount": "99999.999999999999"}, {"on": "2026-02-01", "amount": "0.000000000001"}]
    answer = asked(principal="100000", drawdowns=parts, rounding={"decimals": None})
    assert Decimal(answer["totals"]["principal"]) == 100000
