"""The balances that a book begins with: one entry of what another system's trial balance said, against 3020."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from ledger.domain.chart import OPENING_BALANCES
from ledger.domain.entry import JournalEntry, Kind, Posting
from ledger.models import Account, BankAccount, Book
from ledger.services.journal_rules import bank_lines_taken, refuse_ahead, refuse_closed
from ledger.services.posting import Posted, post

if TYPE_CHECKING:
    from ledger.models import Approval

TAKES_LINES = (
    "It is moved by bank lines alone, so that it holds what nobody has matched. Leave it out: it begins at nought."
)
HAS_STATEMENTS = (
    "Statements of that bank account have been brought in, so that it stands at what the bank says. Leave it out."
)


def openable_accounts(book: Book, on: date) -> dict[str, str]:
    """The accounts in the book's currency that are open on a day, each with why it takes no opening balance, or ""."""
    is_open = Q(closed_on=None) | Q(closed_on__gt=on)
    found = Account.objects.filter(is_open, book=book, currency=book.base_currency, opened_on__lte=on)
    accounts = dict.fromkeys(found.order_by("code").values_list("code", flat=True).iterator(), "")
    for bank in BankAccount.objects.filter(book=book).select_related("account", "suspense"):
        accounts[bank.suspense.code] = TAKES_LINES
        if bank.statements.exists():
            accounts[bank.account.code] = HAS_STATEMENTS
    return accounts


@transaction.atomic
def post_opening_balances(
    *, book: Book, on: date, narrative: str, balances: Mapping[str, int], approval: Approval, by: AbstractBaseUser
) -> Posted | None:
    """Post what accounts begin with, in minor units of the book's currency, debits positive; the rest goes to 3020.

    `approval` is of two people and names where the entry comes from; the same approval again posts nothing more. None
    where every balance is nought. Raises BankMovesByStatement, NoSuchBankLine, DatedAhead, PeriodClosed and what `post`
    raises.
    """
    refuse_ahead(book, on)
    refuse_closed(book, on)
    lines = {code: minor for code, minor in balances.items() if minor}
    if rest := sum(lines.values()):
        lines[OPENING_BALANCES] = -rest
    if not lines:
        return None
    accounts = Account.objects.filter(book=book, currency=book.base_currency, code__in=lines)
    bank_lines_taken(book=book, kind=Kind.OPENING, on=on, postings=[(each, lines[each.code]) for each in accounts])
    ordered = sorted(lines.items(), key=lambda line: (line[0] == OPENING_BALANCES, line[0]))
    entry = JournalEntry(
        effective_on=on,
        narrative=narrative,
        postings=tuple(Posting(code, minor, book.base_currency) for code, minor in ordered),
        kind=Kind.MOVED_IN,
        source=approval.subject,
        approval=approval.pk,
    )
    return post([entry], book=book, key=f"{approval.subject}:opening", by=by)
