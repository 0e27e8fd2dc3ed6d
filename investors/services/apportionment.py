"""Posting the lenders' side of every loan entry: straight after an act, and again in the close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from investors.domain.entries import apportionment_entry
from investors.models import ApportionmentMark
from investors.queries import lenders_side, moved_since
from ledger.queries import closed_until
from ledger.services import post, settled_before
from loans.models import Loan
from loans.services import hold_loans

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def apportion(*, loan: Loan, by: AbstractBaseUser) -> tuple[int, ...]:
    """Post the lenders' side of every entry of a loan that has none yet; gives the numbers of the new entries.

    Where it is booked already and is known otherwise by now, the difference is posted. Safe to repeat: what is booked
    is compared, and the loan is locked meanwhile. It is dated as the loan entry, or on the first open day if that day
    has been closed since. What there is no rule for, and what stands before the participations, is left to
    `investors.checks`.
    """
    loan = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    if not loan.participation_sets.exists():
        return ()
    side = lenders_side(loan)
    opened = closed_until(loan.book)
    entries = [
        apportionment_entry(
            one.source, one.narrative, one.difference, on=max(one.on, opened or one.on), currency=loan.currency
        )
        for one in side.waiting
    ]
    key = f"apportion:{loan.reference}:{side.entries}"
    return post(entries, book=loan.book, key=key, by=by).entry_ids if entries else ()


def apportion_book(*, book: Book, by: AbstractBaseUser) -> int:
    """Post what is missing on the lenders' side of the loans posted to since the last run; says how many entries.

    Nothing is missed: the mark moves only to a number before which every posting request is settled, and after all
    loans of those before it are apportioned; `set_participations` shares what was posted before anybody shared it. What
    had no rule when it was gone through is found by `investors.checks`, and shared by `apportion` once there is one.
    """
    settled = settled_before(book=book)
    mark = ApportionmentMark.objects.filter(book=book).first()
    moved = moved_since(book, mark.settled_before if mark else 0)
    posted = sum(len(apportion(loan=loan, by=by)) for loan in _shared(moved))
    if settled is not None:
        ApportionmentMark.objects.update_or_create(book=book, defaults={"settled_before": settled})
    return posted


def _shared(moved: QuerySet[Loan]) -> list[Loan]:
    """Those loans that somebody shares. All are locked for a moment, so that who is recording it now is waited for."""
    keys = list(moved.values_list("pk", flat=True))
    if not keys:
        return []
    with transaction.atomic():
        hold_loans(keys)
    shared = Loan.objects.filter(pk__in=keys, participation_sets__isnull=False).distinct()
    return list(shared.order_by("reference", "pk"))
