"""What should be set aside for the losses that a loan may bring? A percentage by how late it is, or a judgement.

The exposure is principal outstanding less what a guarantor stands for. Each stage has a percentage of it, by a rule of
the fund that is dated and kept. A specific provision, an amount that two people agreed on for one loan, takes the
stage's place. `docs/maths/provisions.md` works one example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from loans.domain.errors import ProvisionRefused


class Stage(StrEnum):
    """How late a loan is, by its oldest unpaid due date; non-accrual comes before any of them."""

    CURRENT = "current"
    TO_30 = "1-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OVER_90 = "over-90"
    NON_ACCRUAL = "non-accrual"

    @property
    def words(self) -> str:
        """The stage for a person: `61–90 days late`."""
        return _WORDS[self]


_WORDS = {
    Stage.CURRENT: "nothing late",
    Stage.TO_30: "1–30 days late",
    Stage.TO_60: "31–60 days late",
    Stage.TO_90: "61–90 days late",
    Stage.OVER_90: "over 90 days late",
    Stage.NON_ACCRUAL: "not accruing",
}
_LAST_DAYS = ((0, Stage.CURRENT), (30, Stage.TO_30), (60, Stage.TO_60), (90, Stage.TO_90))


def stage_of(days_past_due: int, *, is_suspended: bool = False) -> Stage:
    """The stage of a loan.

    >>> [stage_of(days).value for days in (0, 1, 30, 31, 90, 91)]
    ['current', '1-30', '1-30', '31-60', '61-90', 'over-90']
    """
    if is_suspended:
        return Stage.NON_ACCRUAL
    return next((stage for last, stage in _LAST_DAYS if days_past_due <= last), Stage.OVER_90)


def part_of(minor: int, share: Decimal) -> int:
    """A share of an amount in minor units, rounded half up.

    >>> part_of(2502735, Decimal("0.125"))
    312842
    """
    return int((minor * share).to_integral_value(ROUND_HALF_UP))


def refuse_impossible_rule(percentages: Mapping[Stage, Decimal]) -> None:
    """Raise ProvisionRefused unless every stage has a part from 0 to 1, and a worse stage never less than a better."""
    before = Decimal(0)
    for stage in Stage:
        share = percentages.get(stage)
        if share is None or not before <= share <= 1:
            said = "has no percentage" if share is None else f"has {share * 100:f}%, after {before * 100:f}%"
            raise ProvisionRefused(
                f"The stage {stage.words!r} {said}. Give each stage from 0% to 100%, a worse one no less than a better "
                "one; nothing was changed."
            )
        before = share


@dataclass(frozen=True, slots=True)
class Exposure:
    """A loan on a day, in minor units: `guaranteed` is what a guarantor stands for or has been asked for."""

    principal: int
    guaranteed: int
    days_past_due: int
    is_suspended: bool
    has: int
    """What is set aside for it already."""

    @property
    def stage(self) -> Stage:
        """How late it is."""
        return stage_of(self.days_past_due, is_suspended=self.is_suspended)

    @property
    def at_risk(self) -> int:
        """Principal that nobody else stands for."""
        return max(self.principal - self.guaranteed, 0)


@dataclass(frozen=True, slots=True)
class Provided:
    """What a loan should have set aside, in minor units; `share` is None where two people agreed on the amount."""

    exposure: Exposure
    share: Decimal | None
    should: int

    @property
    def change(self) -> int:
        """What is charged (positive) or released (negative)."""
        return self.should - self.exposure.has


def provided(exposure: Exposure, percentages: Mapping[Stage, Decimal], specific: int | None = None) -> Provided:
    """What a loan should have: the specific amount, but no more than its principal, else its stage's percentage.

    >>> rule = {stage: Decimal(share) for stage, share in zip(Stage, ("0.01", "0.05", "0.2", "0.35", "0.5", "0.75"))}
    >>> provided(Exposure(1000000, 700000, 45, False, 20000), rule).change
    40000
    """
    if specific is not None:
        return Provided(exposure, None, min(specific, exposure.principal))
    share = percentages[exposure.stage]
    return Provided(exposure, share, part_of(exposure.at_risk, share))


@dataclass(frozen=True, slots=True)
class ProvisionMovement:
    """How provisions moved over dates, both inclusive, in minor units: opening + charge - release - used + other."""

    from_on: date
    to_on: date
    opening: int
    charge: int
    release: int
    used: int
    other: int

    @property
    def closing(self) -> int:
        """What stands at the end."""
        return self.opening + self.charge - self.release - self.used + self.other
