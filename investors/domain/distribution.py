"""What does a distribution pay, to whom, and why? The steps by rank, unless the fund's deed has others.

Costs and fees owed come first and are kept back; then for each rank the income that its holders have not been paid, and
the capital that is to be returned to them; then the reserve is filled. What is left stays in the fund.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from moneyed import Money

from investors.domain.capital_act import ActLine, Effect, Holder
from investors.domain.errors import AboveCash, ImpossibleWaterfall
from investors.domain.fund_class import FundClass
from investors.domain.waterfall import Claim, Step, StepKind, Unpaid, Waterfall, top_up
from investors.domain.waterfall_run import WaterfallRun, run_waterfall
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import money_text

FEES, RESERVE, MANAGER = "fees", "reserve", "manager"
NAME = "Distribution"
STARTS = {"income": Effect.INCOME_DISTRIBUTED, "capital": Effect.CAPITAL_RETURNED}


@dataclass(frozen=True, slots=True)
class OrderedClaim:
    """A claim in the order of the deed. The reserve may claim a `rate` of what the step `of` is paid."""

    claim: str
    of: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HolderClaims:
    """What one holder may be paid: income that was shared and not paid, and capital that is to be returned."""

    holder: Holder
    name: str
    income: Money
    capital: Money


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept back: the management fee owed, and the reserve, of which `held` is what earlier runs kept."""

    fee: Money
    target: Money
    held: Money


def distribution_waterfall(classes: Iterable[FundClass], version: int = 1) -> Waterfall:
    """The steps by rank: fees first, then income and capital of each rank. The reserve is filled before the last rank
    where that has what is left, else at the end."""
    steps = [Step(FEES, "costs and fees owed")]
    reserve = Step(RESERVE, "the reserve", unpaid=Unpaid.LAPSES)
    ranks = [
        list(same)
        for _, same in groupby(sorted(classes, key=lambda one: (one.rank, one.code)), key=lambda one: one.rank)
    ]
    for number, same in enumerate(ranks, 1):
        names, rank = " and ".join(one.name for one in same), same[0].rank
        if number == len(ranks) > 1 and all(one.takes_rest for one in same):
            steps.append(reserve)
        steps += [
            Step(f"income:{rank}", f"income of {names}"),
            Step(f"capital:{rank}", f"capital of {names} to be returned", unpaid=Unpaid.LAPSES),
        ]
    return Waterfall(NAME, version, date.min, tuple(steps if reserve in steps else [*steps, reserve]))


def ordered_waterfall(
    classes: Iterable[FundClass], order: Sequence[OrderedClaim], version: int, effective_on: date = date.min
) -> Waterfall:
    """The steps in the order of the fund's deed, which names every claim once.

    Raises ImpossibleWaterfall for a claim that there is not, that stands twice or is left out, and CircularClaim for a
    reserve that is a share of what is paid after it.
    """
    known = {step.code: step for step in distribution_waterfall(classes).steps}
    if strange := [one.claim for one in order if one.claim not in known]:
        raise ImpossibleWaterfall(
            f"There is no claim {', '.join(strange)}. The claims are {', '.join(known)}; nothing was changed."
        )
    if missing := [step.label for code, step in known.items() if code not in {one.claim for one in order}]:
        raise ImpossibleWaterfall(
            f"The order leaves out {', '.join(missing)}, so that would never be paid. Name every claim once; nothing "
            "was changed."
        )
    return Waterfall(NAME, version, effective_on, tuple(_step(known[one.claim], one) for one in order))


def _step(step: Step, ordered: OrderedClaim) -> Step:
    if not ordered.of:
        return step
    if step.code != RESERVE:
        raise ImpossibleWaterfall(
            f"The claim of {step.label} is an amount that is owed, and cannot be a share of {ordered.of}. Only the "
            "reserve can; nothing was changed."
        )
    return Step(step.code, step.label, StepKind.SHARE, Unpaid.LAPSES, ordered.of, ordered.rate)


def distribute(
    waterfall: Waterfall,
    found: Money,
    classes: Mapping[str, FundClass],
    claims: Sequence[HolderClaims],
    kept: Kept,
) -> WaterfallRun:
    """Pay cash down the steps. Raises AboveCash for less than nothing, and what `run_waterfall` raises."""
    if found.amount < 0:
        raise AboveCash(
            f"{money_text(-found)} more is owed to others than there is at the bank, so nothing can be distributed. "
            "Wait for money to come in; nothing was changed."
        )
    asked = [Claim(FEES, MANAGER, kept.fee)]
    names = {MANAGER: "The manager", RESERVE: "The reserve"}
    for one in claims:
        rank, code = classes[one.holder[0]].rank, "/".join(one.holder)
        names[code] = f"{one.name} ({classes[one.holder[0]].name})"
        asked += [Claim(f"income:{rank}", code, one.income), Claim(f"capital:{rank}", code, one.capital)]
    asked.append(_of_reserve(waterfall, kept))
    return run_waterfall(waterfall, found, asked, names=names)


def is_share(waterfall: Waterfall) -> bool:
    """Whether the deed fills the reserve by a share of what is paid, and not up to a target."""
    return any(step.code == RESERVE and step.kind is StepKind.SHARE for step in waterfall.steps)


def _of_reserve(waterfall: Waterfall, kept: Kept) -> Claim:
    """What the reserve lacks; where it has a share, its entitlement is only a proportion, and it is alone."""
    if is_share(waterfall):
        return Claim(RESERVE, RESERVE, from_minor(1, kept.target.currency.code))
    return top_up(RESERVE, RESERVE, target=kept.target, held=kept.held)


def lines_of(run: WaterfallRun, *, recallable: bool) -> tuple[ActLine, ...]:
    """What a run pays to holders, step by step; capital that may be called again says so."""
    found = []
    for payment in run.payments:
        effect = STARTS.get(payment.step.partition(":")[0])
        if effect is None or not payment.paid:
            continue
        if effect is Effect.CAPITAL_RETURNED and recallable:
            effect = Effect.RECALLABLE
        fund_class, _, investor = payment.claimant.partition("/")
        minor = to_minor(payment.paid.amount, payment.paid.currency.code)
        found.append(ActLine(fund_class, investor, effect, minor, why=payment.why))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CashUsed:
    """What becomes of the cash that a distribution found and of what was in reserve, in minor units: what is `paid_out`
    to investors, and what stays, in `reserve`, for `fees` owed, `not_distributed` and `unclaimed`."""

    paid_out: int
    reserve: int
    fees: int
    not_distributed: int
    unclaimed: int

    @property
    def stays(self) -> int:
        """All that stays in the fund."""
        return self.reserve + self.fees + self.not_distributed + self.unclaimed


def cash_used(figures: Mapping[str, Any]) -> CashUsed:
    """The same from the figures that an act of distribution keeps, those of earlier ones too."""
    paid = {step["code"]: step["paid"] for step in figures["steps"]}
    fees, filled = paid.get(FEES, 0), paid.get(RESERVE, 0)
    found, unclaimed = figures["found"], figures["left"]
    return CashUsed(
        paid_out=found - unclaimed - fees - filled,
        reserve=figures["reserve"],
        fees=fees,
        not_distributed=figures["free"] - found,
        unclaimed=unclaimed,
    )
