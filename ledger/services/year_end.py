"""Carrying a financial year's result to the accumulated surplus, by a journal that a second person posts."""

from __future__ import annotations

import csv
import io
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.chart import SURPLUS
from ledger.domain.entry import Kind
from ledger.domain.errors import AlreadyExists, MalformedEntry
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from ledger.models import Book, JournalDraft, JournalEntry
from ledger.queries import trial_balance
from ledger.services.journal_rules import refuse_closed
from ledger.services.journals import DraftLine, draft_journal, keep_attachment
from ledger.services.year_result import hold_year_end, results_among


def is_result_carried(book: Book, year_end: date) -> bool:
    """Whether income and expense stand at nought at the end of a year: all of it was carried, or there was none."""
    return not results_among(trial_balance(book, year_end))


@transaction.atomic
def draft_year_end(*, book: Book, year_end: date, by: AbstractBaseUser) -> JournalDraft:
    """Prepare the entry that carries the year's result to the accumulated surplus, on the last day of the year.

    The trial balance of that day is its attachment. Raises PeriodClosed, AlreadyExists where one waits for a second
    person or has carried all there is, and MalformedEntry where there never was a result to carry.
    """
    refuse_closed(book, year_end)
    _refuse_second_draft(book, year_end)
    rows = trial_balance(book, year_end)
    results = results_among(rows)
    if not results:
        _refuse_carried(book, year_end)
        raise MalformedEntry(
            f"{book} has no income or expense on {date_text(year_end)}: there is no result to carry forward. "
            "Check the date; nothing was prepared."
        )
    lines = [DraftLine(r.code, from_minor(-r.minor, r.currency)) for r in results]
    for currency in sorted({r.currency for r in results}):
        result = sum(r.minor for r in results if r.currency == currency)
        if result:
            lines.append(DraftLine(SURPLUS, from_minor(result, currency)))
    text = io.StringIO()
    csv.writer(text).writerows([r.code, r.name, r.currency, r.balance.amount] for r in rows)
    attachment = keep_attachment(name=f"trial-balance-{year_end}.csv", content=text.getvalue().encode(), by=by)
    narrative = f"Result of the year to {date_text(year_end)} carried forward"
    return draft_journal(
        book=book, on=year_end, narrative=narrative, lines=lines, attachment=attachment, by=by, kind=Kind.YEAR_END
    )


def _refuse_second_draft(book: Book, year_end: date) -> None:
    """One at a time: two that are prepared at once would carry the same result twice."""
    hold_year_end(book.pk)
    waiting = JournalDraft.objects.filter(
        book=book, kind=Kind.YEAR_END, effective_on=year_end, state=JournalDraft.State.OPEN
    ).first()
    if waiting is not None:
        raise AlreadyExists(
            f"Journal {waiting} carries the result to {date_text(year_end)} and waits for a second person. "
            "Let a colleague post it, or withdraw it; nothing was prepared."
        )


def _refuse_carried(book: Book, year_end: date) -> None:
    carried = JournalEntry.objects.filter(book=book, kind=Kind.YEAR_END, effective_on=year_end).last()
    if carried is not None:
        raise AlreadyExists(
            f"The result to {date_text(year_end)} is carried forward already, by {carried}: no income or expense is "
            "left on that day. Nothing needs to be done; nothing was prepared."
        )
