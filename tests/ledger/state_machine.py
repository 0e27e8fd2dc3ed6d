"""Everything that can be asked of a book, in any order: the ledger and the model must give the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from moneyed import Money

from ledger import queries
from ledger.domain import errors
from ledger.domain.entry import JournalEntry, Posting, mirror
from ledger.domain.money import from_minor
from ledger.models import JournalEntry as StoredEntry
from ledger.models import Seal
from ledger.services import close_account, close_period, post, reopen_period, reverse, seal, seal_text, verify
from ledger.services.posting import COPY_FROM, as_value
from tests.ledger.model import LedgerModel, Refusals
from tests.ledger.small_book import BANK, INCOME, LOAN, OPENED, SUSPENSE, SmallBook, make_book

T = TypeVar("T")

CODES = [BANK, SUSPENSE, LOAN, INCOME]
numbers = count(1)

days = st.integers(-2, 100).map(lambda n: OPENED + timedelta(days=n))
picks = st.integers(0, 10**6)
pairs = st.tuples(st.permutations(CODES), st.integers(1, 10**12))


@st.composite
def journal_entries(draw: st.DrawFn) -> JournalEntry:
    """One to three pairs of postings on one day, of which one in thirty names an account that is not there."""
    postings: list[Posting] = []
    for (debited, credited, *_), minor in draw(st.lists(pairs, min_size=1, max_size=3)):
        postings += [Posting(debited, minor, "GBP"), Posting(credited, -minor, "GBP")]
    if draw(st.integers(0, 29)) == 29:
        postings[0] = replace(postings[0], account="1310/L-9999")
    return JournalEntry(draw(days), draw(st.sampled_from(["Money in", "Money out", "é “1”"])), tuple(postings))


batches = st.lists(journal_entries(), min_size=1, max_size=4).map(tuple)


class LedgerMachine(RuleBasedStateMachine):
    """A book of its own for each example, in committed data."""

    def __init__(self) -> None:
        super().__init__()
        self.small: SmallBook
        self.model = LedgerModel(OPENED, CODES)
        self.step = 0

    @initialize(first=st.lists(batches, min_size=2, max_size=4))
    def open_book(self, first: list[tuple[JournalEntry, ...]]) -> None:
        self.small = make_book(f"book-{next(numbers)}", PEOPLE.get("them"))
        PEOPLE["them"] = (self.small.tom, self.small.amina)
        for batch in first:
            self.post_entries(batch, 0)

    @rule(batch=batches, many=st.integers(0, 9))
    def post_entries(self, batch: tuple[JournalEntry, ...], many: int) -> None:
        if many == 9:
            batch = (batch * COPY_FROM)[: COPY_FROM + 1]
        key = f"key-{len(self.model.keys)}"
        with self.answers(self.model.refusals_of(batch)):
            posted = post(batch, book=self.small.book, key=key, by=self.small.tom)
            assert not posted.repeated
            self.keep(key, batch, posted.entry_ids)

    @rule(batch=batches, later=st.integers(0, 20))
    def post_to_open_dates(self, batch: tuple[JournalEntry, ...], later: int) -> None:
        on = self.model.closed_until + timedelta(days=later)
        self.post_entries(tuple(replace(entry, effective_on=on) for entry in batch), 0)

    @precondition(lambda self: self.model.keys)
    @rule(pick=picks)
    def post_again(self, pick: int) -> None:
        key, (content, entry_ids) = self.chosen(list(self.model.keys.items()), pick)
        posted = post(content, book=self.small.book, key=key, by=self.small.amina)
        assert (posted.repeated, posted.entry_ids) == (True, entry_ids)

    @precondition(lambda self: self.model.keys)
    @rule(pick=picks, batch=batches)
    def post_other_content_under_a_key(self, pick: int, batch: tuple[JournalEntry, ...]) -> None:
        key, (content, _) = self.chosen(list(self.model.keys.items()), pick)
        with self.answers({errors.KeyUsedForOtherContent} if batch != content else set()):
            post(batch, book=self.small.book, key=key, by=self.small.tom)

    @precondition(lambda self: self.model.entries)
    @rule(pick=picks, later=st.integers(-5, 30))
    def reverse_entry(self, pick: int, later: int) -> None:
        entry_id, entry = self.chosen(list(self.model.entries.items()), pick)
        on = max(entry.effective_on, self.model.closed_until) + timedelta(days=later)
        made, key = mirror(entry_id, entry, on=on, reason="wrong"), f"key-{len(self.model.keys)}"
        with self.answers(self.model.refusals_of_reversal(entry_id, made)):
            posted = reverse(entry_id, book=self.small.book, on=on, reason="wrong", key=key, by=self.small.tom)
            self.keep(key, (made,), posted.entry_ids)

    @rule(later=st.integers(-3, 15))
    def close_period(self, later: int) -> None:
        ends_on = self.model.closed_until + timedelta(days=later)
        if self.model.closed_count < len(self.model.ends) and later > 5:
            ends_on = self.model.ends[self.model.closed_count]
        with self.answers(self.model.refusals_of_close(ends_on)):
            close_period(book=self.small.book, through=ends_on - timedelta(days=1), by=self.small.amina)
            self.model.close(ends_on)

    @precondition(lambda self: self.model.closed_count or self.step % 8 == 0)
    @rule()
    def reopen_period(self) -> None:
        with self.answers(set() if self.model.closed_count else {errors.PeriodOutOfOrder}):
            reopen_period(book=self.small.book, reason="late", by=self.small.amina)
            self.model.closed_count -= 1
            assert (queries.closed_until(self.small.book) or OPENED) == self.model.closed_until

    @precondition(lambda self: len(self.model.closed_accounts) < 2)
    @rule(code=st.sampled_from(CODES), later=st.integers(0, 120))
    def close_account(self, code: str, later: int) -> None:
        on = OPENED + timedelta(days=later)
        with self.answers(self.model.refusals_of_closing_account(code, on)):
            close_account(account=self.small.account(code), on=on)
            self.model.closed_accounts[code] = on

    @rule()
    def seal(self) -> None:
        made = seal(book=self.small.book)
        known = len(self.model.entries)
        assert (made.position if made else 0) == known
        if made and made.number > len(self.model.seals):
            self.model.seals.append(known)
        assert (made.number if made else 0) == len(self.model.seals)

    @invariant()
    def a_reading_agrees(self) -> None:
        """After each step one reading: of a day, of a day as known under a seal, or of an account between two days."""
        self.step += 1
        one, other = (OPENED + timedelta(days=(self.step * prime) % 103 - 2) for prime in (37, 53))
        if self.step % 3 == 0:
            assert self.read(one) == self.model.balances(one)
        elif self.step % 3 == 1 and self.model.seals:
            number, known = self.chosen(list(enumerate(self.model.seals, start=1)), self.step * 7)
            kept = Seal.objects.get(book=self.small.book, number=number)
            assert self.read(other, known_under=kept) == self.model.balances(other, known=known)
        else:
            code, (first, last) = self.chosen(CODES, self.step // 3), sorted((one, other))
            statement = queries.account_statement(self.small.account(code), first, last)
            assert statement.opening == self.money(code, first - timedelta(days=1))
            assert statement.closing == self.money(code, last)

    def teardown(self) -> None:
        """At the end every entry is there as it was given, and nothing else; every balance of every day; the chain."""
        stored = StoredEntry.objects.filter(book=self.small.book).order_by("pk")
        assert {entry.pk: as_value(entry) for entry in stored} == self.model.entries
        for day in {e.effective_on for e in self.model.entries.values()} | {OPENED, *self.model.ends}:
            assert self.read(day) == self.model.balances(day)
        last = seal(book=self.small.book)
        assert list(verify(self.small.book, seal_text(last) if last else None)) == []

    @contextmanager
    def answers(self, refusals: Refusals) -> Iterator[None]:
        """What follows is done, or refused for one of these reasons."""
        answer: type[errors.LedgerError] | None = None
        try:
            yield
        except errors.LedgerError as error:
            answer = type(error)
        assert answer in (refusals or {None})

    def keep(self, key: str, entries: tuple[JournalEntry, ...], entry_ids: tuple[int, ...]) -> None:
        self.model.keys[key] = (entries, entry_ids)
        self.model.entries.update(zip(entry_ids, entries, strict=True))

    def read(self, as_of: date, *, known_under: Seal | None = None) -> dict[str, int]:
        rows = queries.trial_balance(self.small.book, as_of, known_under=known_under)
        assert sum(row.minor for row in rows) == 0
        return {row.code: row.minor for row in rows if row.minor}

    def money(self, code: str, as_of: date) -> Money:
        return from_minor(self.model.balances(as_of).get(code, 0), "GBP")

    def chosen(self, among: list[T], pick: int) -> T:
        return among[pick % len(among)]


PEOPLE: dict[str, tuple] = {}
"""The two people of every book; emptied for each database."""
