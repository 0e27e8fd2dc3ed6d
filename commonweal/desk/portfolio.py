"""The loans of a book with where each stands, as rows for lists; and what a list is asked for in the address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.documents.list_files import Sheet
from ledger.domain.money import from_minor
from loans.loan_list import SORTS, STATUSES, Asked, NextPayment, next_payments
from loans.models import Loan
from loans.portfolio import Band, Summary

if TYPE_CHECKING:
    from ledger.models import Book

MOST_WORDS = 100
AT_ONCE = 2000
"""Loans of a file that are read together."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be paid next."""

    due_on: date
    total: Money


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan in a list, as it stood on the evening of a day."""

    loan: Loan
    principal_outstanding: Money
    arrears: Money
    drawn: Money
    written_off: Money
    days_past_due: int
    settled: bool
    rate: Decimal
    next_payment: Payment | None

    @property
    def status(self) -> str:
        """Where it stands, in a word or two."""
        if not self.drawn:
            return "not drawn"
        if self.settled:
            return "repaid"
        if self.written_off and not self.principal_outstanding:
            return "written off"
        return f"{self.days_past_due} days late" if self.days_past_due else "paid to date"


@dataclass(frozen=True, slots=True)
class BandShown:
    """A band of lateness in money."""

    days: int
    loans: int
    arrears: Money
    principal: Money
    share: Decimal | None


def loan_rows(found: Iterable[Loan], as_of: date) -> list[LoanRow]:
    """Loans of a loan list as rows, in three queries with the list's own."""
    loans = list(found)
    due = next_payments(loans, as_of)
    return [_row(loan, as_of, due.get(loan.pk)) for loan in loans]


def _row(loan: Loan, as_of: date, due: NextPayment | None) -> LoanRow:
    def money(name: str) -> Money:
        return from_minor(getattr(loan, name), loan.currency)

    since: date | None = vars(loan)["late_since"]
    drawn, principal, written_off = money("drawn"), money("principal"), money("written_off")
    owed = principal or money("unpaid")
    return LoanRow(
        loan=loan,
        principal_outstanding=principal,
        arrears=money("arrears"),
        drawn=drawn,
        written_off=written_off,
        days_past_due=(as_of - since).days if since else 0,
        settled=bool(drawn) and not owed and not written_off,
        rate=vars(loan)["rate"],
        next_payment=Payment(due.due_on, from_minor(due.units, loan.currency)) if due else None,
    )


def asked_for(request: PersonRequest) -> Asked:
    """What the address asks a list of loans for; what it cannot mean is left out."""
    query = request.GET
    status, sort = query.get("status", ""), query.get("sort", "")
    return Asked(
        status=status if status in STATUSES else "",
        sector=query.get("sector", ""),
        region=query.get("region", ""),
        product=query.get("product", ""),
        words=query.get("words", "").replace("\0", "").strip()[:MOST_WORDS],
        sort=sort if sort in SORTS else next(iter(SORTS)),
    )


def bands(found: Summary, book: Book) -> list[BandShown]:
    """Principal outstanding and arrears by days past due, the youngest first."""
    return [_band(band, found, book) for band in found.bands]


def _band(band: Band, found: Summary, book: Book) -> BandShown:
    arrears, principal = (from_minor(units, book.base_currency) for units in (band.arrears, band.principal))
    return BandShown(band.first_day, band.loans, arrears, principal, found.share(band.principal))


HEADINGS = (
    "Loan",
    "Borrower",
    "Place",
    "Status",
    "Next due",
    "Instalment",
    "Arrears",
    "Principal",
    "Annual rate",
    "Days past due",
    "Sector",
    "Region",
    "Product",
)


def loan_sheet(name: str, found: QuerySet[Loan], as_of: date) -> Sheet:
    """The whole of a list as a file, read and written piece by piece."""
    return Sheet(name, HEADINGS, _sheet_rows(found, as_of))


def _sheet_rows(found: QuerySet[Loan], as_of: date) -> Iterator[tuple[str | date | Money | Decimal | int | None, ...]]:
    loans = found.iterator(chunk_size=AT_ONCE)
    while piece := list(islice(loans, AT_ONCE)):
        for row in loan_rows(piece, as_of):
            due, borrower = row.next_payment, row.loan.organisation
            yield (
                row.loan.reference,
                str(borrower),
                borrower.place,
                row.status,
                due.due_on if due else None,
                due.total if due else None,
                row.arrears,
                row.principal_outstanding,
                row.rate,
                row.days_past_due,
                borrower.sector,
                borrower.region,
                str(row.loan.product),
            )
