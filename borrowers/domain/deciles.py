"""On which scale is a place how deprived? A decile carries its scale, so that no two scales stand in one chart.

A scale is one column of one edition of one index. Another nation's own index is another scale: a Welsh decile 1 is not
an English one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from borrowers.domain.areas import Boundaries, Nation, nation_of
from borrowers.domain.place_errors import ScalesMixed

DECILES = range(1, 11)
"""1 holds the most deprived tenth, 10 the least deprived one."""


@dataclass(frozen=True, slots=True)
class DecileScale:
    """One column of one edition of one index; `nation` is None where it is for the whole United Kingdom."""

    code: str
    index: str
    edition: str
    version: str
    column: str
    boundaries: Boundaries
    nation: Nation | None
    source: str
    licence: str
    attribution: str

    @property
    def name(self) -> str:
        """Index and edition, as they are printed with every figure: `English IMD 2019`."""
        return f"{self.index} {self.edition}"

    @property
    def covers(self) -> str:
        """Whose tenths they are."""
        return f"{self.nation.words} only" if self.nation else "the United Kingdom"

    @property
    def shown(self) -> str:
        """Which column is shown, as it stands under every chart and table."""
        version = f", version {self.version}" if self.version else ""
        return (
            f"{self.name}{version}, column {self.column}, for {self.covers}, small areas of {self.boundaries}; "
            "decile 1 is the most deprived tenth"
        )

    def covers_area(self, area: str) -> bool:
        """Whether an area is in a nation that this scale is for."""
        return self.nation is None or nation_of(area) is self.nation


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth on its scale. Raises ValueError where it is none."""

    scale: DecileScale
    number: int

    def __post_init__(self) -> None:
        if self.number not in DECILES:
            raise ValueError(f"{self.number} is no decile")


class Unplaced(StrEnum):
    """Why a place has no decile on a scale. These are categories of their own, shown, and never decile 10."""

    OTHER_NATION = "other-nation"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The category as it stands in a table."""
        return {
            Unplaced.OTHER_NATION: "In another nation, whose own scale cannot be compared",
            Unplaced.UNKNOWN: "Unknown here",
        }[self]


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a business's benefit, in per cent of the whole, and where it stands on a scale."""

    percent: int
    stands: Decile | Unplaced


def refuse_mixed(scales: Iterable[DecileScale]) -> DecileScale | None:
    """The one scale of some; None where there are none. Raises ScalesMixed where there are two."""
    found = list(dict.fromkeys(scales))
    if len(found) > 1:
        raise ScalesMixed(
            f"{found[0].name} and {found[1].name} are different scales, whose deciles cannot stand in one chart. "
            "Choose one of them for all places; nothing was drawn."
        )
    return found[0] if found else None
