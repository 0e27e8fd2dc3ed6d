"""Closing and reopening periods; carrying a year's result forward."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from ledger.database_errors import judged_by_database
from ledger.domain.errors import PeriodOutOfOrder, ReasonNeeded
from ledger.domain.left_open import LeftOpen, write_left_open
from ledger.domain.words import date_text
from ledger.models import Book, Period, PeriodEvent
from ledger.queries import trial_balance

HOLD_BOOK = "SELECT ledger_hold_book(%s)"


def hold_book(*, book: Book) -> None:
    """Wait for the postings in flight, and let nobody post until the caller's transaction ends.

    For who has to be sure of something outside the ledger, such as that no loan is behind, when a period is closed.
    Raises UnsafeTransaction.
    """
    with judged_by_database(), connection.cursor() as cursor:
        cursor.execute(HOLD_BOOK, [book.pk])


def close_period(*, book: Book, through: date, by: AbstractBaseUser, left_open: Sequence[LeftOpen] = ()) -> PeriodEvent:
    """Close the next period of a book, up to and including `through`; the database keeps what every account stands at.

    What is `left_open` is kept with the close. Waits for postings in flight, and none slips in behind the trial balance
    that is hashed here. Closing again what is closed through that date gives the close that stands. Raises
    PeriodOutOfOrder.
    """
    ends_on = through + timedelta(days=1)
    with judged_by_database(), transaction.atomic():
        hold_book(book=book)
        if stands := close_that_stands(book=book, through=through):
            return stands
        period = _next_period(book, ends_on)
        return PeriodEvent.objects.create(
            period=period,
            number=period.events.count() + 1,
            kind=PeriodEvent.Kind.CLOSED,
            recorded_by_id=by.pk,
            trial_balance_sha256=trial_balance_sha256(book, through),
            left_open=write_left_open(left_open),
        )


def close_that_stands(*, book: Book, through: date) -> PeriodEvent | None:
    """The close of a book through exactly this date, or None where that can be closed next.

    Raises PeriodOutOfOrder where it can never be, so that one may ask before anything is prepared for a close.
    """
    ends_on, before = through + timedelta(days=1), latest_close(book)
    if before is not None and before.period.ends_on == ends_on:
        return before
    starts_on = before.period.ends_on if before else book.opened_on
    if ends_on <= starts_on:
        raise PeriodOutOfOrder(
            f"{book} is closed through {date_text(starts_on - timedelta(days=1))} already; a close reaches further. "
            "Name a later day; nothing was closed."
        )
    standing = Period.objects.filter(book=book, starts_on=starts_on).first()
    if standing is not None and standing.ends_on != ends_on:
        raise PeriodOutOfOrder(
            f"The reopened period from {date_text(starts_on)} runs to {date_text(standing.last_day)}. "
            "Close it to that day first; nothing was closed."
        )
    return None


def reopen_period(*, book: Book, reason: str, by: AbstractBaseUser) -> PeriodEvent:
    """Reopen the latest closed period, with the reason.

    Raises ReasonNeeded without one, and PeriodOutOfOrder where no period is closed.
    """
    if not reason.strip():
        raise ReasonNeeded("Say why the period is reopened; the auditor reads it. Nothing was reopened.")
    with judged_by_database(), transaction.atomic():
        hold_book(book=book)
        latest = latest_close(book)
        if latest is None:
            raise PeriodOutOfOrder(
                f"No period of {book} is closed, so none can be reopened. Post in it as it is; nothing was changed."
            )
        return PeriodEvent.objects.create(
            period=latest.period,
            number=latest.number + 1,
            kind=PeriodEvent.Kind.REOPENED,
            reason=reason.strip(),
            recorded_by_id=by.pk,
        )


def latest_close(book: Book) -> PeriodEvent | None:
    """The close that the books stand behind now."""
    for period in Period.objects.filter(book=book).order_by("-starts_on"):
        event = period.events.order_by("-number").first()
        if event is not None and event.kind == PeriodEvent.Kind.CLOSED:
            return event
    return None


def trial_balance_sha256(book: Book, as_of: date) -> str:
    """The hash of a trial balance: account codes, currencies and minor units, in order of code point."""
    rows = sorted([row.code, row.currency, row.minor] for row in trial_balance(book, as_of))
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _next_period(book: Book, ends_on: date) -> Period:
    """The reopened period that comes next, or a new one up to `ends_on`; whoever calls has found it in order."""
    before = latest_close(book)
    starts_on = before.period.ends_on if before else book.opened_on
    return Period.objects.get_or_create(book=book, starts_on=starts_on, defaults={"ends_on": ends_on})[0]


__all__ = ["close_period", "close_that_stands", "hold_book", "latest_close", "reopen_period", "trial_balance_sha256"]
