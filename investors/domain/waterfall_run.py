"""What does each step of a waterfall get of the cash that was found, and why? No step is paid past the shortfall of
one ranked before it, and not a penny is lost: what is paid and what is left make what was found.

Inside a step cash is shared pro rata by entitlement, by largest remainder (`ledger.domain.split`); of equal remainders
the earlier code comes first. What is short stays owed or lapses, by the deed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from moneyed import Money

from investors.domain.errors import ImpossibleWaterfall, NothingToShare
from investors.domain.waterfall import (
    Claim,
    Pot,
    Step,
    StepKind,
    Unpaid,
    Waterfall,
    refuse_impossible_claims,
)
from investors.domain.waterfall_words import ClaimStory, no_cash_words, residual_words, why
from ledger.domain.money import from_minor, to_minor
from ledger.domain.split import split
from ledger.domain.words import money_text
from loans.domain.provision import part_of


@dataclass(frozen=True, slots=True)
class Payment:
    """What one claimant gets at one step; `claim` is None at a residual, where nobody is owed anything."""

    step: str
    claimant: str
    claim: Money | None
    paid: Money
    short: Money
    why: str


@dataclass(frozen=True, slots=True)
class StepPaid:
    """What a step claimed and got, what it is short, and what was `left` after it for the next."""

    step: Step
    claim: Money | None
    paid: Money
    short: Money
    left: Money
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class WaterfallRun:
    """One pot of cash, paid down its waterfall. `found` = all that was paid + `left`."""

    waterfall: Waterfall
    found: Money
    steps: tuple[StepPaid, ...]

    @property
    def paid(self) -> Money:
        """All that was paid."""
        return sum((step.paid for step in self.steps), 0 * self.found)

    @property
    def left(self) -> Money:
        """What nobody claimed; nought where somebody is entitled to the residual."""
        return self.found - self.paid

    @property
    def payments(self) -> tuple[Payment, ...]:
        """Every payment, step by step."""
        return tuple(payment for step in self.steps for payment in step.payments)

    @property
    def still_owed(self) -> tuple[Claim, ...]:
        """What is short and accrues, as claims on the next run."""
        return tuple(
            Claim(payment.step, payment.claimant, payment.short)
            for step in self.steps
            if step.step.kind is StepKind.OWED and step.step.unpaid is Unpaid.ACCRUES
            for payment in step.payments
            if payment.short
        )

    def paid_to(self, claimant: str) -> Money:
        """All that one claimant gets."""
        return sum((each.paid for each in self.payments if each.claimant == claimant), 0 * self.found)


def run_waterfall(
    waterfall: Waterfall, found: Money, claims: Iterable[Claim], *, names: Mapping[str, str] | None = None
) -> WaterfallRun:
    """Pay cash down a waterfall. `names` are the claimants' names for the sentences, by code.

    Raises NothingToShare for negative cash, and ImpossibleClaim.
    """
    if found.amount < 0:
        raise NothingToShare(
            f"The waterfall found {money_text(found)}. Less than nothing cannot be shared: reverse the run that paid "
            "too much. Nothing was changed."
        )
    ordered = sorted(claims, key=lambda claim: claim.claimant)
    refuse_impossible_claims([waterfall], ordered, found.currency.code)
    running = _Running(found, names or {})
    for step in waterfall.steps:
        running.pay(step, [claim for claim in ordered if claim.step == step.code])
    return WaterfallRun(waterfall, found, tuple(running.steps))


def run_pots(
    waterfalls: Sequence[Waterfall],
    cash: Mapping[Pot, Money],
    claims: Iterable[Claim],
    *,
    names: Mapping[str, str] | None = None,
) -> tuple[WaterfallRun, ...]:
    """Pay separate pots down their waterfalls, in the order given; each pot's cash stays in its own.

    What is owed at a step that several waterfalls have is paid from the first as far as that reaches, and from the next
    for what it is short. Raises ImpossibleWaterfall unless there is one pot of cash for each waterfall, ImpossibleClaim
    and NothingToShare.
    """
    pots = [waterfall.pot for waterfall in waterfalls]
    if not pots or sorted(pots) != sorted(cash):
        raise ImpossibleWaterfall(
            f"There are waterfalls for {_listed(pots)}, and cash for {_listed(cash)}. Give each pot one waterfall; "
            "nothing was changed."
        )
    claims = list(claims)
    currency = next(iter(cash.values())).currency.code
    refuse_impossible_claims(waterfalls, claims, currency)
    runs = list[WaterfallRun]()
    for waterfall in waterfalls:
        here = [_what_is_left_of(claim, runs) for claim in claims if claim.step in waterfall.codes]
        runs.append(run_waterfall(waterfall, cash[waterfall.pot], here, names=names))
    return tuple(runs)


def _listed(pots: Iterable[Pot]) -> str:
    return ", ".join(pot.words for pot in pots) or "none"


def _what_is_left_of(claim: Claim, runs: Iterable[WaterfallRun]) -> Claim:
    """A claim less what earlier pots paid on it. Where the entitlement is a proportion it stays as it is."""
    for run in runs:
        for step in run.steps:
            if step.step.code == claim.step and step.step.kind is StepKind.OWED:
                short = next(each.short for each in step.payments if each.claimant == claim.claimant)
                claim = Claim(claim.step, claim.claimant, short)
    return claim


class _Running:
    """A run on its way down: what is left, what each step was paid, and where the money ended."""

    def __init__(self, found: Money, names: Mapping[str, str]) -> None:
        self.left, self.nought, self.names = found, 0 * found, names
        self.steps = list[StepPaid]()
        self.dry_at = no_cash_words() if not found else ""

    def pay(self, step: Step, claims: Sequence[Claim]) -> None:
        """Pay the next step."""
        before = self.left
        payments = self._residual(step, claims) if step.kind is StepKind.RESIDUAL else self._claimed(step, claims)
        paid = sum((each.paid for each in payments), self.nought)
        short = sum((each.short for each in payments), self.nought)
        claim = None if step.kind is StepKind.RESIDUAL else paid + short
        self.left -= paid
        if before and not self.left:
            self.dry_at = f"the money ended at {step.label}"
        self.steps.append(StepPaid(step, claim, paid, short, self.left, tuple(payments)))

    def _claimed(self, step: Step, claims: Sequence[Claim]) -> list[Payment]:
        owed = self._owed(step, claims)
        wanted = sum(owed, self.nought)
        to_pay = min(self.left, wanted)
        paid = split(to_pay, [each.amount for each in owed]) if wanted else owed
        tell = partial(ClaimStory, step, self._of(step), wanted, self.left, self.dry_at)
        return [
            Payment(step.code, claim.claimant, due, part, due - part, why(tell(self._name(claim), due, part)))
            for claim, due, part in zip(claims, owed, paid, strict=True)
        ]

    def _owed(self, step: Step, claims: Sequence[Claim]) -> Sequence[Money]:
        """What each claimant is owed at a step; a share of what was paid is rounded half up to the smallest unit."""
        if step.rate is None:
            return [claim.entitlement for claim in claims]
        base = next(each.paid for each in self.steps if each.step.code == step.of)
        currency = base.currency.code
        whole = from_minor(part_of(to_minor(base.amount, currency), step.rate), currency)
        weights = [claim.entitlement.amount for claim in claims]
        return split(whole, weights) if any(weights) else [self.nought for _ in claims]

    def _residual(self, step: Step, claims: Sequence[Claim]) -> list[Payment]:
        weights = [claim.entitlement.amount for claim in claims]
        paid = split(self.left, weights) if any(weights) else [self.nought for _ in claims]
        whole = sum((claim.entitlement for claim in claims), self.nought)
        return [
            Payment(
                step.code,
                claim.claimant,
                None,
                part,
                self.nought,
                residual_words(self._name(claim), step.label, self.left, claim.entitlement, whole, part, self.dry_at),
            )
            for claim, part in zip(claims, paid, strict=True)
        ]

    def _name(self, claim: Claim) -> str:
        return self.names.get(claim.claimant, claim.claimant)

    def _of(self, step: Step) -> str:
        """The name of the step that a share is of."""
        return next((each.step.label for each in self.steps if each.step.code == step.of), "")
