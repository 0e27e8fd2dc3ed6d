"""How are money and dates written in a sentence to a person? `£1,234.56` and `1 December 2026`."""

from __future__ import annotations

from datetime import date

from moneyed import Money
from moneyed.l10n import format_money


def money_text(amount: Money) -> str:
    """An amount with its currency sign, thousands and decimals.

    >>> money_text(Money("25576.12", "GBP")), money_text(Money("-12.00", "GBP"))
    ('£25,576.12', '-£12.00')
    """
    return format_money(amount, locale="en_GB")


def date_text(day: date) -> str:
    """A date in full.

    >>> date_text(date(2026, 12, 1))
    '1 December 2026'
    """
    return f"{day.day} {day:%B} {day.year}"
