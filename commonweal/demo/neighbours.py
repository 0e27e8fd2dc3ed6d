"""Three neighbours of the corner shop that do well: a pub with seasons, a solar co-operative, a shop that settles."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.services.organisations import Address, Business
from commonweal.demo import story
from commonweal.demo.lives import Act, ByHand, Life, Told, agreed
from commonweal.demo.trouble import BAKERY, LAUNDRETTE, trading_loan
from commonweal.jobs.servicing import settle_from_bank_line
from investors.services import apportion, apportion_book
from loans import services as lending
from loans.domain.conventions import Tranche
from loans.domain.events import HolidayGranted
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import Brings, Link
from loans.domain.project import FundingKind, FundingStatus
from loans.domain.quote import settlement_quote
from loans.domain.servicing import HolidayInterest, Prepayment, Servicing
from loans.models import BaseRateIndex, Loan, Product
from loans.queries import base_rate_indexes, events_of, first_terms_of
from loans.services import Asked, HowRepaid, More

if TYPE_CHECKING:
    from ledger.models import BankStatementLine


def pounds(amount: str) -> Money:
    """An amount of the fund's currency."""
    return Money(amount, "GBP")


def seasonal_loan(told: Told) -> Product:
    """Nothing is asked for in January and February; what is paid early lowers the payments."""
    more = Brings(months_without=(1, 2), servicing=Servicing(prepayment=Prepayment.LOWER_PAYMENT))
    late = ProductFee(FeeKind.LATE, amount=Decimal("25.00"), grace_days=7)
    return lending.offer_product(
        book=told.book,
        code="seasonal",
        name="Seasonal loan",
        amounts=(pounds("5000.00"), pounds("100000.00")),
        months=(12, 84),
        annual_rate=story.RATE,
        payment_prefix="HH",
        more=More(brings=more, fees=(late,)),
    )


def green_loan(told: Told) -> Product:
    """A base rate and 3%, with a floor and a cap; a fee that is kept back, and one on what is not drawn."""
    manager = told.cast[story.TOM]
    index = lending.add_index(book=told.book, code="base-rate", name="Base rate (made up)")
    lending.record_base_rate(index=index, effective_on=date(2025, 2, 6), annual_rate=Decimal("0.0425"), by=manager)
    kept_back = ProductFee(
        FeeKind.ARRANGEMENT,
        share=Decimal("0.01"),
        settlement=FeeSettlement.DEDUCTED,
        recognition=FeeRecognition.OVER_THE_TERM,
    )
    linked = LinkedRate(Decimal("0.03"), floor=Decimal("0.05"), cap=Decimal("0.0725"))
    return lending.offer_product(
        book=told.book,
        code="green",
        name="Green energy loan",
        amounts=(pounds("10000.00"), pounds("250000.00")),
        months=(12, 120),
        annual_rate=None,
        payment_prefix="HH",
        more=More(
            brings=Brings(interest_only_periods=12),
            link=Link(index.code, linked, notice_days=14),
            fees=(kept_back, ProductFee(FeeKind.COMMITMENT, share=Decimal("0.01"))),
        ),
    )


def base_rate(told: Told, on: date, annual_rate: str) -> None:
    """A base rate is published; which loans it changes is kept as notices."""
    index: BaseRateIndex = base_rate_indexes(told.book).get()
    manager = told.cast[story.TOM]
    lending.record_base_rate(index=index, effective_on=on, annual_rate=Decimal(annual_rate), by=manager)


def _rate_changes(on: date, annual_rate: str) -> tuple[tuple[date, Act], tuple[date, Act]]:
    """A new base rate is known in time to tell whoever follows it, and counts from its day."""

    def follow(told: Told, loan: Loan) -> None:
        lending.follow_base_rates(book=told.book, through=on, by=told.cast[story.TOM])
        apportion_book(book=told.book, by=told.cast[story.AMINA])

    return (on - KNOWN_BEFORE, lambda told, loan: base_rate(told, on, annual_rate)), (on, follow)


def _others_fund_the_roofs(told: Told, loan: Loan) -> None:
    """A grant and the members' own shares pay for the rest of the roofs."""
    for funder, kind, amount in (
        ("Northern Roofs Grant", FundingKind.GRANT, "30000.00"),
        ("Members’ shares", FundingKind.EQUITY, "25000.00"),
    ):
        lending.record_funding(
            loan=loan,
            funder=funder,
            kind=kind,
            amount=pounds(amount),
            status=FundingStatus.RECEIVED,
            status_on=told.book.business_date,
            on=told.book.business_date,
            by=told.cast[story.PRIYA],
        )


def _found_in_suspense(told: Told, loan: Loan, line: BankStatementLine) -> None:
    """It counts from its own day, in a month that is closed, and is booked in the one that is open."""
    lending.record_repayment(
        loan=loan,
        amount=STRAY,
        on=line.booked_on,
        bank_account="MAIN",
        by=told.cast[story.AMINA],
        key="demo:stray",
        bank_line_id=line.pk,
        how=HowRepaid(books_later=True, reason="Found in suspense: the shop's payment of July, sent without its name"),
    )
    apportion(loan=loan, by=told.cast[story.AMINA])


def _settles(told: Told, loan: Loan, line: BankStatementLine) -> None:
    settle_from_bank_line(loan=loan, line=line, by=told.cast[story.AMINA])


def _quoted(loan: Loan) -> Money:
    return settlement_quote(first_terms_of(loan), events_of(loan), SETTLED_ON).total


KNOWN_BEFORE = timedelta(days=16)
STRAY = pounds("531.85")
SETTLED_ON = date(2025, 11, 7)
ROOFS = {
    date(2025, 5, 28): pounds("20000.00"),
    date(2025, 8, 15): pounds("25000.00"),
    date(2025, 11, 4): pounds("15000.00"),
}

PUB = Life(
    reference="L-0104",
    business=Business(
        "The Plough Community Pub",
        LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        RegisteredNumbers(society="8231"),
        Address("Hesket Newmarket", Region.NORTH_WEST, "Back Green", "", "CA7 8XX"),
    ),
    sector=Sector.HOSPITALITY,
    person=story.KIT,
    product=seasonal_loan,
    asked=Asked(pounds("45000.00"), story.RATE, 60, date(2025, 6, 25)),
    purpose="A kitchen and four rooms",
    because="Two summers of accounts, and a winter that the schedule respects.",
    agreed_on=date(2025, 4, 3),
    draws={date(2025, 5, 23): pounds("45000.00")},
    on_time=((date(2025, 6, 1), date(2026, 9, 30)),),
    paid={date(2025, 8, 27): pounds("1200.00")},
    acts=(
        (
            date(2026, 6, 11),
            agreed(
                lambda loan: HolidayGranted(date(2026, 6, 11), 0, 2, HolidayInterest.PAID, extends=True),
                "No beer garden since Easter; the rooms are booked from August",
            ),
        ),
    ),
)

SOLAR = Life(
    reference="L-0105",
    business=Business(
        "Otterby Solar Co-operative",
        LegalForm.CO_OPERATIVE_SOCIETY,
        RegisteredNumbers(society="8398"),
        Address("Otterby", Region.NORTH_WEST, "The Old Brewery", "", "CA13 0XX"),
    ),
    sector=Sector.ENERGY,
    person=story.MINA,
    product=green_loan,
    asked=Asked(
        pounds("60000.00"),
        None,
        60,
        date(2025, 6, 28),
        drawdowns=tuple(Tranche(on, amount) for on, amount in ROOFS.items()),
        interest_only_periods=6,
    ),
    purpose="Panels on three roofs, one after the other",
    because="The roofs are leased, the tariff is signed, and a grant pays for a quarter.",
    agreed_on=date(2025, 4, 4),
    draws=ROOFS,
    on_time=((date(2025, 6, 1), date(2026, 11, 20)),),
    acts=(
        (date(2025, 5, 28), _others_fund_the_roofs),
        *_rate_changes(date(2025, 8, 7), "0.0400"),
        *_rate_changes(date(2025, 12, 18), "0.0375"),
        *_rate_changes(date(2026, 6, 18), "0.0400"),
    ),
)

SETTLED = Life(
    reference="L-0107",
    business=Business(
        "Hartside Village Shop",
        LegalForm.CIC,
        RegisteredNumbers(company="99005521"),
        Address("Alston", Region.NORTH_WEST, "Front Street", "", "CA9 3XX"),
    ),
    sector=Sector.SHOP,
    product=trading_loan,
    asked=Asked(pounds("12000.00"), story.RATE, 24, date(2025, 6, 15)),
    purpose="A till that talks to the stock list",
    because="A small loan for a shop without debts.",
    agreed_on=date(2025, 4, 9),
    draws={date(2025, 5, 15): pounds("12000.00")},
    on_time=((date(2025, 6, 1), date(2025, 6, 30)), (date(2025, 10, 1), date(2025, 10, 31))),
    paid={date(2025, 8, 15): STRAY, date(2025, 9, 15): STRAY},
    by_hand=(
        ByHand(date(2025, 7, 15), lambda loan: STRAY, "village shop", _found_in_suspense, date(2025, 9, 30)),
        ByHand(SETTLED_ON, _quoted, "paying it all off", _settles),
    ),
)

LIVES = (BAKERY, PUB, SOLAR, LAUNDRETTE, SETTLED)
"""L-0103 to L-0107, in the order in which they are agreed."""

PROVIDED_ON = tuple(
    date(year, month, day)
    for year, month, day in ((2025, 9, 30), (2025, 12, 31), (2026, 3, 31), (2026, 6, 30), (2026, 9, 30))
)
"""Quarter ends at which the fund sets aside for losses."""
