"""Streams of lines: an answer to each, in order, whatever the line is; and what the calculators answer."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.calculators import CALCULATORS, Calculator, calculator
from loans.calculators.lines import MOST_BYTES, answer, answers, parsed
from loans.domain.errors import DrawdownRefused, ImpossibleTerms

GOOD = b'{"id": "after", "flows": [[0, "-100"], [1, "110"]], "kind": "irr"}\n'


def answered(kind: str, *lines: str | bytes) -> list[dict[str, object]]:
    source = io.BytesIO(b"".join(line.encode() if isinstance(line, str) else line for line in lines))
    return [json.loads(each.text) for each in answers(source, calculator(kind))]


def asked(calculator: str, /, **fields: object) -> dict[str, object]:
    return answered(calculator, json.dumps({"id": 1, **fields}))[0]


@pytest.mark.parametrize(
    ("line", "identity", "code"),
    [
        (b"\n", None, "not_json"),
        (b"nonsense\n", None, "not_json"),
        (b"\xff\xfe\n", None, "not_json"),
        (b'{"id": 1\n', None, "not_json"),
        (b"[1, 2]\n", None, "not_json"),
        (b"null\n", None, "not_json"),
        (b"[" * 100_000 + b"\n", None, "not_json"),
        (b'{"id": 1.5}\n', None, "bad_value"),
        (b'{"id": true}\n', None, "bad_value"),
        (b'{"id": ' + b"9" * 5000 + b"}\n", None, "bad_value"),
        (b'{"id": "a"}\n', "a", "missing_field"),
        (b'{"id": 7, "flow": []}\n', 7, "unknown_field"),
        (b'{"id": 7, "kind": "irr", "kind": "irr"}\n', 7, "duplicate_field"),
        (b'{"id": 7, "flows": [[0, NaN]], "kind": "irr"}\n', 7, "bad_value"),
        (b'{"id": 7, "flows": [[0, "-1"]], "kind": "irr"}\n', 7, "no_rate"),
        (b'{"id": "\\ud800", "flows": [], "kind": "irr"}\n', "\ud800", "no_rate"),
        (b"x" * (MOST_BYTES + 1) + b"\n", None, "too_long"),
        (b"x" * (3 * MOST_BYTES) + b"\n", None, "too_long"),
    ],
)
def test_a_bad_line_is_answered_and_the_next_one_too(line: bytes, identity: object, code: str) -> None:
    bad, good = answered("irr", line, GOOD)
    assert (bad["id"], bad["error"]["code"]) == (identity, code)
    assert set(bad["error"]) == {"code", "field", "message"}
    assert good == {"id": "after", "result": {"rate": "0.1000000000000000"}}


def test_the_last_line_needs_no_end_and_no_line_gives_no_answer() -> None:
    assert answered("irr", GOOD, GOOD.rstrip()) == [{"id": "after", "result": {"rate": "0.1000000000000000"}}] * 2
    assert answered("irr") == []


def test_a_fault_of_ours_and_a_refusal_of_the_engine_are_answers_too(capsys: pytest.CaptureFixture[str]) -> None:
    def raising(error: Exception) -> Calculator:
        def calculate(given: Mapping[str, object]) -> dict[str, object]:
            raise error

        return calculate

    def code_and_field(error: Exception) -> tuple[object, object]:
        found = json.loads(answer(b'{"id": 1}', raising(error)).text)
        assert found["id"] == 1
        return found["error"]["code"], found["error"]["field"]

    assert code_and_field(ZeroDivisionError("nought")) == ("fault", "")
    assert "ZeroDivisionError: nought" in capsys.readouterr().err
    assert code_and_field(ImpossibleTerms("months", "No.")) == ("impossible_terms", "months")
    assert code_and_field(DrawdownRefused("No.")) == ("refused", "")


def test_numbers_that_are_not_whole_keep_their_text() -> None:
    assert repr(parsed(b'{"x": 1.50}')["x"]) == "JsonNumber(text='1.50')"


def test_every_calculator_is_there() -> None:
    for name in CALCULATORS:
        assert callable(calculator(name))


WORDS = st.sampled_from(
    ["years", "dates", "unit_periods", "effective_annual", "us_actuarial", "irr", "xirr", "30e/360"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 500)
    | st.floats()
    | WORDS
    | st.text(max_size=5)
    | st.decimals(-1000, 1000, places=2).map(str)
    | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)
FLOWS = st.lists(st.tuples(VALUES, st.decimals(-1000, 1000, places=2).map(str)), max_size=6) | VALUES
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "flows": FLOWS,
        **dict.fromkeys(("basis", "method", "kind", "convention", "interval"), VALUES | WORDS),
        **{name: VALUES | st.dates().map(str) for name in ("start", "end", "termination_date", "periods_per_year")},
    },
)


@pytest.mark.parametrize("name", ["apr", "irr", "day_count"])
@given(st.data())
def test_nothing_that_is_asked_is_a_fault(name: str, data: st.DataObject) -> None:
    given = data.draw(FIELDS)
    known = {"apr": "flows basis method interval periods_per_year", "irr": "flows kind"}
    asked = {
        key: value for key, value in given.items() if key in known.get(name, "convention start end termination_date")
    }
    found = json.loads(answer(json.dumps({"id": 1, **asked}).encode(), calculator(name)).text)
    assert found["id"] == 1
    assert found.get("error", {}).get("code") != "fault", found


class TestApr:
    def test_each_basis(self) -> None:
        years = asked("apr", flows=[["1", "110"], ["0", "-100"]], basis="years", method="effective_annual")
        assert years["result"] == {"annual_rate": "0.1000000000000000"}
        dated = {"flows": [["2013-02-15", "110"], ["2012-02-15", "-100"]], "basis": "dates"}
        assert asked("apr", **dated, method="effective_annual") == years
        assert asked("apr", **dated, method="effective_annual", interval="years") == years
        periods = {"flows": [["0", "-100"], ["1", "101"]], "basis": "unit_periods", "method": "us_actuarial"}
        for a_year in (12, "12", "12.0"):
            assert asked("apr", **periods, periods_per_year=a_year)["result"] == {"annual_rate": "0.1200000000000000"}

    @pytest.mark.parametrize(
        ("change", "code", "field"),
        [
            ({"basis": "days"}, "bad_value", "basis"),
            ({"method": "us_actuarial"}, "bad_value", "method"),
            ({"basis": "unit_periods", "method": "us_actuarial"}, "missing_field", "periods_per_year"),
            ({"periods_per_year": 0}, "bad_value", "periods_per_year"),
            ({"periods_per_year": 12.5}, "bad_value", "periods_per_year"),
            ({"interval": "weeks"}, "bad_value", "interval"),
            ({"flows": "none"}, "bad_value", "flows"),
            ({"flows": [["0", "-1"], [1, "1"]]}, "bad_value", "flows[1][0]"),
            ({"flows": [["0", "-1"], ["1e3", "1"]]}, "bad_value", "flows[1][0]"),
            ({"flows": [["0", "-1"], ["1", "1", "1"]]}, "bad_value", "flows[1]"),
            ({"flows": [["0", "-1"], ["1001", "1"]]}, "bad_value", "flows[1][0]"),
            ({"flows": [["0", "-1"]] * 10_001}, "bad_value", "flows"),
            ({"flows": [["0", "1"], ["1", "1"]]}, "no_rate", "flows"),
            ({"flows": []}, "no_rate", "flows"),
            ({"apr": "0.1"}, "unknown_field", "apr"),
        ],
    )
    def test_what_is_refused(self, change: dict[str, object], code: str, field: str) -> None:
        good = {"flows": [["0", "-100"], ["1", "110"]], "basis": "years", "method": "effective_annual"}
        error = asked("apr", **{**good, **change})["error"]
        assert (error["code"], error["field"]) == (code, field)

    def test_unit_periods_are_not_negative(self) -> None:
        error = asked(
            "apr",
            flows=[["-0.5", "-100"], ["1", "101"]],
            basis="unit_periods",
            method="us_actuarial",
            periods_per_year=12,
        )["error"]
        assert (error["code"], error["field"]) == ("bad_value", "flows[0][0]")


class TestIrr:
    def test_dates_in_any_order_and_nil_amounts(self) -> None:
        flows = [["2027-01-01", "110"], ["2026-06-01", "0"], ["2026-01-01", "-100"]]
        assert asked("irr", flows=flows, kind="xirr")["result"] == {"rate": "0.1000000000000000"}

    def test_periods_with_gaps_and_several_in_one(self) -> None:
        flows = [[2, "121"], [0, "-60"], [0, "-40"]]
        assert asked("irr", flows=flows, kind="irr")["result"] == {"rate": "0.1000000000000000"}

    def test_of_several_rates_the_nearest_to_nought_whatever_is_guessed(self) -> None:
        for amounts, rate in ((("-1000", "2300", "-1320"), "0.1"), (("-1000", "2150", "-1140"), "-0.05")):
            found = asked("irr", flows=[[no, amount] for no, amount in enumerate(amounts)], kind="irr")
            assert Decimal(found["result"]["rate"]) == Decimal(rate)

    def test_a_rate_close_to_minus_one_never_reads_as_minus_one(self) -> None:
        found = asked("irr", flows=[["2026-01-01", "-1000"], ["2026-01-02", "1"]], kind="xirr")
        assert Decimal(found["result"]["rate"]) > -1

    @pytest.mark.parametrize("when", [True, -1, 10_001, "0", 1.5, None])
    def test_periods_are_whole_numbers_from_nought(self, when: object) -> None:
        error = asked("irr", flows=[[0, "-1"], [when, "1"]], kind="irr")["error"]
        assert (error["code"], error["field"]) == ("bad_value", "flows[1][0]")


class TestDayCount:
    def test_days_and_their_part_of_a_year(self) -> None:
        found = asked("day_count", convention="30e/360", start="2026-01-31", end="2026-07-31")
        assert found["result"] == {"days": 180, "fraction": "0.50000000000000000000"}

    def test_a_termination_date(self) -> None:
        span = {"convention": "30e/360-isda", "start": "2006-01-31", "end": "2006-02-28"}
        assert asked("day_count", **span)["result"]["days"] == 30
        assert asked("day_count", **span, termination_date="2006-02-28")["result"]["days"] == 28

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"convention": "nominal"}, "convention"), ({"end": "2025-12-31"}, "end"), ({"start": "2026-02-30"}, "start")],
    )
    def test_what_is_refused(self, change: dict[str, object], field: str) -> None:
        good = {"convention": "actual/360", "start": "2026-01-01", "end": "2026-07-01"}
        error = asked("day_count", **{**good, **change})["error"]
        assert (error["code"], error["field"]) == ("bad_value", field)
