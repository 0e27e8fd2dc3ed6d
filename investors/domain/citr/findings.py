"""What came of testing a rule of the tax relief, in words, with its source?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Whether a rule is kept to."""

    HOLDS = "holds"
    FAILS = "fails"
    WARNS = "warns"
    """It may hold or not: somebody has to judge."""
    RUNNING = "not over yet"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, tested. `is_estimate` where the reading of the rule is ours and not published."""

    rule: str
    outcome: Outcome
    words: str
    source: str
    is_estimate: bool = False


def outcome(holds: bool) -> Outcome:
    """A rule that holds or fails."""
    return Outcome.HOLDS if holds else Outcome.FAILS
