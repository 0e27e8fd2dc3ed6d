"""The reader of fields: what it takes, and that every refusal names the field, what is wrong and what would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from loans.calculators.errors import CalculatorError
from loans.calculators.fields import (
    JsonNumber,
    Repeated,
    boolean,
    choice,
    decimal,
    either,
    integer,
    iso_date,
    list_of,
    nullable,
    object_of,
    optional,
    pair,
    read,
    refused,
    required,
    text,
)


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    on: date = required(iso_date())
    amount: Decimal = optional(decimal(above=0), Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    no: int = required(integer(least=1, most=480))
    inner: Inner | None = optional(object_of(Inner), None)
    several: tuple[Inner, ...] = optional(list_of(object_of(Inner), least=1, most=3), ())
    colour: Colour = optional(choice(Colour), Colour.RED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    start: date = required(iso_date())
    end: date = required(iso_date())

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise refused("end", f"is before {self.start}", "Give a later day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    spans: tuple[Span, ...] = required(list_of(object_of(Span), most=3))


def refusal(reader: Any, value: object) -> CalculatorError:
    with pytest.raises(CalculatorError) as caught:
        reader(value, "x")
    assert (caught.value.code, caught.value.field) == ("bad_value", "x")
    return caught.value


def test_fields_are_read_and_defaults_filled_in() -> None:
    given = {"no": 3, "inner": {"on": "2026-11-21"}, "several": [{"on": "2024-02-29", "amount": "0.01"}]}
    inner = Inner(on=date(2026, 11, 21), amount=Decimal(1))
    other = Inner(on=date(2024, 2, 29), amount=Decimal("0.01"))
    assert read(Outer, given) == Outer(no=3, inner=inner, several=(other,), colour=Colour.RED)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, "missing_field", "no"),
        ({"no": 1, "nope": 1}, "unknown_field", "nope"),
        ({"no": 1, "inner": {}}, "missing_field", "inner.on"),
        ({"no": 1, "inner": {"on": "2026-01-01", "off": 1}}, "unknown_field", "inner.off"),
        ({"no": 1, "several": [{"on": "2026-01-01"}, {"on": "2026-13-01"}]}, "bad_value", "several[1].on"),
        ({"no": 0}, "bad_value", "no"),
        ({"no": None}, "bad_value", "no"),
        (Repeated(no=1), "duplicate_field", ""),
        ({"no": 1, "y" * 10_000: 1}, "unknown_field", f"{'y' * 40}…"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(given: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(CalculatorError) as caught:
        read(Outer, given)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            " 1",
            "1 ",
            "+1",
            "1.",
            ".5",
            "1e5",
            "NaN",
            "Infinity",
            "-",
            "--1",
            "1_000",
            "1,000",
            "0x10",
            "１",
            "1\n",
        ),
        *("9" * 44, 1, 1.5, True, None, [], {}, JsonNumber("1.5"), JsonNumber("NaN")),
    ],
)
def test_a_decimal_is_a_plain_one_in_a_string(value: object) -> None:
    assert "x is " in str(refusal(decimal(), value))


def test_decimals_within_bounds() -> None:
    assert decimal()("-0012.3400", "x") == Decimal("-12.34")
    assert decimal(least=0, most=1)("1", "x") == 1
    assert str(refusal(decimal(above=0), "0.00")) == "x is 0.00. Give more than 0."
    assert str(refusal(decimal(least=0), "-1")) == "x is -1. Give 0 or more."
    assert str(refusal(decimal(most=1), "1.01")) == "x is 1.01. Give 1 or less."


@pytest.mark.parametrize("value", [True, False, "1", 1.0, None, JsonNumber("1.0"), [1]])
def test_an_integer_is_neither_a_truth_nor_a_string(value: object) -> None:
    refusal(integer(), value)


@pytest.mark.parametrize(
    "value",
    *[["20261121", "2026-W47-6", "2026-11-31", "2025-02-29", "21.11.2026", "2026-11-21T00:00", "0001-01-01", 20261121]],
)
def test_a_date_is_written_one_way(value: object) -> None:
    refusal(iso_date(), value)


def test_the_other_readers() -> None:
    assert choice(Colour)("green", "x") is Colour.GREEN
    assert str(refusal(choice(Colour), "blue")) == 'x is "blue". Choose one of: red, green.'
    assert boolean()(True, "x") is True
    refusal(boolean(), 1)
    assert text(pattern="[1-9][DWMY]", like="1M")("2W", "x") == "2W"
    assert str(refusal(text(pattern="[1-9][DWMY]", like="1M"), "2w")) == 'x is "2w". Write it like "1M".'
    assert nullable(integer())(None, "x") is None
    assert either(integer(), int, decimal())("12.5", "x") == Decimal("12.5")
    assert either(integer(), int, decimal())(12, "x") == 12
    assert pair(integer(), boolean(), like="[1, true]")([1, True], "x") == (1, True)
    refusal(pair(integer(), boolean(), like="[1, true]"), [1])
    refusal(list_of(integer(), most=2), [1, 2, 3])
    refusal(list_of(integer(), least=1, most=2), [])
    refusal(object_of(Inner), [])


def test_a_long_value_is_quoted_short() -> None:
    assert len(str(refusal(choice(Colour), "b" * 100_000))) < 200
