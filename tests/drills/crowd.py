"""A crowd of processes on one book, what they noted, and what has to be in the books afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings

from ledger.checks import examine
from ledger.models import Book, JournalEntry, Posting, PostingRequest
from ledger.services import open_account, seal, seal_text, verify
from ledger.services.posting import fingerprint
from tests.drills.one_of_many import GIVE_UP, OPENED, entries_for
from tests.ledger.small_book import make_book

Ids = tuple[int, ...]

BE_ONE = "import sys, django; django.setup(); from tests.drills.one_of_many import main; main(*sys.argv[1:])"


@dataclass
class Notes:
    """What the crowd was told, over all its processes."""

    acknowledged: dict[str, set[Ids]] = field(default_factory=lambda: defaultdict(set))
    asked: set[str] = field(default_factory=set)
    made: Counter[str] = field(default_factory=Counter)
    refused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    read: list[list[int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, what: str, *rest: object) -> None:
        """One line of one process."""
        self.counts[what] += 1
        if what == "asked":
            self.asked.add(str(rest[0]))
        elif what == "acknowledged":
            key, ids, repeated = rest
            self.acknowledged[str(key)].add(tuple(ids))
            self.made[str(key)] += not repeated
        elif what == "refused":
            self.refused[str(rest[0])].add(str(rest[1]))
        elif what == "read":
            self.read.append(list(rest))

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))


def make_crowded_book() -> Book:
    """A book with the accounts that the crowd posts to."""
    book = make_book("crowded").book
    for n in range(17):
        open_account(book=book, node="1310", subject=f"L-{n}", on=OPENED)
    return book


def set_off(
    roles: dict[str, int],
    *,
    book: Book,
    seconds: float,
    environment: dict[str, str],
    folder: Path,
    meanwhile: Callable[[], None] | None = None,
) -> Notes:
    """Start that many processes of each role at once, do something meanwhile, and gather what they noted."""
    names = [(role, f"{role}-{n}") for role, number in roles.items() for n in range(number)]
    crowd = [_start([role, book.code, str(seconds), name, str(folder / name)], environment) for role, name in names]
    for process in crowd:
        assert _pipe(process.stdout).readline() == "ready\n"
    for process in crowd:
        _pipe(process.stdin).write("go\n")
        _pipe(process.stdin).flush()
    if meanwhile is not None:
        meanwhile()
    ends = [process.communicate(timeout=seconds + 2 * GIVE_UP) for process in crowd]
    assert [process.returncode for process in crowd] == [0] * len(crowd), ends
    notes = Notes()
    for _, name in names:
        for line in (folder / name).read_text().splitlines():
            notes.take(*json.loads(line))
    return notes


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", BE_ONE, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=pipe,
        stdout=pipe,
        text=True,
    )


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def everything_agrees(book: Book, notes: Notes) -> None:
    """Every acknowledged entry is there once, as it was asked for; nothing else is; every reading was nought."""
    assert notes.asked == notes.acknowledged.keys() | notes.refused.keys()
    assert not notes.acknowledged.keys() & notes.refused.keys()
    assert set().union(*notes.refused.values()) <= {"PeriodClosed"}
    standing = {
        request.key: (tuple(request.entry_ids), request.fingerprint)
        for request in PostingRequest.objects.filter(book=book)
    }
    told = {key: (*ids, fingerprint(entries_for(key))) for key, ids in notes.acknowledged.items()}
    assert standing == told
    assert max(notes.made.values()) == 1
    wanted = [entry for key in told for entry in entries_for(key)]
    assert JournalEntry.objects.count() == len(wanted)
    assert Posting.objects.count() == sum(len(entry.postings) for entry in wanted)
    assert notes.read
    assert [sums for sums in notes.read if any(sums)] == []
    last = seal(book=book)
    assert last is not None
    assert last.position == len(wanted)
    assert list(verify(book, seal_text(last))) == []
    assert examine(book) == []
