"""What can be told of each deal of a book, from the ledger and from what was agreed? Eight queries for any number.

A deal is a loan with what stands beside it. Amounts are in minor units of the loan's currency; what was lent is what
the ledger says was lent: the drawdowns, less what was taken back, by the entries that booked them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from ledger.domain.money import to_minor
from loans.domain.project import SECURED, FundingStatus
from loans.grants import grants_awarded
from loans.lent import drawdowns
from loans.models import EventKind, Grant, GrantPayment, Loan, LoanEvent, LoanTerms, ProjectFunding
from loans.portfolio import standings

if TYPE_CHECKING:
    from ledger.models import Book

TOLD = (EventKind.DRAWN, EventKind.WRITTEN_OFF, EventKind.RESTRUCTURED, EventKind.REPAID, EventKind.REVERSED)
"""What changes a published field."""


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a loan stood on the evening of the day."""

    principal: int = 0
    written_off: int = 0


@dataclass(frozen=True, slots=True)
class LentBy:
    """A journal entry by which money was lent: its number, day and amount. No name and no narrative."""

    entry: int
    on: date
    units: int


@dataclass(frozen=True, slots=True)
class Deal:
    """One loan as it may be told of."""

    loan: Loan
    terms: LoanTerms
    lent: tuple[LentBy, ...]
    stood: Stood
    others: tuple[ProjectFunding, ...]
    """What other funders agreed to or paid, or were asked for, as it stood."""
    grants: tuple[Grant, ...]
    """The fund's own grants beside the loan, with what was paid of them by the day."""
    modified_at: datetime

    @property
    def value(self) -> int:
        """What was lent by the day, in minor units."""
        return sum(one.units for one in self.lent)

    @property
    def awarded(self) -> int:
        """What the fund awarded in grants, of the loan's currency."""
        return sum(to_minor(grant.money.amount, self.loan.currency) for grant in self.grants)

    def others_sum(self, *statuses: FundingStatus) -> int:
        """What other funders have in these states, of the loan's currency."""
        return sum(
            to_minor(one.amount.amount, self.loan.currency)
            for one in self.others
            if one.status in statuses and one.amount.currency.code == self.loan.currency
        )

    @property
    def levered_in(self) -> int:
        """What other funders agreed to or paid."""
        return self.others_sum(*SECURED)


def deals(book: Book, as_of: date) -> list[Deal]:
    """The deals of a book that were agreed by a day, in the order of their keys."""
    found = list(Loan.objects.filter(book=book, approved_on__lte=as_of).select_related(*WITH).order_by("pk"))
    terms, events = _terms(found, as_of), _events(found, as_of)
    lent, stood, others = _lent(book, as_of), _stood(book, as_of), _others(found, as_of)
    grants = grants_awarded(found, as_of)
    payments = {key: [paid for one in ones for paid in one.payments.all()] for key, ones in grants.items()}
    return [
        Deal(
            loan=loan,
            terms=terms[loan.pk],
            lent=tuple(lent.get(loan.reference, ())),
            stood=stood.get(loan.pk, Stood()),
            others=tuple(others.get(loan.pk, ())),
            grants=tuple(grants.get(loan.pk, ())),
            modified_at=_modified(
                terms[loan.pk], *(told.get(loan.pk, ()) for told in (events, others, grants, payments))
            ),
        )
        for loan in found
        if loan.pk in terms
    ]


WITH = ("organisation", "product", "application__product_version__index")


def _terms(found: Sequence[Loan], as_of: date) -> dict[int, LoanTerms]:
    rows = LoanTerms.objects.filter(loan__in=found).order_by("loan_id", "version")
    first_or_in_force = (row for row in rows if row.version == 1 or row.effective_on <= as_of)
    return {row.loan_id: row for row in first_or_in_force}


def _events(found: Sequence[Loan], as_of: date) -> dict[int, list[LoanEvent]]:
    rows = LoanEvent.objects.filter(loan__in=found, kind__in=TOLD, effective_on__lte=as_of).order_by(
        "loan_id", "number"
    )
    by_loan: dict[int, list[LoanEvent]] = defaultdict(list)
    for row in rows:
        by_loan[row.loan_id].append(row)
    return by_loan


def _lent(book: Book, as_of: date) -> dict[str, list[LentBy]]:
    """What the ledger booked as lent, and took back, by the reference of the loan."""
    booked = (
        drawdowns(book, as_of)
        .values_list("account__subject", "entry_id", "effective_on")
        .annotate(units=Sum("amount"))
        .order_by("effective_on", "entry_id")
    )
    found: dict[str, list[LentBy]] = defaultdict(list)
    for reference, entry, on, units in booked:
        found[reference].append(LentBy(entry, on, int(units)))
    return found


def _stood(book: Book, as_of: date) -> dict[int, Stood]:
    rows = standings(book, as_of).values_list("loan_id", "principal", "written_off")
    return {loan: Stood(principal, written_off) for loan, principal, written_off in rows}


def _others(found: Sequence[Loan], as_of: date) -> dict[int, list[ProjectFunding]]:
    stood = Q(replaced_by=None) | Q(replaced_by__status_on__gt=as_of)
    by_loan: dict[int, list[ProjectFunding]] = defaultdict(list)
    for row in ProjectFunding.objects.filter(stood, loan__in=found, status_on__lte=as_of).order_by("pk"):
        by_loan[row.loan_id].append(row)
    return by_loan


def _modified(terms: LoanTerms, *told: Iterable[LoanEvent | ProjectFunding | Grant | GrantPayment]) -> datetime:
    """When the last of what is published of a deal was recorded; not when it is exported."""
    return max([terms.recorded_at, *(row.recorded_at for rows in told for row in rows)])
