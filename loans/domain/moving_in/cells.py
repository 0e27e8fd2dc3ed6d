"""What stands in a cell? Text, an amount, a rate, a count or a day; what can be read in two ways is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from borrowers.domain.names import hidden_sign
from ledger.domain.errors import WrongAmount
from ledger.domain.money import to_minor


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A cell that may not be read, such as one with a formula, and why."""

    message: str


Cell: TypeAlias = str | int | Decimal | date | bool | Spoilt | None
"""A value as a spreadsheet gives it; a CSV file gives texts alone."""

YEARS = range(1900, 2200)
LEAST_RATE = Decimal("0.25")
"""A rate in per cent between nought and this is a fraction that somebody forgot to turn into per cent."""
RATE_PLACES = 4
HIGHEST_RATE = Decimal(100)
_AMOUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class CellUnread(Exception):
    """A cell does not say what its column asks for. The message is the end of the sentence that names the column."""


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_in(cell: Cell, longest: int) -> str:
    """One line of text, or "" where there is none. Raises CellUnread."""
    text = "" if cell is None else str(cell).strip()
    if len(text) > longest:
        raise CellUnread(f"has {len(text)} characters, and there is room for {longest}. Shorten it")
    if found := hidden_sign(text):
        raise CellUnread(f"holds {found}, which nobody sees. Type it anew in one line")
    return text


def choice_in(cell: Cell, choices: Iterable[str]) -> str:
    """One of these words, however its capitals, hyphens and spaces are written. Raises CellUnread."""
    known = {_plain_word(choice): choice for choice in choices}
    text = "" if cell is None else str(cell)
    try:
        return known[_plain_word(text)]
    except KeyError:
        raise CellUnread(f"says {text.strip()[:40]!r}. Write one of: {', '.join(known.values())}") from None


def minor_in(cell: Cell, currency: str) -> int:
    """An amount that is not below nought, in minor units; an empty cell is nought. Raises CellUnread."""
    if is_empty(cell):
        return 0
    number = _number(cell, "an amount like 12500.00")
    if number < 0:
        raise CellUnread(
            f"says {number:,}, which is below nought. Write what stands on the other side in its own column"
        )
    try:
        return to_minor(number, currency)
    except WrongAmount:
        raise CellUnread(f"says {number}, which is no whole number of pence below 10^15. Round it") from None


def rate_in(cell: Cell) -> Decimal:
    """A rate written in per cent a year, as a fraction: 6.5 is 0.065. Raises CellUnread."""
    if is_empty(cell):
        raise CellUnread("is empty. Write the nominal rate in per cent a year, such as 6.5")
    plain = cell.strip().removesuffix("%").strip() if isinstance(cell, str) else cell
    number = _number(plain, "a rate in per cent a year like 6.5")
    if not 0 <= number < HIGHEST_RATE:
        raise CellUnread(f"says {number}. Write a rate from 0 to below 100 per cent a year")
    if 0 < number < LEAST_RATE:
        raise CellUnread(f"says {number}, which is {number} per cent a year. Write 6.5 for 6.5%, and not 0.065")
    if round(number, RATE_PLACES) != number:
        raise CellUnread(f"says {number}, which has more than {RATE_PLACES} decimals. Round it")
    return number / 100


def count_in(cell: Cell, most: int) -> int:
    """A whole number from 0; an empty cell is nought. Raises CellUnread."""
    if is_empty(cell):
        return 0
    number = _number(cell, "a whole number")
    if number != int(number) or not 0 <= number <= most:
        raise CellUnread(f"says {number}. Write a whole number from 0 to {most}")
    return int(number)


def day_in(cell: Cell) -> date | None:
    """A day, or None where there is none: a date of the spreadsheet, or 2026-10-31. Raises CellUnread."""
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, str):
        cell = _day_written(cell.strip())
    if not isinstance(cell, date):
        raise CellUnread(f"says {cell}, which is no day. Write it as 2026-10-31")
    if cell.year not in YEARS:
        raise CellUnread(f"says {cell}; days are from {YEARS.start} to {YEARS.stop - 1}. Correct the year")
    return cell


def _day_written(text: str) -> date:
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CellUnread(f"says {text[:40]!r}, which is no day as 2026-10-31 is. Write the year, the month and the day so")


def _number(cell: Cell, wanted: str) -> Decimal:
    if isinstance(cell, Decimal | int) and not isinstance(cell, bool):
        return Decimal(cell)
    text = "" if cell is None else str(cell).strip().removeprefix("£").strip()
    if not isinstance(cell, str) or not _AMOUNT.fullmatch(text):
        raise CellUnread(f"says {str(cell).strip()[:40]!r}. Write {wanted}")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise CellUnread(f"says {text[:40]!r}. Write {wanted}") from None


def _plain_word(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()
