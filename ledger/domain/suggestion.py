"""What could a bank line be for? A proposal with its parts, how likely it is, and why, for a person to decide on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORTH_SHOWING = 30
"""What is less likely than this is not put before anybody."""

DEGREES = ((80, "Very likely"), (55, "Likely"), (0, "Possible"))


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a bank line, in minor units without a sign, for one purpose of one subject, named by its key."""

    purpose: str
    subject: int
    minor: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is likely, in plain words; `weight` is how likely it would be by this alone, in hundredths."""

    weight: int
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a bank line could be for: its parts, a name for it, and the reasons, the strongest first."""

    parts: tuple[Part, ...]
    label: str
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """How likely it is, in hundredths: each reason leaves less room for chance, and no reason takes from another.

        >>> Suggestion((), "", (Reason(50, "a"), Reason(40, "b"))).score
        70
        """
        chance = 100 * 100
        for reason in self.reasons:
            chance = chance * (100 - reason.weight) // 100
        return (100 * 100 - chance) // 100

    @property
    def degree(self) -> str:
        """How likely it is, in words."""
        return next(words for least, words in DEGREES if self.score >= least)


def suggestion(parts: Sequence[Part], label: str, reasons: Iterable[Reason | None]) -> Suggestion:
    """A suggestion of those reasons that there are, the strongest first."""
    found = sorted((reason for reason in reasons if reason is not None), key=lambda reason: -reason.weight)
    return Suggestion(tuple(parts), label, tuple(found))


def best_first(found: Iterable[Suggestion], *, most: int) -> list[Suggestion]:
    """Those that are worth showing, the most likely first, and of equals the one with fewer parts."""
    worth = [one for one in found if one.score >= WORTH_SHOWING]
    return sorted(worth, key=lambda one: (-one.score, len(one.parts), one.label))[:most]
