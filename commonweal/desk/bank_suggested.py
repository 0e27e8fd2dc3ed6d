"""What each waiting bank line could be for, as the desk shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonweal.jobs.suggestions import suggestions
from ledger.domain.suggestion import Part, Suggestion

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book

STATES = {"Very likely": "good", "Likely": "watch", "Possible": "ask"}


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion as the pages show it; `token` says its parts when it is accepted."""

    label: str
    degree: str
    state: str
    reasons: tuple[str, ...]
    token: str


def suggested_for(book: Book, lines: Sequence[BankStatementLine]) -> dict[int, list[Suggested]]:
    """What each waiting line could be for, the most likely first, by the line's key."""
    found = suggestions(book, lines)
    return {key: [_suggested(one) for one in several] for key, several in found.items()}


def _suggested(found: Suggestion) -> Suggested:
    words = tuple(reason.words for reason in found.reasons)
    return Suggested(found.label, found.degree, STATES[found.degree], words, token_of(found.parts))


def token_of(parts: Iterable[Part]) -> str:
    """How a form carries what a line is to be matched to."""
    return ".".join(f"{part.purpose}-{part.subject}-{part.minor}" for part in parts)
