"""What is left of a year's result on its last day, and does a year-end journal that was prepared still carry it?"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from ledger.domain.chart import AccountKind
from ledger.domain.entry import Kind
from ledger.domain.errors import ContentChanged
from ledger.domain.words import date_text
from ledger.models import JournalDraft
from ledger.queries import TrialBalanceRow, trial_balance

RESULTS = (AccountKind.INCOME, AccountKind.EXPENSE)

ONE_YEAR_END = "SELECT pg_advisory_xact_lock(7417, %s)"


def hold_year_end(book: int) -> None:
    """Let nobody else prepare or post a year-end journal of a book until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_YEAR_END, [book])


def results_among(rows: Iterable[TrialBalanceRow]) -> list[TrialBalanceRow]:
    """The income and expense of a trial balance that are not nought."""
    return [row for row in rows if row.kind in RESULTS and row.minor]


def refuse_moved_result(draft: JournalDraft) -> None:
    """Raise ContentChanged where a year-end draft is no longer exactly what is left of the year's result."""
    if draft.kind != Kind.YEAR_END:
        return
    hold_year_end(draft.book_id)
    left = {row.account_id: -row.minor for row in results_among(trial_balance(draft.book, draft.effective_on))}
    results = draft.postings.filter(account__node__kind__in=RESULTS)
    if left != {line.account_id: line.amount for line in results}:
        raise ContentChanged(
            f"The result to {date_text(draft.effective_on)} is not what {draft} carries any more: income or costs were "
            "posted since. Withdraw it and prepare the year-end journal again; nothing was posted."
        )
