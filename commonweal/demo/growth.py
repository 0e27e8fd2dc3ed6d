"""Whom the growth fund lends to, and which bank lends to it: four businesses, of which one closes, and a facility."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.services.organisations import Address, Business
from commonweal.demo import story
from commonweal.demo.lives import Act, ByHand, Life, Told, agreed
from commonweal.jobs.servicing import recover_from_bank_line
from investors.domain.borrowing import Agreement, facility_terms
from investors.domain.borrowing_covenants import Covenants
from investors.domain.citr.onward import Case
from investors.services import mark_loan
from loans import services as lending
from loans.domain.calendar import Interval, Unit
from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.events import WrittenOff
from loans.models import Loan, Product
from loans.queries import products
from loans.services import Asked

if TYPE_CHECKING:
    from ledger.models import BankStatementLine

RATE = Decimal("0.075")
CLOSED_ON = date(2026, 6, 18)
SOLD = Money("6000.00", "GBP")
"""What the ovens and tables of the kitchen fetched."""

TO_THE_BANK = "BCB/2025/041"
FACILITY = Agreement(
    reference=TO_THE_BANK,
    terms=facility_terms(
        amount=Money("80000.00", "GBP"),
        annual_rate=Decimal("0.055"),
        amortisation=Amortisation.EQUAL_PRINCIPAL,
        every=Interval(3, Unit.MONTH),
        first_due_on=date(2026, 1, 15),
        instalments=20,
        day_count=DayCount.ACTUAL_365_FIXED,
    ),
    effective_on=date(2025, 10, 6),
    available_until=date(2026, 10, 5),
    security="A charge over the loans of the fund",
    covenants=Covenants(
        advance_rate=Decimal("0.6"),
        arrears_share=Decimal("0.15"),
        interest_cover=Decimal("1.5"),
        minimum_cash=Money("10000.00", "GBP"),
    ),
)
"""What Border Counties Bank lends to the fund, and what the fund promised it."""

BORROWED = Money("50000.00", "GBP")
BORROWED_ON = date(2025, 10, 28)


def growth_loan(told: Told) -> Product:
    """For businesses that grow, out of the fund's own capital."""
    found: Product | None = products(told.book).filter(code="growth").first()
    return found or lending.offer_product(
        book=told.book,
        code="growth",
        name="Growth loan",
        amounts=(Money("10000.00", "GBP"), Money("250000.00", "GBP")),
        months=(12, 120),
        annual_rate=RATE,
        payment_prefix="HG",
    )


def _counts(case: Case, reason: str) -> Act:
    """Priya says that a loan counts for the tax relief of whoever invested."""

    def act(told: Told, loan: Loan) -> None:
        mark_loan(loan=loan, on=told.book.business_date, case=case, reason=reason, by=told.cast[story.PRIYA])

    return act


def _recovers(told: Told, loan: Loan, line: BankStatementLine) -> None:
    recover_from_bank_line(loan=loan, line=line, by=told.cast[story.AMINA])


BOATYARD = Life(
    reference="L-0201",
    business=Business(
        "Ravenglass Boatyard Society",
        LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        RegisteredNumbers(society="8277"),
        Address("Ravenglass", Region.NORTH_WEST, "The Old Slip", "", "CA18 1XX"),
    ),
    sector=Sector.WORK,
    product=growth_loan,
    asked=Asked(Money("90000.00", "GBP"), RATE, 60, date(2025, 11, 20)),
    purpose="The slipway, and a shed for four apprentices",
    because="Forty boats are on the list, and the members have put in a third.",
    agreed_on=date(2025, 10, 8),
    draws={date(2025, 10, 20): Money("90000.00", "GBP")},
    on_time=((date(2025, 11, 1), story.BROUGHT_IN_TO),),
)

KITCHEN = Life(
    reference="L-0202",
    business=Business(
        "Solway Kitchen",
        LegalForm.CIC,
        RegisteredNumbers(company="99006317"),
        Address("Silloth", Region.NORTH_WEST, "7 Criffel Street", "", "CA7 4XX"),
    ),
    sector=Sector.FOOD,
    product=growth_loan,
    asked=Asked(Money("24000.00", "GBP"), RATE, 48, date(2025, 12, 10)),
    purpose="A kitchen that cooks for schools",
    because="Two schools have signed; a third is to follow.",
    agreed_on=date(2025, 10, 30),
    draws={date(2025, 11, 10): Money("24000.00", "GBP")},
    on_time=((date(2025, 12, 1), date(2026, 3, 31)),),
    acts=((CLOSED_ON, agreed(lambda loan: WrittenOff(CLOSED_ON, 0), "The schools left; the company is wound up")),),
    by_hand=(ByHand(date(2026, 8, 12), lambda loan: SOLD, "ovens and tables", _recovers),),
)

HOSTEL = Life(
    reference="L-0203",
    business=Business(
        "Whitestone Hostel",
        LegalForm.COMPANY_BY_GUARANTEE,
        RegisteredNumbers(company="99007728"),
        Address("Haltwhistle", Region.NORTH_EAST, "Castle Hill", "", "NE49 0XX"),
    ),
    sector=Sector.HOSPITALITY,
    product=growth_loan,
    asked=Asked(Money("19500.00", "GBP"), RATE, 84, date(2026, 3, 16)),
    purpose="Twelve beds beside the Wall, and work for people who had none",
    because="Walkers book a year ahead; the council stands behind the training.",
    agreed_on=date(2026, 1, 29),
    draws={date(2026, 2, 16): Money("19500.00", "GBP")},
    on_time=((date(2026, 3, 1), story.BROUGHT_IN_TO),),
    acts=((date(2026, 2, 16), _counts(Case.DISADVANTAGED_PEOPLE, "Half of its people were long without work")),),
)

MINIBUS = Life(
    reference="L-0204",
    business=Business(
        "Allonby Minibus",
        LegalForm.CIC,
        RegisteredNumbers(company="99008139"),
        Address("Allonby", Region.NORTH_WEST, "The Green", "", "CA15 6XX"),
    ),
    sector=Sector.TRANSPORT,
    product=growth_loan,
    asked=Asked(Money("18000.00", "GBP"), RATE, 72, date(2026, 5, 11)),
    purpose="A second bus, and a timetable that reaches the hospital",
    because="The council pays for the school run; the rest is fares that it has had for years.",
    agreed_on=date(2026, 3, 27),
    draws={date(2026, 4, 10): Money("18000.00", "GBP")},
    on_time=((date(2026, 5, 1), story.BROUGHT_IN_TO),),
    acts=((date(2026, 4, 10), _counts(Case.LISTED_AREA, "Allonby lies in a listed area")),),
)

BUSINESSES = (BOATYARD, KITCHEN, HOSTEL, MINIBUS)
"""L-0201 to L-0204, in the order in which they are agreed."""
