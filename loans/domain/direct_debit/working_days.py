"""How many working days before or after? Banks count neither weekends nor bank holidays."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from loans.domain.calendar import ONE_DAY, is_business_day


def working_day_after(day: date, days: int, holidays: Container[date]) -> date:
    """The day so many working days after `day`; before it, where `days` is negative. Nought gives `day` itself.

    >>> working_day_after(date(2026, 5, 1), 2, frozenset({date(2026, 5, 4)}))
    datetime.date(2026, 5, 6)
    """
    step = ONE_DAY if days > 0 else -ONE_DAY
    for _ in range(abs(days)):
        day += step
        while not is_business_day(day, holidays):
            day += step
    return day


def on_working_day(day: date, holidays: Container[date]) -> date:
    """`day`, or the next working day after it.

    >>> on_working_day(date(2026, 5, 2), frozenset({date(2026, 5, 4)}))
    datetime.date(2026, 5, 5)
    """
    return day if is_business_day(day, holidays) else working_day_after(day, 1, holidays)
