"""What was still open when a period was closed, and why it may be: written with the close, and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from ledger.domain.errors import ReasonNeeded


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """One thing that a closer left open, in words: `what` of the checklist, its state, the reason. Raises ReasonNeeded.

    `matter` is the word by which programs know it, such as "bank-lines".
    """

    matter: str
    what: str
    state: str
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ReasonNeeded(
                f"{self.what}: {self.state}. Say why that may stay open; the auditor reads it. No period was closed."
            )

    def __str__(self) -> str:
        return f"{self.what}: {self.state}; left open because: {self.reason}"


def write_left_open(left: Iterable[LeftOpen]) -> list[dict[str, str]]:
    """As it is kept with the close.

    >>> write_left_open([LeftOpen("bank-lines", "Bank lines matched", "1 line waits", "Its payer is asked")])
    [{'matter': 'bank-lines', 'what': 'Bank lines matched', 'state': '1 line waits', 'reason': 'Its payer is asked'}]
    """
    return [asdict(one) for one in left]


def read_left_open(content: Iterable[Mapping[str, str]]) -> tuple[LeftOpen, ...]:
    """As it was written; the inverse of `write_left_open`."""
    return tuple(LeftOpen(**one) for one in content)
