"""Money that investors pay in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from investors.domain.entries import contribution_entry
from investors.domain.errors import ContributionRefused
from investors.models import Investor
from investors.services.participations import open_cash_account
from ledger.domain.bank_statement import plain
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from ledger.queries import entries
from ledger.services import Posted, match_bank_line, post, reverse

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book


@transaction.atomic
def receive_contribution(
    *, line: BankStatementLine, investor: Investor, key: str, by: AbstractBaseUser, amount: Money | None = None
) -> Posted:
    """Book a bank line, or an amount out of it, as an investor's money; the same key again changes nothing.

    Raises ContributionRefused for money that went out, and from the ledger LineMatchedAlready, PeriodClosed and
    KeyUsedForOtherContent.
    """
    bank_account = line.bank_account
    received = from_minor(line.amount, bank_account.currency)
    if received.amount < 0:
        raise ContributionRefused(
            f"The bank line of {date_text(line.booked_on)} is {plain(received)}: money that went out is no "
            "contribution. "
            "Choose a line of money received; nothing was changed."
        )
    open_cash_account(bank_account.book, investor)
    entry = contribution_entry(investor.code, line.booked_on, received if amount is None else amount, bank_account.code)
    posted = post([entry], book=bank_account.book, key=f"contribution:{key}", by=by)
    if not posted.repeated:
        match_bank_line(line_id=line.pk, entry_id=posted.entry_ids[0])
    return posted


def reverse_contribution(*, entry_id: int, book: Book, on: date, reason: str, key: str, by: AbstractBaseUser) -> Posted:
    """Take back a contribution that was booked wrongly: its bank line, or the part of it, waits in suspense again.

    What was lent meanwhile stays lent, so the money held may fall below nought until it is put right. Raises
    ContributionRefused for another entry and for a day to come, and what `ledger.services.reverse` raises.
    """
    if not entries(book).filter(pk=entry_id, kind=Kind.CONTRIBUTION).exists():
        raise ContributionRefused(
            f"E-{entry_id} books no contribution in {book}, so it cannot be taken back as one. "
            "Choose the entry that took the bank line out of suspense; nothing was changed."
        )
    if on > book.business_date:
        raise ContributionRefused(
            f"{date_text(on)} is after {date_text(book.business_date)}, the business date of {book}. "
            "Date the reversal on or before it; nothing was changed."
        )
    return reverse(entry_id, book=book, on=on, reason=reason, key=key, by=by)
