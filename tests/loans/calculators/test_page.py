"""docs/calculators.md says what the calculators do: fields, error codes and examples."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from django.conf import settings

from loans.calculators import apr, calculator, day_count, irr, schedule
from loans.calculators.lines import answer
from tests.documentation import rows_of

PAGE = (settings.BASE_DIR / "docs" / "calculators.md").read_text(encoding="utf-8")
HEADINGS = re.split(r"^## `calculate (\w+)`$", PAGE, flags=re.MULTILINE)
SECTIONS = dict(zip(HEADINGS[1::2], HEADINGS[2::2], strict=True))

QUESTIONS = [schedule.Question, apr.Question, irr.Question, day_count.Question]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.__module__)
def test_every_field_has_its_row(question: type) -> None:
    name = question.__module__.rpartition(".")[2]
    rows = rows_of(PAGE, f"`calculate {name}`")
    named = {field for row in rows for field in re.findall(r"`(\w+)`", row[0])}
    assert named == {field.name for field in dataclasses.fields(question)}


def test_every_error_code_has_its_row() -> None:
    sources = "".join(file.read_text() for file in (settings.BASE_DIR / "loans" / "calculators").glob("*.py"))
    raised = set(re.findall(r'CalculatorError\(\s*"(\w+)"', sources)) | set(re.findall(r'return "(\w+)", ', sources))
    assert {row[0].strip("`") for row in rows_of(PAGE, "Errors")} == raised | {"bad_value"}


@pytest.mark.parametrize("name", [name for name, text in SECTIONS.items() if '    {"id"' in text])
def test_the_examples_are_true(name: str) -> None:
    lines = re.findall(r'^ {4}(\{"id".*)$', SECTIONS[name], re.MULTILINE)
    for asked, answered in zip(lines[::2], lines[1::2], strict=True):
        assert json.loads(answer(asked.encode(), calculator(name)).text) == json.loads(answered)
