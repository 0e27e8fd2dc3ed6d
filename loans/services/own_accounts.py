"""A loan's own accounts in the ledger: each is opened when something is first posted to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ledger import queries as ledger
from ledger.domain.entry import JournalEntry
from ledger.services import open_account, open_accounts
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book


def open_own_accounts(book: Book, entries: Iterable[tuple[Loan, JournalEntry]]) -> None:
    """Open the accounts of loans that entries post to and that are not open yet, in few statements for many loans.

    They are open from the loan's approval on, so that what becomes known later can be booked on an earlier day. Income
    and costs of a loan in another currency than the book's are opened with them, as a book has these in its own alone.
    """
    wanted: dict[tuple[str, str], tuple[str, str, date]] = {}
    for loan, entry in entries:
        for posting in entry.postings:
            node, _, subject = posting.account.partition("/")
            if subject == loan.reference:
                on = max(min(entry.effective_on, loan.approved_on), book.opened_on)
                wanted.setdefault((posting.account, loan.currency), (node, subject, on))
            elif not subject and loan.currency != book.base_currency:
                wanted.setdefault((posting.account, loan.currency), (node, subject, book.opened_on))
    known = set(ledger.accounts(book).filter(code__in=[code for code, _ in wanted]).values_list("code", "currency"))
    missing: dict[tuple[str, str, date], list[str]] = defaultdict(list)
    for (code, currency), (node, subject, on) in wanted.items():
        if (code, currency) in known:
            continue
        if subject:
            missing[node, currency, on].append(subject)
        else:
            open_account(book=book, node=node, on=on, currency=currency)
    for (node, currency, on), subjects in missing.items():
        open_accounts(book=book, node=node, subjects=subjects, on=on, currency=currency)
