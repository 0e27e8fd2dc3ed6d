"""What did somebody type after a command? Books, days and moments, or a refusal that says how to write them."""

from __future__ import annotations

from argparse import ArgumentTypeError
from calendar import month_name
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.utils.timezone import get_current_timezone

from ledger.domain.errors import ImpossibleYearEnd
from ledger.domain.financial_year import YearEnd
from ledger.queries import book_by_code, books

if TYPE_CHECKING:
    from ledger.models import Book

MONTHS = tuple(month_name)
"""The months as they are typed, from 1."""


def find_book(code: str) -> Book:
    """The book with this code. Raises CommandError, which names the books that there are."""
    book = book_by_code(code)
    if book is None:
        raise CommandError(f"No book has the code {code!r}. {_there_are()}")
    return book


def find_books(code: str | None) -> list[Book]:
    """The book with this code, or every book. Raises CommandError where there is none."""
    if code:
        return [find_book(code)]
    found = list(books())
    if not found:
        raise CommandError(_there_are())
    return found


def find_only_book(code: str | None) -> Book:
    """The book with this code, or the only one. Raises CommandError where there are several to choose from."""
    found = find_books(code)
    if len(found) > 1:
        raise CommandError(f"Say which book, with --book. {_there_are()}")
    return found[0]


def day(text: str) -> date:
    """A date as it is typed: `2026-09-30`. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a date; write it like 2026-09-30.") from error


def moment(text: str) -> datetime:
    """A moment as it is typed: `2026-09-30T17:00`, in this installation's time zone unless it says another.

    A date alone means the end of that day. Raises ArgumentTypeError.
    """
    try:
        found = datetime.fromisoformat(text)
        if len(text) <= len("2026-09-30"):
            found = datetime.combine(found, time.max)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a moment; write it like 2026-09-30T17:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=get_current_timezone())


def year_end(text: str) -> YearEnd:
    """The day on which a financial year ends, as it is typed: `31 March`. Raises ArgumentTypeError."""
    try:
        number, _, month = text.strip().partition(" ")
        return YearEnd(MONTHS.index(month.strip().title()), int(number))
    except (ValueError, ImpossibleYearEnd) as error:
        raise ArgumentTypeError(f"{text!r} is not a day of the year; write it like '31 March'.") from error


def _there_are() -> str:
    codes = [book.code for book in books()]
    return f"The books are: {', '.join(codes)}." if codes else "There are no books yet."
