"""Bringing in what was confirmed: opening balances, then loans in batches, then their history; each safe to repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from borrowers.services import Address, Business, find_or_register
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor
from ledger.services import approve_all, open_accounts, post, post_opening_balances
from loans.domain.corrections import Step
from loans.domain.errors import MovingInRefused
from loans.domain.event_content import content_sha256, event_content
from loans.domain.events import BroughtIn, Overdue
from loans.domain.moving_in.loan_row import MovedBusiness, MovedLoan
from loans.domain.moving_in.other_rows import MovedLine, OpeningLine
from loans.domain.moving_in.totals import Totals
from loans.domain.replay import replay
from loans.domain.terms_content import terms_sha256
from loans.models import (
    Booking,
    EventKind,
    HistoryLine,
    Instalment,
    Loan,
    LoanEvent,
    LoanTerms,
    MovingIn,
    PlannedInstalment,
    Standing,
)
from loans.queries import products
from loans.services.approval import terms_columns
from loans.services.booking import OpenLoan, stored_rows
from loans.services.moving_in import lock_moving_in
from loans.standings import planned_rows, standing_rows, told_standings

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Approval
    from loans.models import Product

AGREED, DRAWN = "Agreed in the other system", "Drawn for the first time"


@dataclass(slots=True)
class _Arrival:
    """A loan on its way in: what its row says, and what is made of it."""

    moved: MovedLoan
    loan: Loan
    event: BroughtIn
    steps: tuple[Step, ...]
    entries: list[JournalEntry]
    instalments: list[Instalment]


@transaction.atomic
def bring_in_opening(*, moving_in: MovingIn, lines: Sequence[OpeningLine], by: AbstractBaseUser) -> None:
    """Post the opening trial balance but for the lines that the loans bring; once. Raises what posting raises."""
    locked = _confirmed(moving_in)
    by_loans = Totals().on_accounts()
    post_opening_balances(
        book=locked.book,
        on=locked.cut_over_on,
        narrative=f"Opening balances of {locked}",
        balances={line.account: line.minor for line in lines if line.account not in by_loans},
        approval=_approval(locked),
        by=by,
    )


@transaction.atomic
def bring_in_loans(*, moving_in: MovingIn, loans: Sequence[MovedLoan], by: AbstractBaseUser) -> int:
    """Bring in a batch of loans, each with its terms, its first event, its entry and its schedule; says how many.

    Those that this moving in brought before are left alone. Raises MovingInRefused for a reference that another loan
    has by now, and what posting raises; then the whole batch stays out.
    """
    locked = _confirmed(moving_in)
    new = _not_in_yet(locked, loans)
    if not new:
        return 0
    arrivals = [_arrival(locked, one, loan) for one, loan in zip(new, _loans(locked, new), strict=True)]
    Loan.objects.bulk_create(arrival.loan for arrival in arrivals)
    _agree_terms(locked, arrivals)
    _post(locked, arrivals, by)
    _keep_projections(arrivals)
    HistoryLine.objects.bulk_create(line for arrival in arrivals for line in _first_lines(arrival))
    return len(arrivals)


@transaction.atomic
def bring_in_history(*, moving_in: MovingIn, lines: Sequence[MovedLine]) -> None:
    """Keep what the other system told of the loans; a line that is kept already is left alone."""
    locked = _confirmed(moving_in)
    wanted = {line.reference for line in lines}
    keys = dict(Loan.objects.filter(moved_in=locked, reference__in=wanted).values_list("reference", "pk"))
    HistoryLine.objects.bulk_create(
        (
            HistoryLine(loan_id=keys[line.reference], row=line.row, on=line.on, what=line.what, amount=line.minor)
            for line in lines
        ),
        ignore_conflicts=True,
    )


def brought_in(moved: MovedLoan, on: date, currency: str) -> BroughtIn:
    """The event with which a loan begins here."""
    stands = moved.balances
    principal, late_principal, late_interest, fees, in_advance = (
        from_minor(minor, currency)
        for minor in (
            stands.principal_not_due,
            stands.overdue_principal,
            stands.overdue_interest,
            stands.fees_due,
            stands.in_advance,
        )
    )
    overdue = (Overdue(moved.oldest_due_on, late_principal, late_interest),) if moved.oldest_due_on else ()
    return BroughtIn(on, 1, principal, overdue, fees, in_advance)


def _confirmed(moving_in: MovingIn) -> MovingIn:
    locked = lock_moving_in(moving_in)
    if locked.state != MovingIn.State.CONFIRMED:
        stands = locked.get_state_display().lower()
        raise MovingInRefused(f"{locked} stands at “{stands}”, so nothing moves in. Look at it; nothing was changed.")
    return locked


def _approval(moving_in: MovingIn) -> Approval:
    if moving_in.approval is None:
        raise MovingInRefused(f"{moving_in} is not confirmed yet. Ask a colleague to confirm it; nothing was changed.")
    return moving_in.approval


def _not_in_yet(moving_in: MovingIn, loans: Sequence[MovedLoan]) -> list[MovedLoan]:
    wanted = [one.reference for one in loans]
    standing = dict(
        Loan.objects.filter(book=moving_in.book, reference__in=wanted).values_list("reference", "moved_in_id")
    )
    for reference, origin in standing.items():
        if origin != moving_in.pk:
            raise MovingInRefused(
                f"{reference} stands in {moving_in.book} by now, and is not of {moving_in}. What came before it is "
                "in; ask whoever runs the system how to go on."
            )
    return [one for one in loans if one.reference not in standing]


def _loans(moving_in: MovingIn, new: Sequence[MovedLoan]) -> list[Loan]:
    offered = {product.code: product for product in products(moving_in.book)}
    organisations = find_or_register([_business(one.business) for one in new])
    return [
        _loan(moving_in, one, offered[one.product], organisation)
        for one, organisation in zip(new, organisations, strict=True)
    ]


def _business(moved: MovedBusiness) -> Business:
    address = Address(place=moved.place, region=moved.region, line_1=moved.address, postcode=moved.postcode)
    return Business(moved.name, moved.legal_form, moved.numbers, address)


def _loan(moving_in: MovingIn, moved: MovedLoan, product: Product, organisation: Organisation) -> Loan:
    return Loan(
        book=moving_in.book,
        reference=moved.reference,
        organisation=organisation,
        product=product,
        moved_in=moving_in,
        payment_reference=moved.payment_reference,
        currency=moving_in.book.base_currency,
        approved_on=moved.agreed_on,
    )


def _arrival(moving_in: MovingIn, moved: MovedLoan, loan: Loan) -> _Arrival:
    on = moving_in.cut_over_on
    event = brought_in(moved, on, loan.currency)
    opened = OpenLoan(loan, moved.terms, (), (), on, {})
    steps = opened.steps((event,), on)
    instalments = replay(moved.terms, (event,), on).instalments
    loan.next_action_on = min((row.due_on for row in instalments if row.due_on > on), default=None)
    return _Arrival(moved, loan, event, steps, opened.entries(steps), stored_rows(loan, instalments))


def _agree_terms(moving_in: MovingIn, arrivals: Sequence[_Arrival]) -> None:
    approval = _approval(moving_in)
    hashes = [terms_sha256(arrival.moved.terms) for arrival in arrivals]
    approvals = approve_all(
        [
            (f"{approval.subject}/{arrival.loan.reference}", sha256)
            for arrival, sha256 in zip(arrivals, hashes, strict=True)
        ],
        made_by=approval.made_by,
        made_at=approval.made_at,
        checked_by=approval.checked_by,
    )
    LoanTerms.objects.bulk_create(
        LoanTerms(
            loan=arrival.loan,
            version=1,
            effective_on=moving_in.cut_over_on,
            **terms_columns(arrival.moved.terms),
            terms_sha256=sha256,
            approval=given,
        )
        for arrival, sha256, given in zip(arrivals, hashes, approvals, strict=True)
    )


def _post(moving_in: MovingIn, arrivals: Sequence[_Arrival], by: AbstractBaseUser) -> None:
    book, entries = moving_in.book, [entry for arrival in arrivals for entry in arrival.entries]
    _open_accounts(moving_in, entries)
    posted = post(entries, book=book, key=f"{moving_in.source}:{arrivals[0].loan.reference}", by=by)
    steps = [(arrival, step) for arrival in arrivals for step in arrival.steps]
    bookings = [
        Booking(loan=arrival.loan, name=step.name, booked_on=step.on, entry_id=entry_id, **step.moved._asdict())
        for (arrival, step), entry_id in zip(steps, posted.entry_ids, strict=True)
    ]
    Booking.objects.bulk_create(bookings)
    first = {one.loan.pk: one.entry_id for one in reversed(bookings)}
    LoanEvent.objects.bulk_create(_event(moving_in, arrival, first[arrival.loan.pk], by) for arrival in arrivals)


def _keep_projections(arrivals: Sequence[_Arrival]) -> None:
    """The schedule of each, where it stands, and what is planned: for lists, as after any other event."""
    Instalment.objects.bulk_create((row for arrival in arrivals for row in arrival.instalments), batch_size=1000)
    told = [(one.loan, told_standings(one.loan, one.moved.terms, (one.event,))) for one in arrivals]
    Standing.objects.bulk_create(row for loan, life in told for row in standing_rows(loan, life))
    planned = (row for loan, life in told for row in planned_rows(loan, life, ()))
    PlannedInstalment.objects.bulk_create(planned, batch_size=1000)


def _event(moving_in: MovingIn, arrival: _Arrival, entry_id: int, by: AbstractBaseUser) -> LoanEvent:
    stands, content = arrival.moved.balances, event_content(arrival.event, arrival.loan.currency)
    return LoanEvent(
        loan=arrival.loan,
        number=1,
        kind=EventKind.BROUGHT_IN,
        effective_on=arrival.event.effective_on,
        amount=stands.principal_not_due + stands.overdue_principal,
        currency=arrival.loan.currency,
        content=content,
        content_sha256=content_sha256(content),
        entry_id=entry_id,
        key=moving_in.source,
        recorded_by_id=by.pk,
    )


def _open_accounts(moving_in: MovingIn, entries: Sequence[JournalEntry]) -> None:
    subjects: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for posting in entry.postings:
            node, _, subject = posting.account.partition("/")
            if subject:
                subjects[node].add(subject)
    for node, found in subjects.items():
        open_accounts(book=moving_in.book, node=node, subjects=sorted(found), on=moving_in.cut_over_on)


def _first_lines(arrival: _Arrival) -> tuple[HistoryLine, HistoryLine]:
    """When it was agreed and how much of it, and when it was drawn: what the balances alone do not tell."""
    moved, loan = arrival.moved, arrival.loan
    return (
        HistoryLine(loan=loan, row=0, on=moved.agreed_on, what=AGREED, amount=moved.original_minor),
        HistoryLine(loan=loan, row=0, on=moved.first_drawn_on, what=DRAWN, amount=None),
    )
