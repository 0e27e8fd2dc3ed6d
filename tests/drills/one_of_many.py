"""One process of a crowd: it writes, reads, or keeps the books until its time is over, and notes what it was told.

It says `ready`, waits for a line, and begins. What a key stands for follows from the key alone, so that whoever reads
the notes knows what has to be in the books.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TextIO

from django.db import Error as DatabaseError
from django.db import connection, connections, transaction

from commonweal.access.models import User
from ledger import queries
from ledger.domain.entry import JournalEntry, Posting
from ledger.domain.errors import LedgerError
from ledger.models import Book, Seal
from ledger.services import close_period, post, seal

OPENED = date(2025, 1, 1)
LAST = date(2025, 4, 30)
CLOSED_IN_THE_END = 80
"""Days, of the 120 that entries are dated on, which a closer closes by and by."""
ACCOUNTS = ["1010/MAIN", "2010/MAIN", "4010", *[f"1310/L-{n}" for n in range(17)]]
GIVE_UP = 60
"""Seconds after its time in which a writer still settles what it does not know."""


def entries_for(key: str) -> list[JournalEntry]:
    """What is posted under a key: mostly one entry, sometimes enough of them for a COPY."""
    random = Random(key)
    count = random.choice([1, 1, 1, 1, 1, 1, 2, 5, 25])
    return [_entry(random, f"{key}, entry {n}") for n in range(count)]


def _entry(random: Random, narrative: str) -> JournalEntry:
    postings: list[Posting] = []
    for _ in range(random.choice([1, 1, 1, 2])):
        debited, credited = random.sample(ACCOUNTS, 2)
        minor = random.randrange(1, 10**7)
        postings += [Posting(debited, minor, "GBP"), Posting(credited, -minor, "GBP")]
    return JournalEntry(OPENED + timedelta(days=random.randrange((LAST - OPENED).days + 1)), narrative, tuple(postings))


class OneOfMany:
    """What each role does, step by step."""

    def __init__(self, book: Book, by: User, seed: str, notes: TextIO, seconds: float) -> None:
        self.book, self.by, self.seed, self.notes = book, by, seed, notes
        self.random, self.seconds = Random(seed), seconds
        self.began = time.monotonic()
        self.known: list[str] = []
        self.unknown: str | None = None
        self.closed = OPENED

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def write(self) -> None:
        """Post under a new key, one that others use as well, or one used before; settle what is unknown first."""
        key = self.unknown or self._key()
        if not self.unknown:
            self.note("asked", key)
        self.unknown = key
        try:
            posted = post(entries_for(key), book=self.book, key=key, by=self.by)
        except LedgerError as refusal:
            self.note("refused", key, type(refusal).__name__)
        else:
            self.note("acknowledged", key, posted.entry_ids, posted.repeated)
            self.known.append(key)
        self.unknown = None

    def _key(self) -> str:
        chance = self.random.random()
        if self.known and chance < 0.1:
            return self.random.choice(self.known)
        if chance < 0.2:
            return f"shared-{int(self.elapsed * 20)}"
        return f"{self.seed}-{len(self.known)}-{self.random.randrange(10**12)}"

    def read(self) -> None:
        """Take trial balances in one snapshot, and one outside it: each sums to nought."""
        as_of = OPENED + timedelta(days=self.random.randrange(130))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            known = queries.latest_seal(self.book)
            sums = [self._sum(as_of), self._sum(LAST), self._sum(LAST, known_under=known), self._sum(LAST)]
            cursor.execute("SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting")
            sums.append(cursor.fetchone()[0])
        self.note("read", *sums, self._sum(as_of))

    def _sum(self, as_of: date, known_under: Seal | None = None) -> int:
        return sum(row.minor for row in queries.trial_balance(self.book, as_of, known_under=known_under))

    def keep(self) -> None:
        """Seal, and close day after day, so that many are closed when the time is over."""
        made = seal(book=self.book)
        self.note("sealed", made.number if made else 0, made.position if made else 0)
        through = OPENED + timedelta(days=int(CLOSED_IN_THE_END * min(self.elapsed / self.seconds, 1)))
        if through > self.closed:
            event = close_period(book=self.book, through=through, by=self.by)
            self.closed = through
            self.note("closed", through.isoformat(), event.trial_balance_sha256)
        time.sleep(0.05)

    def note(self, *what: object) -> None:
        """One line of JSON, handed to the operating system at once."""
        self.notes.write(json.dumps(what) + "\n")
        self.notes.flush()

    def run(self, step: Callable[[], None]) -> None:
        """Step after step until the time is over; where the database is away, try again until it is back."""
        while self.elapsed < self.seconds or (self.unknown and self.elapsed < self.seconds + GIVE_UP):
            try:
                step()
            except DatabaseError as error:
                self.note("fault", type(error).__name__, str(error).strip()[:200])
                connections.close_all()
                time.sleep(0.05)


def main(role: str, code: str, seconds: str, name: str, notes: str) -> None:
    """Be one of many in this role, and write the notes into a file."""
    book, by = Book.objects.get(code=code), User.objects.earliest("pk")
    print("ready", flush=True)
    sys.stdin.readline()
    with Path(notes).open("w") as stream:
        me = OneOfMany(book, by, name, stream, float(seconds))
        me.run(getattr(me, role))
