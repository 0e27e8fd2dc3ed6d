"""How is a date written in a sentence to a person? `1 December 2026`, as the ledger and the loans write it."""

from __future__ import annotations

from datetime import date


def date_text(day: date) -> str:
    """A date in full.

    >>> date_text(date(2026, 12, 1))
    '1 December 2026'
    """
    return f"{day.day} {day:%B} {day.year}"
