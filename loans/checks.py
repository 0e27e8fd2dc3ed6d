"""Do the loans' tables, the engine and the ledger say the same? Small rules in the form of the ledger's own checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from moneyed import Money

from ledger.checks import Check, Finding
from ledger.domain.money import from_minor, to_minor
from ledger.queries import balances, closed_until, entry_postings
from loans import queries
from loans.accruals import booked_accruals
from loans.bank_holidays import calendar_days
from loans.covered import cover_to_book, loss_balances_told
from loans.domain.accruals import NOTHING, accrued
from loans.domain.calendar import last_month_end
from loans.domain.entries import loan_principal, moved_on
from loans.domain.event_content import content_sha256
from loans.domain.movements import Moved, total_of
from loans.domain.replay import replay
from loans.domain.schedule import Instalment
from loans.domain.terms_content import terms_sha256
from loans.domain.terms_reading import read_terms
from loans.domain.terms_summary import TermsSummary, summary_of
from loans.domain.words import date_text, money_text
from loans.lives_queries import events_by_loan, first_terms_by_loan
from loans.models import (
    FOR_EVER,
    Booking,
    EventKind,
    Loan,
    LoanEvent,
    LoanTerms,
    LossEntry,
    PlannedInstalment,
    ProvisionLine,
    Standing,
)
from loans.models import Instalment as StoredInstalment
from loans.models.money import plain
from loans.standings import planned_rows, standing_rows, told_standings

if TYPE_CHECKING:
    from ledger.models import Book


def terms_are_what_was_approved(book: Book) -> Iterator[Finding]:
    """Every version of a loan's terms has the fingerprint that two people approved."""
    for row in LoanTerms.objects.filter(loan__book=book).select_related("loan", "approval"):
        if not terms_sha256(queries.agreed_terms(row)) == row.terms_sha256 == row.approval.content_sha256:
            yield Finding(
                "terms-not-approved",
                row.loan.reference,
                f"version {row.version} of its terms is not what approval {row.approval_id} was given for",
            )


def columns_agree_with_terms(book: Book) -> Iterator[Finding]:
    """What lists show of an application or a loan is what its terms say."""
    for row in queries.applications(book):
        yield from _shown_otherwise(row.reference, row.content, row.amount, row)
    for terms in LoanTerms.objects.filter(loan__book=book).select_related("loan"):
        yield from _shown_otherwise(terms.loan.reference, terms.content, terms.principal, terms)


def _shown_otherwise(name: str, content: dict[str, object], amount: Money, row: object) -> Iterator[Finding]:
    shown = summary_of(read_terms(content, calendar_days))
    kept = TermsSummary(plain(amount), *(getattr(row, column) for column in _SHOWN))
    for column, one, other in zip(("amount", *_SHOWN), astuple(kept), astuple(shown), strict=True):
        if one != other:
            yield Finding("terms-shown-otherwise", name, f"its {column} is listed as {one}; its terms say {other}")


def loans_are_not_behind(book: Book) -> Iterator[Finding]:
    """Every instalment that fell due before the business date is posted."""
    for loan in queries.loans_with_something_to_do(book, book.business_date - timedelta(days=1)):
        if due := loan.next_action_on:
            message = f"what fell due on {date_text(due)} is not posted; run the close of business"
            yield Finding("loan-behind", loan.reference, message)


def schedules_match_the_engine(book: Book) -> Iterator[Finding]:
    """The schedule kept for lists is the one that the engine gives."""
    for loan in queries.loans(book):
        kept = list(StoredInstalment.objects.filter(loan=loan).order_by("no").values_list(*_COLUMNS))
        told = replay(queries.first_terms_of(loan), queries.events_of(loan), loan.book.business_date)
        rows = [_stored(row) for row in told.instalments]
        wrong = [row for row in (*kept, *rows) if kept.count(row) != rows.count(row)]
        if wrong:
            message = f"{len(set(wrong))} rows differ from the engine's, the first for instalment {wrong[0][0]}"
            yield Finding("schedule-differs", loan.reference, f"{message}; rebuild the schedule")
        if loan.next_action_on not in {None, *told.moves_by_itself_on}:
            yield Finding("schedule-differs", loan.reference, f"nothing is to be done on {loan.next_action_on}")


def standings_match_the_engine(book: Book) -> Iterator[Finding]:
    """Where each loan stood on any day, as it is kept for lists and the portfolio, is what the engine tells."""
    for loan in queries.loans(book):
        told = told_standings(loan, queries.first_terms_of(loan), queries.events_of(loan))
        pairs: tuple[tuple[str, set[tuple[object, ...]], set[tuple[object, ...]]], ...] = (
            ("where it stood", _kept(Standing.objects.filter(loan=loan)), _kept(standing_rows(loan, told))),
            ("the plan", _kept(PlannedInstalment.objects.filter(loan=loan)), _kept(planned_rows(loan, told))),
        )
        for what, kept, rows in pairs:
            if kept != rows:
                message = f"{len(kept ^ rows)} rows of {what} are not as the engine tells them; rebuild the projections"
                yield Finding("standing-differs", loan.reference, message)


def ledger_stands_where_the_engine_does(book: Book) -> Iterator[Finding]:
    """The balances of a loan's own accounts are what the engine tells: principal, what is due, held, and not earned."""
    for as_of, found in _by_day_posted_to(book).items():
        booked = queries.booked_balances_of(found, as_of)
        for loan in found:
            should, stands = _told(loan, as_of), booked[loan.pk]
            if should != stands:
                yield Finding(
                    "ledger-differs",
                    loan.reference,
                    f"on {date_text(as_of)} the ledger has {_words(stands, loan)}; the engine {_words(should, loan)}",
                )


def losses_stand_as_told(book: Book) -> Iterator[Finding]:
    """What bears each loan's losses, and what its guarantor is owed, is what its life tells and what the ledger has."""
    provided = ProvisionLine.objects.filter(run__book=book).values("loan")
    lost = Q(loss_entries__isnull=False) | Q(events__kind=EventKind.WRITTEN_OFF) | Q(pk__in=provided)
    for loan in queries.loans(book).filter(lost).distinct():
        terms, events = queries.first_terms_of(loan), queries.events_of(loan)
        for kind, on, minor in cover_to_book(loan, terms, events, _known_until(loan)):
            amount = money_text(from_minor(minor, loan.currency))
            message = f"{LossEntry.Kind(kind).label} on {date_text(on)}: {amount} is not booked"
            yield Finding("loss-differs", loan.reference, message)
        told = loss_balances_told(loan)
        for code, stands in balances(book, list(told), LAST_DAY).items():
            should = from_minor(told[code], loan.currency)
            if stands != should:
                message = f"stands at {money_text(stands)}; what is kept of its losses comes to {money_text(should)}"
                yield Finding("loss-differs", loan.reference, f"{code.partition('/')[0]} {message}")


def accruals_stand_as_told(book: Book) -> Iterator[Finding]:
    """What each loan has accrued at its last month's end is booked, where that is open, and taken back in the end."""
    open_from = closed_until(book) or book.opened_on
    found: dict[date, list[Loan]] = defaultdict(list)
    for loan in queries.loans(book).filter(accrued_through__gte=open_from):
        through = loan.accrued_through or open_from
        found[LAST_DAY if through == FOR_EVER else last_month_end(through)].append(loan)
    for on in sorted(day for day in found if day >= open_from):
        yield from _accrued_otherwise(book, found[on], on)


def _accrued_otherwise(book: Book, loans: list[Loan], on: date) -> Iterator[Finding]:
    keys, booked = [loan.pk for loan in loans], booked_accruals(book, loans, on)
    terms, events = first_terms_by_loan(keys), events_by_loan(keys)
    for loan in loans:
        told = accrued(terms[loan.pk], events[loan.pk], on) if on != LAST_DAY else NOTHING
        stands = booked[loan.pk]
        if told != stands:
            message = (
                f"accruals of {date_text(on)} stand at {tuple(stands)} and should be {tuple(told)}, in minor units"
            )
            yield Finding("accrual-differs", loan.reference, message)


def bookings_are_their_entries(book: Book) -> Iterator[Finding]:
    """What is kept as booked is what its journal entry moves on the loan's own accounts."""
    for booking in Booking.objects.filter(loan__book=book).select_related("loan").order_by("pk").iterator():
        moved = {posting.account.code: posting.amount for posting in entry_postings(booking.entry)}
        kept = Moved(*(getattr(booking, column) for column in Moved._fields))
        if moved_on(booking.loan.reference, moved)._replace(recovered=kept.recovered) != kept:
            yield Finding(
                "booking-differs", booking.loan.reference, f"{booking.name} is not what E-{booking.entry_id} moves"
            )


def events_have_their_entries(book: Book) -> Iterator[Finding]:
    """The journal entry of every event moves the event's amount, and a reversal's entry mirrors the one reversed."""
    found = LoanEvent.objects.filter(loan__book=book).select_related("loan", "entry", "reverses")
    for event in found.order_by("loan__reference", "number"):
        if not _is_booked(event):
            yield Finding(
                "event-not-booked",
                event.loan.reference,
                f"{event.get_kind_display().lower()} {event.number} is not what E-{event.entry_id} books",
            )


CHECKS: tuple[Check, ...] = (
    terms_are_what_was_approved,
    columns_agree_with_terms,
    loans_are_not_behind,
    schedules_match_the_engine,
    standings_match_the_engine,
    ledger_stands_where_the_engine_does,
    losses_stand_as_told,
    accruals_stand_as_told,
    bookings_are_their_entries,
    events_have_their_entries,
)
"""The loans' rules, beside the ledger's."""

_SHOWN = ("annual_rate", "months", "first_due_on", "day_count", "calendar")
MOVES_MONEY = frozenset({EventKind.DRAWN, EventKind.REPAID, EventKind.RECOVERED, EventKind.REFUNDED})

LAST_DAY = date(9999, 1, 1)

_COLUMNS = ("no", "due_on", "nominal_due_on", "principal", "interest", "balance")


def _stored(row: Instalment) -> tuple[object, ...]:
    amounts = (to_minor(part.amount, part.currency.code) for part in (row.principal, row.interest, row.balance))
    return (row.no, row.due_on, row.nominal_due_on, *amounts)


def _kept(rows: Iterable[Standing] | Iterable[PlannedInstalment]) -> set[tuple[object, ...]]:
    """The rows by their content alone."""
    return {
        tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)
        for row in rows
    }


def _by_day_posted_to(book: Book) -> dict[date, list[Loan]]:
    """The loans by the day that both sides know: the business date, or the day before what is not posted yet."""
    found: dict[date, list[Loan]] = defaultdict(list)
    for loan in queries.loans(book):
        found[_known_until(loan)].append(loan)
    return found


def _known_until(loan: Loan) -> date:
    today, due = loan.book.business_date, loan.next_action_on
    return min(today, due - timedelta(days=1)) if due else today


def _told(loan: Loan, as_of: date) -> Moved:
    """Where the engine's movements up to a day bring the loan's own accounts."""
    movements = replay(queries.first_terms_of(loan), queries.events_of(loan), as_of).movements
    return total_of(movements)._replace(recovered=0)


WORDS = {"interest": "interest due", "fees": "fees due", "in_advance": "in advance", "not_earned": "fees not earned"}


def _words(moved: Moved, loan: Loan) -> str:
    """What is not nought, in words; principal, interest and money in advance always."""
    always = ("principal", "interest", "in_advance")
    parts = ((name, units) for name, units in moved._asdict().items() if units or name in always)
    return ", ".join(
        f"{WORDS.get(name, name.replace('_', ' '))} {money_text(from_minor(units, loan.currency))}"
        for name, units in parts
    )


def _is_booked(event: LoanEvent) -> bool:
    if event.content_sha256 != content_sha256(event.content):
        return False
    if event.entry is None:
        return event.kind not in MOVES_MONEY
    if event.kind == EventKind.REVERSED:
        return event.reverses is not None and event.entry.reverses_id == event.reverses.entry_id
    moved = {posting.account.code: posting.amount for posting in entry_postings(event.entry)}
    if event.kind == EventKind.DRAWN:
        return moved.get(loan_principal(event.loan.reference)) == event.amount
    if event.kind in (EventKind.REPAID, EventKind.RECOVERED):
        return sum(amount for code, amount in moved.items() if code.startswith("2010/")) == event.amount
    return True
