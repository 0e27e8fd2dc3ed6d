"""Preparing the journal that carries a year's result, once nothing of the year comes after it any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from commonweal.access.models import User
from commonweal.jobs.errors import YearEndNotReady
from ledger.domain.words import date_text
from ledger.queries import closed_until
from ledger.services import draft_year_end
from loans.domain.calendar import add_months
from loans.losses import provision_runs, rule_in_force
from loans.queries import loans_with_something_to_do

if TYPE_CHECKING:
    from ledger.models import Book, JournalDraft

ONE_DAY = timedelta(days=1)


def prepare_year_end(*, book: Book, year_end: date, by: User) -> JournalDraft:
    """Prepare the journal that carries a year's result to the accumulated surplus; a second person posts it.

    Raises YearEndNotReady where something of the year is still to come, and what `draft_year_end` raises.
    """
    missing = list(_missing(book, year_end))
    if missing:
        raise YearEndNotReady(
            f"The result of {book} to {date_text(year_end)} cannot be carried forward yet: {'; '.join(missing)}. "
            "Do that first; nothing was prepared."
        )
    return draft_year_end(book=book, year_end=year_end, by=by)


def _missing(book: Book, year_end: date) -> Iterator[str]:
    """What has to happen before, in words; nothing is said of a day in a closed period, which the ledger refuses."""
    open_from = closed_until(book) or book.opened_on
    if year_end < open_from:
        return
    right = book.year_end.on_or_after(year_end)
    if right != year_end:
        yield f"no financial year ends on that day, the one that it lies in ends on {date_text(right)}"
        return
    last_month = add_months(year_end + ONE_DAY, -1)
    if open_from < last_month:
        yield (
            f"months of the year are open, from {date_text(open_from)}; close the books "
            f"through {date_text(last_month - ONE_DAY)}"
        )
    if book.business_date <= year_end:
        yield f"the year is not over, the business date is {date_text(book.business_date)}"
        return
    if behind := loans_with_something_to_do(book, year_end).count():
        yield f"{behind} {'loan has' if behind == 1 else 'loans have'} something to post by then; close the days"
    if rule_in_force(book, year_end) and not provision_runs(book).filter(on__gte=year_end).exists():
        yield f"no provisions are made as at {date_text(year_end)}; post them"
