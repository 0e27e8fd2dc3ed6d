"""Booking what loans have earned by a month's end and is not due, and taking it back the day after."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.entry import JournalEntry
from ledger.services import post
from loans.accruals import booked_accruals, times_accrued
from loans.domain.accruals import accrual_entries, accrued
from loans.lives_queries import events_by_loan, first_terms_by_loan
from loans.models import Loan
from loans.services.own_accounts import open_own_accounts

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def accrue(*, book: Book, loans: Collection[Loan], on: date, by: AbstractBaseUser) -> int:
    """Book what loans of one book have earned by the end of `on` and is not due, less what is booked of it.

    All or none; says how many entries. Doing this again, or twice at once, posts nothing more; after an event that
    became known since, it posts the difference. For as many loans as may be locked together. Raises PeriodClosed.
    """
    keys = [loan.pk for loan in loans]
    locked = list(Loan.objects.select_for_update(of=("self",)).filter(book=book, pk__in=keys).order_by("pk"))
    terms, events, booked = first_terms_by_loan(keys), events_by_loan(keys), booked_accruals(book, locked, on)
    entries: list[tuple[Loan, JournalEntry]] = []
    for loan in locked:
        more = accrued(terms[loan.pk], events[loan.pk], on).minus(booked[loan.pk])
        entries += [(loan, one) for one in accrual_entries(loan.reference, on, more, terms[loan.pk].scale)]
    if not entries:
        return 0
    open_own_accounts(book, entries)
    first = entries[0][0]
    key = f"accruals:{on}:{first.reference}:{times_accrued(first, on)}"
    return len(post([entry for _, entry in entries], book=book, key=key, by=by).entry_ids)
