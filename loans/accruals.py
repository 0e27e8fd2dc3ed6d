"""Which loans may have earned something that is not due, and what of it is booked?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from ledger.domain.entry import Kind
from ledger.domain.money import to_minor
from ledger.queries import balances, entries, entries_by_source
from loans.domain.accruals import Accrued, accrual_accounts
from loans.models import Loan, LoanEvent, Standing

if TYPE_CHECKING:
    from ledger.models import Book


def loans_that_may_earn(book: Book, on: date) -> QuerySet[Loan]:
    """The loans of which something is outstanding on a day, or is still to come, in the order in which they are locked.

    One that is repaid or written off has nothing left that accrues.
    """
    outstanding = Standing.objects.as_at(on).filter(Q(principal__gt=0) | Q(interest_due__gt=0) | Q(fees_due__gt=0))
    begun = Standing.objects.as_at(on)
    may_earn = Q(pk__in=outstanding.values("loan")) | Q(pk__in=begun.values("loan"), next_action_on__isnull=False)
    return Loan.objects.filter(may_earn, book=book).order_by("pk")


def booked_accruals(book: Book, loans: Collection[Loan], on: date) -> dict[int, Accrued]:
    """What of each loan's accruals is booked on a day, in minor units, by the loan's key."""
    codes = [code for loan in loans for code in accrual_accounts(loan.reference)]
    stands = balances(book, codes, on)
    return {
        loan.pk: Accrued(*(to_minor(stands[code].amount, loan.currency) for code in accrual_accounts(loan.reference)))
        for loan in loans
    }


def is_accrued(book: Book, on: date) -> bool:
    """Whether accruals of a day are booked."""
    return entries(book).filter(kind=Kind.ACCRUAL, effective_on=on).exists()


def times_accrued(loan: Loan, on: date) -> int:
    """How often accruals of a loan were booked on a day: each entry but the first corrects the ones before."""
    return entries_by_source(loan.book, f"loan:{loan.reference}").filter(kind=Kind.ACCRUAL, effective_on=on).count()


def last_event(book: Book) -> int:
    """The number of the event that was recorded last on a loan of a book; nought before the first."""
    latest = LoanEvent.objects.filter(loan__book=book).order_by("-pk").values_list("pk", flat=True).first()
    return latest or 0


def loans_with_events_after(book: Book, event: int) -> QuerySet[Loan]:
    """The loans on which an event with a higher number is recorded."""
    return Loan.objects.filter(book=book, events__pk__gt=event).distinct().order_by("pk")
