"""Which loans may have earned something that is not due, and what of it is booked?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from ledger.domain.entry import Kind
from ledger.domain.money import to_minor
from ledger.queries import balances, entries_by_source
from loans.domain.accruals import Accrued, accrual_accounts
from loans.models import Loan, Standing

if TYPE_CHECKING:
    from ledger.models import Book


def loans_that_may_earn(book: Book, on: date) -> QuerySet[Loan]:
    """The loans of which something is outstanding on a day, or is still to come; others have nothing that accrues."""
    begun = Standing.objects.as_at(on)
    outstanding = begun.filter(Q(principal__gt=0) | Q(interest_due__gt=0) | Q(fees_due__gt=0))
    return Loan.objects.filter(
        Q(pk__in=outstanding.values("loan")) | Q(pk__in=begun.values("loan"), next_action_on__isnull=False), book=book
    )


def loans_to_accrue(book: Book, on: date) -> QuerySet[Loan]:
    """The loans of which the accruals of a month's end are not booked, or not as they are known now."""
    never = Q(accrued_through__isnull=True, pk__in=loans_that_may_earn(book, on).values("pk"))
    return Loan.objects.filter(never | Q(accrued_through__lt=on), book=book)


def booked_accruals(book: Book, loans: Collection[Loan], on: date) -> dict[int, Accrued]:
    """What of each loan's accruals is booked on a day, in minor units, by the loan's key."""
    codes = [code for loan in loans for code in accrual_accounts(loan.reference)]
    stands = balances(book, codes, on)
    return {
        loan.pk: Accrued(*(to_minor(stands[code].amount, loan.currency) for code in accrual_accounts(loan.reference)))
        for loan in loans
    }


def times_accrued(loan: Loan, on: date) -> int:
    """How often accruals of a loan were booked on a day: each entry but the first corrects the ones before."""
    return entries_by_source(loan.book, f"loan:{loan.reference}").filter(kind=Kind.ACCRUAL, effective_on=on).count()
