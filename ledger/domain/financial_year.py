"""On which day does a fund's financial year end, and which year end is the last or the next one seen from a day?"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ledger.domain.errors import ImpossibleYearEnd

LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The last day of every financial year of a book; 29 February is the last day of any February.

    Raises ImpossibleYearEnd for a day that its month never has.
    """

    month: int
    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12 or not 1 <= self.day <= monthrange(LEAP_YEAR, self.month)[1]:
            raise ImpossibleYearEnd(
                f"A financial year cannot end on day {self.day} of month {self.month}. "
                "Give a day and a month that there are, such as 31 March; nothing was opened."
            )

    def __str__(self) -> str:
        """The day as people say it.

        >>> str(YearEnd(3, 31))
        '31 March'
        """
        return f"{self.day} {date(LEAP_YEAR, self.month, self.day):%B}"

    def in_year(self, year: int) -> date:
        """The year end of a calendar year.

        >>> YearEnd(2, 29).in_year(2026)
        datetime.date(2026, 2, 28)
        """
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def on_or_after(self, day: date) -> date:
        """The end of the financial year that a day lies in.

        >>> YearEnd(3, 31).on_or_after(date(2026, 3, 31)), YearEnd(3, 31).on_or_after(date(2026, 4, 1))
        (datetime.date(2026, 3, 31), datetime.date(2027, 3, 31))
        """
        this_year = self.in_year(day.year)
        return this_year if day <= this_year else self.in_year(day.year + 1)

    def before(self, day: date) -> date:
        """The end of the latest financial year that was over on a day.

        >>> YearEnd(3, 31).before(date(2026, 3, 31)), YearEnd(3, 31).before(date(2026, 4, 1))
        (datetime.date(2025, 3, 31), datetime.date(2026, 3, 31))
        """
        this_year = self.in_year(day.year)
        return this_year if this_year < day else self.in_year(day.year - 1)


END_OF_MARCH = YearEnd(3, 31)
"""When most funds' financial years end in the United Kingdom, and a book's unless it says otherwise."""
