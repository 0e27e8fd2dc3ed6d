"""Booking what loans have earned by a month's end and is not due, and taking it back the day after."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.entry import JournalEntry
from ledger.services import post
from loans.accruals import booked_accruals, loans_that_may_earn, loans_to_accrue, times_accrued
from loans.domain.accruals import accrual_entries, accrued
from loans.lives_queries import events_by_loan, first_terms_by_loan
from loans.models import FOR_EVER, Loan
from loans.services.own_accounts import open_own_accounts
from loans.services.some_loans import Some, some_of

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def accrue_some(*, book: Book, on: date, by: AbstractBaseUser, wait: bool = True) -> Some:
    """Book what some loans of a book have earned by the end of `on` and is not due, less what is booked of it.

    Those are the next that no other process works on, or with `wait` the next ones after it; none are left when it
    gives none. All or none are booked; doing this again, or twice at once, posts nothing more, and after an event that
    became known since, the difference. What fell due by then has to be posted. Raises PeriodClosed.
    """
    loans = some_of(loans_to_accrue(book, on), wait=wait)
    entries = _entries(book, loans, on)
    _post(entries, book, on, by)
    earning = set(loans_that_may_earn(book, on).filter(pk__in=[loan.pk for loan in loans]).values_list("pk", flat=True))
    for loan in loans:
        loan.accrued_through = on if loan.pk in earning else FOR_EVER
    Loan.objects.bulk_update(loans, ["accrued_through"])
    return Some(loans, len(entries))


def _entries(book: Book, loans: Collection[Loan], on: date) -> list[tuple[Loan, JournalEntry]]:
    keys = [loan.pk for loan in loans]
    terms, events, booked = first_terms_by_loan(keys), events_by_loan(keys), booked_accruals(book, loans, on)
    found: list[tuple[Loan, JournalEntry]] = []
    for loan in loans:
        more = accrued(terms[loan.pk], events[loan.pk], on).minus(booked[loan.pk])
        found += [(loan, one) for one in accrual_entries(loan.reference, on, more, terms[loan.pk].scale)]
    return found


def _post(entries: Sequence[tuple[Loan, JournalEntry]], book: Book, on: date, by: AbstractBaseUser) -> None:
    """One posting request for all. Its key names the first loan and how often that was accrued, so it is new."""
    if not entries:
        return
    open_own_accounts(book, entries)
    first = entries[0][0]
    key = f"accruals:{on}:{first.reference}:{times_accrued(first, on)}"
    post([entry for _, entry in entries], book=book, key=key, by=by)
