"""What every act on a borrowing goes through: one at a time, tell the life anew, post what changes, keep the rows.

The telling is the loans' engine (`told_steps`, `corrections`); here are only the facility's rows and its entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from investors.domain.borrowing_entries import borrowing_entry
from investors.domain.errors import BorrowingRefused
from investors.models import BorrowingBooking, BorrowingEvent, BorrowingEventKind, Facility, FacilityTerms
from investors.queries.borrowings import BOOKED, FacilityLife, life_of
from ledger import queries as ledger
from ledger.domain.entry import JournalEntry
from ledger.domain.money import to_minor
from ledger.domain.words import date_text
from ledger.services import post
from loans.domain.corrections import Step, corrections
from loans.domain.errors import EventRefused
from loans.domain.event_content import KINDS, content_sha256, event_content
from loans.domain.events import Event, Happened
from loans.domain.movements import BY_ITSELF
from loans.domain.replay import told_steps

if TYPE_CHECKING:
    from ledger.models import Book

ONE_BORROWS = "SELECT pg_advisory_xact_lock(7419, %s)"


def one_borrows(book: Book) -> None:
    """Wait for whoever does anything with what this book borrows: its facilities share one borrowing base."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_BORROWS, [book.pk])


@dataclass(slots=True)
class OpenFacility:
    """A facility that nobody else works on until the transaction ends."""

    life: FacilityLife
    open_from: date
    """The first day of the books that is not closed."""

    @property
    def facility(self) -> Facility:
        """The row."""
        return self.life.facility

    @property
    def posted_until(self) -> date:
        """The day up to which the books hold what fell due: the business date, or what a close has posted beyond."""
        booked = max((step.on for step in self.life.booked), default=date.min)
        return max(self.facility.book.business_date, booked)

    def steps(self, events: Sequence[Event], until: date) -> tuple[Step, ...]:
        """What has to be posted so that the books hold what these events tell, up to a day at least."""
        try:
            told = told_steps(self.life.terms, events, max(until, self._booked_until), open_from=self.open_from)
        except EventRefused as refusal:
            raise self._explained(refusal) from refusal
        return corrections(self.life.booked, told, open_from=self.open_from)

    @property
    def _booked_until(self) -> date:
        return max((step.on for step in self.life.booked), default=date.min)

    def _explained(self, refusal: EventRefused) -> EventRefused:
        """Why something cannot be recorded: of itself, or because of what is recorded already and rests on it."""
        stands = next((event for event in self.life.events if event.sequence == refusal.sequence), None)
        if stands is None:
            return refusal
        kind, on = BorrowingEventKind(KINDS[type(stands)]).label, date_text(stands.effective_on)
        return EventRefused(
            f"{kind} {stands.sequence} of {self.facility} is recorded, from {on}, and could not stand with this: "
            f"{refusal} Or take it back first, or choose a day after it; nothing was changed."
        )

    def entries(self, steps: Iterable[Step], bank_account: str = "") -> list[JournalEntry]:
        """The journal entries of what is to be posted; `bank_account` is that of the event that is being recorded."""
        names = {step.name for step in self.life.booked}
        found = []
        for step in steps:
            through = self.life.bank_accounts.get(step.no, bank_account)
            entry = borrowing_entry(
                self.facility.reference,
                step,
                self.life.terms.scale,
                bank_account=through,
                again=step.name in names,
            )
            found.append(entry)
            names.add(step.name)
        return found


def open_facility(facility: Facility) -> OpenFacility:
    """Let nobody else borrow, so that what is read here stays true until the transaction ends."""
    one_borrows(facility.book)
    return facility_looked_at(facility)


def facility_looked_at(facility: Facility) -> OpenFacility:
    """The same without a lock, for a preview."""
    facility = Facility.objects.select_related("book", "lender").get(pk=facility.pk)
    return OpenFacility(life_of(facility), ledger.closed_until(facility.book) or facility.book.opened_on)


def borrowing_key(facility: Facility, name: str) -> str:
    """The natural key of a posting request: `borrowing:B-0001:due:2026-03-31:4`."""
    return f"borrowing:{facility.reference}:{name}"


def book_borrowing_steps(
    opened: OpenFacility, name: str, steps: Sequence[Step], *, by: AbstractBaseUser, bank_account: str = ""
) -> dict[str, int]:
    """Post what has to be posted and keep what it booked; gives the number of each movement's first entry."""
    if not steps:
        return {}
    entries = opened.entries(steps, bank_account)
    posted = post(entries, book=opened.facility.book, key=borrowing_key(opened.facility, name), by=by)
    keep_borrowing_bookings(opened, list(zip(steps, posted.entry_ids, strict=True)))
    first: dict[str, int] = {}
    for step, entry_id in zip(steps, posted.entry_ids, strict=True):
        first.setdefault(step.name, entry_id)
    return first


def keep_borrowing_bookings(opened: OpenFacility, booked: Sequence[tuple[Step, int]]) -> None:
    """Keep what entries booked, beside them, and know it from now on."""
    BorrowingBooking.objects.bulk_create(
        BorrowingBooking(
            facility=opened.facility,
            name=step.name,
            booked_on=step.on,
            entry_id=entry_id,
            **{column: getattr(step.moved, column) for column in BOOKED},
        )
        for step, entry_id in booked
    )
    opened.life = replace(opened.life, booked=(*opened.life.booked, *(step for step, _ in booked)))


def recorded_under(facility: Facility, key: str, event: Event) -> BorrowingEvent | None:
    """The event that this key recorded before. Raises BorrowingRefused where it was another one."""
    earlier = BorrowingEvent.objects.filter(facility=facility, key=key).first()
    if earlier is not None and earlier.content_sha256 != _sha256(facility, event):
        raise BorrowingRefused(
            f"The key {key!r} was used on {facility} for {earlier.get_kind_display().lower()} {earlier.number} with "
            "other content. Use a new key; nothing was changed."
        )
    return earlier


def record_borrowing(
    opened: OpenFacility,
    event: Happened,
    *,
    by: AbstractBaseUser,
    key: str,
    reason: str = "",
    bank_account: str = "",
    terms: FacilityTerms | None = None,
) -> BorrowingEvent:
    """Tell the life with one more event, and book what it changes; what fell due until then is booked with it."""
    numbered = replace(event, sequence=opened.life.next_number)
    steps = opened.steps((*opened.life.events, numbered), opened.posted_until)
    name = f"event:{numbered.sequence}"
    entries = book_borrowing_steps(opened, name, steps, by=by, bank_account=bank_account)
    own = next((step.name for step in steps if step.no == numbered.sequence and step.kind not in BY_ITSELF), "")
    return keep_borrowing_event(
        opened,
        numbered,
        entries.get(own),
        by=by,
        key=key,
        given={"reason": reason.strip(), "bank_account": bank_account, "terms": terms},
    )


def keep_borrowing_event(
    opened: OpenFacility,
    event: Event,
    entry_id: int | None,
    *,
    by: AbstractBaseUser,
    key: str,
    given: dict[str, object],
) -> BorrowingEvent:
    """The event's row, with the entry that booked it."""
    facility, amount = opened.facility, getattr(event, "amount", None)
    content = event_content(event, facility.currency)
    opened.life = replace(opened.life, events=(*opened.life.events, event))
    return BorrowingEvent.objects.create(
        facility=facility,
        number=event.sequence,
        kind=str(content["event"]),
        effective_on=event.effective_on,
        amount=None if amount is None else to_minor(amount.amount, facility.currency),
        content=content,
        content_sha256=_sha256(facility, event),
        entry_id=entry_id,
        key=key,
        recorded_by_id=by.pk,
        **given,
    )


def _sha256(facility: Facility, event: Event) -> str:
    return content_sha256(event_content(event, facility.currency))
