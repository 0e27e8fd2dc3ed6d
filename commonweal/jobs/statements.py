"""A run of statements of a period that is over: one for each loan and facility that was drawn, and each investor, and
one of what the fund's money helped to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from commonweal.access.models import User
from commonweal.documents.issuing import impact_subject, period_label
from commonweal.documents.models import Document, DocumentKind, RunDecision, StatementRun
from commonweal.documents.renderer import warm_up
from commonweal.documents.runs import (
    About,
    begin_run,
    left_to_prepare,
    prepare_statement,
    publish_run,
    run_by_key,
    state_of,
)
from commonweal.jobs.close import bring_book_up_to_date
from commonweal.jobs.errors import PeriodNotOver, UnknownPeriod
from commonweal.jobs.leases import Progress, untold
from commonweal.jobs.services import enqueue
from commonweal.letters.writing import tell_statement
from investors.class_figures import CapitalKnown, capital_known
from investors.facility_figures import build_facility_statement
from investors.facility_statement import FacilityStatement
from investors.impact_sections import FundPicture, fund_picture
from investors.impact_statement import ImpactStatement, changed_since
from investors.queries import investors_in
from investors.queries.borrowings import facilities, facility_lives
from investors.statement_figures import FUND_METHOD, build_investor_statement
from investors.statements import InvestorStatement
from ledger.domain.words import date_text
from ledger.queries import closed_until, first_seal_covering
from ledger.services import seal_text
from loans.domain.events import BEGINS
from loans.loan_statement import LoanStatement
from loans.queries import events_of, loans
from loans.statement_figures import build_loan_statement
from loans.statements import Earlier, StatementHead, StatementStatus

if TYPE_CHECKING:
    from ledger.models import Book, Seal

HELP_FROM = 50
"""With fewer statements than this nobody else is asked."""

PERIOD = re.compile(r"(?P<year>20\d\d)(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True)
class StatementPeriod:
    """The days that statements are about, the end exclusive, and how the period is written."""

    text: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Shared:
    """What the statements of a run share, each read when the first of them needs it."""

    picture: Callable[[], FundPicture]
    capital: Callable[[], CapitalKnown]


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


def prepare_statements(*, book: Book, period: StatementPeriod, by: User, progress: Progress = untold) -> StatementRun:
    """Prepare every statement of a period, to be published together by somebody else. Safe to repeat.

    The books are brought up to date to the period's last day and sealed first; each statement names the first seal that
    covers all that is effective by then, and a fingerprint stands for what borrowers had said. What is known already
    gives the run that stands, and nothing is rendered; a statement whose figures are the same is kept as it is.
    Raises what making a statement raises; what was prepared before stays.
    """
    last_day = period.end - timedelta(days=1)
    bring_book_up_to_date(book=book, through=last_day, by=by)
    seal = first_seal_covering(book, last_day)
    if seal is None:
        raise PeriodNotOver(
            f"{book} has entries by {date_text(last_day)} that are not sealed yet. Try again in a moment; "
            "nothing was issued."
        )
    closed = closed_until(book)
    is_closed = closed is not None and closed >= period.end
    shared = _shared(book, period.end, seal)
    run = begin_run(
        book=book,
        period=(period.start, period.end),
        status=StatementStatus.FINAL if is_closed else StatementStatus.PROVISIONAL,
        seal=str(seal_text(seal)),
        said_sha256=shared.picture().said_sha256(),
        plan=lambda: list(_plan(book, period)),
        by=by,
    )
    left = left_to_prepare(run)
    if len(left) >= HELP_FROM:
        _ask_for_help(run, len(left), by)
    for wait in (False, True):
        _prepare(run, left_to_prepare(run) if wait else left, seal, shared, progress, wait=wait)
    return run


def help_to_prepare(*, run: StatementRun, progress: Progress = untold) -> int:
    """Prepare statements of a run that nobody else works on, the last of the plan first; says how many.

    None where more is known by now than the run knew: its statements would not go together.
    """
    seal = first_seal_covering(run.book, run.last_day)
    if seal is None or str(seal_text(seal)) != run.seal or state_of(run_by_key(run.pk)) != StatementRun.State.PREPARING:
        return 0
    shared = _shared(run.book, run.period_end, seal)
    if shared.picture().said_sha256() != run.said_sha256:
        return 0
    return _prepare(run, left_to_prepare(run)[::-1], seal, shared, progress, wait=False)


@transaction.atomic
def publish_statements(*, run: StatementRun, shown_sha256: str, by: User, reason: str = "") -> RunDecision:
    """Publish a run that a colleague had prepared, and ask for its readers to be told.

    Raises SameTwoEyes, RunRefused.
    """
    decision = publish_run(run=run, shown_sha256=shown_sha256, by=by, reason=reason)
    enqueue(
        kind="tell_statements",
        arguments={"book": run.book.code, "run": run.pk, "name": str(run)},
        by=by,
        book=run.book,
        key=f"tell:{run}",
    )
    return decision


def tell_readers(*, run: StatementRun, progress: Progress = untold) -> int:
    """Write to whoever a run has something new for, each once however often it is told; says how many letters."""
    written = 0
    issued = list(issued_in(run))
    for number, document in enumerate(issued, start=1):
        written += len(tell_statement(document, period_label(run.period_start, run.period_end)))
        progress(done=number, total=len(issued), note=document.number)
    return written


def issued_in(run: StatementRun) -> QuerySet[Document]:
    """The documents that a run has made."""
    found = Document.objects.filter(prepared__run=run).select_related("book", "organisation", "investor")
    return found.order_by("kind", "subject")


def _shared(book: Book, end: date, seal: Seal) -> Shared:
    return Shared(
        picture=cache(lambda: fund_picture(book, end, known_under=seal)),
        capital=cache(lambda: capital_known(book, end, known_under=seal)),
    )


def _prepare(
    run: StatementRun,
    left: Sequence[tuple[str, str]],
    seal: Seal,
    shared: Shared,
    progress: Progress,
    *,
    wait: bool,
) -> int:
    """Prepare what is left, in the order given; says how many."""
    made, total = 0, len(run.planned)
    if left:
        warm_up()
    for kind, subject in left:
        about = _about(run, kind, subject, seal, shared)
        prepared = prepare_statement(run, about, wait=wait)
        if prepared is not None:
            made += 1
            progress(done=total - len(left) + made, total=total, note=prepared.number)
    return made


def _plan(book: Book, period: StatementPeriod) -> Iterator[tuple[str, str]]:
    """Which statements there will be; of the fund's impact where anything was lent."""
    lent = False
    for loan in loans(book):
        if any(isinstance(event, BEGINS) and event.effective_on < period.end for event in events_of(loan)):
            lent = True
            yield DocumentKind.LOAN_STATEMENT.value, loan.reference
    for investor in investors_in(book):
        yield DocumentKind.INVESTOR_STATEMENT.value, investor.code
    for life in facility_lives(book):
        if any(isinstance(event, BEGINS) and event.effective_on < period.end for event in life.events):
            yield DocumentKind.FACILITY_STATEMENT.value, life.facility.reference
    if lent:
        yield DocumentKind.IMPACT_STATEMENT.value, impact_subject(book)


def _about(run: StatementRun, kind: str, subject: str, seal: Seal, shared: Shared) -> About:
    """What makes one statement of a run; what they share is read when the first of them needs it."""
    if kind == DocumentKind.LOAN_STATEMENT:
        return _about_loan(run, subject, seal)
    if kind == DocumentKind.FACILITY_STATEMENT:
        return _about_facility(run, subject, seal)
    if kind == DocumentKind.IMPACT_STATEMENT:
        return _about_fund(subject, shared)
    return _about_investor(run, subject, seal, shared)


def _about_loan(run: StatementRun, reference: str, seal: Seal) -> About:
    loan = loans(run.book).get(reference=reference)

    def build(head: StatementHead, earlier: Sequence[Earlier]) -> LoanStatement:
        return build_loan_statement(loan, head, known_under=seal, earlier=earlier)

    return About(DocumentKind.LOAN_STATEMENT, reference, build, organisation=loan.organisation)


def _about_facility(run: StatementRun, reference: str, seal: Seal) -> About:
    facility = facilities(run.book).get(reference=reference)

    def build(head: StatementHead, earlier: Sequence[Earlier]) -> FacilityStatement:
        return build_facility_statement(facility, head, known_under=seal, earlier=earlier)

    return About(DocumentKind.FACILITY_STATEMENT, reference, build, investor=facility.lender)


def _about_investor(run: StatementRun, code: str, seal: Seal, shared: Shared) -> About:
    investor = investors_in(run.book).get(code=code)

    def build(head: StatementHead, earlier: Sequence[Earlier]) -> InvestorStatement:
        return build_investor_statement(
            investor,
            run.book,
            head,
            known_under=seal,
            earlier=earlier,
            picture=shared.picture(),
            capital=shared.capital(),
        )

    return About(DocumentKind.INVESTOR_STATEMENT, code, build, investor=investor)


def _about_fund(subject: str, shared: Shared) -> About:
    def build(head: StatementHead, earlier: Sequence[Earlier]) -> ImpactStatement:
        impact = shared.picture().impact()
        return ImpactStatement(head, impact, FUND_METHOD, changed_since(earlier, impact))

    return About(DocumentKind.IMPACT_STATEMENT, subject, build)


def _ask_for_help(run: StatementRun, left: int, by: User) -> None:
    """One more worker, if one is free; asked again when the same run is gone on with and less is left."""
    arguments = {"book": run.book.code, "run": run.pk, "name": str(run)}
    enqueue(kind="help_statements", arguments=arguments, by=by, book=run.book, key=f"help:{run}:{left}")


def _add_months(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
