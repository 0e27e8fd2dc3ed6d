"""Is an approval that is broken off all in the books or not at all, and does asking again end in the same books?

Payouts to thirty investors, distributions to thirty holders and draws from a bank are asked for over the API while the
web server, or PostgreSQL under it, is killed (-9) at a random moment, and asked for again under the same key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Thread
from time import sleep
from typing import Any

import pytest
from django.db import connections

from commonweal.access.models import StaffRole
from commonweal.access.tokens import make_token
from commonweal.jobs.checks import examine_everything
from investors.domain.capital_act import ActKind
from investors.domain.capital_entries import source_of_act
from investors.domain.kinds import InvestorKind
from investors.domain.payout import PayoutAsked
from investors.models import BorrowingEvent, CapitalAct, Investor, Payout
from investors.services import propose_payout, register_investor
from ledger.checks import Finding
from ledger.models import Book, JournalEntry
from tests.builders import pounds
from tests.commonweal.access.people import make_staff
from tests.databases import TestDatabase
from tests.drills.machine import POSTGRESQL, WEB, Answer, Machine, machine, wait_until
from tests.drills.test_parts_away import installation
from tests.investors.borrowed import Borrowed, make_borrowed
from tests.investors.fund_in_classes import SENIOR, ClassFund
from tests.investors.payable import pay_in_well

pytestmark = [pytest.mark.drill, pytest.mark.committing]

INVESTORS, ROUNDS, LONGEST = 30, 8, 0.6
"""How many are paid at once, how often each kind of act is broken off, and after how many seconds at most."""

MADE_UP = {"bank-balance", "bank-line"}
"""What the checks find of bank statements whose lines a test books by hand."""


def findings(book: Book) -> list[Finding]:
    """What all checks find, but for the balances of bank statements: what `pay_in_well` pays in is on none."""
    found = examine_everything(Book.objects.get(pk=book.pk))
    return [one for one in found if one.code not in MADE_UP]


@dataclass
class Broken:
    """A fund with investors in it, with capital in classes and a lender; who approves over the API; and the machine."""

    borrowed: Borrowed
    capital: ClassFund
    investors: list[Investor]
    token: str
    parts: Machine
    random: Random

    @property
    def book(self) -> Book:
        """The fund's book."""
        return self.borrowed.book

    def broken_off(self, at: str, body: dict[str, Any], key: str, counts: Callable[[], int], whole: int) -> str:
        """Ask for something, kill a part meanwhile, look that there is all of it or nothing, and ask again until it is
        answered; then it is there once. What there was after the kill."""
        killed = self.random.choice([WEB, WEB, POSTGRESQL])
        asking = Thread(target=self.ask, args=(at, body, key))
        asking.start()
        sleep(self.random.uniform(0, LONGEST))
        self.parts.kill(killed)
        asking.join()
        connections.close_all()
        self.parts.start(killed)
        wait_until(self.parts.is_ready, what="the web server and its database")
        stood = counts()
        assert stood in {0, whole}, f"{stood} of {whole} entries after {killed} was killed at {at}"
        assert findings(self.book) == []
        answers = [self.ask(at, body, key) for _ in range(3)]
        assert [one.status // 100 for one in answers[-2:]] == [2, 2], answers
        assert answers[-1].text == answers[-2].text
        assert counts() == whole
        assert self.ask(at, body, f"{key}-again").status // 100 == 4, "under another key it is another request"
        assert counts() == whole
        return f"{killed}: {'all' if stood else 'nothing'}"

    def ask(self, at: str, body: dict[str, Any], key: str) -> Answer:
        """Ask under a key."""
        return self.parts.ask(f"/api/v1/books/{self.book.code}/{at}", body, token=self.token, key=key)


def keep_books() -> tuple[Borrowed, ClassFund, list[Investor]]:
    """£500.00 is held for each investor beside what each has paid in on a call: £1,000.00 of senior capital."""
    borrowed = make_borrowed()
    book, tom, priya = borrowed.book, borrowed.fund.tom, borrowed.fund.priya
    capital, on = ClassFund(book, tom, priya), book.business_date
    capital.begins(SENIOR)
    made = [
        register_investor(code=f"I{number:02}", name=f"Investor {number}", kind=InvestorKind.SOCIAL_INVESTOR)
        for number in range(INVESTORS)
    ]
    for one in made:
        capital.commit("SENIOR", one.code, 1_000_00, on)
    capital.call(["SENIOR"], INVESTORS * 1_000_00, on, on)
    for one in made:
        pay_in_well(book, one, tom, "500.00")
        capital.pays("SENIOR", one.code, 1_000_00, on)
    return borrowed, capital, made


def payout_of(broken: Broken, number: int) -> tuple[str, dict[str, Any], Callable[[], int], int]:
    """A payout of £1.00 to everybody, and how to count its entries."""
    asked = [PayoutAsked(one.code, pounds("0.00"), pounds("1.00")) for one in broken.investors]
    on = broken.book.business_date
    made = propose_payout(book=broken.book, on=on, asked=asked, reason=f"Round {number}", by=broken.borrowed.fund.tom)
    sources = [line.source for line in Payout.objects.get(pk=made.pk).lines.all()]
    found = JournalEntry.objects.filter(book=broken.book, source__in=sources)
    return f"payouts/{made.pk}/approve/", {"sha256": made.content_sha256}, found.count, INVESTORS


def distribution_of(broken: Broken, number: int) -> tuple[str, dict[str, Any], Callable[[], int], int]:
    """A distribution of £10.00 of capital to each holder, and how to count its entries."""
    said = {"capital": {"SENIOR": INVESTORS * 10_00}, "recallable": True}
    act: CapitalAct = broken.capital.propose(ActKind.DISTRIBUTION, broken.book.business_date, f"Round {number}", **said)
    found = JournalEntry.objects.filter(book=broken.book, source=source_of_act(act.number))
    return f"capital/acts/{act.pk}/approve/", {"sha256": act.content_sha256}, found.count, 1


def draw_of(broken: Broken, number: int) -> tuple[str, dict[str, Any], Callable[[], int], int]:
    """£1,000.00 that a bank line brings is drawn, and how to count the draws and what the fund owes for them."""
    line = broken.borrowed.line("1000.00", str(broken.book.business_date))
    before = BorrowingEvent.objects.count()

    def drawn() -> int:
        events = BorrowingEvent.objects.count() - before
        assert broken.borrowed.owes("2610") == [f"{1000 * (before + events)}.00"]
        return events

    return f"borrowings/{broken.borrowed.facility.pk}/draws/", {"bank_line": line.pk}, drawn, 1


def test_acts_that_are_broken_off_are_in_the_books_whole_and_once(
    committing_database: TestDatabase, spare_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        machine(spare_server, tmp_path) as parts,
        installation(committing_database, parts, monkeypatch, WEB),
    ):
        borrowed, capital, investors = keep_books()
        manager = make_staff(borrowed.book, StaffRole.MANAGER)
        token = make_token(user=manager, label="drill")[1]
        broken = Broken(borrowed, capital, investors, token, parts, Random(20261123))
        assert findings(borrowed.book) == []
        seen = Counter[str]()
        for number in range(ROUNDS):
            for kind in (payout_of, distribution_of, draw_of):
                at, body, counts, whole = kind(broken, number)
                told = broken.broken_off(at, body, f"{kind.__name__}-{number}", counts, whole)
                seen[f"{kind.__name__} {told}"] += 1
        connections.close_all()
        assert findings(borrowed.book) == []
        print(", ".join(f"{count} × {what}" for what, count in sorted(seen.items())))
        assert seen.total() == 3 * ROUNDS
        assert {what.rpartition(" ")[2] for what in seen} == {"all", "nothing"}, "killed too early or too late to tell"
