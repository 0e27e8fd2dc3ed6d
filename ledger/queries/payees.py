"""To which account is a payee paid, which details wait for a second person, and did they change lately?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from ledger.domain.bank_details import RECENT_DAYS
from ledger.models import Book, PayeeDecision, PayeeDetails

CONFIRMED = PayeeDecision.Outcome.CONFIRMED


def payee_details(book: Book) -> QuerySet[PayeeDetails]:
    """Every version of every payee of a book, the latest first."""
    return PayeeDetails.objects.filter(book=book).select_related("proposed_by", "decision__decided_by")


def details_waiting(book: Book) -> QuerySet[PayeeDetails]:
    """The bank details that wait for a second person, the oldest first."""
    return payee_details(book).filter(decision=None).order_by("pk")


def details_in_force(book: Book, subject: str) -> PayeeDetails | None:
    """The account to which a payee is paid: the last that was confirmed."""
    confirmed = payee_details(book).filter(subject=subject, decision__outcome=CONFIRMED)
    return confirmed.order_by("-decision__pk").first()


def all_details_in_force(book: Book) -> QuerySet[PayeeDetails]:
    """The account of every payee of a book that has one."""
    confirmed = PayeeDetails.objects.filter(book=book, decision__outcome=CONFIRMED)
    last = confirmed.order_by("subject", "-decision__pk").distinct("subject")
    return payee_details(book).filter(pk__in=last.values("pk")).order_by("subject")


def payees_of_same_account(details: PayeeDetails) -> list[str]:
    """The other payees of the book, `organisation:4` or `investor:NRB`, whose account this is or is proposed to be."""
    account = {name: getattr(details, name) for name in ("sort_code", "account_number", "iban")}
    found = PayeeDetails.objects.filter(book=details.book_id, **account).exclude(subject=details.subject)
    standing = found.filter(Q(decision=None) | Q(pk__in=all_details_in_force(details.book).values("pk")))
    return sorted(set(standing.values_list("subject", flat=True)))


def is_recent(details: PayeeDetails, on: date) -> bool:
    """Whether these details replaced others within the last thirty days, so that a payment deserves a second look."""
    decision = getattr(details, "decision", None)
    return decision is not None and details.version > 1 and 0 <= (on - decision.decided_on).days <= RECENT_DAYS
