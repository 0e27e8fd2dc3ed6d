"""`calculate day_count`: how many days, and which part of a year, does a convention count between two dates?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from loans.calculators.fields import choice, iso_date, optional, read, refused, required
from loans.calculators.numbers import fraction_text
from loans.domain.day_count import DayCount, counted_days, year_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The fields of a line. `termination_date` only matters to `30e/360-isda`."""

    convention: DayCount = required(choice(DayCount))
    start: date = required(iso_date())
    end: date = required(iso_date())
    termination_date: date | None = optional(iso_date(), None)

    def __post_init__(self) -> None:
        if self.convention is DayCount.NOMINAL:
            raise refused("convention", 'is "nominal", which counts the periods of a schedule', "Choose another")
        if self.end < self.start:
            raise refused("end", f"is {self.end}, before start, {self.start}", "Give the earlier date as start")


def calculate(given: Mapping[str, object]) -> dict[str, object]:
    """The days that the convention counts and their part of a year. Raises CalculatorError."""
    asked = read(Question, given)
    span = (asked.convention, asked.start, asked.end)
    fraction = year_fraction(*span, termination_on=asked.termination_date)
    return {"days": counted_days(*span, termination_on=asked.termination_date), "fraction": fraction_text(fraction)}
