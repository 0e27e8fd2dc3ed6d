"""What do the calculators answer? One JSON object in, typed and bounded by its fields; one out, or an error.

Each calculator is a module with `calculate`; `docs/calculators.md` documents their fields, results, errors and limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

Calculator = Callable[[Mapping[str, object]], dict[str, object]]

CALCULATORS: Mapping[str, str] = {
    "apr": "loans.calculators.apr",
    "irr": "loans.calculators.irr",
    "day_count": "loans.calculators.day_count",
    "schedule": "loans.calculators.schedule",
}
"""The module of each calculator, imported when it is asked for."""


def calculator(name: str) -> Calculator:
    """The function that answers one object of a kind: a key of CALCULATORS. It raises CalculatorError and LoanError."""
    return cast(Calculator, import_module(CALCULATORS[name]).calculate)
