"""When does a business report, for which period, and by when? Late returns lower coverage and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from loans.domain.calendar import add_months
from loans.domain.errors import ReturnPlanRefused
from loans.domain.words import date_text

FEWEST, MOST = 3, 6
"""Questions of one return."""

EVERY = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
"""How often a business may be asked, by months."""

REMINDED_BEFORE = (7, 1)
"""Days before it is due on which a return is reminded of."""


class ReturnAnswerKind(StrEnum):
    """What may be saved for a question. HELP makes no reading: a person rings."""

    VALUE = "value"
    NOTHING = "nothing"
    NOT_APPLICABLE = "not-applicable"
    REFUSED = "refused"
    HELP = "help"

    @property
    def words(self) -> str:
        """How it reads among one's answers."""
        return _WORDS[self]


_WORDS = {
    ReturnAnswerKind.VALUE: "A figure",
    ReturnAnswerKind.NOTHING: "Nothing to report",
    ReturnAnswerKind.NOT_APPLICABLE: "Does not apply to us",
    ReturnAnswerKind.REFUSED: "We would rather not say",
    ReturnAnswerKind.HELP: "We need help with this",
}


class ReturnState(StrEnum):
    """Where a return is on a day."""

    OPEN = "open"
    LATE = "late"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class ReturnCalendar:
    """Periods of so many months from a day on, each to be reported within so many days of its end.

    Raises ReturnPlanRefused.
    """

    first_start: date
    every_months: int
    due_days: int

    def __post_init__(self) -> None:
        if self.first_start.day != 1:
            raise ReturnPlanRefused(
                "first_start",
                f"Periods begin on the first of a month; {date_text(self.first_start)} is none. "
                "Correct it; nothing was changed.",
            )
        if self.every_months not in EVERY:
            raise ReturnPlanRefused(
                "every_months",
                f"A business reports every 1, 3, 6 or 12 months, not {self.every_months}. Choose one; "
                "nothing was changed.",
            )
        if not 8 <= self.due_days <= 183:
            raise ReturnPlanRefused(
                "due_days",
                f"{self.due_days} days after the end of a period are not from 8 to 183: the first reminder comes seven "
                "days before. Correct them; nothing was changed.",
            )

    def periods_over(self, on: date, *, most: int = 60) -> Iterator[tuple[date, date, date]]:
        """Each period that is over on a day: its first day, the first day after it, and the day by which it is due.

        >>> calendar = ReturnCalendar(date(2025, 10, 1), 12, 76)
        >>> [due.isoformat() for _, _, due in calendar.periods_over(date(2026, 10, 1))]
        ['2026-12-16']
        """
        for number in range(most):
            start = add_months(self.first_start, number * self.every_months)
            end = add_months(start, self.every_months)
            if end > on:
                return
            yield start, end, end + timedelta(days=self.due_days)

    @property
    def words(self) -> str:
        """How often."""
        return EVERY[self.every_months]


def state_of(due_on: date, on: date, *, is_sent: bool) -> ReturnState:
    """Where a return is on a day."""
    if is_sent:
        return ReturnState.SENT
    return ReturnState.LATE if on > due_on else ReturnState.OPEN


def refuse_too_many_questions(count: int) -> None:
    """Raise ReturnPlanRefused unless there are three to six."""
    if not FEWEST <= count <= MOST:
        raise ReturnPlanRefused(
            "indicators",
            f"A return has {FEWEST} to {MOST} questions; {count} {'is' if count == 1 else 'are'} chosen. "
            "Choose what the claim needs and no more; nothing was changed.",
        )
