"""How are periods, shares and counts said on paper and in charts? Money and dates are said as on the screens."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from moneyed import Currency

from commonweal.templatetags.commonweal import ABSENT, MINUS, SYMBOLS, day

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PERIODS = {1: "Month", 3: "Quarter", 6: "Half-year", 12: "Year"}


def symbol(currency: Currency) -> str:
    """The sign that a column head carries: `£`, or the code where there is no sign that all readers know."""
    return SYMBOLS.get(currency.code, currency.code)


def number(value: Decimal | int | None) -> str:
    """A counted or measured value with the decimals that it was given: `4,310`, `62.0`; none is `–`."""
    if value is None:
        return ABSENT
    return f"{MINUS if value < 0 else ''}{abs(value):,f}" if isinstance(value, Decimal) else f"{value:,}"


def share(fraction: Decimal) -> str:
    """An agreed share with at most two decimals, half to even: `30%`, `33.33%`, `12.5%`."""
    text = f"{(fraction * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_EVEN):f}"
    return f"{text.rstrip('0').rstrip('.')}%"


def month_year(on: date) -> str:
    """`Dec 2026`, for the axis of a chart."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def short_months(text: str) -> str:
    """The same words with short names of months, where room is little.

    >>> short_months("to 30 September 2026")
    'to 30 Sep 2026'
    """
    return re.sub(r"(?<=\d )([A-Z][a-z]{2})[a-z]*(?= \d{4})", r"\1", text)


def day_month(on: date) -> str:
    """`1 Dec`, for the axis of a chart that covers less than half a year."""
    return f"{on.day} {MONTHS[on.month - 1]}"


def last_day(end: date) -> date:
    """The last day of a period whose end is exclusive."""
    return end - timedelta(days=1)


def period(start: date, end: date) -> str:
    """A period in words, `end` exclusive: `Quarter to 30 September 2026`, `14 July to 30 September 2026`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day == end.day == 1 and months in PERIODS:
        return f"{PERIODS[months]} to {day(last_day(end))}"
    return f"{day(start)} to {day(last_day(end))}"


def counted(count: int, one: str, many: str) -> str:
    """`1 loan`, `12 loans`."""
    return f"{count:,} {one if count == 1 else many}"


def listed(words: Iterable[str]) -> str:
    """`E-1, E-2 and E-3`."""
    items = list(words)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def plain(text: str) -> str:
    """Text as a part of a file name on any system.

    >>> plain("2026-Q3-L/0108 ŵ")
    '2026-Q3-L-0108--'
    """
    return "".join(letter if (letter.isascii() and letter.isalnum()) or letter in ".-" else "-" for letter in text)
