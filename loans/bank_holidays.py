"""On which days are the banks closed? Calendars by name, handed to the engine as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

from loans.domain.calendar import BusinessDays
from loans.domain.errors import UnknownCalendar

WEEKDAYS = "weekdays"
SUBDIVISIONS: Mapping[str, str] = {"GB-ENG": "ENG", "GB-SCT": "SCT", "GB-NIR": "NIR"}
CALENDARS = (*SUBDIVISIONS, WEEKDAYS)
"""England and Wales, Scotland, Northern Ireland, and one that knows weekends alone."""


def business_days(calendar: str, first_year: int, last_year: int) -> BusinessDays:
    """The rule "following" with a calendar's bank holidays for a span of years. Raises UnknownCalendar."""
    if calendar == WEEKDAYS:
        return BusinessDays(calendar)
    return BusinessDays(calendar, bank_holidays(calendar, first_year, last_year))


@lru_cache(maxsize=256)
def bank_holidays(calendar: str, first_year: int, last_year: int) -> frozenset[date]:
    """The bank holidays of a calendar, both years included. Raises UnknownCalendar."""
    if calendar not in SUBDIVISIONS:
        raise UnknownCalendar(f"There is no calendar {calendar!r}. Choose one of {', '.join(CALENDARS)}.")
    years = range(first_year, last_year + 1)
    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[calendar], years=years))
