"""Which part of what a business achieved may the money behind it claim? Exact parts that never exceed the whole.

    attribution factor = average outstanding of a loan ÷ all that finances the business
    our share          = factor × reading
    an investor's      = our share × its average part of the loan ÷ the loan's average

The denominator is debt, net assets, grants that are not in the net assets yet, and what we have lent since the accounts
that say so: every funder counts, so the parts of all funders never exceed one. The shape is PCAF's, share of total
capital the rough method that the GIIN proposes. Where a denominator is missing, nought or less than our own loan, the
answer is "not attributable": never nought, never one.
`docs/maths/attribution.md` works an example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from investors.domain.errors import AttributionRefused


class WhyNot(StrEnum):
    """Why an outcome is not attributable."""

    NO_ACCOUNTS = "no accounts say what finances it"
    NOTHING_LEFT = "its debts are more than all it has"
    LESS_THAN_OURS = "its accounts show less finance than our loan"
    NOTHING_LENT = "no money of ours was outstanding in the period"


@dataclass(frozen=True, slots=True)
class Finance:
    """All that finances a business, in units of one currency: its accounts' debt and net assets, grants not in them,
    and what we have lent after the accounts' last day. A figure that nobody knows is None."""

    debt: Decimal | None
    net_assets: Decimal | None
    grants: Decimal = Decimal(0)
    lent_since: Decimal = Decimal(0)

    @property
    def whole(self) -> Fraction | None:
        """The denominator, or None where the accounts do not say it."""
        if self.debt is None or self.net_assets is None:
            return None
        return Fraction(self.debt) + Fraction(self.net_assets) + Fraction(self.grants) + Fraction(self.lent_since)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The part of a business's outcomes that our money may claim, between nought and one; or why there is none.

    Raises AttributionRefused for a part outside of that, or for neither a part nor a reason.
    """

    factor: Fraction | None
    why_not: WhyNot | None = None

    def __post_init__(self) -> None:
        if (self.factor is None) == (self.why_not is None):
            raise AttributionRefused(
                "An attribution is a part, or a reason why there is none. Say one of both; nothing was changed."
            )
        if self.factor is not None and not 0 < self.factor <= 1:
            raise AttributionRefused(
                f"A part of {six_decimals(self.factor)} is not above 0 and at most 1. "
                "Correct the finance of the business; nothing was changed."
            )

    def of(self, reading: Decimal | Fraction) -> Fraction | None:
        """Our share of a reading, in its unit; None where it is not attributable."""
        return None if self.factor is None else self.factor * Fraction(reading)


def six_decimals(part: Fraction) -> Decimal:
    """A part in six decimals, for words.

    >>> six_decimals(Fraction(1, 3))
    Decimal('0.333333')
    """
    return (Decimal(part.numerator) / Decimal(part.denominator)).quantize(Decimal("0.000001"))


def attribution(average: Fraction, finance: Finance | None) -> Attribution:
    """The part that an average outstanding (in the currency of `finance`) may claim. Raises AttributionRefused for an
    average below nought.

    >>> attribution(Fraction(40_000), Finance(Decimal(100_000), Decimal(50_000), Decimal(50_000))).factor
    Fraction(1, 5)
    """
    if average < 0:
        raise AttributionRefused(
            f"An average outstanding of {six_decimals(average)} is below nought. Correct the loan; nothing was changed."
        )
    whole = finance.whole if finance else None
    if not average:
        return Attribution(None, WhyNot.NOTHING_LENT)
    if whole is None:
        return Attribution(None, WhyNot.NO_ACCOUNTS)
    if whole <= 0:
        return Attribution(None, WhyNot.NOTHING_LEFT)
    if average > whole:
        return Attribution(None, WhyNot.LESS_THAN_OURS)
    return Attribution(average / whole)


def parts_of_loan(
    average: Fraction, participants: Mapping[str, Fraction], own_sources: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Whose part of a loan is which, as parts of one, by investor.

    `participants` have an average of the loan each; what is left of it is the fund's own, and is shared by those whose
    money the fund has, `own_sources`, in proportion to their averages. What nobody's money stands behind is nobody's.
    Raises AttributionRefused where the participants have more of a loan than there is.
    """
    own = average - sum(participants.values(), Fraction(0))
    if own < 0:
        raise AttributionRefused(
            f"The lenders have {six_decimals(average - own)} of a loan of {six_decimals(average)} on average: "
            f"{six_decimals(-own)} too much. Correct the participations; nothing was changed."
        )
    if not average:
        return {}
    behind = sum(own_sources.values(), Fraction(0))
    parts = {investor: amount / average for investor, amount in participants.items() if amount}
    for investor, amount in own_sources.items():
        if own and amount:
            parts[investor] = parts.get(investor, Fraction(0)) + own / average * amount / behind
    return parts
