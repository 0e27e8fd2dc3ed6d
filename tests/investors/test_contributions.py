"""Money that investors pay in comes from bank lines, once."""

from __future__ import annotations

from datetime import date

import pytest
from moneyed import Money

from commonweal.demo.camt import write_camt053
from investors.domain.errors import ContributionRefused
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.queries import books_of, cash_due, investors_in
from investors.services import receive_contribution, register_investor, reverse_contribution
from ledger.domain.bank_statement import ParsedLine, ParsedStatement
from ledger.domain.errors import AlreadyReversed, KeyUsedForOtherContent, LedgerError, ReasonNeeded
from ledger.models import BankStatementLine, Book
from ledger.queries import account, balance, entries_by_source, unmatched_bank_lines
from ledger.services import import_bank_file, open_bank_account
from tests.builders import make_book, make_user, pounds

pytestmark = pytest.mark.django_db

DAY = date(2025, 4, 30)
NUMBER = "20000012345678"


@pytest.fixture
def book() -> Book:
    book = make_book(bank="", today=DAY)
    open_bank_account(book=book, code="MAIN", name="Current account", identification=NUMBER, on=book.opened_on)
    lines = (
        ParsedLine("FPS-1", DAY, DAY, pounds("21000.00"), "Northmoor Regional Bank", "L-0108"),
        ParsedLine("FPS-2", DAY, DAY, pounds("-150.00"), "Stationery Ltd"),
    )
    statement = ParsedStatement("S-1", NUMBER, "GBP", DAY, DAY, pounds("0.00"), pounds("20850.00"), lines)
    import_bank_file(book=book, name="bank.xml", content=write_camt053(statement), by=make_user())
    return book


@pytest.fixture
def bank() -> Investor:
    return register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)


def line(book: Book, reference: str = "FPS-1") -> BankStatementLine:
    return BankStatementLine.objects.get(bank_account__book=book, bank_reference=reference)


def suspense(book: Book) -> Money:
    held = account(book, "2010/MAIN")
    assert held is not None
    return -balance(held, DAY)


def test_a_contribution_leaves_suspense_and_is_held_for_the_investor(book: Book, bank: Investor) -> None:
    receive_contribution(line=line(book), investor=bank, key="one", by=make_user())
    assert cash_due(bank, book, DAY) == pounds("21000.00")
    assert suspense(book) == pounds("-150.00")
    assert line(book) not in unmatched_bank_lines(book)
    assert (list(books_of(bank)), list(investors_in(book))) == ([book], [bank])


def test_the_same_key_again_changes_nothing(book: Book, bank: Investor) -> None:
    first = receive_contribution(line=line(book), investor=bank, key="one", by=make_user())
    again = receive_contribution(line=line(book), investor=bank, key="one", by=make_user())
    assert (again.entry_ids, again.repeated) == (first.entry_ids, True)
    assert cash_due(bank, book, DAY) == pounds("21000.00")


def test_one_line_may_hold_the_money_of_two_investors(book: Book, bank: Investor) -> None:
    trust = register_investor(code="TST", name="Tideway Social Trust", kind=InvestorKind.SOCIAL_INVESTOR)
    by = make_user()
    receive_contribution(line=line(book), investor=bank, key="one", by=by, amount=pounds("20000.00"))
    receive_contribution(line=line(book), investor=trust, key="two", by=by, amount=pounds("1000.00"))
    assert (cash_due(bank, book, DAY), cash_due(trust, book, DAY)) == (pounds("20000.00"), pounds("1000.00"))


def test_no_more_than_the_line_has_left(book: Book, bank: Investor) -> None:
    receive_contribution(line=line(book), investor=bank, key="one", by=make_user())
    with pytest.raises(LedgerError, match=r"£0\.00 left to match, not £21,000\.00"):
        receive_contribution(line=line(book), investor=bank, key="two", by=make_user())


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_nothing_or_less_is_refused(book: Book, bank: Investor, amount: str) -> None:
    with pytest.raises(LedgerError):
        receive_contribution(line=line(book), investor=bank, key="one", by=make_user(), amount=pounds(amount))


def test_a_key_used_for_another_line_is_refused(book: Book, bank: Investor) -> None:
    receive_contribution(line=line(book), investor=bank, key="one", by=make_user(), amount=pounds("1.00"))
    with pytest.raises(KeyUsedForOtherContent):
        receive_contribution(line=line(book), investor=bank, key="one", by=make_user(), amount=pounds("2.00"))


def test_money_that_went_out_is_no_contribution(book: Book, bank: Investor) -> None:
    with pytest.raises(ContributionRefused, match=r"-£150\.00: money that went out"):
        receive_contribution(line=line(book, "FPS-2"), investor=bank, key="one", by=make_user())
    assert not books_of(bank).exists()


def test_what_is_taken_back_waits_in_suspense_again(book: Book, bank: Investor) -> None:
    by = make_user()
    (entry,) = receive_contribution(line=line(book), investor=bank, key="one", by=by).entry_ids
    reverse_contribution(entry_id=entry, book=book, on=DAY, reason="Another bank's", key="back", by=by)
    assert (cash_due(bank, book, DAY), suspense(book)) == (pounds("0.00"), pounds("20850.00"))
    assert line(book) in unmatched_bank_lines(book)
    receive_contribution(line=line(book), investor=bank, key="two", by=by)
    assert cash_due(bank, book, DAY) == pounds("21000.00")


def test_only_a_contribution_is_taken_back_once_for_a_reason_and_not_ahead(book: Book, bank: Investor) -> None:
    by = make_user()
    (entry,) = receive_contribution(line=line(book), investor=bank, key="one", by=by).entry_ids
    (bank_entry,) = entries_by_source(book, f"bank-line:{line(book).pk}")

    def take_back(entry_id: int, *, key: str = "back", on: date = DAY, reason: str = "Another bank's") -> object:
        return reverse_contribution(entry_id=entry_id, book=book, on=on, reason=reason, key=key, by=by)

    with pytest.raises(ContributionRefused, match="books no contribution"):
        take_back(bank_entry.pk)
    with pytest.raises(ContributionRefused, match="is after 30 April 2025, the business date"):
        take_back(entry, on=date(2025, 5, 1))
    with pytest.raises(ReasonNeeded):
        take_back(entry, reason=" ")
    take_back(entry)
    with pytest.raises(AlreadyReversed):
        take_back(entry, key="again")
