"""From whom has the fund borrowed, on which terms, and where does each facility stand? Told by the loans' engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from moneyed import Money

from investors.domain.borrowing import Agreement, read_agreement
from investors.domain.borrowing_entries import fees_accrued, interest_accrued, repayment_on_its_way, source_of
from investors.models import BorrowingBooking, BorrowingEvent, CovenantTest, Facility, FacilityTerms, Investor
from ledger import queries as ledger
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor, to_minor
from ledger.domain.payments import Payment, Purpose
from loans.bank_holidays import calendar_days
from loans.domain.accruals import Accrued, accrued
from loans.domain.corrections import Step
from loans.domain.event_content import read_event
from loans.domain.events import BEGINS, Event, Happened, in_force
from loans.domain.movements import Moved
from loans.domain.position import Position, position
from loans.domain.terms import Terms

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry, Seal

BOOKED = ("principal", "interest", "fees", "in_advance")


@dataclass(frozen=True, slots=True)
class FacilityLife:
    """A facility with what is agreed, what has happened to it, and what of that is booked."""

    facility: Facility
    agreement: Agreement
    """As it counts now; before anybody approved any, as it was proposed last."""
    terms: Terms
    """With which its life begins: those of the first draw that stands, or those agreed."""
    is_agreed: bool
    events: tuple[Event, ...]
    booked: tuple[Step, ...]
    bank_accounts: Mapping[int, str]
    """Through which bank account the money of an event came, by the event's number."""

    @property
    def standing(self) -> tuple[Happened, ...]:
        """The events that are not taken back."""
        return in_force(self.events, date.max)

    @property
    def begun(self) -> bool:
        """Whether anything was drawn that is not taken back."""
        return any(isinstance(event, BEGINS) for event in self.standing)

    @property
    def next_number(self) -> int:
        """The number of the event to be recorded next."""
        return len(self.events) + 1

    def at(self, as_of: date) -> Position:
        """Where it stands on the evening of a day: what the engine says is lent to the fund."""
        return position(self.terms, self.events, as_of)


def facilities(book: Book) -> QuerySet[Facility]:
    """The facilities of a book, by reference, each with its lender."""
    return Facility.objects.filter(book=book).select_related("book", "lender").order_by("reference", "pk")


def lent_by(investors: Collection[int]) -> QuerySet[Facility]:
    """What some investors, by their keys, lend to funds on terms that two people agreed on, by fund and reference."""
    agreed = FacilityTerms.objects.filter(facility=OuterRef("pk"), decision__outcome="approved")
    found = Facility.objects.filter(Exists(agreed), lender__in=investors).select_related("book", "lender")
    return found.order_by("book__name", "reference")


def books_funded_by(investors: Collection[int]) -> QuerySet[Book]:
    """The books in which some investors, by their keys, share a loan, have put money in, or lend to the fund."""
    codes = Investor.objects.filter(pk__in=investors).values("code")
    theirs = Q(accounts__node__code="2510", accounts__subject__in=codes)
    return ledger.books().filter(theirs | Q(pk__in=lent_by(investors).order_by().values("book"))).distinct()


def facility_by_reference(book: Book, reference: str) -> Facility | None:
    """The facility that a book calls so, if there is one."""
    return facilities(book).filter(reference=reference).first()


def facility_terms(facility: Facility) -> QuerySet[FacilityTerms]:
    """What was proposed and agreed about a facility, the latest version first."""
    found = FacilityTerms.objects.filter(facility=facility).select_related("proposed_by", "decision__decided_by")
    return found.select_related("facility__book", "facility__lender", "proposed_by", "decision__decided_by").order_by(
        "-version"
    )


def waiting_terms(book: Book) -> QuerySet[FacilityTerms]:
    """Terms that wait for a second person, the oldest first."""
    found = FacilityTerms.objects.filter(facility__book=book, decision=None)
    return found.select_related("facility__book", "facility__lender", "proposed_by").order_by("pk")


def agreement_of(terms: FacilityTerms) -> Agreement:
    """What a version of terms says."""
    return read_agreement(terms.content, calendar_days)


def borrowing_events(facility: Facility) -> QuerySet[BorrowingEvent]:
    """What happened to a facility, as it was recorded, with entries and people at hand."""
    found = BorrowingEvent.objects.filter(facility=facility)
    return found.select_related("facility", "entry", "recorded_by", "reversed_by", "reverses").order_by("number")


def facility_lives(book: Book) -> list[FacilityLife]:
    """The lives of all facilities of a book, in few queries."""
    return lives_of(facilities(book))


def lives_of(wanted: Iterable[Facility], *, known_under: Seal | None = None) -> list[FacilityLife]:
    """The lives of some facilities, in few queries; with `known_under`, of the events that a seal knew."""
    found = list(wanted)
    keys = [facility.pk for facility in found]
    if not keys:
        return []
    terms: dict[int, list[FacilityTerms]] = defaultdict(list)
    for row in FacilityTerms.objects.filter(facility__in=keys).select_related("decision").order_by("version"):
        terms[row.facility_id].append(row)
    events: dict[int, list[BorrowingEvent]] = defaultdict(list)
    happened = BorrowingEvent.objects.filter(facility__in=keys)
    if known_under is not None:
        by_entry = Q(entry__sealed__position__lte=known_under.position)
        happened = happened.filter(by_entry | Q(entry=None, recorded_at__lte=known_under.sealed_at))
    for event in happened.order_by("number"):
        events[event.facility_id].append(event)
    booked: dict[int, list[Step]] = defaultdict(list)
    rows = BorrowingBooking.objects.filter(facility__in=keys).order_by("pk")
    for pk, name, on, principal, interest, fees, in_advance in rows.values_list(
        "facility_id", "name", "booked_on", *BOOKED
    ):
        moved = Moved(principal=principal, interest=interest, fees=fees, in_advance=in_advance)
        booked[pk].append(Step(name, on, moved))
    return [_life(one, terms[one.pk], events[one.pk], booked[one.pk]) for one in found]


def life_of(facility: Facility) -> FacilityLife:
    """The life of one facility."""
    return lives_of([facility])[0]


def _life(
    facility: Facility, versions: list[FacilityTerms], rows: list[BorrowingEvent], booked: list[Step]
) -> FacilityLife:
    agreed = [row for row in versions if row.state == "approved"]
    in_force_now = agreement_of((agreed or versions)[-1])
    by_pk = {row.pk: row for row in versions}
    taken_back = {row.reverses_id for row in rows}
    drawn = next((row for row in rows if row.kind == "drawn" and row.pk not in taken_back), None)
    first = by_pk.get(drawn.terms_id or 0) if drawn else None
    return FacilityLife(
        facility=facility,
        agreement=in_force_now,
        terms=agreement_of(first).terms if first else in_force_now.terms,
        is_agreed=bool(agreed),
        events=tuple(read_event(row.content, row.number, calendar_days) for row in rows),
        booked=tuple(booked),
        bank_accounts={row.number: row.bank_account for row in rows if row.bank_account},
    )


def accrued_of(life: FacilityLife, on: date) -> Accrued:
    """What a facility has cost by the end of a day that is not due."""
    return accrued(life.terms, life.events, on)


def accruals_booked(life: FacilityLife, on: date) -> Accrued:
    """What of it is booked on a day."""
    reference = life.facility.reference
    codes = (interest_accrued(reference), fees_accrued(reference))
    stands = ledger.balances(life.facility.book, codes, on)
    interest, fees = (-to_minor(stands[code].amount, life.facility.currency) for code in codes)
    return Accrued(interest, fees)


def times_accrued(life: FacilityLife, on: date) -> int:
    """How often accruals of a facility were booked on a day: each entry but the first corrects the ones before."""
    made = borrowing_journal(life.facility).filter(kind=Kind.ACCRUAL, effective_on=on)
    return made.count()


def borrowing_journal(facility: Facility) -> QuerySet[JournalEntry]:
    """The entries that a facility caused."""
    return ledger.entries_by_source(facility.book, source_of(facility.reference))


def repayments_on_their_way(facility: Facility, on: date) -> Money:
    """What of the repayments that are booked the bank has not paid by a day."""
    account = repayment_on_its_way(facility.reference)
    return -ledger.balances(facility.book, [account], on)[account]


def payment_source(event: BorrowingEvent) -> str:
    """What is paid by one payment and no more."""
    return f"borrowing-event:{event.pk}"


def borrowing_payments(book: Book) -> list[Payment]:
    """What can be paid to the fund's lenders, the oldest first.

    Of a facility's repayments the latest are those still on their way, as far as the money there reaches: the bank's
    lines confirm the oldest first. What is in a file that stands is left out.
    """
    on_its_way = ledger.on_its_way(book)
    references = [code.partition("/")[2] for code in on_its_way]
    events = BorrowingEvent.objects.filter(
        facility__book=book, facility__reference__in=references, kind="repaid", reversed_by=None
    ).select_related("facility__lender")
    rows = list(events.order_by("-pk")) if references else []
    if not rows:
        return []
    under_way, paid = ledger.under_way_by_account(book), ledger.sources_under_way(book)
    left = {code: minor - under_way.get(code, 0) for code, minor in on_its_way.items()}
    named = {life.facility.pk: life.agreement.reference for life in lives_of({row.facility for row in rows})}
    found = []
    for event in rows:
        code = repayment_on_its_way(event.facility.reference)
        amount = min(event.amount or 0, left[code])
        if amount > 0 and payment_source(event) not in paid:
            left[code] -= amount
            found.append(_payment(event, code, amount, named[event.facility_id]))
    return found[::-1]


def _payment(event: BorrowingEvent, account: str, minor: int, reference: str) -> Payment:
    return Payment(
        payee=f"investor:{event.facility.lender.code}",
        account=account,
        amount=from_minor(minor, event.facility.currency),
        purpose=Purpose.LENDER,
        source=payment_source(event),
        reference=reference[:35],
    )


def covenant_tests(facility: Facility) -> QuerySet[CovenantTest]:
    """What came of testing a facility's covenants, the latest first."""
    return CovenantTest.objects.filter(facility=facility).order_by("-on", "kind", "-revision")


def breaches(book: Book) -> list[CovenantTest]:
    """The promises to lenders of a book that are broken as they were tested last, each with its facility."""
    rows = CovenantTest.objects.filter(facility__book=book).select_related("facility__lender")
    latest: dict[tuple[int, str], CovenantTest] = {}
    for row in rows.order_by("facility__reference", "kind", "-on", "-revision").distinct("facility__reference", "kind"):
        latest[row.facility_id, row.kind] = row
    return [row for row in latest.values() if not row.is_met]
