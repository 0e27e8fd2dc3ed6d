"""A file that was sent and kept, and waits for its sender to look at what would come of it and to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.http import Http404

from ledger import queries as ledger

if TYPE_CHECKING:
    from ledger.models import Book

OPEN_FOR = 24 * 60 * 60
"""Seconds for which a file that was sent can be confirmed, before it has to be sent again."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """Which attachment was sent for what and to which book, and its name."""

    purpose: str
    book: int
    attachment: int
    name: str

    @property
    def token(self) -> str:
        """What its pages carry: signed, so that it leads to nobody else's file."""
        return signing.dumps([self.book, self.attachment, self.name], salt=self.purpose)

    @property
    def content(self) -> bytes:
        """The file as it came."""
        kept = ledger.attachment(self.attachment)
        if kept is None:
            raise Http404
        return bytes(kept.content)


def sent_file(purpose: str, book: Book, token: str) -> SentFile:
    """The file that a token leads to. Raises Http404 where it is too old, of another book, or none of ours."""
    try:
        of, attachment, name = signing.loads(token, salt=purpose, max_age=OPEN_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    if of != book.pk:
        raise Http404
    return SentFile(purpose, of, attachment, name)
