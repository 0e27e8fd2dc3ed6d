"""Whose is the result of a fund? First between its classes by their ranks, then within a class by the day.

Income less costs goes down the ranks: every class its target return, then what its cap allows above that, then the
classes that take the rest. A loss goes up the ranks, and what is recovered of it restores in the reverse order
(`investors/domain/losses.py`). Within a class each has its capital, added up day by day, as its weight
(`investors/domain/result_sharing.py`). `docs/maths/fund-result.md` works an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import NobodyToShareWith
from investors.domain.fund_class import FundClass
from investors.domain.losses import Layer, LossShared, bear_loss, restore
from investors.domain.result_sharing import CapitalHeld, share_result
from investors.domain.waterfall import Claim, Step, StepKind, Unpaid, Waterfall
from investors.domain.waterfall_run import WaterfallRun, run_waterfall
from ledger.domain.money import from_minor, to_minor
from ledger.domain.split import split
from ledger.domain.words import money_text
from loans.domain.rates import DAYS
from loans.domain.rounding import RoundingMode, divide


@dataclass(frozen=True, slots=True)
class Result:
    """What a fund earned and lost and has not shared: `income` is less all costs but the management fee; `impairment`
    is what loans lost, less what was recovered, so negative where more came back."""

    income: Money
    fees: Money
    impairment: Money


@dataclass(frozen=True, slots=True)
class ClassInPeriod:
    """A class over the days of a period. `capital_days` and `invested_days` are minor units times days; `owed` is the
    target return that earlier periods were short of, `lost` what it bore and did not get back."""

    terms: FundClass
    capital_days: int
    invested_days: int
    balance: Money
    committed: Money
    lost: Money
    owed: Money

    @property
    def target(self) -> Money:
        """The target return of the period, rounded half up: invested × rate × days ÷ 365."""
        return self._return(self.terms.target_return)

    @property
    def above_target(self) -> Money:
        """What its cap allows above the target return."""
        return max(self._return(self.terms.return_cap) - self.target, 0 * self.owed)

    def _return(self, rate: Decimal | None) -> Money:
        exact = Fraction(rate or 0) * self.invested_days / DAYS
        currency = self.owed.currency.code
        return from_minor(divide(exact.numerator, exact.denominator, RoundingMode.HALF_UP), currency)


@dataclass(frozen=True, slots=True)
class ClassResult:
    """What a class gets: income before the management fee, the fee (negative), losses (negative), and the target
    return that it is still owed; `why` says it in sentences."""

    code: str
    income: Money
    fee: Money
    impairment: Money
    owed: Money
    why: tuple[str, ...]

    @property
    def net(self) -> Money:
        """Income less the fee."""
        return self.income + self.fee


@dataclass(frozen=True, slots=True)
class SharedResult:
    """A result over the classes, by rank. What is `left` was nobody's, or nobody's to bear, and is shared next time."""

    classes: tuple[ClassResult, ...]
    left: Result


def share_between_classes(result: Result, classes: Sequence[ClassInPeriod]) -> SharedResult:
    """Share a result between classes. What no class takes or can bear is left.

    Recoveries restore before income is shared, and are income beyond all losses; losses are borne after it. Raises
    NobodyToShareWith for a fee where nobody has committed anything.
    """
    nought = 0 * result.income
    net = result.income - result.fees
    recovered = max(-result.impairment, nought)
    restored = restore(recovered, [_layer(one, nought) for one in classes])
    net += restored.beyond
    earned = _earned(max(net, nought), classes)
    costs = bear_loss(max(-net, nought), [_after(one, restored, earned) for one in classes])
    lost = bear_loss(max(result.impairment, nought), costs.layers)
    fees = _fees(result.fees, classes)
    found = tuple(
        ClassResult(
            one.terms.code,
            income=earned.paid_to(one.terms.code) + _change(costs, one.terms.code) + fee,
            fee=-fee,
            impairment=_change(restored, one.terms.code) + _change(lost, one.terms.code),
            owed=_owed(earned, one),
            why=_why(one, earned, restored, costs, lost),
        )
        for one, fee in zip(classes, fees, strict=True)
    )
    left = Result(earned.left - costs.beyond - restored.beyond, nought, lost.beyond - restored.beyond)
    return SharedResult(found, left)


@dataclass(frozen=True, slots=True)
class HolderInPeriod:
    """One holder of a class in a period, with the residue of earlier ones."""

    investor: str
    capital_days: int
    balance: Money
    committed: Money
    lost: Money
    residue: int = 0


@dataclass(frozen=True, slots=True)
class HolderResult:
    """What one holder gets of what its class gets, and the residue that it takes on."""

    investor: str
    income: Money
    fee: Money
    impairment: Money
    residue: int


def share_within_class(found: ClassResult, holders: Sequence[HolderInPeriod]) -> tuple[HolderResult, ...]:
    """Share what a class gets between its holders, by investor; the parts sum to the whole.

    Income by capital and days, with residues; costs above income and losses by what each has, what is recovered by what
    each lost; the fee by commitments. Raises NobodyToShareWith.
    """
    ordered = sorted(holders, key=lambda one: one.investor)
    nought = 0 * found.income
    net, residues = [nought] * len(ordered), [one.residue for one in ordered]
    if found.net.amount < 0:
        net = _by(found.net, [one.balance for one in ordered])
    elif found.net:
        parts = share_result(found.net, [CapitalHeld(one.investor, one.capital_days, one.residue) for one in ordered])
        net, residues = [part.part for part in parts], [part.residue for part in parts]
    fee = _by(found.fee, [one.committed for one in ordered], [one.balance for one in ordered])
    kept = [one.balance + part for one, part in zip(ordered, net, strict=True)]
    borne = _by(found.impairment, [one.lost for one in ordered] if found.impairment.amount > 0 else kept)
    return tuple(
        HolderResult(one.investor, net[at] - fee[at], fee[at], borne[at], residues[at])
        for at, one in enumerate(ordered)
    )


def sharing_waterfall(classes: Iterable[FundClass]) -> Waterfall:
    """The steps by which income goes down the ranks: all targets, then all caps, then the rest."""
    ordered = sorted(classes, key=lambda one: (one.rank, one.code))
    targets = [Step(f"target:{one.code}", f"target return of {one.name}", unpaid=one.unpaid) for one in ordered]
    caps = [
        Step(f"cap:{one.code}", f"return of {one.name} up to its cap", unpaid=Unpaid.LAPSES)
        for one in ordered
        if one.return_cap is not None
    ]
    rest = [Step("rest", "what is left", StepKind.RESIDUAL)] if any(one.takes_rest for one in ordered) else []
    return Waterfall("Sharing of the result", 1, date.min, (*targets, *caps, *rest))


def _earned(net: Money, classes: Sequence[ClassInPeriod]) -> WaterfallRun:
    claims = [Claim(f"target:{one.terms.code}", one.terms.code, one.target + one.owed) for one in classes]
    claims += [
        Claim(f"cap:{one.terms.code}", one.terms.code, one.above_target)
        for one in classes
        if one.terms.return_cap is not None
    ]
    claims += [
        Claim("rest", one.terms.code, from_minor(one.capital_days, net.currency.code))
        for one in classes
        if one.terms.takes_rest
    ]
    names = {one.terms.code: one.terms.name for one in classes}
    return run_waterfall(sharing_waterfall(one.terms for one in classes), net, claims, names=names)


def _layer(one: ClassInPeriod, more: Money) -> Layer:
    stands, lost = max(one.balance + more, 0 * more), max(one.lost, 0 * more)
    return Layer(one.terms.code, one.terms.rank, stands, lost, one.terms.name)


def _after(one: ClassInPeriod, restored: LossShared, earned: WaterfallRun) -> Layer:
    """A class as it stands once it got back what was recovered, and its income."""
    return _layer(one, _change(restored, one.terms.code) + earned.paid_to(one.terms.code))


def _change(shared: LossShared, code: str) -> Money:
    return next(each.change for each in shared.moved if each.layer.code == code)


def _owed(earned: WaterfallRun, one: ClassInPeriod) -> Money:
    """The target return that it is short of and that stays owed."""
    return sum((claim.entitlement for claim in earned.still_owed if claim.claimant == one.terms.code), 0 * one.owed)


def _fees(fees: Money, classes: Sequence[ClassInPeriod]) -> list[Money]:
    return _by(fees, [one.committed for one in classes], [one.balance for one in classes])


def _by(amount: Money, weights: Sequence[Money], otherwise: Sequence[Money] = ()) -> list[Money]:
    """An amount by weights, those below nought counting nothing; by others where none is positive."""
    if not amount:
        return [amount for _ in weights]
    for each in (weights, otherwise):
        usable = [max(to_minor(one.amount, one.currency.code), 0) for one in each]
        if any(usable):
            return list(split(amount, usable))
    raise NobodyToShareWith(
        f"{money_text(amount)} is to be shared, and nobody has committed or paid in anything. Look at the commitments; "
        "nothing was changed."
    )


def _why(
    one: ClassInPeriod, earned: WaterfallRun, restored: LossShared, costs: LossShared, lost: LossShared
) -> tuple[str, ...]:
    """The sentences about a class: what it earned at each step, then what it got back and bore."""
    said = [each.why for each in earned.payments if each.claimant == one.terms.code and (each.claim or each.paid)]
    for shared in (restored, costs, lost):
        said += [each.why for each in shared.moved if each.layer.code == one.terms.code and each.change]
    return tuple(said)
