"""What may be said for a period, and when? The five answers, evidence grades, the period, and parts by group."""

from __future__ import annotations

from collections.abc import Mapping
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


class Answer(StrEnum):
    """What is said for a period. No row at all is a sixth thing: nobody has answered. Nought is a value."""

    VALUE = "value"
    NOTHING = "nothing"
    NOT_APPLICABLE = "not-applicable"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """How it is shown where a figure would stand."""
        return _ANSWERS[self]


_ANSWERS = {
    Answer.VALUE: "a figure",
    Answer.NOTHING: "nothing to report",
    Answer.NOT_APPLICABLE: "does not apply",
    Answer.REFUSED: "rather not say",
}


class ShownBy(StrEnum):
    """How a business knows a figure."""

    ESTIMATE = "estimate"
    COUNT = "count"
    RECORD = "record"

    @property
    def words(self) -> str:
        """In its own words."""
        return _SHOWN_BY[self]


_SHOWN_BY = {
    ShownBy.ESTIMATE: "Our best guess",
    ShownBy.COUNT: "We counted it ourselves",
    ShownBy.RECORD: "A record that others keep or check: payroll, a register, a letter",
}


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

    def refuse_unless_within_a_year(self, name: str) -> None:
        """Raise WrongPeriod where it is longer than a year: what adds up would be told as one year's, and is not."""
        if self.end > _a_year_after(self.start):
            raise WrongPeriod(
                f"{name} adds up over its days, and {date_text(self.start)} to {date_text(self.last_day)} is more than "
                "a year: it would be told as one year’s. Record a figure for each year; nothing was changed."
            )


def _a_year_after(day: date) -> date:
    """The same day of the next year; after a 29 February the first of March."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if is_leap_day else day.replace(year=day.year + 1)


SMALLEST_SHOWN = 5
"""Counts of people below this are not shown to others: they could tell who is meant."""

TENFOLD = 10


def number_text(value: Decimal) -> str:
    """A figure as people write it.

    >>> number_text(Decimal("1200.5000")), number_text(Decimal("6.0000")), number_text(Decimal("-3"))
    ('1,200.5', '6', '\N{MINUS SIGN}3')
    """
    whole = value.to_integral_value()
    text = f"{abs(whole):,}" if value == whole else f"{abs(value):,f}".rstrip("0")
    return f"\N{MINUS SIGN}{text}" if value < 0 else text


OF_ONE = {
    "people": "person",
    "places": "place",
    "organisations": "organisation",
    "kilowatt-hours": "kilowatt-hour",
    "jobs": "job",
    "hours": "hour",
    "homes": "home",
    "communities": "community",
    "tonnes of CO2 equivalent": "tonne of CO2 equivalent",
}
"""The catalogue's units for a figure of one; a unit of a fund's own stays as it is."""


def counted(value: Decimal, unit: str) -> str:
    """A figure with its unit; pounds as money.

    >>> counted(Decimal(6), "people"), counted(Decimal(1), "people"), counted(Decimal("0.5"), "jobs")
    ('6 people', '1 person', '0.5 jobs')
    >>> counted(Decimal("1200.5"), "pounds"), counted(Decimal(-80), "pounds")
    ('£1,200.50', '\N{MINUS SIGN}£80')
    """
    if unit != "pounds":
        return f"{number_text(value)} {OF_ONE.get(unit, unit) if value == 1 else unit}"
    whole = value == value.to_integral_value()
    text = f"£{abs(value):,.0f}" if whole else f"£{abs(value):,.2f}"
    return f"\N{MINUS SIGN}{text}" if value < 0 else text


def is_tenfold(value: Decimal, before: Decimal | None) -> bool:
    """Whether a figure is at least ten times, or at most a tenth of, what it was: a slip of the hand, or news.

    >>> is_tenfold(Decimal(60), Decimal(6)), is_tenfold(Decimal(59), Decimal(6)), is_tenfold(Decimal(0), Decimal(6))
    (True, False, False)
    """
    if before is None or not value or not before:
        return False
    return abs(value) >= TENFOLD * abs(before) or abs(value) * TENFOLD <= abs(before)


def grade_reached(shown_by: ShownBy, *, has_file: bool) -> Grade:
    """The grade that a business's own answer has: a file makes it stronger, and is never needed.

    >>> str(grade_reached(ShownBy.RECORD, has_file=True)), str(grade_reached(ShownBy.RECORD, has_file=False))
    ('B', 'C')
    """
    if shown_by is ShownBy.RECORD and has_file:
        return Grade.THIRD_PARTY
    return Grade.MEASURED if has_file or shown_by is not ShownBy.ESTIMATE else Grade.ESTIMATED


def parts_for_others(whole: Decimal, parts: Mapping[str, Decimal]) -> dict[str, Decimal | None]:
    """Parts by group as others may see them; None where a count would show who is meant, or what is left of the whole.

    >>> parts_for_others(Decimal(20), {"women": Decimal(12), "young": Decimal(3), "older": Decimal(17)})
    {'women': Decimal('12'), 'young': None, 'older': None}
    """
    return {group: None if _is_small(count) or _is_small(whole - count) else count for group, count in parts.items()}


def _is_small(count: Decimal) -> bool:
    return 0 < count < SMALLEST_SHOWN


def refuse_malformed_parts(whole: Decimal, parts: Mapping[str, Decimal]) -> None:
    """Raise ReadingMalformed for a part below nought or above the whole."""
    for group, part in parts.items():
        if not part.is_finite() or not 0 <= part <= whole:
            raise ReadingMalformed(
                f"A part of {part} for {group} is not from 0 to the whole of {number_text(whole)}. "
                "Correct it; nothing was changed."
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
