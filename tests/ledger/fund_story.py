"""A small fund's fourteen months, for checks and exports: all that makes books hard to read, few entries of each.

Four currencies, reversals, an opening journal, months closed, one reopened, two year-end entries, an account that was
closed, names full of signs, and a bank account that agrees with the bank.
"""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass
from datetime import date

from commonweal.access.models import User
from ledger.domain.entry import JournalEntry, Kind, Posting
from ledger.models import Book
from ledger.services import (
    DraftLine,
    close_account,
    close_period,
    draft_journal,
    draft_sha256,
    draft_year_end,
    keep_attachment,
    post_draft,
    reopen_period,
    seal,
)
from tests.builders import make_account, make_book, make_user, post_entries, post_entry, pounds, reverse_entry

NAMES = {
    "L-0108": '"Ye Olde" Café; Ærø: 50% *(Ltd)* | #1',
    "L/0108": "Ye Olde Cafe  Aero 50 Ltd 1",
    "l 0109": "村の店 \\ (co-op)",
    "=2+5": "@SUM(A1), -1",
}
"""Subjects of loans with the names of their borrowers: no program's rules for names were asked."""

NARRATIVES = (
    "Repayment of May",
    'He said "pay"; she paid | in full, at last',
    '=HYPERLINK("http://example.org")',
    "-5 off, (E-1) * ! 2025-01-01 = date:2020-01-01, [2020-01-01]",
    "Zwölf Boxkämpfer\tjagen\nViktor \\ quer",
    "two  blanks",
)
PAIRS = (("GBP", 100), ("GBP", 5), ("EUR", 100), ("JPY", 1), ("BHD", 1000))


@dataclass(frozen=True, slots=True)
class FundStory:
    """The book, and the people who keep it."""

    book: Book
    maker: User
    checker: User


def live_fund_story(*, entries_a_month: int = 4, seed: int = 20251123) -> FundStory:
    """The books from January 2025 to February 2026, closed through December 2025; the same every time."""
    story = FundStory(
        make_book(code="quay-side", name='Quay "Side"; fund', today=date(2026, 2, 28)),
        make_user(),
        make_user(name="Tom Ashworth"),
    )
    _open_accounts(story)
    _post_opening_balances(story)
    chance = random.Random(seed)
    for month in range(1, 13):
        _live_month(story, date(2025, month, 1), entries_a_month, chance)
        if month == 12:
            _carry_result(story)
        close_period(book=story.book, through=_last_day(date(2025, month, 1)), by=story.maker)
    _correct_december(story)
    for month in (1, 2):
        _live_month(story, date(2026, month, 1), entries_a_month, chance)
    seal(book=story.book)
    return story


def _open_accounts(story: FundStory) -> None:
    for currency in ("EUR", "JPY", "BHD"):
        for node in ("3010", "3020", "4010"):
            make_account(book=story.book, node=node, currency=currency)
        make_account(book=story.book, node="1010", subject="MAIN", name="Current account", currency=currency)
    for subject, name in NAMES.items():
        make_account(book=story.book, node="1310", subject=subject, name=name)
    make_account(book=story.book, node="1020", subject="L-0108", on=date(2025, 6, 1))


def _post_opening_balances(story: FundStory) -> None:
    _post_journal(
        story,
        on=story.book.opened_on,
        narrative="Opening balances",
        kind=Kind.OPENING,
        lines=[DraftLine("1010/MAIN", pounds("35000.00")), DraftLine("3020", pounds("-35000.00"))],
    )


def _live_month(story: FundStory, first: date, entries: int, chance: random.Random) -> None:
    values = [_random_entry(story, first, chance) for _ in range(entries)]
    post_entries(values, book=story.book, by=story.maker)
    if first.month % 4 == 1:
        wrong = post_entry(book=story.book, by=story.maker, on=first, amount="12.34", narrative="Fee; wrong | fund")
        reverse_entry(wrong, by=story.maker, on=_last_day(first))
    if first == date(2025, 6, 1):
        post_entry(book=story.book, by=story.maker, on=first, debited="1020/L-0108", credited="1010/MAIN")
        post_entry(book=story.book, by=story.maker, on=first, debited="1310/L-0108", credited="1020/L-0108")
        close_account(account=story.book.accounts.get(code="1020/L-0108"), on=date(2025, 7, 1))


def _random_entry(story: FundStory, first: date, chance: random.Random) -> JournalEntry:
    """Interest and a repayment, in one currency or in two."""
    postings: list[Posting] = []
    for currency, unit in chance.sample(PAIRS, chance.choice((1, 1, 2))):
        if any(posting.currency == currency for posting in postings):
            continue
        interest, principal = chance.randrange(1, 90 * unit), chance.randrange(1, 900 * unit)
        other = f"1310/{chance.choice(list(NAMES))}" if currency == "GBP" else "3020"
        postings += [
            Posting("1010/MAIN", interest + principal, currency),
            Posting("4010", -interest, currency),
            Posting(other, -principal, currency),
        ]
    on = first.replace(day=chance.randrange(1, _last_day(first).day + 1))
    source = f"loan:{chance.choice(list(NAMES))}"
    return JournalEntry(on, chance.choice(NARRATIVES), tuple(postings), kind=Kind.REPAYMENT, source=source)


def _carry_result(story: FundStory) -> None:
    draft = draft_year_end(book=story.book, year_end=date(2025, 12, 31), by=story.maker)
    post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=story.checker)


def _correct_december(story: FundStory) -> None:
    """An auditor finds a fee of December: it is opened, the fee posted, its result carried, and closed."""
    reopen_period(book=story.book, reason="A fee of December was found", by=story.checker)
    post_entry(book=story.book, by=story.maker, on=date(2025, 12, 30), amount="75.00", narrative="A late fee")
    _carry_result(story)
    close_period(book=story.book, through=date(2025, 12, 31), by=story.maker)


def _post_journal(story: FundStory, *, on: date, narrative: str, kind: Kind, lines: list[DraftLine]) -> None:
    attachment = keep_attachment(name="trial balance.csv", content=narrative.encode(), by=story.maker)
    draft = draft_journal(
        book=story.book, on=on, narrative=narrative, lines=lines, attachment=attachment, by=story.maker, kind=kind
    )
    post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=story.checker)


def _last_day(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
