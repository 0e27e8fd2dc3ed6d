"""What waits for a decision, what was asked for, and what booked each movement of a loan's life?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from loans.models import BorrowerRequest, Loan, Proposal

if TYPE_CHECKING:
    from ledger.models import Book


def open_proposals(book: Book) -> QuerySet[Proposal]:
    """What is proposed in a book and not decided, the oldest first."""
    return _proposals().filter(loan__book=book, decision=None)


def proposals_of(loan: Loan) -> QuerySet[Proposal]:
    """Everything that was ever proposed for a loan, the oldest first."""
    return _proposals().filter(loan=loan)


def open_requests(book: Book) -> QuerySet[BorrowerRequest]:
    """What businesses asked for and nobody has answered, the oldest first."""
    return _requests().filter(loan__book=book, answer=None)


def requests_of(loan: Loan) -> QuerySet[BorrowerRequest]:
    """Everything that was ever asked for on a loan, the oldest first."""
    return _requests().filter(loan=loan)


def _proposals() -> QuerySet[Proposal]:
    names = ("loan__book", "loan__organisation", "proposed_by", "decision__decided_by", "request__asked_by")
    return Proposal.objects.select_related(*names).order_by("pk")


def _requests() -> QuerySet[BorrowerRequest]:
    names = ("loan__book", "loan__organisation", "asked_by", "answer__answered_by")
    return BorrowerRequest.objects.select_related(*names).order_by("pk")
