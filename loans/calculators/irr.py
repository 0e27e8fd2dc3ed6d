"""`calculate irr`: which rate of return do flows have? pyxirr guesses in binary; the domain decides in decimals.

pyxirr finds one rate, quickly. Whether it is a rate, to which digit, and whether another lies nearer to nought is then
settled by `loans.domain.roots`, so the answer does not depend on the guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite

import pyxirr

from loans.calculators.fields import (
    choice,
    decimal,
    integer,
    iso_date,
    list_of,
    pair,
    read,
    refused,
    required,
    shown,
)
from loans.calculators.numbers import rate_text
from loans.domain.rates import return_in_periods, return_on_dates

MOST_FLOWS = 10_000
MOST_PERIODS = 10_000


class Kind(StrEnum):
    """Whether flows are dated or stand at whole periods."""

    XIRR = "xirr"
    IRR = "irr"


def _when(value: object, path: str) -> int | str:
    """Whatever `kind` makes of it later: a date, which is a string, or a period, which is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise refused(path, f"is {shown(value)}", 'Write a date as a JSON string ("2026-11-21"), or a period such as 0')
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The fields of a line; `when` of a flow is read as `kind` says."""

    flows: tuple[tuple[int | str, Decimal], ...] = required(
        list_of(pair(_when, decimal(), like='["2026-11-21", "-5000.00"]'), most=MOST_FLOWS)
    )
    kind: Kind = required(choice(Kind))

    def dates(self) -> list[tuple[date, Decimal]]:
        """The flows of kind `xirr`."""
        on = iso_date()
        return [(on(when, f"flows[{no}][0]"), amount) for no, (when, amount) in enumerate(self.flows)]

    def periods(self) -> list[tuple[int, Decimal]]:
        """The flows of kind `irr`."""
        period = integer(least=0, most=MOST_PERIODS)
        return [(period(when, f"flows[{no}][0]"), amount) for no, (when, amount) in enumerate(self.flows)]


def calculate(given: Mapping[str, object]) -> dict[str, object]:
    """The rate of return, a year for dates and a period otherwise. Raises CalculatorError, NoRate and TooHard."""
    question = read(Question, given)
    if question.kind is Kind.XIRR:
        dated = question.dates()
        rate = return_on_dates(dated, _guess_on_dates(dated))
    else:
        periodic = question.periods()
        rate = return_in_periods(periodic, _guess_in_periods(periodic))
    return {"rate": rate_text(rate)}


def _guess_on_dates(flows: Sequence[tuple[date, Decimal]]) -> Decimal | None:
    try:
        return _finite(pyxirr.xirr([on for on, _ in flows], [float(amount) for _, amount in flows]))
    except pyxirr.InvalidPaymentsError:
        return None


def _guess_in_periods(flows: Sequence[tuple[int, Decimal]]) -> Decimal | None:
    amounts = [0.0] * (max((period for period, _ in flows), default=0) + 1)
    for period, amount in flows:
        amounts[period] += float(amount)
    try:
        return _finite(pyxirr.irr(amounts))
    except pyxirr.InvalidPaymentsError:
        return None


def _finite(guess: float | None) -> Decimal | None:
    return Decimal(guess) if guess is not None and isfinite(guess) else None
