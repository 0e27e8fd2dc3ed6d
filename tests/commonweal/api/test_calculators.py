"""Do the calculators over HTTP answer as the commands do, refuse in their words, and bound the work of a request?"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from commonweal.api import calculator_lines, calculators
from commonweal.api.models import IdempotentAnswer
from loans.calculators import CALCULATORS, apr, calculator, day_count, irr, schedule
from loans.calculators.lines import answer
from tests.commonweal.api.client import Api, Said
from tests.commonweal.api.writes import DAYS, FLOWS, TERMS

ADDRESSES = {name: f"calculators/{name.replace('_', '-')}/" for name in CALCULATORS}
LINES: dict[str, dict[str, Any]] = {
    "schedule": TERMS,
    "apr": {**FLOWS, "basis": "dates", "method": "effective_annual"},
    "irr": {**FLOWS, "kind": "xirr"},
    "day_count": DAYS,
}
DECLARED = {
    "schedule": (calculator_lines.ScheduleLine, schedule.Question),
    "apr": (calculator_lines.AprLine, apr.Question),
    "irr": (calculator_lines.IrrLine, irr.Question),
    "day_count": (calculator_lines.DayCountLine, day_count.Question),
}
WEEKLY = {"first": "2025-05-08", "every": "1W"}
MANY = [[str(date(2026, 1, 1) + timedelta(days=day)), "1"] for day in range(1201)]


def commands_answer(name: str, line: dict[str, Any]) -> Any:
    """What `manage.py calculate` writes for the same line."""
    return json.loads(answer(json.dumps(line).encode(), calculator(name)).text)


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


@pytest.fixture
def anyone(as_: Callable[[str], Api]) -> Api:
    """Somebody who has logged in; which role does not matter."""
    return as_("investor")


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_answered_as_the_command_answers_it(name: str, anyone: Api) -> None:
    said = anyone.post(ADDRESSES[name], LINES[name], key=None)
    assert (said.status, said.body) == (200, commands_answer(name, LINES[name]))


@pytest.mark.parametrize("name", LINES)
def test_the_fields_are_those_of_the_command(name: str) -> None:
    line, question = DECLARED[name]
    fields = dataclasses.fields(question)
    needed = {field.name for field in fields if field.default is dataclasses.MISSING}
    assert set(line().fields) == {"id", *(field.name for field in fields)}
    assert {field for field, one in line().fields.items() if one.required} == needed


@pytest.mark.parametrize(
    ("name", "changed", "code", "field"),
    [
        ("schedule", {"principal": 35000.5}, "bad_value", "principal"),
        ("schedule", {"id": 1.5}, "bad_value", "id"),
        ("schedule", {"id": "\ud800"}, "bad_value", "id"),
        ("schedule", {"rounding": {"decimal": 2}}, "unknown_field", "rounding.decimal"),
        ("schedule", {"annual_rate": "10"}, "impossible_terms", "annual_rate"),
        ("apr", {"flows": [["2026-01-15", "-1000"]]}, "no_rate", "flows"),
        ("irr", {"flows": [["2026-01-15", "\ud800"]]}, "bad_value", "flows[0][1]"),
        ("day_count", {"end": "2025-01-31"}, "bad_value", "end"),
    ],
)
def test_a_refusal_has_the_commands_code_field_and_message(
    name: str, changed: dict[str, Any], code: str, field: str, anyone: Api
) -> None:
    line = {**LINES[name], **changed}
    said = anyone.post(ADDRESSES[name], line, key=None)
    assert (said.status, said.code, list(said.fields)) == (400, code, [field])
    assert said.fields[field] == [said.message]
    if changed != {"id": "\ud800"}:
        assert said.message.replace("?", "\ud800") == commands_answer(name, line)["error"]["message"]


@pytest.mark.parametrize(
    ("name", "line", "field", "message"),
    [
        ("schedule", {**TERMS, "instalments": 1201}, "instalments", "makes 1,201 due dates. Ask for at most 1,200"),
        (
            "schedule",
            {**without(TERMS, "instalments"), "principal_due": WEEKLY, "maturity": "2048-06-01"},
            "maturity",
            "makes 1,205 due dates. Ask for at most 1,200",
        ),
        (
            "schedule",
            {**without(TERMS, "instalments", "rate_changes"), "principal_due": WEEKLY, "payment": "50.00"},
            "payment",
            "due dates. Ask for at most 1,200",
        ),
        (
            "schedule",
            {**TERMS, "rate_changes": [{"on": day, "annual_rate": "0.05"} for day, _ in MANY[:61]]},
            "rate_changes",
            "is one of 61 drawdowns, rate changes and steps. Give at most 60 over HTTP",
        ),
        (
            "schedule",
            {**TERMS, "steps": [[no, "1.01"] for no in range(1, 61)]},
            "steps",
            "is one of 61 drawdowns, rate changes and steps. Give at most 60 over HTTP",
        ),
        ("apr", {**LINES["apr"], "flows": MANY}, "flows", "has 1,201 entries. Give at most 1,200"),
        ("irr", {**LINES["irr"], "flows": MANY}, "flows", "has 1,201 entries. Give at most 1,200"),
    ],
)
def test_the_work_of_a_request_is_bounded(
    name: str, line: dict[str, Any], field: str, message: str, anyone: Api
) -> None:
    said = anyone.post(ADDRESSES[name], line, key=None)
    assert (said.status, said.code, list(said.fields)) == (400, "bad_value", [field])
    assert message in said.message
    assert said.message.endswith("The command `calculate` takes more.")


def test_as_much_as_is_allowed_is_answered(anyone: Api) -> None:
    line = {**TERMS, "instalments": calculators.MOST_DUE_DATES}
    said = anyone.post(ADDRESSES["schedule"], line, key=None)
    assert (said.status, len(said.body["result"]["instalments"])) == (200, 1200)


def sent(api: Api, content: bytes) -> Said:
    headers = {"Authorization": f"Bearer {api.token}"}
    path = f"/api/v1/{ADDRESSES['day_count']}"
    response = Client().post(path, content, content_type="application/json", headers=headers)
    return Said(response.status_code, response.json(), dict(response.headers), response.content)


def test_no_digit_is_lost_and_no_field_passed_over(anyone: Api) -> None:
    content = json.dumps(DAYS)
    twice = sent(anyone, f'{content[:-1]}, "end": "2026-08-31"}}'.encode())
    assert (twice.status, twice.fields) == (400, {"end": ["This field is given twice. Give it once."]})
    number = sent(anyone, content.replace('"2026-01-31"', "1.10").encode())
    assert "the JSON number 1.10" in number.message
    broken = sent(anyone, content[:-1].encode())
    assert (broken.status, broken.code) == (400, "parse_error")
    assert sent(anyone, b"[" * 100_000).status == 400
    assert sent(anyone, b" " * 300_000).code == "request_too_large"


def test_a_key_is_not_asked_for_and_keeps_nothing(anyone: Api) -> None:
    assert anyone.post(ADDRESSES["irr"], LINES["irr"], key="mine").status == 200
    assert not IdempotentAnswer.objects.exists()


def test_whoever_has_not_logged_in_is_turned_away(db: None) -> None:
    said = Api("").post(ADDRESSES["irr"], LINES["irr"], key=None)
    assert (said.status, said.code) == (401, "not_authenticated")
