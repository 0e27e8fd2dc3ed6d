"""The story that the demo tells: the Harbour & Hills Community Fund, its people, and the corner shop's loan so far.

Fictional and the same every time. Money moves as it would in life: the lenders pay in, the loan is drawn, the borrower
repays month by month, and all of it comes in by the bank's own files, a month a file. The other businesses have their
lives in `neighbours` and `trouble`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from moneyed import Money

from investors.domain.kinds import InvestorKind
from ledger.domain.bank_statement import ParsedLine, ParsedStatement
from ledger.services import Imprint

BOOK = "harbour-hills"
FUND = "Harbour & Hills Community Fund"
OPENED_ON = date(2025, 4, 1)
TODAY = date(2026, 11, 23)
"""The book's business date: the demo stands still on this Monday."""

BANK_ACCOUNT = "GB14HHCF20415512345678"
IMPRINT = Imprint(
    registration="Registered charity 9900123, company 99001234",
    address="The Old Custom House\n4 Quay Street\nMaryport\nCA15 8XX",
    contact_name="Priya Nair",
    contact_phone="01632 960 417",
    contact_email="priya@harbour-hills.example",
)
"""Who answers for both funds, as documents say it."""

PASSWORD = "-".join(("harbour", "and", "hills"))
"""Everybody's in the story; a demo has nothing to hide, and production settings refuse to load it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story, and what they log in as."""

    name: str
    email: str
    side: str


TOM = Person("Tom Ashworth", "tom@harbour-hills.example", "Fund manager")
PRIYA = Person("Priya Nair", "priya@harbour-hills.example", "Loan officer")
AMINA = Person("Amina Diallo", "amina@harbour-hills.example", "Finance officer")
RUTH = Person("Ruth Calder", "ruth@calder-audit.example", "Auditor")
JO = Person("Jo Armstrong", "jo@netherby-shop.example", "Community business")
SAM = Person("Sam Whitlock", "sam@millrace.example", "Community business")
BEA = Person("Bea Marsh", "bea@otterby-ovens.example", "Community business")
KIT = Person("Kit Rowell", "kit@plough-inn.example", "Community business")
MINA = Person("Mina Shah", "mina@otterby-solar.example", "Community business")
HANA = Person("Hana Okafor", "hana@tideway.example", "Social investor")
OWEN = Person("Owen Blake", "owen@northmoor.example", "Regional bank")
GWEN = Person("Gwen Pryce", "gwen@border-counties.example", "Bank that lends to a fund")
MIRIAM = Person("Miriam Bell", "miriam@bell.example", "Investor in a class")

SHOWN = (TOM, PRIYA, AMINA, JO, BEA, HANA, MIRIAM, GWEN)
"""The log-ins that the demo prints, three at the desk, two businesses, two investors and a lender to a fund; the
others have the same password."""

NOTHING = Money("0.00", "GBP")
LENT = Money("35000.00", "GBP")
RATE = Decimal("0.06")
MONTHS = 60
FIRST_DUE_ON = date(2025, 6, 1)
DRAWN_ON = date(2025, 5, 1)
INSTALMENT = Money("676.65", "GBP")

NETHERBY = "Netherby Corner Shop Society"
REFERENCE = "HH-0108"
REPAID = 18
"""Instalments repaid by now."""

BROUGHT_IN_TO = date(2026, 11, 20)
CLOSED_THROUGH = date(2026, 9, 30)
LEFT_OPEN = {
    "bank-lines": "Two shops pay this much; both are asked whose it is",
    "year-end": "One loan's first year; its result is carried with the next",
}
"""What Amina writes where a month is closed over money that nobody knows yet, and the corner shop's year alone."""
STATEMENTS = ("2026-Q3", "2026-10")
"""Periods with statements: a closed quarter, and a month that is over but still open."""


@dataclass(frozen=True, slots=True)
class Lender:
    """Who shares the loan, at which rank and with how much."""

    code: str
    name: str
    kind: InvestorKind
    rank: int
    amount: Money


PARTS = (
    Lender("NRB", "Northmoor Regional Bank", InvestorKind.REGIONAL_BANK, 1, Money("21000.00", "GBP")),
    Lender("TST", "Tideway Social Trust", InvestorKind.SOCIAL_INVESTOR, 2, Money("10500.00", "GBP")),
    Lender("LOT", "Lottery first-loss grant", InvestorKind.OWN_FUNDS, 3, Money("3500.00", "GBP")),
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who shares the loans of the other businesses, at which rank, and which part of each."""

    code: str
    name: str
    kind: InvestorKind
    rank: int
    share: Decimal


NEIGHBOURS = (
    Neighbour("PMB", "Pennine Mutual Bank", InvestorKind.REGIONAL_BANK, 1, Decimal("0.6")),
    Neighbour("EVF", "Eden Vale Foundation", InvestorKind.SOCIAL_INVESTOR, 2, Decimal("0.3")),
    Neighbour("CSH", "Community shares", InvestorKind.OWN_FUNDS, 3, Decimal("0.1")),
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that moved at the bank: positive came in."""

    on: date
    amount: Money
    counterparty: str
    reference: str


def transfers(repaid_on: Iterable[date]) -> Iterator[Transfer]:
    """Everything that moved on the fund's bank account, in order: paid in, lent, repaid, and one line nobody knows."""
    for number, part in enumerate(PARTS):
        yield Transfer(date(2025, 4, 14 + number), part.amount, part.name, f"INV-{part.code}")
    yield Transfer(DRAWN_ON, -LENT, NETHERBY, REFERENCE)
    for number, on in enumerate(repaid_on, start=1):
        yield Transfer(on, INSTALMENT, NETHERBY, f"{REFERENCE}-{number:04d}")
    yield Transfer(date(2026, 11, 20), Money("250.00", "GBP"), "N C S Soc", "with thanks")


def waiting_file(opening: Money, number: int) -> ParsedStatement:
    """The file that waits to be brought in: Netherby pays its December instalment early."""
    early = Transfer(TODAY, INSTALMENT, NETHERBY, f"{REFERENCE}-0019")
    return bank_statement(number, BROUGHT_IN_TO + timedelta(days=1), TODAY, opening, [early])


def paid_in(lent: Money) -> Iterator[Transfer]:
    """What the neighbours' lenders pay in for all that is lent to them."""
    for number, one in enumerate(NEIGHBOURS):
        yield Transfer(date(2025, 4, 22 + number), one.share * lent, one.name, f"INV-{one.code}")


def months(through: date) -> Iterator[tuple[date, date]]:
    """The first and last day of each month since the book was opened; the last one ends on `through`."""
    first = OPENED_ON
    while first <= through:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield first, min(following - timedelta(days=1), through)
        first = following


def bank_statement(
    number: int, first: date, last: date, opening: Money, moved: list[Transfer], *, account: str = BANK_ACCOUNT
) -> ParsedStatement:
    """One of the bank's files; its references begin as the account's own letters do."""
    letters = account[4:6]
    lines = tuple(
        ParsedLine(
            bank_reference=f"{letters}{one.on:%y%m%d}{place:04d}",
            booked_on=one.on,
            value_on=one.on,
            amount=one.amount,
            counterparty=one.counterparty,
            reference=one.reference,
        )
        for place, one in enumerate(moved, start=1)
    )
    return ParsedStatement(
        statement_id=f"{letters}-{number:04d}",
        account_identification=account,
        currency="GBP",
        from_on=first,
        to_on=last,
        opening=opening,
        closing=sum((line.amount for line in lines), opening),
        lines=lines,
    )
