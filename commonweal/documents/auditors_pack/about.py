"""What is a pack about: whose books, which days, as known under which seal, and are those days closed?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from commonweal.documents.words import plain
from ledger.domain.words import date_text
from ledger.services import seal_text

if TYPE_CHECKING:
    from ledger.models import Book, Seal

NOT_CLOSED = "not-closed"


@dataclass(frozen=True, slots=True)
class PackAbout:
    """The days of a pack, both inclusive, and the first seal that covers all that is effective by the last of them."""

    book: Book
    starts_on: date
    last_day: date
    is_closed: bool
    seal: Seal

    @property
    def ends_on(self) -> date:
        """The first day that no longer belongs to it."""
        return self.last_day + timedelta(days=1)

    @property
    def days(self) -> str:
        """The days in words."""
        return f"{date_text(self.starts_on)} to {date_text(self.last_day)}"

    @property
    def seal_text(self) -> str:
        """The seal as it is printed."""
        return str(seal_text(self.seal))

    @property
    def state(self) -> str:
        """What the head of each file says of days that are not closed; empty for closed ones."""
        if self.is_closed:
            return ""
        return f"NOT CLOSED: the books of {self.days} were open when this was made, so a figure may still change."

    @property
    def folder(self) -> str:
        """What the folder in the ZIP is called."""
        return self.named(f"auditors-pack-{plain(self.book.code)}-{self.starts_on}-to-{self.last_day}")

    def named(self, stem: str, ending: str = "") -> str:
        """A file's name, which says when the days are not closed."""
        name = stem if self.is_closed else f"{stem}-{NOT_CLOSED}"
        return f"{name}.{ending}" if ending else name


@cache
def software_version() -> str:
    """The version of Commonweal, as the project's own file says it."""
    file = settings.BASE_DIR / "pyproject.toml"
    return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"])
