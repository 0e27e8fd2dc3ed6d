"""Are all cases met in the folder that REFERENCE_CASES names? It holds sets whose licences keep them out of here."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from loans.calculators import CALCULATORS, calculator
from loans.calculators.lines import answer
from tests.references.comparison import FILES, cases, differences

FOLDER = os.environ.get("REFERENCE_CASES")


@pytest.mark.skipif(not FOLDER, reason="REFERENCE_CASES names no folder of cases")
@pytest.mark.parametrize("name", sorted(CALCULATORS))
def test_every_case_is_met(name: str) -> None:
    found = cases(Path(FOLDER or ""), name)
    missed = {}
    for case in found:
        line = json.dumps({"id": case["id"], **case["terms"]}).encode()
        got = json.loads(answer(line, calculator(name)).text)
        if wrong := differences(case, got):
            missed[case["id"]] = wrong[:5]
    assert missed == {}
    assert len(found) > 20


def test_every_calculator_has_a_file_of_cases() -> None:
    assert set(CALCULATORS) <= set(FILES)


@pytest.mark.parametrize(
    ("expected", "answer", "number"),
    [
        ({"rate": "0.1"}, {"result": {"rate": "0.1000000001"}}, 0),
        ({"rate": "0.1"}, {"result": {"rate": "0.11"}}, 1),
        ({"rate": "0.1"}, {"result": {"rate": 0.1}}, 1),
        ({"rate": "0.1"}, {"result": {}}, 1),
        ({"rate": "0.1"}, {"error": {"code": "no_rate"}}, 1),
        ({"error": "no_rate"}, {"error": {"code": "no_rate"}}, 0),
        ({"error": "no_rate"}, {"result": {"rate": "0.1"}}, 1),
        ({"days": 180}, {"result": {"days": "180"}}, 1),
        ({"count": 2}, {"result": {"instalments": [{}]}}, 1),
        ({"instalments": [{"no": 1}]}, {"result": {"instalments": [{"no": 1}, {"no": 2}]}}, 1),
        ({"some_instalments": [{"no": 2, "total": "5"}]}, {"result": {"instalments": [{"no": 2, "total": "5.00"}]}}, 0),
        (
            {"events": [{"on": "2026-02-01", "kind": "interest", "amount": "1"}], "after": "2026-01-01"},
            {
                "result": {
                    "events": [
                        {"on": "2026-01-01", "kind": "drawdown", "amount": "-100"},
                        {"on": "2026-02-01", "kind": "principal", "amount": "0.00"},
                        {"on": "2026-02-01", "kind": "interest", "amount": "1.00"},
                    ]
                }
            },
            0,
        ),
    ],
)
def test_the_comparison_sees_what_differs(expected: dict[str, object], answer: dict[str, object], number: int) -> None:
    assert len(differences({"expected": expected, "tolerance": "0.000001"}, answer)) == number
