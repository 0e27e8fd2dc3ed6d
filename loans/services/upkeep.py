"""Keeping a loan's books up to date: what fell due is posted, and money held in advance is applied to it."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from loans.domain.movements import Happening
from loans.models import Loan
from loans.services.booking import OpenLoan, book_steps, keep_projections, open_loan
from loans.services.cover import book_cover


@transaction.atomic
def bring_up_to_date(*, loan: Loan, on: date, by: AbstractBaseUser) -> tuple[int, ...]:
    """Post what fell due up to and including `on`; gives the numbers of the entries.

    What is posted is what the books do not hold yet, so doing this again, or twice at once, posts nothing more.
    """
    return post_what_fell_due(open_loan(loan), on, by=by)


@transaction.atomic
def rebuild_schedule(*, loan: Loan) -> None:
    """Write what is kept for lists anew, as the engine gives it; the books are not touched."""
    opened = open_loan(loan)
    keep_projections(opened, since=date.min, posted_until=opened.posted_until)


def post_what_fell_due(opened: OpenLoan, on: date, *, by: AbstractBaseUser) -> tuple[int, ...]:
    """The same for a loan that is locked already."""
    loan = opened.loan
    if loan.next_action_on is None or loan.next_action_on > on:
        return ()
    since, steps = loan.next_action_on, opened.steps(opened.events, on)
    entries = book_steps(opened, f"due:{since}:{len(opened.booked)}", steps, by=by)
    if any(step.kind is Happening.ADVANCE_APPLIED for step in steps):
        book_cover(opened, on, by=by)
    keep_projections(opened, since=since, posted_until=on)
    return tuple(entries.values())
