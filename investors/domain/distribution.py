"""What does a distribution pay, to whom, and why? The steps by rank, unless the fund's deed has others.

Costs and fees owed come first and are kept back; then for each rank the income that its holders have not been paid, and
the capital that is to be returned to them; then the reserve is filled. What is left stays in the fund.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from moneyed import Money

from investors.domain.capital_act import ActLine, Effect, Holder
from investors.domain.errors import AboveCash
from investors.domain.fund_class import FundClass
from investors.domain.waterfall import Claim, Step, Unpaid, Waterfall, top_up
from investors.domain.waterfall_run import WaterfallRun, run_waterfall
from ledger.domain.money import to_minor
from ledger.domain.words import money_text

FEES, RESERVE, MANAGER = "fees", "reserve", "manager"
STARTS = {"income": Effect.INCOME_DISTRIBUTED, "capital": Effect.CAPITAL_RETURNED}


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
    """The steps by rank, first to last: fees, income and capital of each rank, the reserve."""
    steps = [Step(FEES, "costs and fees owed")]
    for rank, same in groupby(sorted(classes, key=lambda one: (one.rank, one.code)), key=lambda one: one.rank):
        names = " and ".join(one.name for one in same)
        steps += [
            Step(f"income:{rank}", f"income of {names}"),
            Step(f"capital:{rank}", f"capital of {names} to be returned", unpaid=Unpaid.LAPSES),
        ]
    return Waterfall("Distribution", version, date.min, (*steps, Step(RESERVE, "the reserve", unpaid=Unpaid.LAPSES)))


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
    asked.append(top_up(RESERVE, RESERVE, target=kept.target, held=kept.held))
    return run_waterfall(waterfall, found, asked, names=names)


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
