"""What did businesses say of each indicator in a year and the one before it? One row each, made in the database.

A reading belongs to the year in which its own period ended. Of those that stand the figures are summed, the latest and
the largest are kept beside the sum, and the answer that was given last.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from borrowers.domain.outcomes import AddUp, Measure
from borrowers.domain.readings import Answer, Grade

YEARS = """
    SELECT organisation_id, indicator_id, CASE WHEN period_end > %(start)s THEN 0 ELSE 1 END AS years_ago,
           sum(value), max(grade) FILTER (WHERE value IS NOT NULL),
           (array_agg(value ORDER BY period_end DESC, id DESC) FILTER (WHERE value IS NOT NULL))[1],
           (array_agg(grade ORDER BY period_end DESC, id DESC) FILTER (WHERE value IS NOT NULL))[1],
           (array_agg(answer ORDER BY period_end DESC, id DESC))[1],
           max(value), (array_agg(grade ORDER BY value DESC, id DESC) FILTER (WHERE value IS NOT NULL))[1], count(value)
    FROM borrowers_reading AS reading
    WHERE organisation_id = ANY(%(businesses)s::bigint[]) AND period_end > %(before)s AND period_end <= %(end)s
      AND NOT EXISTS (SELECT 1 FROM borrowers_reading AS later WHERE later.replaces_id = reading.id)
    GROUP BY organisation_id, indicator_id, years_ago
"""
"""The worst grade is the largest letter: nobody types an L, which only the ledger has."""


@dataclass(frozen=True, slots=True)
class YearSaid:
    """What one business said of one indicator in a year: its sum, its latest and its largest figure, each with its
    grade, and how many figures there are."""

    total: Decimal | None = None
    total_grade: Grade | None = None
    latest: Decimal | None = None
    latest_grade: Grade | None = None
    last: Answer | None = None
    largest: Decimal | None = None
    largest_grade: Grade | None = None
    figures: int = 0

    @property
    def answer(self) -> Answer | None:
        """A figure where there is one, else what was said last; None where nobody answered."""
        return Answer.VALUE if self.latest is not None else self.last

    def figure(self, measure: Measure, rule: AddUp) -> tuple[Decimal | None, Grade | None]:
        """Flows add up over the year and carry the worst grade. People of two periods may be the same: of a count of
        unique people the largest counts. Of a stock, and of what never adds up, the latest does."""
        if measure is Measure.FLOW and rule is AddUp.SUM:
            return self.total, self.total_grade
        if measure is Measure.FLOW and rule is AddUp.UNIQUE_PEOPLE:
            return self.largest, self.largest_grade
        return self.latest, self.latest_grade

    def is_at_least(self, measure: Measure, rule: AddUp) -> bool:
        """Whether the figure is the largest of several that may overlap."""
        return self.figures > 1 and measure is Measure.FLOW and rule is AddUp.UNIQUE_PEOPLE


Answers = dict[tuple[int, int, int], YearSaid]
"""By the keys of the business and the indicator, and how many years ago."""

NOTHING = YearSaid()

GRADES: dict[str | None, Grade | None] = {None: None, **{grade.value: grade for grade in Grade}}
ANSWERS = {answer.value: answer for answer in Answer}


def year_answers(businesses: Collection[int], before: date, start: date, end: date) -> Answers:
    """What these businesses said in the year after `start` up to `end`, and in the one after `before`; one query."""
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"businesses": list(businesses), "before": before, "start": start, "end": end}
        cursor.execute(YEARS, asked)
        return {
            (business, indicator, ago): YearSaid(
                total, GRADES[worst], latest, GRADES[grade], ANSWERS[last], largest, GRADES[its], figures
            )
            for business, indicator, ago, total, worst, latest, grade, last, largest, its, figures in cursor.fetchall()
        }
