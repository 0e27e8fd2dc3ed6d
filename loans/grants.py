"""Which grants go with loans, and what of them has the ledger paid?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet, Sum
from moneyed import Money

from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.models import Grant, GrantPayment, Loan

if TYPE_CHECKING:
    from ledger.models import Book


def standing() -> QuerySet[GrantPayment]:
    """The payments whose entries stand; one that was reversed paid nothing."""
    return GrantPayment.objects.filter(entry__reversed_by__isnull=True)


def grants_of(loan: Loan) -> QuerySet[Grant]:
    """The grants beside a loan with their payments, as they were awarded."""
    paid = Prefetch("payments", standing().order_by("paid_on", "pk"))
    return Grant.objects.filter(loan=loan).select_related("recorded_by").prefetch_related(paid).order_by("pk")


def grants_awarded(loans: Iterable[Loan], as_of: date) -> dict[int, list[Grant]]:
    """The grants of many loans that were awarded by a day, with what was paid of them by then; two queries."""
    paid = Prefetch("payments", standing().filter(paid_on__lte=as_of).order_by("paid_on", "pk"))
    found: dict[int, list[Grant]] = defaultdict(list)
    rows = Grant.objects.filter(loan__in=list(loans), awarded_on__lte=as_of).prefetch_related(paid)
    for grant in rows.order_by("pk"):
        found[grant.loan_id].append(grant)
    return found


def paid_of(grant: Grant) -> Money:
    """What was paid of a grant whose payments are at hand."""
    units = sum(payment.amount for payment in grant.payments.all())
    return from_minor(units, grant.money.currency.code)


def costs_in(book: Book, entry: int, currency: str) -> int:
    """What an entry that stands spent on costs of the fund, in minor units; nought where there is no such entry."""
    spent = postings(book).filter(
        entry=entry,
        entry__reversed_by__isnull=True,
        account__node__kind=AccountKind.EXPENSE,
        account__currency=currency,
        entry__approval__isnull=False,
    )
    return int(spent.aggregate(units=Sum("amount"))["units"] or 0)


def grants_in_ledger(book: Book, as_of: date) -> int:
    """What the entries that paid grants by a day spent, as the ledger has it now, in minor units."""
    entries = standing().filter(grant__loan__book=book, paid_on__lte=as_of).values("entry")
    spent = postings(book).filter(entry__in=entries, account__node__kind=AccountKind.EXPENSE)
    return int(spent.filter(account__currency=book.base_currency).aggregate(units=Sum("amount"))["units"] or 0)
