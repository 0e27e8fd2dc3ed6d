"""Which steps does a waterfall have, in which order, and what is claimed at each? The fund's deed as data.

Cash is paid down the steps by `investors.domain.waterfall_run`. A waterfall has a version, because a deed is amended
and a run keeps the one that it was made by. `docs/maths/waterfall.md` works an example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import Money

from investors.domain.errors import CircularClaim, ImpossibleClaim, ImpossibleWaterfall
from ledger.domain.words import money_text


class Pot(StrEnum):
    """Which cash a waterfall shares: a deed has one waterfall for all, or one for income and one for principal."""

    INCOME = "income"
    PRINCIPAL = "principal"
    ALL = "all"

    @property
    def words(self) -> str:
        """The pot in a sentence."""
        return "all cash" if self is Pot.ALL else self.value


class StepKind(StrEnum):
    """What is claimed at a step."""

    OWED = "owed"
    """Amounts that are owed, such as interest due."""
    SHARE = "share"
    """A rate of what an earlier step was paid, such as a fee of 2% of the interest."""
    RESIDUAL = "residual"
    """Whatever is left."""


class Unpaid(StrEnum):
    """What becomes of what a step is short, by the deed."""

    ACCRUES = "accrues"
    """It stays owed and is claimed again."""
    LAPSES = "lapses"

    @property
    def words(self) -> str:
        """What becomes of it, as the end of a sentence."""
        return "stays owed" if self is Unpaid.ACCRUES else "lapses"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a code, what it pays in words (`senior interest`), and what is claimed.

    A share claims `rate` (a fraction from above 0 to 1) of what the step `of` was paid, and what it is short lapses:
    what is to stay owed is an amount and has a step of its own. Raises ImpossibleWaterfall.
    """

    code: str
    label: str
    kind: StepKind = StepKind.OWED
    unpaid: Unpaid = Unpaid.ACCRUES
    of: str = ""
    rate: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.code or not self.label:
            raise ImpossibleWaterfall("A step of a waterfall needs a code and a name. Name it; nothing was changed.")
        if self.kind is not StepKind.SHARE:
            if self.of or self.rate is not None:
                raise ImpossibleWaterfall(
                    f"Only a share is a rate of another step; {self.label} is of kind {self.kind.value}. Correct the "
                    "kind or leave out rate and step; nothing was changed."
                )
        elif not self.of or self.rate is None or not 0 < self.rate <= 1:
            raise ImpossibleWaterfall(
                f"{self.label} is a share and needs the step that it is a share of, and a rate from above 0% to 100%. "
                "Give both; nothing was changed."
            )
        elif self.unpaid is Unpaid.ACCRUES:
            raise ImpossibleWaterfall(
                f"{self.label} is a share of what was paid, so what it is short lapses. Say so, or let a step of its "
                "own claim what stays owed; nothing was changed."
            )


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps of one pot from a day on, the first to be paid first.

    Raises ImpossibleWaterfall, and CircularClaim for a share of what is not paid before it.
    """

    name: str
    version: int
    effective_on: date
    steps: tuple[Step, ...]
    pot: Pot = Pot.ALL

    def __post_init__(self) -> None:
        if self.version < 1 or not self.steps:
            raise ImpossibleWaterfall(
                f"{self.name} has version {self.version} and {len(self.steps)} steps; versions count from 1, and there "
                "is one step at least. Correct it; nothing was changed."
            )
        self._refuse_doubles()
        self._refuse_steps_after_the_residual()
        for place in range(len(self.steps)):
            self._refuse_what_is_not_paid_before(place)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the steps, in order."""
        return tuple(step.code for step in self.steps)

    def _refuse_doubles(self) -> None:
        if doubles := sorted({code for code in self.codes if self.codes.count(code) > 1}):
            raise ImpossibleWaterfall(
                f"{', '.join(doubles)} stands twice in {self.name}. Give each step a code of its own; nothing was "
                "changed."
            )

    def _refuse_steps_after_the_residual(self) -> None:
        for place, step in enumerate(self.steps[:-1], 1):
            if step.kind is StepKind.RESIDUAL:
                raise ImpossibleWaterfall(
                    f"Step {place} of {self.name}, {step.label}, takes all that is left, so nothing could be paid "
                    "after it. Put it last; nothing was changed."
                )

    def _refuse_what_is_not_paid_before(self, place: int) -> None:
        step = self.steps[place]
        if not step.of:
            return
        if step.of not in self.codes:
            raise ImpossibleWaterfall(
                f"{step.label} is a share of {step.of!r}, which is no step of {self.name}. Correct the code; nothing "
                "was changed."
            )
        there = self.codes.index(step.of)
        if there >= place:
            other = "itself" if there == place else f"{self.steps[there].label} (step {there + 1})"
            raise CircularClaim(
                f"The claim of {step.label} (step {place + 1}) is circular: it is a share of what {other} is paid, and "
                f"that depends on what {step.label} takes first. Put it after the step that it is a share of, or let "
                "it claim an amount; nothing was changed."
            )


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody is entitled to at a step, which shares a step pro rata.

    At a step that is owed, `entitlement` is the amount owed. At a share or a residual it is only the proportion, such
    as each one's commitment. Raises ImpossibleClaim for one that is negative.
    """

    step: str
    claimant: str
    entitlement: Money

    def __post_init__(self) -> None:
        if self.entitlement.amount < 0:
            raise ImpossibleClaim(
                f"{self.claimant} claims {money_text(self.entitlement)} at {self.step}. A claim is never negative: "
                "what was paid too much is corrected by a reversal. Nothing was changed."
            )


def top_up(step: str, reserve: str, *, target: Money, held: Money) -> Claim:
    """The claim of a reserve: what it lacks of its target, and nothing where it holds that or more.

    >>> top_up("reserve", "RESERVE", target=Money("5000.00", "GBP"), held=Money("4000.00", "GBP")).entitlement.amount
    Decimal('1000.00')
    """
    return Claim(step, reserve, max(target - held, 0 * target))


def refuse_impossible_claims(waterfalls: Iterable[Waterfall], claims: Iterable[Claim], currency: str) -> None:
    """Raise ImpossibleClaim where a claim is on no step, in another currency, or stands twice."""
    codes = {code for waterfall in waterfalls for code in waterfall.codes}
    seen = set[tuple[str, str]]()
    for claim in claims:
        what = f"The claim of {claim.claimant} for {money_text(claim.entitlement)} at {claim.step}"
        if claim.step not in codes:
            raise ImpossibleClaim(f"{what} is on no step of the waterfall. Correct the step; nothing was changed.")
        if claim.entitlement.currency.code != currency:
            raise ImpossibleClaim(
                f"{what} is in {claim.entitlement.currency.code}, and the cash is in {currency}. Claim in the currency "
                "of the fund; nothing was changed."
            )
        if (claim.step, claim.claimant) in seen:
            raise ImpossibleClaim(f"{what} stands twice. Give each claimant one claim at a step; nothing was changed.")
        seen.add((claim.step, claim.claimant))
