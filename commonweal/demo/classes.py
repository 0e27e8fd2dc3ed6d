"""The growth fund's classes, who committed how much to each, and what Amina and Tom do to its capital."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moneyed import Money

from commonweal.access.models import User
from commonweal.demo import story
from commonweal.demo.lives import Told
from commonweal.demo.story import Transfer
from investors.domain.capital_act import ActKind
from investors.domain.fund_class import FundClass
from investors.domain.kinds import InvestorKind
from investors.models import CapitalAct
from investors.services import (
    approve_act,
    pay_in,
    propose_act,
)
from ledger import queries as ledger
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry

BOOK = "growth"
FUND = "Harbour & Hills Growth Fund"
OPENED_ON = date(2025, 9, 1)
BANK_ACCOUNT = "GB61HHGF20415587654321"
YEAR_END = date(2026, 3, 31)

CLASSES = (
    FundClass("SENIOR", "Senior", 1, Decimal("0.035")),
    FundClass("MEZZANINE", "Mezzanine", 2, Decimal("0.05"), Decimal("0.07")),
    FundClass("FIRST-LOSS", "First loss", 3, takes_rest=True),
)
BANK = ("BCB", "Border Counties Bank", InvestorKind.REGIONAL_BANK)
HOLDERS = (
    ("SENIOR", "FBS", "Fellside Building Society", InvestorKind.REGIONAL_BANK, 120_000_00),
    ("SENIOR", "HDF", "Hadrian Foundation", InvestorKind.FOUNDATION, 80_000_00),
    ("MEZZANINE", "LSI", "Lantern Social Investment", InvestorKind.SOCIAL_INVESTOR, 60_000_00),
    ("MEZZANINE", "MBL", "Miriam Bell", InvestorKind.INDIVIDUAL, 20_000_00),
    ("FIRST-LOSS", "BLG", "Borderlands first-loss grant", InvestorKind.OWN_FUNDS, 40_000_00),
)
"""Class, code, name and kind of whoever committed money, and how much in pence; it is called by tenths."""

EVERY_CLASS = [one.code for one in CLASSES]
FIRST_CALL = {"FBS": date(2025, 9, 17), "LSI": date(2025, 9, 19), "MBL": date(2025, 9, 22), "BLG": date(2025, 9, 22)}
SECOND_CALL = {
    "FBS": date(2026, 11, 11),
    "LSI": date(2026, 11, 13),
    "MBL": date(2026, 11, 12),
    "BLG": date(2026, 11, 9),
}
LATE, PAID_LATE = "HDF", date(2025, 10, 2)
"""The foundation's board meets too late for a call, each time."""

MIRIAM = "MBL"
TAXED = ("FBS", "LSI", MIRIAM)
"""Who pays tax, and may have relief; a foundation and a grant do not."""

ACCOUNTS = {"FBS": "40112233", "HDF": "40112234", "LSI": "40112235", "MBL": "40112236"}
SORT_CODE = "60-16-13"


@dataclass(frozen=True, slots=True)
class Growth:
    """The fund while its story is told; what is known to move at its bank waits in `moves` for its file."""

    told: Told
    files: Path
    moves: list[Transfer] = field(default_factory=list)

    @property
    def book(self) -> Book:
        """The fund's book."""
        return self.told.book

    @property
    def amina(self) -> User:
        """Who proposes."""
        return self.told.cast[story.AMINA]

    @property
    def tom(self) -> User:
        """Who approves."""
        return self.told.cast[story.TOM]

    def act(self, kind: ActKind, on: date, words: str, **asked: Any) -> CapitalAct:
        """What Amina proposes for the fund's capital, and Tom approves as it was shown to him."""
        act = propose_act(book=self.book, kind=kind, on=on, asked=asked, words=words, by=self.amina)
        approve_act(act=act, shown_sha256=act.content_sha256, by=self.tom)
        return act

    def pays(self, code: str, amount: Money, on: date) -> None:
        """An investor's money comes by its reference."""
        self.moves.append(Transfer(on, amount, name_of(code), f"INV-{code}"))

    def puts_to_call(self, code: str, amount: Money, on: date) -> None:
        """Amina puts money that has come to the call that it was sent for."""
        fund_class = next(one for one, holder, *_ in HOLDERS if holder == code)
        pay_in(book=self.book, fund_class=fund_class, investor=code, amount=amount, on=on, by=self.amina)

    def contribution(self, code: str, on: date) -> JournalEntry:
        """The entry that booked what an investor paid in on a day."""
        found = ledger.entries(self.book).filter(kind=Kind.CONTRIBUTION, source=f"investor:{code}")
        return found.get(effective_on=on)


def part_of(code: str, tenths: int) -> Money:
    """So many tenths of what somebody committed."""
    minor = next(minor for _, holder, _, _, minor in HOLDERS if holder == code)
    return from_minor(minor * tenths // 10, "GBP")


def name_of(code: str) -> str:
    """The name of a holder."""
    return next(name for _, holder, name, _, _ in HOLDERS if holder == code)
