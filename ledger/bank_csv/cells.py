"""What does a cell say? Days and amounts as a mapping says that they are written."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache

from moneyed import Money

from ledger.domain.bank_errors import AbsurdAmount, MappingDoesNotFit, OverPreciseAmount, UnreadableDate
from ledger.domain.money import LIMIT, minor_digits

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MMM": r"(?P<name>[A-Za-z]{3,9})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
}
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?"
_FIGURE = re.compile(r"[£€$\s\u2009\u202f\u00a0'’]")
_GROUPED = {
    False: re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?", re.ASCII),
    True: re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?", re.ASCII),
}
_SIGNED = re.compile(
    r"(?P<sign>[+\u2212-]?)(?P<open>\(?)(?P<figure>[\d.,]+)(?P<close>\)?)(?P<after>-|CR|DR|)", re.ASCII
)
_LONGEST = 40
_YEARS = range(1900, 2200)


def read_day(text: str, date_format: str, where: str) -> date:
    """The day in a cell. Raises MappingDoesNotFit where it is written otherwise, and UnreadableDate.

    >>> read_day("3 Nov 2026", "DD MMM YYYY", "here")
    datetime.date(2026, 11, 3)
    """
    found = _pattern(date_format).fullmatch(text)
    if found is None:
        raise MappingDoesNotFit(
            f"{where} has {text[:40]!r}, which is no day written as {date_format}. Confirm a new mapping."
        )
    parts = found.groupdict()
    try:
        month = _MONTHS.index(parts["name"][:3].lower()) + 1 if parts.get("name") else int(parts["month"])
        year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
        day = date(year, month, int(parts["day"]))
    except ValueError as error:
        raise UnreadableDate(
            f"{where} has {text[:40]!r}, no day of the calendar as {date_format}. "
            "Download it again, or confirm a new mapping."
        ) from error
    if day.year not in _YEARS:
        raise UnreadableDate(f"{where} has a day in the year {day.year}. Ask the bank for a corrected file.")
    return day


@cache
def _pattern(date_format: str) -> re.Pattern[str]:
    if date_format == "YYYYMMDD":
        return re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
    parts = re.split(r"(YYYY|YY|MMM|MM|DD)", date_format)
    return re.compile("".join(_PARTS.get(part, re.escape(part)) for part in parts) + _TIME, re.ASCII)


def read_money(text: str, currency: str, *, decimal_comma: bool, where: str) -> Money:
    """The amount in a cell, with its sign. Raises MappingDoesNotFit, AbsurdAmount and OverPreciseAmount.

    >>> str(read_money("£1,234.50-", "GBP", decimal_comma=False, where="here").amount)
    '-1234.50'
    """
    plain = _FIGURE.sub("", text).upper().removeprefix(currency).removesuffix(currency)
    if len(plain) > _LONGEST:
        raise AbsurdAmount(f"{where} has an amount of {len(plain)} characters; amounts have at most 15 digits.")
    found = _SIGNED.fullmatch(plain)
    figure = found["figure"] if found else ""
    if found is None or not _GROUPED[decimal_comma].fullmatch(figure) or bool(found["open"]) != bool(found["close"]):
        written = "a decimal comma" if decimal_comma else "a decimal point"
        raise MappingDoesNotFit(f"{where} has {text[:40]!r}, no amount with {written}. Confirm a new mapping.")
    thousands, point = (".", ",") if decimal_comma else (",", ".")
    digits = figure.replace(thousands, "").replace(point, ".")
    if not any(character.isdigit() for character in digits):
        raise MappingDoesNotFit(f"{where} has {text[:40]!r}, which is no amount. Confirm a new mapping.")
    is_minus = found["sign"] in ("-", "\u2212") or bool(found["open"]) or found["after"] in ("-", "DR")
    return _held(-Decimal(digits) if is_minus else Decimal(digits), currency, where)


def _held(amount: Decimal, currency: str, where: str) -> Money:
    digits = minor_digits(currency)
    if abs(amount) >= Decimal(LIMIT).scaleb(-digits):
        raise AbsurdAmount(f"{where} has {amount}; amounts have at most 15 digits. Ask the bank for a corrected file.")
    if amount != round(amount, digits):
        raise OverPreciseAmount(
            f"{where} has {amount}; {currency} has {digits} decimals. Ask the bank for a corrected file."
        )
    return Money(round(amount, digits), currency)
