"""What makes an indicator clear: its unit and range, what kind of figure it is, and how it may be added up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from borrowers.domain.errors import IndicatorUnclear, ReadingOutOfRange
from borrowers.domain.outcomes import AddUp, Group, Measure, OutcomeArea
from borrowers.domain.readings import MAX_VALUE, PLACES, Direction, number_text
from borrowers.domain.sdg import refuse_unknown_targets

IRIS_VERSION = "5.3"
"""The release of IRIS+ against which the ids of our catalogue were checked."""


@dataclass(frozen=True, slots=True)
class Range:
    """Which values are possible: from `least` to `most`, with so many `decimals`."""

    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int = PLACES

    def refuse_outside(self, value: Decimal, name: str, unit: str) -> None:
        """Raise ReadingOutOfRange for a value that the unit cannot have."""
        if value != round(value, self.decimals):
            how = "whole numbers" if self.decimals == 0 else f"at most {self.decimals} decimals"
            raise ReadingOutOfRange(
                f"{name} is counted in {how} of {unit}; {number_text(value)} is none. Round it; nothing was changed."
            )
        if self.least is not None and value < self.least:
            raise ReadingOutOfRange(
                f"{name} of {number_text(value)} {unit} is below {number_text(self.least)}, the least that there "
                "can be. Correct it; nothing was changed."
            )
        if self.most is not None and value > self.most:
            raise ReadingOutOfRange(
                f"{name} of {number_text(value)} {unit} is above {number_text(self.most)}, the most that there "
                "can be. Correct it; nothing was changed."
            )

    @property
    def words(self) -> str:
        """What may be typed, for a hint.

        >>> Range(Decimal(0), Decimal(100), 1).words
        'A number from 0 to 100, with at most 1 decimal.'
        """
        kind = "A whole number" if self.decimals == 0 else "A number"
        ends = [f"from {number_text(self.least)}"] if self.least is not None else []
        ends += [f"to {number_text(self.most)}"] if self.most is not None else []
        least = " ".join(ends) or "of any size"
        places = f", with at most {self.decimals} decimal{'s' * (self.decimals > 1)}" if self.decimals else ""
        return f"{kind} {least}{places}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Everything that is said of an indicator. Raises IndicatorUnclear and UnknownSdgTarget.

    `weighted_by` is the code of the indicator that weighs an average. What is `from_ledger` is never typed.
    """

    code: str
    name: str
    unit: str
    direction: Direction
    question: str = ""
    hint: str = ""
    measure: Measure = Measure.STOCK
    adds_up: AddUp = AddUp.SUM
    weighted_by: str = ""
    range: Range = Range()
    area: OutcomeArea | None = None
    groups: tuple[Group, ...] = ()
    iris_id: str = ""
    iris_version: str = ""
    sdg_targets: tuple[str, ...] = ()
    needs_baseline: bool = True
    from_ledger: bool = False

    def __post_init__(self) -> None:
        refuse_unknown_targets(self.sdg_targets)
        if why := self._unclear():
            raise IndicatorUnclear(f"The indicator {self.code!r} {why}; nothing was changed.")

    def _unclear(self) -> str:
        least, most = self.range.least, self.range.most
        if not self.name.strip() or not self.unit.strip():
            return "needs a name and a unit. Add them"
        if self.iris_id and not re.fullmatch(r"[A-Z]{2}\d{4}", self.iris_id):
            return f"has the IRIS+ id {self.iris_id!r}, which is not two letters and four digits. Correct it"
        if self.iris_id and not self.iris_version:
            return f"names {self.iris_id} without the release of IRIS+ that it is of. Add the release"
        if (self.adds_up is AddUp.AVERAGE) != bool(self.weighted_by):
            return "is an average exactly where it says what weighs it. Name the indicator that weighs it, or neither"
        if not 0 <= self.range.decimals <= PLACES:
            return f"has {self.range.decimals} decimals, not from 0 to {PLACES}. Correct them"
        if any(end is not None and abs(end) >= MAX_VALUE for end in (least, most)):
            return "has an end of its range that is no plain number below a million million. Correct it"
        if least is not None and most is not None and least >= most:
            return f"has a range from {number_text(least)} to {number_text(most)}, which holds nothing. Correct it"
        if self.adds_up is AddUp.UNIQUE_PEOPLE and self.range.decimals:
            return "counts people, who come whole. Let it have no decimals"
        return ""
