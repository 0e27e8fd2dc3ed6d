"""A fund whose capital has a senior, a mezzanine and a first-loss class; all fictional."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.access.models import User
from investors.domain.capital_act import ActKind
from investors.domain.fund_class import FundClass
from investors.domain.kinds import InvestorKind
from investors.domain.management_fee import FeeBase, FeeTerms
from investors.models import CapitalAct
from investors.services import approve_act, pay_in, propose_act, register_investor
from ledger.domain.entry import JournalEntry, credit, debit
from ledger.models import Book
from ledger.services import post
from tests.builders import make_book, make_user, pounds

TODAY = date(2026, 3, 31)
SENIOR = FundClass("SENIOR", "Senior", 1, Decimal("0.04"))
MEZZANINE = FundClass("MEZZ", "Mezzanine", 2, Decimal("0.06"), Decimal("0.08"))
FIRST_LOSS = FundClass("FIRST", "First loss", 3, takes_rest=True)

NAMES = {
    "NRB": ("Northmoor Regional Bank", InvestorKind.REGIONAL_BANK),
    "TST": ("Tideway Social Trust", InvestorKind.SOCIAL_INVESTOR),
    "OAK": ("Oak Foundation", InvestorKind.FOUNDATION),
    "LOT": ("Lottery first-loss grant", InvestorKind.OWN_FUNDS),
}


@dataclass
class ClassFund:
    """A book, two people, and what they do to the fund's capital."""

    book: Book
    tom: User
    priya: User
    posted: int = 0

    def act(self, kind: ActKind, on: date, words: str = "As agreed", **asked: Any) -> CapitalAct:
        """Propose an act and have it approved."""
        act = self.propose(kind, on, words, **asked)
        approve_act(act=act, shown_sha256=act.content_sha256, by=self.priya)
        return act

    def propose(self, kind: ActKind, on: date, words: str = "As agreed", **asked: Any) -> CapitalAct:
        """Propose an act."""
        return propose_act(book=self.book, kind=kind, on=on, asked=asked, words=words, by=self.tom)

    def begins(self, terms: FundClass) -> CapitalAct:
        """A class of the fund's capital is agreed on, from the book's first day."""
        return self.act(ActKind.CLASS, self.book.opened_on, **terms.asked())

    def pays_for_management(self, since: date, base: FeeBase, rate: str) -> CapitalAct:
        """What the fund pays to be managed from a day on is agreed, on the book's first day."""
        return self.act(ActKind.FEE_TERMS, self.book.opened_on, **FeeTerms(since, base, Decimal(rate)).asked())

    def commit(self, fund_class: str, investor: str, minor: int, on: date) -> CapitalAct:
        """Somebody commits money to a class."""
        return self.act(ActKind.COMMITMENT, on, fund_class=fund_class, investor=investor, minor=minor)

    def call(self, classes: list[str], minor: int, on: date, due_on: date) -> CapitalAct:
        """Money is called of classes."""
        return self.act(ActKind.CALL, on, classes=classes, minor=minor, due_on=due_on.isoformat())

    def pays(self, fund_class: str, investor: str, minor: int, on: date) -> CapitalAct:
        """An investor's money comes to the bank and is put to its call."""
        self.holds(investor, minor, on)
        amount = pounds(f"{minor / 100:.2f}")
        return pay_in(book=self.book, fund_class=fund_class, investor=investor, amount=amount, on=on, by=self.tom)

    def holds(self, investor: str, minor: int, on: date) -> None:
        """The bank has money that is held for an investor."""
        self.moves("1010/MAIN", f"2510/{investor}", minor, on)

    def earns(self, minor: int, on: date) -> None:
        """The fund earns bank interest."""
        self.moves("1010/MAIN", "4020", minor, on)

    def loses(self, minor: int, on: date) -> None:
        """Loans lose value."""
        self.moves("5020", "1010/MAIN", minor, on)

    def recovers(self, minor: int, on: date) -> None:
        """Something of it comes back."""
        self.moves("1010/MAIN", "4050", minor, on)

    def moves(self, to: str, of: str, minor: int, on: date) -> None:
        """Post an amount from one account to another."""
        self.posted += 1
        amount = pounds(f"{minor / 100:.2f}")
        entry = JournalEntry(on, "As it happened", (debit(to, amount), credit(of, amount)))
        post([entry], book=self.book, key=f"moves:{self.posted}", by=self.tom)


def make_class_fund(*, today: date = TODAY) -> ClassFund:
    """A fund with three classes and four investors, none of whom has committed anything."""
    fund = ClassFund(make_book(today=today), make_user(name="Tom Ashworth"), make_user(name="Priya Nair"))
    for terms in (SENIOR, MEZZANINE, FIRST_LOSS):
        fund.begins(terms)
    for code, (name, kind) in NAMES.items():
        register_investor(code=code, name=name, kind=kind)
    return fund


def capital_called(book: Book, *, maker: User, checker: User, investor: str = "NRB") -> CapitalAct:
    """A call that waits for a second person, on a class to which an investor has committed £10,000.00."""
    fund = ClassFund(book, maker, checker)
    fund.begins(SENIOR)
    fund.commit("SENIOR", investor, 10_000_00, book.business_date)
    due_on = book.business_date.isoformat()
    return fund.propose(ActKind.CALL, book.business_date, classes=["SENIOR"], minor=4_000_00, due_on=due_on)
