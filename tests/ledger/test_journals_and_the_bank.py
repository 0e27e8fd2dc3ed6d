"""Does a manual journal leave the bank's account to its statements, and take bank lines out of suspense whole?"""

from __future__ import annotations

from datetime import date

import pytest

from ledger.checks import examine
from ledger.domain.entry import Kind
from ledger.domain.errors import BankMovesByStatement, DatedAhead, LedgerError, NoSuchBankLine
from ledger.models import Book, JournalDraft, JournalEntry
from ledger.queries import account, balance, unmatched_bank_lines
from ledger.services import DraftLine, draft_journal, import_bank_file, keep_attachment, reverse_by_hand
from tests.builders import bank_file, check_draft, make_bank_account, make_book, make_draft, make_user, pounds

TODAY = date(2025, 3, 31)
CHARGED, PAID = date(2025, 3, 14), date(2025, 3, 20)

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    """A bank account with one statement: £12.50 of charges, and £40.00 of interest."""
    return make_bank_account(book=make_book(today=TODAY)).book


def bring_in(book: Book, *, opening: str = "0.00") -> None:
    file = bank_file((CHARGED, "-12.50", "CHARGES"), (PAID, "40.00", "INTEREST"), opening=opening)
    import_bank_file(book=book, name="march.xml", content=file, by=make_user())


def opening(book: Book, **changes: object) -> JournalDraft:
    given = {"on": book.opened_on, "amount": "500.00", "debited": "1010/MAIN", "credited": "3020"} | changes
    return make_draft(book=book, by=make_user(), kind=Kind.OPENING, narrative="From the old books", **given)


@pytest.mark.parametrize("kind", [Kind.MANUAL, Kind.OPENING])
@pytest.mark.parametrize("sides", [{"credited": "1010/MAIN"}, {"debited": "1010/MAIN", "credited": "3020"}])
def test_the_banks_account_is_left_to_its_statements(book: Book, kind: Kind, sides: dict[str, str]) -> None:
    bring_in(book)
    said = r"1010/MAIN stands at what the bank says of Current account: only the lines of its statements move it.*"
    with pytest.raises(BankMovesByStatement, match=said + "take its line out of 2010/MAIN"):
        make_draft(book=book, by=make_user(), kind=kind, **sides)
    assert not JournalDraft.objects.exists()
    assert examine(book) == []


def test_before_any_statement_a_manual_journal_does_not_move_it_either(book: Book) -> None:
    with pytest.raises(BankMovesByStatement):
        make_draft(book=book, by=make_user(), credited="1010/MAIN")


def test_an_opening_balance_comes_before_the_first_statement(book: Book) -> None:
    check_draft(opening(book), by=make_user())
    bring_in(book, opening="500.00")
    assert examine(book) == []


def test_an_opening_balance_that_a_statement_overtook_is_not_posted(book: Book) -> None:
    draft = opening(book)
    bring_in(book)
    with pytest.raises(BankMovesByStatement):
        check_draft(draft, by=make_user())
    assert not JournalEntry.objects.filter(kind="opening").exists()


def test_an_opening_balance_is_reversed_only_while_no_statement_rests_on_it(book: Book) -> None:
    wrong, right = (check_draft(opening(book, amount=amount), by=make_user()) for amount in ("5.00", "500.00"))
    given = {"book": book, "on": TODAY, "reason": "typing error", "by": make_user()}
    reverse_by_hand(entry_id=wrong.pk, key="one", **given | {"on": book.opened_on})
    bring_in(book, opening="500.00")
    with pytest.raises(BankMovesByStatement):
        reverse_by_hand(entry_id=right.pk, key="two", **given)
    assert examine(book) == []


def test_a_journal_takes_a_bank_line_out_of_suspense(book: Book) -> None:
    bring_in(book)
    charges = make_draft(book=book, by=make_user(), amount="12.50", credited="2010/MAIN", on=TODAY)
    check_draft(charges, by=make_user())
    assert [line.amount for line in unmatched_bank_lines(book)] == [4000]
    interest = make_draft(book=book, by=make_user(), amount="40.00", debited="2010/MAIN", credited="4020", on=PAID)
    entry = check_draft(interest, by=make_user())
    assert not unmatched_bank_lines(book).exists()
    suspense = account(book, "2010/MAIN")
    assert suspense is not None
    assert balance(suspense, TODAY) == pounds("0.00")
    assert examine(book) == []
    reverse_by_hand(entry_id=entry.pk, book=book, on=PAID, reason="not ours", key="back", by=make_user())
    assert [line.amount for line in unmatched_bank_lines(book)] == [4000]
    assert examine(book) == []


@pytest.mark.parametrize(
    ("amount", "on"), [("12.49", TODAY), ("12.51", TODAY), ("40.00", TODAY), ("12.50", date(2025, 3, 13))]
)
def test_suspense_moves_by_a_line_that_waits_and_by_no_other_amount(book: Book, amount: str, on: date) -> None:
    bring_in(book)
    with pytest.raises(NoSuchBankLine, match=f"No bank line of -£{amount}, booked on or before"):
        make_draft(book=book, by=make_user(), amount=amount, credited="2010/MAIN", on=on)
    assert not JournalDraft.objects.exists()


def test_one_line_is_not_taken_by_two_journals(book: Book) -> None:
    bring_in(book)
    first, second = (
        make_draft(book=book, by=make_user(), amount="12.50", credited="2010/MAIN", on=TODAY, narrative=name)
        for name in ("one", "two")
    )
    check_draft(first, by=make_user())
    with pytest.raises(LedgerError, match=r"(?i)nothing was changed"):
        check_draft(second, by=make_user())
    assert examine(book) == []


def test_nothing_is_journalled_or_reversed_ahead_of_the_business_date(book: Book) -> None:
    ahead = date(2025, 4, 1)
    draft = make_draft(book=book, by=make_user(), on=TODAY)
    entry = check_draft(draft, by=make_user())
    with pytest.raises(DatedAhead, match="1 April 2025 is after 31 March 2025, the business date of Village fund"):
        _draft_on(book, ahead)
    with pytest.raises(DatedAhead):
        reverse_by_hand(entry_id=entry.pk, book=book, on=ahead, reason="wrong", key="r", by=make_user())
    assert JournalDraft.objects.count() == 1


def _draft_on(book: Book, on: date) -> JournalDraft:
    """A journal of that day, without letting the days pass first."""
    by = make_user()
    return draft_journal(
        book=book,
        on=on,
        narrative="Charges of next month",
        lines=[DraftLine("5030", pounds("1.00")), DraftLine("3010", pounds("-1.00"))],
        attachment=keep_attachment(name="note.txt", content=b"note", by=by),
        by=by,
    )
