"""What is measured, and when may a figure be recorded? Indicators, evidence grades and the period of a reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from borrowers.domain.errors import PeriodNotOver, ReadingMalformed, WrongPeriod
from borrowers.domain.words import date_text

MAX_VALUE = Decimal(10) ** 12
PLACES = 4


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN = "maintain"


class Grade(StrEnum):
    """How well a figure is supported; every figure carries its grade wherever it is printed."""

    LEDGER = "L"
    INDEPENDENT = "A"
    THIRD_PARTY = "B"
    MEASURED = "C"
    ESTIMATED = "D"

    @property
    def words(self) -> str:
        """What the grade means."""
        return _MEANING[self]


_MEANING = {
    Grade.LEDGER: "taken from the ledger",
    Grade.INDEPENDENT: "independent validation or evaluation",
    Grade.THIRD_PARTY: "third-party record",
    Grade.MEASURED: "measured by the borrower, with a stated method",
    Grade.ESTIMATED: "borrower's estimate",
}


@dataclass(frozen=True, slots=True)
class ReadingPeriod:
    """The span that a reading covers: from `start` up to and not including `end`. Raises WrongPeriod."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise WrongPeriod(
                f"A period from {date_text(self.start)} cannot end on {date_text(self.last_day)}. "
                "Correct the dates; nothing was changed."
            )

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    def refuse_unless_over(self, on: date) -> None:
        """Raise PeriodNotOver where the period has not ended on the day before `on`, or earlier."""
        if self.end > on:
            raise PeriodNotOver(
                f"The period to {date_text(self.last_day)} is not over on {date_text(on)}. "
                f"Record the reading on {date_text(self.end)} or later; "
                "nothing was changed."
            )


def refuse_malformed_value(value: Decimal, grade: Grade, evidence: str) -> None:
    """Raise ReadingMalformed for a value that is no plain number, a typed ledger figure, or a figure without evidence.

    An estimate (grade D) needs none.
    """
    if not value.is_finite() or abs(value) >= MAX_VALUE:
        raise ReadingMalformed(f"{value} is no plain number below a million million. Correct it; nothing was changed.")
    if value != round(value, PLACES):
        raise ReadingMalformed(f"{value} has more than {PLACES} decimals. Round it; nothing was changed.")
    if grade is Grade.LEDGER:
        raise ReadingMalformed(
            "Grade L is kept for figures that the ledger gives. Choose A, B, C or D; nothing was changed."
        )
    if grade is not Grade.ESTIMATED and not evidence.strip():
        raise ReadingMalformed(
            f"Grade {grade} says: {grade.words}. Name that evidence, or choose D, an estimate; nothing was changed."
        )
