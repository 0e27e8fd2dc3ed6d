"""What spans the apps at a month's end: the loans' due instalments, the lenders' side, the seal, and then the close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.errors import NotReadyToClose, PeriodNotOver
from investors.services import apportion_book
from ledger.queries import Book, JournalDraft, PeriodEvent, drafts, unmatched_bank_lines
from ledger.services import close_period, hold_book, move_business_date, seal
from loans.queries import loans_with_something_to_do
from loans.services import bring_up_to_date


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing to do before a period is closed; what `blocks` refuses the close, the rest is to be looked at."""

    label: str
    is_done: bool
    blocks: bool
    note: str = ""


def readiness(book: Book, through: date) -> list[ReadinessItem]:
    """What has to be done, or looked at, before a book is closed through a date."""
    over = book.business_date > through
    waiting = unmatched_bank_lines(book).filter(booked_on__lte=through).count()
    prepared = drafts(book).filter(state=JournalDraft.State.OPEN, effective_on__lte=through).count()
    behind = loans_with_something_to_do(book, through).count()
    return [
        ReadinessItem(
            "The period is over", over, True, f"the business date is {book.business_date}" if not over else ""
        ),
        ReadinessItem("Bank lines matched", not waiting, False, f"{waiting} in suspense" if waiting else ""),
        ReadinessItem("Manual journals posted", not prepared, True, f"{prepared} waiting" if prepared else ""),
        ReadinessItem(
            "Instalments posted", not behind, False, f"{behind} loans; posted with the close" if behind else ""
        ),
    ]


def bring_book_up_to_date(*, book: Book, through: date, by: User) -> int:
    """Post what fell due by a date, share it among the lenders and seal; says how many entries. Safe to repeat."""
    posted = [bring_up_to_date(loan=loan, on=through, by=by) for loan in loans_with_something_to_do(book, through)]
    apportioned = apportion_book(book=book, by=by)
    seal(book=book)
    return sum(map(len, posted)) + apportioned


def close_days(*, book: Book, through: date, today: date, by: User) -> int:
    """Close a book's days through a date: post what fell due, share it, seal, and let the next day begin.

    `today` is the calendar's; says how many entries were posted. Closing again what is closed changes nothing. Raises
    PeriodNotOver for a day that is not over.
    """
    if through >= today:
        raise PeriodNotOver(
            f"{through} is not over: today is {today}. Close through {today - timedelta(days=1)} at most; "
            "nothing was changed."
        )
    if through < book.business_date:
        return 0
    posted = bring_book_up_to_date(book=book, through=through, by=by)
    move_business_date(book=book, to=through + timedelta(days=1))
    return posted


def close_month(*, book: Book, through: date, by: User) -> PeriodEvent:
    """Close a book through a date, once nothing stands in the way. Raises NotReadyToClose and PeriodOutOfOrder."""
    open_items = [item for item in readiness(book, through) if item.blocks and not item.is_done]
    if open_items:
        told = "; ".join(f"{item.label}: no, {item.note}" for item in open_items)
        raise NotReadyToClose(f"{book} cannot be closed through {through} yet. {told}. Nothing was changed.")
    bring_book_up_to_date(book=book, through=through, by=by)
    with transaction.atomic():
        hold_book(book=book)
        _refuse_while_behind(book, through)
        event = close_period(book=book, through=through, by=by)
    seal(book=book)
    return event


def _refuse_while_behind(book: Book, through: date) -> None:
    """Asked while nobody posts: an instalment that is not posted by now could not be posted after the close."""
    if behind := [loan.reference for loan in loans_with_something_to_do(book, through)]:
        raise NotReadyToClose(
            f"{', '.join(behind)} changed while {book} was being closed: an instalment due by {through} is not posted. "
            "Close it again; no period was closed."
        )
