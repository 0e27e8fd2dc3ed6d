"""One thing that happened to a loan: what was recorded, by whom and why, and all that it changed in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact
from commonweal.desk.act_words import event_facts
from commonweal.desk.entries import entry_shown
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.templatetags.commonweal import day, moment
from ledger.domain.money import from_minor
from loans.domain.corrections import Step
from loans.domain.movements import STILL, Happening, Moved
from loans.models import Booking, EventKind, Loan, LoanEvent
from loans.queries import events, events_of
from loans.servicing_queries import booked_with, posted_with

if TYPE_CHECKING:
    from ledger.models import JournalEntry

TAKE_BACK = "desk:event-take-back"

COLUMNS = {
    "principal": "Principal",
    "interest": "Interest due",
    "fees": "Fees due",
    "default_interest": "Default interest",
    "in_advance": "In advance",
    "suspended": "In suspense",
    "default_suspended": "Default interest in suspense",
    "not_earned": "Fees for later",
    "recovered": "Recovered",
}
"""What a movement can move, in words."""

OF_AN_INSTALMENT = {
    Happening.FELL_DUE: "Instalment {no}",
    Happening.ADVANCE_APPLIED: "Money in advance used for instalment {no}",
    Happening.CAPITALISED: "Interest added to principal, {no}",
    Happening.COMMITMENT_FEE: "Commitment fee, with instalment {no}",
    Happening.LATE_FEE: "Late fee on instalment {no}",
}
"""What comes of an instalment, and of no event."""


@dataclass(frozen=True, slots=True)
class Change:
    """A movement that was booked with an event: its own, or another's that was worked out again."""

    what: str
    counts_from: date | None
    entry: JournalEntry
    amounts: tuple[Money | None, ...]
    is_again: bool

    @property
    def is_later(self) -> bool:
        """Whether it counts from a day before that of its entry: its own month was closed, or it was known later."""
        return self.counts_from is not None and self.counts_from < self.entry.effective_on


def loan_event(request: PersonRequest, book: str, loan: int, event: int) -> HttpResponse:
    """What was recorded, the entries that it posted, and what was worked out again because of it."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    row = get_object_or_404(events(found).select_related("approval__made_by", "approval__checked_by"), pk=event)
    bookings = list(booked_with(row))
    columns = [name for name in Moved._fields if any(getattr(one, name) for one in bookings)]
    changes = _changes(row, bookings, columns)
    context = {
        "loan": found,
        "event": row,
        "facts": _facts(row),
        "columns": [COLUMNS[name] for name in columns],
        "own": [one for one in changes if not one.is_again],
        "again": [one for one in changes if one.is_again],
        "entries": [entry_shown(one) for one in posted_with(row)],
        "opens": _opens(changes),
        "sign": sign(of),
        **_way_back(request, row),
    }
    crumbs = loan_crumbs(found, f"{row.get_kind_display()} {row.number}")
    return desk_page(request, "desk/acts/event.html", of, section=SECTION, crumbs=crumbs, context=context)


def _facts(row: LoanEvent) -> list[Fact]:
    told = {one.sequence: one for one in events_of(row.loan)}[row.number]
    facts = event_facts(told)
    undone = row.reverses
    if undone is not None:
        url = reverse("desk:loan-event", args=[row.loan.book.code, row.loan_id, undone.pk])
        facts.append(Fact("Takes back", f"{undone.get_kind_display()} {undone.number}", url=url))
    taken_back = getattr(row, "reversed_by", None)
    if taken_back is not None:
        url = reverse("desk:loan-event", args=[row.loan.book.code, row.loan_id, taken_back.pk])
        facts.append(Fact("Taken back", day(taken_back.effective_on), taken_back.reason, url=url))
    if row.reason:
        facts.append(Fact("Reason", row.reason))
    if row.approval is not None:
        facts.append(Fact("Proposed", f"by {row.approval.made_by}"))
        facts.append(Fact("Approved", f"by {row.approval.checked_by}", row.approval.reason))
    return [*facts, Fact("Recorded", f"by {row.recorded_by}, {moment(row.recorded_at)}")]


def _changes(row: LoanEvent, bookings: list[Booking], columns: list[str]) -> list[Change]:
    loan = row.loan
    happened = {one.number: one for one in events(loan)}
    due = dict(loan.instalments.values_list("no", "due_on"))
    own_entry = row.entry_id
    return [
        Change(
            *_what(loan, one, happened, due),
            entry=one.entry,
            amounts=tuple(from_minor(getattr(one, name), loan.currency) for name in columns),
            is_again=one.entry_id != own_entry,
        )
        for one in bookings
    ]


def _what(loan: Loan, one: Booking, happened: dict[int, LoanEvent], due: dict[int, date]) -> tuple[str, date | None]:
    """A movement in words, and the day from which it counts, where it is an event's or an instalment's."""
    step = Step(one.name, one.booked_on, STILL)
    if step.kind in OF_AN_INSTALMENT:
        counts_from = due.get(step.no) if step.kind in {Happening.FELL_DUE, Happening.ADVANCE_APPLIED} else None
        return OF_AN_INSTALMENT[step.kind].format(no=step.no), counts_from
    if step.kind is Happening.DEFAULT_INTEREST:
        return "Default interest", None
    event = happened[step.no]
    return f"{event.get_kind_display()} {event.number}", event.effective_on


def _opens(changes: list[Change]) -> date | None:
    """The first day on which something was booked that counts from an earlier one."""
    return min((one.entry.effective_on for one in changes if one.is_later), default=None)


def _way_back(request: PersonRequest, row: LoanEvent) -> dict[str, Any]:
    if row.kind == EventKind.REVERSED:
        return {"why_not_back": "A reversal is not taken back. Record what really happened anew."}
    if hasattr(row, "reversed_by"):
        return {"why_not_back": "It is taken back already."}
    url = reverse(TAKE_BACK, args=[row.loan.book.code, row.loan_id, row.pk])
    return {"back_url": url, "why_not_back": why_not(request.user, TAKE_BACK, "POST", book=row.loan.book_id)}
