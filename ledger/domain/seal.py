"""What exactly does a seal cover? A canonical text of each entry, chained by SHA-256; anyone can compute it again.

The hash of an entry is SHA-256 over the hash before it (32 bytes; zeros before the first) followed by the entry's
canonical text in UTF-8. The text is one JSON array without spaces, so that no field can run into the next.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ledger.domain.errors import SealNotRecognised

GENESIS = bytes(32)
"""What stands before the first entry of a chain."""

_SEAL = re.compile(r"([-\w]+):(\d{1,9}):(\d{1,18}):([0-9a-fA-F]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SealedPosting:
    """A posting as the seal sees it: with its account's code and currency, so that neither can be changed unseen."""

    line_no: int
    account_id: int
    account_code: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class SealedContent:
    """Everything about an entry that the seal covers."""

    entry_id: int
    book: str
    effective_on: date
    recorded_at: datetime
    kind: str
    narrative: str
    source: str
    posted_by: int
    reverses: int | None
    approval: int | None
    postings: Sequence[SealedPosting]

    def canonical(self) -> bytes:
        """The text that is hashed."""
        fields = [
            self.entry_id,
            self.book,
            self.effective_on.isoformat(),
            self.recorded_at.astimezone(UTC).isoformat(),
            self.kind,
            self.narrative,
            self.source,
            self.posted_by,
            self.reverses,
            self.approval,
            [[p.line_no, p.account_id, p.account_code, p.currency, p.minor] for p in self.postings],
        ]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def chain(previous: bytes, content: SealedContent) -> bytes:
    """The hash of an entry, given the hash before it."""
    return hashlib.sha256(previous + content.canonical()).digest()


@dataclass(frozen=True, slots=True)
class SealText:
    """A seal as it is printed and kept outside: which book, its number, how many entries it covers, and the head."""

    book: str
    number: int
    position: int
    head: str

    def __str__(self) -> str:
        return f"{self.book}:{self.number}:{self.position}:{self.head}"

    @property
    def short(self) -> str:
        """The head as people compare it: three groups of four, and the last."""
        return f"{self.head[:4]} {self.head[4:8]} {self.head[8:12]} … {self.head[-4:]}"


def parse_seal(text: str) -> SealText:
    """The seal in a text of the form BOOK:NUMBER:POSITION:HASH. Raises SealNotRecognised."""
    found = _SEAL.fullmatch(text.strip())
    if found is None:
        raise SealNotRecognised(
            f"{text.strip()!r} is not a seal. A seal is written BOOK:NUMBER:POSITION:HASH. Copy it whole."
        )
    book, number, position, head = found.groups()
    return SealText(book, int(number), int(position), head.lower())
