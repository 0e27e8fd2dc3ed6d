"""A run of statements: one for each loan that was drawn and each investor, of a period that is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from commonweal.access.models import User
from commonweal.documents.issuing import (
    Coverage,
    Issued,
    issue_investor_statement,
    issue_loan_statement,
    issuer_of,
    period_label,
)
from commonweal.jobs.close import bring_book_up_to_date
from commonweal.jobs.errors import PeriodNotOver, UnknownPeriod
from commonweal.jobs.leases import Progress, untold
from investors.models import Investor
from investors.queries import investors_in
from investors.statement_figures import build_investor_statement
from ledger.domain.words import date_text
from ledger.queries import closed_until, first_seal_covering
from ledger.services import seal_text
from loans.domain.events import BEGINS
from loans.models import Loan
from loans.queries import events_of, loans
from loans.statement_figures import build_loan_statement
from loans.statements import StatementStatus

if TYPE_CHECKING:
    from ledger.models import Book, Seal

PERIOD = re.compile(r"(?P<year>20\d\d)(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True)
class StatementPeriod:
    """The days that statements are about, the end exclusive, and how the period is written."""

    text: str
    start: date
    end: date


def period_of(text: str, book: Book) -> StatementPeriod:
    """The period in a text such as 2026, 2026-Q3 or 2026-09.

    Raises UnknownPeriod for another text, PeriodNotOver where its last day has not passed on the book's business date.
    """
    found = PERIOD.fullmatch(text.strip().upper())
    if found is None:
        raise UnknownPeriod(
            f"{text!r} is no period. Write a year, a quarter or a month: 2026, 2026-Q3 or 2026-09; nothing was issued."
        )
    year, quarter, month = (int(found[name] or 0) for name in ("year", "quarter", "month"))
    first = month or (quarter - 1) * 3 + 1 if month or quarter else 1
    months = 1 if month else 3 if quarter else 12
    start = date(year, first, 1)
    end = _add_months(start, months)
    if book.business_date < end:
        raise PeriodNotOver(
            f"{text.strip().upper()} is not over: its last day is {date_text(end - timedelta(days=1))}, and "
            "the business "
            f"date of {book} is {date_text(book.business_date)}. Statements are issued from {date_text(end)} "
            "on; nothing was issued."
        )
    return StatementPeriod(period_label(start, end), start, end)


def last_period_over(book: Book) -> str:
    """The latest quarter that is over."""
    this_quarter = date(book.business_date.year, (book.business_date.month - 1) // 3 * 3 + 1, 1)
    return period_label(_add_months(this_quarter, -3), this_quarter)


def issue_statements(*, book: Book, period: StatementPeriod, by: User, progress: Progress = untold) -> list[Issued]:
    """Issue every statement of a period. Safe to repeat: what is known already gives the documents that stand.

    The books are brought up to date to the period's last day and sealed first; each statement names the first seal that
    covers all that is effective by then. Raises what issuing raises; what was issued before stays.
    """
    last_day = period.end - timedelta(days=1)
    bring_book_up_to_date(book=book, through=last_day, by=by)
    seal = first_seal_covering(book, last_day)
    if seal is None:
        raise PeriodNotOver(
            f"{book} has entries by {date_text(last_day)} that are not sealed yet. Try again in a moment; "
            "nothing was issued."
        )
    coverage = _coverage(book, period, seal)
    work = list(_work(book, coverage, seal, by))
    issued = []
    for number, (name, issue) in enumerate(work, start=1):
        issued.append(issue())
        progress(done=number, total=len(work), note=name)
    return issued


def _coverage(book: Book, period: StatementPeriod, seal: Seal) -> Coverage:
    closed = closed_until(book)
    is_closed = closed is not None and closed >= period.end
    return Coverage(
        issuer=issuer_of(book),
        period_start=period.start,
        period_end=period.end,
        status=StatementStatus.FINAL if is_closed else StatementStatus.PROVISIONAL,
        seal=str(seal_text(seal)),
        issued_on=book.business_date,
    )


def _work(book: Book, coverage: Coverage, seal: Seal, by: User) -> Iterator[tuple[str, Callable[[], Issued]]]:
    for loan in loans(book):
        if any(isinstance(event, BEGINS) and event.effective_on < coverage.period_end for event in events_of(loan)):
            yield f"{loan} {loan.organisation}", _loan_statement(loan, coverage, seal, by)
    for investor in investors_in(book):
        yield investor.name, _investor_statement(investor, book, coverage, seal, by)


def _loan_statement(loan: Loan, coverage: Coverage, seal: Seal, by: User) -> Callable[[], Issued]:
    return lambda: issue_loan_statement(
        lambda head: build_loan_statement(loan, head, known_under=seal),
        book=loan.book,
        loan=loan.reference,
        organisation=loan.organisation,
        coverage=coverage,
        by=by,
    )


def _investor_statement(
    investor: Investor, book: Book, coverage: Coverage, seal: Seal, by: User
) -> Callable[[], Issued]:
    return lambda: issue_investor_statement(
        lambda head: build_investor_statement(investor, book, head, known_under=seal),
        book=book,
        investor=investor,
        coverage=coverage,
        by=by,
    )


def _add_months(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
