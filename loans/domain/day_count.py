"""Which part of a year lies between two dates? Each convention is named in full, because each gives another answer."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction


class DayCount(StrEnum):
    """Day count conventions; the names are those of the calculator commands."""

    THIRTY_E_360 = "30e/360"


def year_fraction(day_count: DayCount, start: date, end: date) -> Fraction:
    """The part of a year from `start` (inclusive) to `end` (exclusive), exact.

    >>> year_fraction(DayCount.THIRTY_E_360, date(2026, 11, 1), date(2026, 12, 1))
    Fraction(1, 12)
    """
    match day_count:
        case DayCount.THIRTY_E_360:
            return Fraction(thirty_e_360_days(start, end), 360)


def thirty_e_360_days(start: date, end: date) -> int:
    """Days by 30E/360: every month has 30, a 31st counts as the 30th (ISDA 2006 definitions, section 4.16(g)).

    >>> thirty_e_360_days(date(2026, 1, 31), date(2026, 2, 28))
    28
    """
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + min(end.day, 30) - min(start.day, 30)
