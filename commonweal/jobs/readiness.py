"""What has to be done, or looked at, before a month is closed?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from commonweal.jobs.year_end import year_end_within
from ledger.domain.words import date_text
from ledger.queries import open_drafts, payments_at_the_bank, statements_through, unmatched_bank_lines
from loans.accruals import loans_to_accrue
from loans.losses import provision_runs, rule_in_force
from loans.moving_in_queries import unfinished
from loans.queries import loans_with_something_to_do

if TYPE_CHECKING:
    from ledger.models import Book


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
    prepared = open_drafts(book).filter(effective_on__lte=through).count()
    behind = loans_with_something_to_do(book, through).count()
    year_end = year_end_within(book, through)
    moving = ", ".join(str(one) for one in unfinished(book, through))
    return [
        ReadinessItem(
            "The period is over",
            over,
            True,
            f"the business date is {date_text(book.business_date)}" if not over else "",
        ),
        _statements_in(book, through),
        ReadinessItem("Bank lines matched", not waiting, False, f"{waiting} in suspense" if waiting else ""),
        ReadinessItem("Manual journals posted", not prepared, True, f"{prepared} waiting" if prepared else ""),
        ReadinessItem("Instalments posted", not behind, False, _with_the_close(behind)),
        _accrued(book, through),
        *_provided(book, through),
        *_paid_out(book, through),
        *([ReadinessItem("Loans moved in", False, True, f"{moving} is not all in yet")] if moving else []),
        *[ReadinessItem("Year-end journal posted", one.is_carried, False, one.note) for one in [year_end] if one],
    ]


def _with_the_close(loans: int) -> str:
    """What is said of loans for which the close itself posts what is missing."""
    return f"{loans} {'loan' if loans == 1 else 'loans'}; posted with the close" if loans else ""


def _statements_in(book: Book, through: date) -> ReadinessItem:
    """Whether the bank has told everything that moved by a date."""
    short = [
        f"{name} to {date_text(to) if to else 'no day yet'}"
        for name, to in statements_through(book).items()
        if to is None or to < through
    ]
    return ReadinessItem("Bank statements in", not short, False, "; ".join(short))


def _paid_out(book: Book, through: date) -> list[ReadinessItem]:
    """Payments that the bank was to make by a date and has not confirmed, where there are any."""
    sent = payments_at_the_bank(book).filter(sent_on__lte=through).count()
    note = f"{sent} at the bank and not confirmed"
    return [ReadinessItem("Payments out confirmed", False, False, note)] if sent else []


def _accrued(book: Book, through: date) -> ReadinessItem:
    waiting = loans_to_accrue(book, through).count()
    return ReadinessItem("Interest earned and not due", not waiting, False, _with_the_close(waiting))


def _provided(book: Book, through: date) -> list[ReadinessItem]:
    """Provisions, where the fund makes any; those of a later day stand, and none are made for an earlier one."""
    if rule_in_force(book, through) is None:
        return []
    run = provision_runs(book).filter(on__gte=through).order_by("on").first()
    note = "" if run and run.on == through else "made with the close"
    if run and run.on > through:
        note = f"made on {date_text(run.on)} already, so not on {date_text(through)}"
    return [ReadinessItem("Provisions made", not note, False, note)]
