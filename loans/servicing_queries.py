"""What waits for a decision, what was asked for, and what booked each movement of a loan's life?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from moneyed import Money

from ledger import queries as ledger
from loans.domain.entries import payment_on_its_way
from loans.models import Authority, Booking, BorrowerRequest, Loan, LoanEvent, Proposal, Standing

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry


AFTER_EVERY_ENTRY = date(9999, 1, 1)


def standing_on(loan: Loan, on: date) -> Standing | None:
    """Where a loan stood on a day, as it is kept for lists; none before its first drawdown."""
    return Standing.objects.as_at(on).filter(loan=loan).first()


def in_transit(loan: Loan, on: date) -> Money:
    """What of a loan's drawdowns and refunds the bank has not confirmed by a day, nor later."""
    code = payment_on_its_way(loan.reference)
    return min(-ledger.balances(loan.book, [code], day)[code] for day in (on, AFTER_EVERY_ENTRY))


def posted_with(event: LoanEvent) -> QuerySet[JournalEntry]:
    """All that the recording of an event posted: its own entry, and what was worked out again because of it, and of
    those that were recorded with it."""
    name = f"loan:{event.loan.reference}:event:{event.number}"
    posted = Q(request__key__in=[name, f"{name}:again"])
    if event.entry is not None:  # recorded with others, it has no request of its own
        others = event.loan.events.exclude(pk=event.pk).filter(entry__isnull=False)
        its_loans = Q(request=event.entry.request_id, source=f"loan:{event.loan.reference}")
        posted |= its_loans & ~Q(pk__in=others.values("entry"))
    return ledger.entries(event.loan.book).filter(posted).order_by("pk")


def booked_with(event: LoanEvent) -> QuerySet[Booking]:
    """The movements that the recording of an event booked, in order, each with its entry."""
    found = Booking.objects.filter(loan=event.loan, entry_id__in=posted_with(event).values("pk"))
    return found.select_related("entry").order_by("pk")


def open_proposals(book: Book) -> QuerySet[Proposal]:
    """What is proposed in a book and not decided, the oldest first."""
    return _proposals().filter(loan__book=book, decision=None)


def decided_proposals(book: Book) -> QuerySet[Proposal]:
    """What was decided in a book, the latest first."""
    return _proposals().filter(loan__book=book, decision__isnull=False).order_by("-decision__pk")


def event_of_proposal(proposal: Proposal) -> LoanEvent | None:
    """The event that an approved proposal became; none while it waits, or where it was declined."""
    return LoanEvent.objects.filter(loan=proposal.loan, key=f"proposal:{proposal.pk}").first()


def all_proposals(book: Book) -> QuerySet[Proposal]:
    """Everything that was ever proposed in a book, the oldest first."""
    return _proposals().filter(loan__book=book)


def proposals_of(loan: Loan) -> QuerySet[Proposal]:
    """Everything that was ever proposed for a loan, the oldest first."""
    return _proposals().filter(loan=loan)


def authorities(book: Book) -> QuerySet[Authority]:
    """Up to which cost acts may be approved in a book, the latest limit first; of one kind and person it counts."""
    return (
        Authority.objects.filter(book=book).select_related("book", "person", "set_by").order_by("-effective_on", "-pk")
    )


def open_requests(book: Book) -> QuerySet[BorrowerRequest]:
    """What businesses asked for and nobody has answered, the oldest first."""
    return _requests().filter(loan__book=book, answer=None)


def requests_to_look_at(book: Book) -> QuerySet[BorrowerRequest]:
    """The open requests that no proposal would grant yet, the oldest first."""
    return open_requests(book).exclude(proposals__in=open_proposals(book))


def requests_of(loan: Loan) -> QuerySet[BorrowerRequest]:
    """Everything that was ever asked for on a loan, the oldest first."""
    return _requests().filter(loan=loan)


def _proposals() -> QuerySet[Proposal]:
    names = ("loan__book", "loan__organisation", "proposed_by", "decision__decided_by", "request__asked_by")
    return Proposal.objects.select_related(*names).order_by("pk")


def _requests() -> QuerySet[BorrowerRequest]:
    names = ("loan__book", "loan__organisation", "asked_by", "answer__answered_by")
    return BorrowerRequest.objects.select_related(*names).order_by("pk")
