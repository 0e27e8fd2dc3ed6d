"""What does a cell mean as text, number or date? CSV holds text alone, so both sheets are read by these."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from ledger.files.rows import BadCell, Value

_NUMBER = re.compile(r"([-+−])?\s*£?\s*(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
MOST_DIGITS = 28


def read_text(value: Value) -> str:
    """A value as text: a number that a program wrote for a code loses nothing, an empty cell is empty.

    >>> read_text(Decimal("108.0")), read_text(None), read_text(" L-0108 ")
    ('108', '', 'L-0108')
    """
    if value is None or isinstance(value, BadCell):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value.strip()


def read_number(value: Value) -> Decimal | None:
    """A value as a number, thousands parted by commas or not; None where it is none.

    >>> read_number("1,234.50"), read_number("-£12"), read_number("12,50"), read_number("1e3")
    (Decimal('1234.50'), Decimal('-12'), None, None)
    """
    if isinstance(value, Decimal):
        return value
    found = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= MOST_DIGITS + 12 else None
    if found is None or not (found[2] or found[3]):
        return None
    sign = "-" if found[1] in ("-", "−") else ""
    return Decimal(f"{sign}{(found[2] or '0').replace(',', '')}{found[3] or ''}")


def read_date(value: Value) -> date | None:
    """A value as a day, written 2026-11-30 or 30/11/2026; None where it is none.

    >>> read_date("2026-11-30"), read_date("30/11/2026"), read_date("11/30/2026")
    (datetime.date(2026, 11, 30), datetime.date(2026, 11, 30), None)
    """
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _BRITISH_DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None
