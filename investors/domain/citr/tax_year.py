"""Which tax year is a day in? Those of individuals run from 6 April to 5 April."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

APRIL, SIXTH = 4, 6


@dataclass(frozen=True, slots=True, order=True)
class TaxYear:
    """The tax year that begins on 6 April of a year."""

    begins_in: int

    @property
    def first_on(self) -> date:
        """6 April."""
        return date(self.begins_in, APRIL, SIXTH)

    @property
    def last_on(self) -> date:
        """5 April of the next year."""
        return date(self.begins_in + 1, APRIL, SIXTH - 1)

    def __str__(self) -> str:
        return f"{self.begins_in}-{(self.begins_in + 1) % 100:02}"

    def later(self, years: int) -> TaxYear:
        """The tax year so many years on."""
        return TaxYear(self.begins_in + years)


def tax_year_of(day: date) -> TaxYear:
    """The tax year that a day is in.

    >>> str(tax_year_of(date(2019, 6, 1))), str(tax_year_of(date(2020, 4, 5))), str(tax_year_of(date(2000, 4, 5)))
    ('2019-20', '2019-20', '1999-00')
    """
    before = (day.month, day.day) < (APRIL, SIXTH)
    return TaxYear(day.year - before)
