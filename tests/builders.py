"""Books, people, accounts and entries for tests: plain functions with sensible defaults for all but what is tested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count

from moneyed import Money

from commonweal.access.models import User
from commonweal.demo.camt import write_camt053
from ledger.domain.bank_statement import ParsedLine, ParsedStatement, number_occurrences
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.domain.financial_year import END_OF_MARCH, YearEnd
from ledger.models import Account, BankAccount, Book, JournalDraft
from ledger.models import JournalEntry as StoredEntry
from ledger.services import (
    DraftLine,
    draft_journal,
    draft_sha256,
    keep_attachment,
    move_business_date,
    open_account,
    open_bank_account,
    open_book,
    post,
    post_draft,
    reverse,
)

OPENED_ON = date(2025, 1, 1)
"""When the books of tests are opened, unless they say otherwise."""

_numbers = count(1)


def pounds(amount: str) -> Money:
    """Pounds sterling from text."""
    return Money(amount, "GBP")


def make_user(*, name: str = "Amina Diallo", email: str = "", password: str | None = None) -> User:
    """A person with an address of their own."""
    return User.objects.create_user(email=email or f"person-{next(_numbers)}@example.org", name=name, password=password)


def make_book(
    *,
    code: str = "village-fund",
    name: str = "Village fund",
    fund_name: str = "Village Community Fund",
    base_currency: str = "GBP",
    opened_on: date = OPENED_ON,
    year_end: YearEnd = END_OF_MARCH,
    bank: str = "MAIN",
    today: date | None = None,
) -> Book:
    """A book with the chart of a social loan fund, and `1010/MAIN` and `2010/MAIN` (not if `bank` is "").

    Its business date is `today`, or its opening day.
    """
    book = open_book(
        code=code,
        name=name,
        fund_name=fund_name,
        base_currency=base_currency,
        opened_on=opened_on,
        year_end=year_end,
    )
    for node in ("1010", "2010") if bank else ():
        open_account(book=book, node=node, subject=bank, on=opened_on)
    return let_days_pass(book, to=today or opened_on)


def let_days_pass(book: Book, *, to: date) -> Book:
    """The book on this business date, or on a later one where it is that far already."""
    book.refresh_from_db()
    return move_business_date(book=book, to=to) if book.business_date < to else book


def make_account(
    *, book: Book, node: str = "1310", subject: str = "", name: str = "", currency: str = "", on: date | None = None
) -> Account:
    """An account that stands from the day the book was opened."""
    return open_account(book=book, node=node, subject=subject, name=name, currency=currency, on=on or book.opened_on)


def make_entry(
    *,
    on: date = date(2025, 3, 14),
    amount: str | Money = "100.00",
    debited: str = "1010/MAIN",
    credited: str = "4030",
    narrative: str = "Arrangement fee",
    kind: str = Kind.GENERAL,
    source: str = "",
) -> JournalEntry:
    """The value of an entry of two postings."""
    money = pounds(amount) if isinstance(amount, str) else amount
    return JournalEntry(on, narrative, (debit(debited, money), credit(credited, money)), kind=kind, source=source)


def post_entries(entries: Sequence[JournalEntry], *, book: Book, by: User, key: str = "") -> tuple[int, ...]:
    """Post entries under a key that nobody used before; gives their numbers."""
    return post(entries, book=book, key=key or f"test:{next(_numbers)}", by=by).entry_ids


def post_entry(
    *,
    book: Book,
    by: User,
    key: str = "",
    on: date = date(2025, 3, 14),
    amount: str | Money = "100.00",
    debited: str = "1010/MAIN",
    credited: str = "4030",
    narrative: str = "Arrangement fee",
    kind: str = Kind.GENERAL,
    source: str = "",
) -> StoredEntry:
    """An entry of two postings that stands."""
    value = make_entry(
        on=on, amount=amount, debited=debited, credited=credited, narrative=narrative, kind=kind, source=source
    )
    return StoredEntry.objects.get(pk=post_entries([value], book=book, by=by, key=key)[0])


def reverse_entry(
    entry: StoredEntry, *, by: User, on: date | None = None, reason: str = "wrong account"
) -> StoredEntry:
    """The reversal of an entry, on its own date unless another is given."""
    posted = reverse(
        entry.pk, book=entry.book, on=on or entry.effective_on, reason=reason, key=f"test:{next(_numbers)}", by=by
    )
    return StoredEntry.objects.get(pk=posted.entry_ids[0])


def make_draft(
    *,
    book: Book,
    by: User,
    on: date = date(2025, 3, 31),
    amount: str | Money = "25.00",
    debited: str = "5030",
    credited: str = "3010",
    narrative: str = "Bank charges of March",
    kind: Kind = Kind.MANUAL,
) -> JournalDraft:
    """A manual journal that waits for a second person, on its day or later."""
    let_days_pass(book, to=on)
    money = pounds(amount) if isinstance(amount, str) else amount
    attachment = keep_attachment(name="note.txt", content=narrative.encode(), by=by)
    lines = [DraftLine(debited, money), DraftLine(credited, -money)]
    return draft_journal(book=book, on=on, narrative=narrative, lines=lines, attachment=attachment, by=by, kind=kind)


def check_draft(draft: JournalDraft, *, by: User) -> StoredEntry:
    """The entry that a second person posted from a draft."""
    posted = post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=by)
    return StoredEntry.objects.get(pk=posted.entry_ids[0])


def make_bank_account(
    *, book: Book, code: str = "MAIN", name: str = "Current account", identification: str = "60-16-13 31926819"
) -> BankAccount:
    """A bank account on `1010/MAIN` and `2010/MAIN`, from the day the book was opened."""
    return open_bank_account(book=book, code=code, name=name, identification=identification, on=book.opened_on)


def bank_file(
    *lines: tuple[date, str, str],
    opening: str = "0.00",
    statement_id: str = "1",
    from_on: date | None = None,
    to_on: date | None = None,
    identification: str = "60161331926819",
) -> bytes:
    """A CAMT.053 file with lines of a date, an amount in pounds (negative: paid out) and a reference."""
    parsed = tuple(ParsedLine("", on, on, pounds(amount), reference=reference) for on, amount, reference in lines)
    statement = ParsedStatement(
        statement_id=statement_id,
        account_identification=identification,
        currency="GBP",
        from_on=from_on or min(line.booked_on for line in parsed),
        to_on=to_on or max(line.booked_on for line in parsed),
        opening=pounds(opening),
        closing=sum((line.amount for line in parsed), pounds(opening)),
        lines=parsed,
    )
    return write_camt053(number_occurrences([statement])[0])
