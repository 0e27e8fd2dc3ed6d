"""A facility in the demo's fund: agreed by two people, drawn by a bank line, for tests of its pages and its API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from commonweal.access.models import User
from investors.domain.borrowing import Agreement
from investors.domain.borrowing_covenants import Covenants
from investors.models import Facility, FacilityTerms, Investor
from investors.services import approve_facility_terms, draw_facility, propose_facility
from ledger.models import BankAccount, BankStatementLine, Book
from loans.domain.terms import annuity
from tests.builders import pounds
from tests.loans.builders import Fund, bank_line


def agreement(on: date, **given: object) -> Agreement:
    """£60,000.00 over five years, against a base of 80% of the loans."""
    covenants = Covenants(
        advance_rate=Decimal("0.8"),
        arrears_share=Decimal("0.25"),
        interest_cover=Decimal("1.25"),
        minimum_cash=pounds("2500.00"),
    )
    asked = {
        "reference": "NRB/2026/17",
        "terms": annuity(pounds("60000.00"), Decimal("0.055"), 60, date(on.year + 1, 1, 5)),
        "effective_on": on,
        "available_until": on.replace(year=on.year + 1),
        "security": "A charge over the loans of the fund",
        "covenants": covenants,
    }
    return Agreement(**(asked | given))


def proposed(book: Book, lender: Investor, *, by: User, **given: object) -> FacilityTerms:
    """Terms that wait for a second person."""
    agreed = agreement(book.business_date, **given)
    return propose_facility(book=book, lender=lender, agreement=agreed, reason="To lend more", by=by)


def approved(terms: FacilityTerms, *, by: User) -> Facility:
    """The facility once a second person agreed."""
    approve_facility_terms(terms=terms, shown_sha256=terms.content_sha256, by=by)
    return terms.facility


def lenders_money(book: Book, amount: str, *, by: User, bank: BankAccount | None = None) -> BankStatementLine:
    """A line of the business date of a bank account, the first unless another is given; negative amounts go out."""
    fund = Fund(book, None, by, by)  # type: ignore[arg-type]
    return bank_line(fund, amount, "NRB/2026/17", book.business_date.isoformat(), bank=bank)


def drawn(facility: Facility, amount: str, *, by: User, bank: BankAccount | None = None) -> Facility:
    """The facility with an amount drawn on the business date."""
    line = lenders_money(facility.book, amount, by=by, bank=bank)
    draw_facility(facility=facility, line=line, key=f"drawn:{line.pk}", by=by)
    return facility
