"""What bears a loss, and whose is what comes in after it? Called by the acts on a loan, in their own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from ledger.domain.entry import JournalEntry
from ledger.domain.money import to_minor
from ledger.services import open_account
from loans.covered import cover_to_book
from loans.domain.events import Event
from loans.domain.loss_cover import Cover
from loans.domain.loss_entries import (
    guarantee_used_entry,
    provision_used_entry,
    recovery_shared_entry,
    repaid_shared_entry,
)
from loans.models import Loan, LoanEvent, LossEntry, LossProposal
from loans.services.booking import OpenLoan, post_for

LOSS_ACCOUNTS = ("1360", "1390", "1410", "2130")

RECIPES: Mapping[Cover, Callable[[str, date, Money], JournalEntry]] = {
    Cover.GUARANTEE_USED: guarantee_used_entry,
    Cover.PROVISION_USED: provision_used_entry,
    Cover.SHARED: repaid_shared_entry,
    Cover.RECOVERY_SHARED: recovery_shared_entry,
}


class Part(NamedTuple):
    """One entry that follows from a loan's life: what it uses or owes, or less of it where it is negative."""

    kind: LossEntry.Kind
    amount: Money
    entry: JournalEntry


def cover_parts(opened: OpenLoan, events: Sequence[Event], until: date) -> tuple[Part, ...]:
    """What has to be booked so that losses are borne, and what comes in is shared, as these events tell up to a day."""
    loan = opened.loan
    return tuple(
        Part(LossEntry.Kind(kind), opened.money(minor), RECIPES[kind](loan.reference, on, opened.money(minor)))
        for kind, on, minor in cover_to_book(loan, opened.terms, events, until)
    )


def book_cover(
    opened: OpenLoan, until: date, *, by: AbstractBaseUser, event: LoanEvent | None = None
) -> tuple[LossEntry, ...]:
    """Book it for a loan that is locked, once its events are recorded."""
    kept = LossEntry.objects.filter(loan=opened.loan).count()
    return tuple(
        keep_loss_entry(opened.loan, part.kind, f"cover:{number}", part.amount, part.entry, by=by, event=event)
        for number, part in enumerate(cover_parts(opened, opened.events, until), kept)
    )


def keep_loss_entry(
    loan: Loan,
    kind: LossEntry.Kind,
    name: str,
    amount: Money,
    entry: JournalEntry,
    *,
    by: AbstractBaseUser,
    event: LoanEvent | None = None,
    proposal: LossProposal | None = None,
) -> LossEntry:
    """Post an entry under the loan's natural key and keep what it rests on; again, it gives the first answer."""
    for posting in entry.postings:
        node, _, subject = posting.account.partition("/")
        if node in LOSS_ACCOUNTS:
            open_account(book=loan.book, node=node, subject=subject, on=loan.book.opened_on, currency=loan.currency)
    posted = post_for(loan, name, [entry], by=by)
    if posted.repeated:
        return LossEntry.objects.get(entry_id=posted.entry_ids[0])
    return LossEntry.objects.create(
        loan=loan,
        kind=kind,
        effective_on=entry.effective_on,
        amount=to_minor(amount.amount, loan.currency),
        entry_id=posted.entry_ids[0],
        event=event,
        proposal=proposal,
        recorded_by_id=by.pk,
    )
