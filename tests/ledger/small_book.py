"""A small book to post to, for every test of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import uuid4

from commonweal.access.models import User
from ledger.domain.entry import JournalEntry, Posting
from ledger.models import Account, Book
from ledger.services import Posted, open_account, open_book, post

OPENED = date(2025, 1, 1)
TODAY = date(2025, 3, 10)
BANK, SUSPENSE, LOAN, INCOME = "1010/MAIN", "2010/MAIN", "1310/L-0001", "4010"


@dataclass(frozen=True)
class SmallBook:
    """A book with a few accounts, and the two people who keep it."""

    book: Book
    tom: User
    amina: User

    @cached_property
    def ids(self) -> dict[tuple[str, str], int]:
        """The accounts' numbers by code and currency."""
        found = Account.objects.filter(book=self.book).values_list("code", "currency", "pk")
        return {(code, currency): pk for code, currency, pk in found}

    def id_of(self, code: str, currency: str = "GBP") -> int:
        """The number of an account."""
        return self.ids[code, currency]

    def account(self, code: str, currency: str = "GBP") -> Account:
        """An account, read anew."""
        return Account.objects.select_related("book").get(book=self.book, code=code, currency=currency)

    def post(self, *entries: JournalEntry, key: str = "", by: User | None = None) -> Posted:
        """Post entries under a key of their own."""
        return post(entries, book=self.book, key=key or uuid4().hex, by=by or self.tom)


def make_people() -> tuple[User, User]:
    """Tom, who manages, and Amina, who keeps the books."""
    names = {"tom": "Tom Ashworth", "amina": "Amina Diallo"}
    tom, amina = (
        User.objects.create_user(email=f"{n}.{uuid4().hex}@example.org", name=full) for n, full in names.items()
    )
    return tom, amina


def make_book(code: str = "small", people: tuple[User, User] | None = None) -> SmallBook:
    """A book of a bank account, its suspense account, one loan and the income, in pounds; and two accounts in euros."""
    tom, amina = people or make_people()
    book = open_book(code=code, name="Small", fund_name="Small Fund", base_currency="GBP", opened_on=OPENED)
    for code, currency in ((BANK, "GBP"), (SUSPENSE, "GBP"), (LOAN, "GBP"), (BANK, "EUR"), (SUSPENSE, "EUR")):
        node, _, subject = code.partition("/")
        open_account(book=book, node=node, subject=subject, on=OPENED, currency=currency)
    return SmallBook(book, tom, amina)


def simple_entry(
    minor: int = 10_000, *, on: date = TODAY, accounts: Sequence[str] = (BANK, SUSPENSE), narrative: str = "Money in"
) -> JournalEntry:
    """An entry of two postings in pounds: the first account is debited, the second credited."""
    debited, credited = accounts
    postings = (Posting(debited, minor, "GBP"), Posting(credited, -minor, "GBP"))
    return JournalEntry(on, narrative, postings)
