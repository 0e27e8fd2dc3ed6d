"""A fund that is accredited, its investors and two people, for tests of the tax relief as it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from moneyed import Money

from commonweal.access.models import User
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation
from investors.domain.kinds import InvestorKind
from investors.models import CitrInvestment, CitrPeriod, Investor
from investors.queries import ReliefStanding, citr_investments, relief_standing
from investors.services import (
    InvestmentTerms,
    approve_certificate,
    propose_certificate,
    record_accreditation,
    record_citr_investment,
    record_citr_movement,
    register_investor,
)
from ledger.models import Book
from tests.builders import make_book, make_user, pounds

TODAY = date(2026, 11, 23)
PERIODS = (("A-2003", date(2003, 2, 13)), ("A-2018", date(2018, 6, 1)), ("A-2023", date(2023, 6, 1)))
"""When each accreditation begins; it ends three years later, but the last, which ends with 2027."""


@dataclass
class Scheme:
    """A book, its people, and an investor."""

    book: Book
    priya: User
    tom: User
    meadow: Investor

    def accredit(self, *, applied_for: str = "1000000.00") -> list[CitrPeriod]:
        """The accreditations under which the examples fall."""
        ends = {"A-2003": date(2006, 2, 13), "A-2018": date(2021, 6, 1), "A-2023": date(2027, 6, 1)}
        return [
            record_accreditation(
                book=self.book,
                kind=Accreditation.RETAIL,
                starts_on=begins,
                ends_on=ends[name],
                applied_for=pounds(applied_for),
                reference=name,
                by=self.priya,
            )
            for name, begins in PERIODS
        ]

    def invest(self, amount: str, on: date, **more: Any) -> CitrInvestment:
        """An investment as recorded."""
        terms = InvestmentTerms(InvestmentKind.LOAN, pounds(amount), on, **more)
        return record_citr_investment(book=self.book, investor=self.meadow, terms=terms, by=self.priya)

    def move(self, kind: MovementKind, one: CitrInvestment, amount: str, on: date) -> None:
        """A movement as recorded."""
        record_citr_movement(investment=one, kind=kind, on=on, amount=pounds(amount), by=self.priya)

    def repay(self, one: CitrInvestment, amount: str, on: date) -> None:
        """A repayment as recorded."""
        self.move(MovementKind.REPAYMENT, one, amount, on)

    def certify(self, one: CitrInvestment, on: date | None = None) -> None:
        """A certificate, proposed by one and approved by the other."""
        made = propose_certificate(investment=one, by=self.priya)
        issued_on = on or one.invested_on
        approve_certificate(certificate=made, shown_sha256=made.content_sha256, on=issued_on, by=self.tom)

    def standing(self, one: CitrInvestment, as_of: date = TODAY) -> ReliefStanding:
        """How it stands on a day."""
        return relief_standing(citr_investments(self.book).get(pk=one.pk), as_of)


def make_scheme(*, accredited: bool = True) -> Scheme:
    """The scheme, with an accreditation for each of the examples unless it is to have none."""
    meadow = register_investor(code="MDW", name="Meadow Bright", kind=InvestorKind.SOCIAL_INVESTOR)
    book = make_book(code="citr", name="Community fund", today=TODAY)
    made = Scheme(book, make_user(name="Priya Nair"), make_user(name="Tom Ashworth"), meadow)
    if accredited:
        made.accredit()
    return made


def due(*rows: tuple[date, str]) -> tuple[tuple[date, Money], ...]:
    """Repayments that may be required, by day."""
    return tuple((day, pounds(amount)) for day, amount in rows)
