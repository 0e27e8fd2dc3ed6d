"""A fund that borrows from a bank: the facility as proposed, approved, and as far drawn and repaid as a test wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from investors.checks import CHECKS
from investors.domain.borrowing import Agreement
from investors.domain.borrowing_covenants import NO_COVENANTS, Covenants
from investors.domain.kinds import InvestorKind
from investors.models import BorrowingEvent, Facility, FacilityTerms, Investor
from investors.queries.borrowings import FacilityLife, life_of
from investors.services import (
    approve_facility_terms,
    draw_facility,
    propose_facility,
    register_investor,
    repay_facility,
)
from ledger.models import BankStatementLine, Book
from ledger.queries import balances
from loans.domain.terms import Terms, annuity
from tests.builders import let_days_pass, pounds
from tests.loans.builders import Fund, bank_line, make_fund

DRAWN_ON = date(2025, 5, 1)
END_OF_TIME = date(9999, 1, 1)
_keys = count(1)


def reference_terms() -> Terms:
    """The reference case of the calculators: £35,000 at 6% over 60 level instalments of £676.65."""
    return annuity(pounds("35000.00"), Decimal("0.06"), 60, date(2025, 6, 1))


def agreed(terms: Terms | None = None, *, covenants: Covenants = NO_COVENANTS, **given: Any) -> Agreement:
    """What the fund and the bank agreed."""
    asked = {
        "reference": "NRB/2025/17",
        "effective_on": date(2025, 4, 20),
        "available_until": date(2026, 4, 30),
        "security": "A charge over the loans of the fund",
    }
    return Agreement(terms=terms or reference_terms(), covenants=covenants, **(asked | given))


@dataclass
class Borrowed:
    """The fund, its people, the bank and the facility."""

    fund: Fund
    bank: Investor
    facility: Facility
    keys: list[str] = field(default_factory=list)

    @property
    def book(self) -> Book:
        """Its book."""
        return self.fund.book

    @property
    def life(self) -> FacilityLife:
        """What is agreed and what has happened by now."""
        return life_of(self.facility)

    def line(self, amount: str, on: str = "2025-05-01", reference: str = "NRB/2025/17") -> BankStatementLine:
        """A line of the fund's bank account."""
        return bank_line(self.fund, amount, reference, on)

    def draw(self, amount: str = "35000.00", on: str = "2025-05-01", **given: Any) -> BorrowingEvent:
        """Draw what a bank line brings."""
        asked = {"key": f"test:{next(_keys)}", "by": self.fund.priya} | given
        return draw_facility(facility=self.facility, line=self.line(amount, on), **asked)

    def repay(self, amount: str, on: str, **given: Any) -> BorrowingEvent:
        """Repay the bank."""
        asked = {"key": f"test:{next(_keys)}", "by": self.fund.priya} | given
        return repay_facility(facility=self.facility, amount=pounds(amount), on=date.fromisoformat(on), **asked)

    def owes(self, *nodes: str, on: date = END_OF_TIME) -> list[str]:
        """What stands on the facility's own accounts, credits positive."""
        codes = [f"{node}/{self.facility}" for node in nodes]
        found = balances(self.book, codes, on)
        return [f"{-found[code].amount:.2f}" for code in codes]

    def cost(self, node: str = "5060", on: date = END_OF_TIME) -> str:
        """What stands on an account of costs."""
        return f"{balances(self.book, [node], on)[node].amount:.2f}"

    def let_days_pass(self, to: str) -> None:
        """Move the business date alone: nothing is posted by that."""
        let_days_pass(self.book, to=date.fromisoformat(to))
        self.book.refresh_from_db()

    @property
    def is_clean(self) -> bool:
        """Whether the investor side's checks find nothing."""
        return [finding for check in CHECKS for finding in check(self.book)] == []


def make_proposed(agreement: Agreement | None = None, *, today: str = "2025-05-01") -> tuple[Fund, FacilityTerms]:
    """A facility that Priya proposed."""
    fund = make_fund(today=date.fromisoformat(today))
    bank = register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)
    asked = {"reason": "To lend more than investors have put in", "by": fund.priya}
    return fund, propose_facility(book=fund.book, lender=bank, agreement=agreement or agreed(), **asked)


def make_borrowed(agreement: Agreement | None = None, *, today: str = "2025-05-01") -> Borrowed:
    """A facility that two people agreed on, and that nothing is drawn under."""
    fund, terms = make_proposed(agreement, today=today)
    approve_facility_terms(terms=terms, shown_sha256=terms.content_sha256, by=fund.tom)
    return Borrowed(fund, terms.facility.lender, terms.facility)
