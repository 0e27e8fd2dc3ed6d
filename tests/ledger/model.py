"""The ledger in small: lists in memory, against which the state machine holds the real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.domain import errors
from ledger.domain.entry import JournalEntry

Refusals = set[type[errors.LedgerError]]
"""The errors that are right answers to a request; none where it has to be done."""


@dataclass
class LedgerModel:
    """What a book holds: entries in the order they were posted, keys, periods by their first day after, seals."""

    opened_on: date
    accounts: list[str]
    entries: dict[int, JournalEntry] = field(default_factory=dict)
    keys: dict[str, tuple[tuple[JournalEntry, ...], tuple[int, ...]]] = field(default_factory=dict)
    ends: list[date] = field(default_factory=list)
    closed_count: int = 0
    closed_accounts: dict[str, date] = field(default_factory=dict)
    seals: list[int] = field(default_factory=list)

    @property
    def closed_until(self) -> date:
        """The first date that takes entries."""
        return self.ends[self.closed_count - 1] if self.closed_count else self.opened_on

    def refusals_of(self, entries: Sequence[JournalEntry]) -> Refusals:
        """Why these entries cannot be posted now."""
        found: Refusals = set()
        for entry in entries:
            if entry.effective_on < self.opened_on:
                found.add(errors.BeforeBookOpened)
            elif entry.effective_on < self.closed_until:
                found.add(errors.PeriodClosed)
            for posting in entry.postings:
                if posting.account not in self.accounts:
                    found.add(errors.UnknownAccount)
                elif entry.effective_on >= self.closed_accounts.get(posting.account, date.max):
                    found.add(errors.AccountNotOpen)
            if entry.reverses in {e.reverses for e in self.entries.values() if e.reverses}:
                found.add(errors.AlreadyReversed)
        return found

    def refusals_of_reversal(self, entry_id: int, mirror: JournalEntry) -> Refusals:
        """Why this entry cannot be reversed now."""
        early = mirror.effective_on < self.entries[entry_id].effective_on
        return self.refusals_of([mirror]) | ({errors.MalformedEntry} if early else set())

    def refusals_of_close(self, ends_on: date) -> Refusals:
        """Why no period can be closed that ends before this day."""
        if self.closed_count and ends_on == self.closed_until:
            return set()
        waits = self.closed_count < len(self.ends)
        right = ends_on == self.ends[self.closed_count] if waits else ends_on > self.closed_until
        return set() if right else {errors.PeriodOutOfOrder}

    def refusals_of_closing_account(self, code: str, on: date) -> Refusals:
        """Why this account cannot be closed on this day."""
        late = [e for e in self.entries.values() if e.effective_on >= on and code in {p.account for p in e.postings}]
        return {errors.AccountNotOpen} if late else set()

    def close(self, ends_on: date) -> None:
        """A period is closed that ends before this day, or was."""
        if not (self.closed_count and ends_on == self.closed_until):
            if self.closed_count == len(self.ends):
                self.ends.append(ends_on)
            self.closed_count += 1

    def balances(self, as_of: date, *, known: int | None = None) -> dict[str, int]:
        """What accounts stand at on a day, of the first `known` entries or of all; nought is left out."""
        sums: Counter[str] = Counter()
        for entry in list(self.entries.values())[:known]:
            if entry.effective_on <= as_of:
                for posting in entry.postings:
                    sums[posting.account] += posting.minor
        return {code: minor for code, minor in sums.items() if minor}
