"""A small tax relief scheme in the demo's book: what the desk, the API and the portal show of it in tests."""

from __future__ import annotations

from datetime import date

from commonweal.access.models import User
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation
from investors.domain.citr.onward import Case
from investors.models import CitrInvestment, Investor
from investors.services import (
    InvestmentTerms,
    mark_loan,
    propose_certificate,
    record_accreditation,
    record_citr_investment,
    record_citr_movement,
)
from ledger.models import Book
from loans.models import Loan
from tests.builders import pounds

INVESTED_ON = date(2025, 1, 15)


def accredit(book: Book, by: User, reference: str = "CDFI-2025-014") -> None:
    """An accreditation of three years from 2025 on."""
    record_accreditation(
        book=book,
        kind=Accreditation.RETAIL,
        starts_on=date(2025, 1, 1),
        ends_on=date(2028, 1, 1),
        applied_for=pounds("200000.00"),
        reference=reference,
        by=by,
    )


def invest(
    book: Book, investor: Investor, by: User, amount: str = "60000.00", on: date = INVESTED_ON
) -> CitrInvestment:
    """A loan to the fund, advanced at once."""
    terms = InvestmentTerms(InvestmentKind.LOAN, pounds(amount), on)
    return record_citr_investment(book=book, investor=investor, terms=terms, by=by)


def tell_scheme(book: Book, loan: Loan, investor: Investor, maker: User) -> CitrInvestment:
    """An investment of which some was repaid, whose certificate waits for a second person, and a loan that counts."""
    accredit(book, maker)
    one = invest(book, investor, maker)
    repaid = {"kind": MovementKind.REPAYMENT, "on": date(2025, 9, 1), "amount": pounds("2000.00")}
    record_citr_movement(investment=one, reason="Agreed with the investor", by=maker, **repaid)
    propose_certificate(investment=one, by=maker)
    case, reason = Case.LISTED_AREA, "Ward E05001234 is on the list of 2019"
    mark_loan(loan=loan, on=date(2025, 5, 1), case=case, reason=reason, by=maker)
    return one
