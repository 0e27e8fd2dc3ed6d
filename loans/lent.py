"""What was lent by a day, and what stands of it, as the ledger itself has both? Amounts in minor units.

The projections that lists read are compared with these: what was lent is what drawdowns debited on loan principal, less
what was taken back; what stands is the balance of that line of the chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Sum

from ledger.domain.entry import Kind
from ledger.queries import accounts, minor_balances, postings

if TYPE_CHECKING:
    from ledger.models import Book

PRINCIPAL = "1310"


def drawdowns(book: Book, as_of: date) -> QuerySet[Any]:
    """The postings on the principal of loans by which a book lent, and those that took such back."""
    lending = Q(entry__kind=Kind.DRAWDOWN) | Q(entry__reverses__kind=Kind.DRAWDOWN)
    return postings(book).filter(lending, account__node__code=PRINCIPAL, effective_on__lte=as_of)


def lent_by_loan(book: Book, as_of: date) -> Mapping[str, int]:
    """What was lent on each loan in the book's currency, by its reference; one query."""
    found = drawdowns(book, as_of).filter(account__currency=book.base_currency).order_by()
    return {reference: int(units) for reference, units in found.values_list("account__subject").annotate(Sum("amount"))}


def principal_in_ledger(book: Book, as_of: date) -> int:
    """The balance of loan principal in the book's currency, debits positive; two queries."""
    lines = accounts(book).filter(node__code=PRINCIPAL, currency=book.base_currency)
    return sum(minor_balances(book, list(lines.values_list("pk", flat=True)), as_of).values())
