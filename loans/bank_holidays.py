"""On which days are the banks closed? Calendars by name, handed to the engine as data."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

from loans.domain.calendar import BusinessDays
from loans.domain.errors import UnknownCalendar

WEEKDAYS = "weekdays"
SUBDIVISIONS: Mapping[str, str] = {"GB-ENG": "ENG", "GB-SCT": "SCT", "GB-NIR": "NIR"}
CALENDARS = (*SUBDIVISIONS, WEEKDAYS)
"""England and Wales, Scotland, Northern Ireland, and one that knows weekends alone."""


def business_days(calendar: str) -> BusinessDays:
    """The rule "following" with the bank holidays of a calendar. Raises UnknownCalendar."""
    return BusinessDays(calendar, calendar_days(calendar))


def calendar_days(calendar: str) -> Container[date]:
    """The bank holidays of a calendar. Raises UnknownCalendar."""
    if calendar == WEEKDAYS:
        return frozenset()
    if calendar not in SUBDIVISIONS:
        raise UnknownCalendar(
            f"There is no calendar {calendar!r}. Choose one of {', '.join(CALENDARS)}; nothing was changed."
        )
    return BankHolidays(calendar)


@dataclass(frozen=True, slots=True)
class BankHolidays:
    """The days of one calendar: a year's are worked out when one of its days is asked for."""

    calendar: str

    def __contains__(self, day: object) -> bool:
        return day in _known(self.calendar)


@cache
def _known(calendar: str) -> Container[object]:
    return holidays.country_holidays("GB", subdiv=SUBDIVISIONS[calendar])


def target_days() -> Container[date]:
    """The days on which the euro's TARGET system, and so SEPA, is closed."""
    return TargetDays()


@dataclass(frozen=True, slots=True)
class TargetDays:
    """The days of TARGET, worked out when one is asked for."""

    def __contains__(self, day: object) -> bool:
        return day in _target()


@cache
def _target() -> Container[object]:
    return holidays.financial_holidays("ECB")
