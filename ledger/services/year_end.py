"""Carrying a financial year's result to the accumulated surplus, by a journal that a second person posts."""

from __future__ import annotations

import csv
import io
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser

from ledger.domain.chart import SURPLUS, AccountKind
from ledger.domain.entry import Kind
from ledger.domain.errors import MalformedEntry
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from ledger.models import Book, JournalDraft
from ledger.queries import TrialBalanceRow, trial_balance
from ledger.services.journal_rules import refuse_closed
from ledger.services.journals import DraftLine, draft_journal, keep_attachment


def is_result_carried(book: Book, year_end: date) -> bool:
    """Whether income and expense stand at nought at the end of a year: all of it was carried, or there was none."""
    return not _results(trial_balance(book, year_end))


def draft_year_end(*, book: Book, year_end: date, by: AbstractBaseUser) -> JournalDraft:
    """Prepare the entry that carries the year's result to the accumulated surplus, on the last day of the year.

    The trial balance of that day is its attachment. Raises PeriodClosed, and MalformedEntry where there
    is no result to carry.
    """
    refuse_closed(book, year_end)
    rows = trial_balance(book, year_end)
    results = _results(rows)
    if not results:
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


def _results(rows: list[TrialBalanceRow]) -> list[TrialBalanceRow]:
    return [row for row in rows if row.kind in (AccountKind.INCOME, AccountKind.EXPENSE) and row.minor]
