"""What did an investor's money earn? Multiples of what was paid in, and the rate that its cash flows come to.

Cash flows are seen by the investor: paid in is negative, received positive, and what it still has is received on the
last day. `docs/maths/capital-accounts.md` works an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import NoReturn, SeveralReturns
from ledger.domain.words import date_text
from loans.domain.present_value import Flow
from loans.domain.rates import DAYS, EXACTLY, in_percent
from loans.domain.roots import NoRate, every_rate

ALL_LOST = Decimal(-1)
"""The rate where money was paid in, and nothing came back or is left of it."""


@dataclass(frozen=True, slots=True)
class Multiples:
    """Distributions and net asset value over what was paid in, net of fees; None, "not yet", where nothing was.

    DPI is distributions ÷ paid-in, RVPI is net asset value ÷ paid-in, TVPI is their sum. Exact; round to show.
    """

    paid_in: Money
    distributed: Money
    net_asset_value: Money

    @property
    def dpi(self) -> Fraction | None:
        """Distributions to paid-in."""
        return self._over_paid_in(self.distributed)

    @property
    def rvpi(self) -> Fraction | None:
        """Residual value to paid-in."""
        return self._over_paid_in(self.net_asset_value)

    @property
    def tvpi(self) -> Fraction | None:
        """Total value to paid-in."""
        return self._over_paid_in(self.distributed + self.net_asset_value)

    def _over_paid_in(self, value: Money) -> Fraction | None:
        return Fraction(value.amount) / Fraction(self.paid_in.amount) if self.paid_in else None


@dataclass(frozen=True, slots=True)
class RateOfReturn:
    """An effective rate a year (a fraction), and the days that its cash flows span."""

    rate: Decimal
    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        """From the first cash flow to the last."""
        return (self.last_on - self.first_on).days

    @property
    def is_under_a_year(self) -> bool:
        """Whether the rate a year is worked out from less than a year, which a statement has to say."""
        return self.days < DAYS

    @property
    def over_the_period(self) -> Decimal:
        """The rate of the days themselves: (1 + rate)^(days ÷ 365) − 1."""
        if self.rate == ALL_LOST:
            return ALL_LOST
        with localcontext(EXACTLY):
            return (((1 + self.rate).ln() * self.days) / DAYS).exp() - 1

    @property
    def words(self) -> str:
        """The rate as a statement says it."""
        if self.rate == ALL_LOST:
            return f"{_percent(ALL_LOST)}: all that was paid in is lost"
        a_year = f"{_percent(self.rate)} a year"
        if not self.is_under_a_year:
            return a_year
        return f"{_percent(self.over_the_period)} in {self.days} days, which would be {a_year}"


def _percent(rate: Decimal) -> str:
    """A rate in percent with two decimals, and the minus sign that amounts have."""
    return f"{in_percent(rate, 2)}%".replace("-", "−")


def rate_of_return(flows: Sequence[tuple[date, Money]]) -> RateOfReturn:
    """The rate r a year with Σ flow ÷ (1 + r)^(days ÷ 365) = 0, days from the earliest flow: XIRR of spreadsheets.

    Money paid in with a nought on a later last day is lost, and its return −100%, the limit of (left ÷ paid in)^(365 ÷
    days) − 1 as what is left goes to nought. Raises NoReturn where all flows go one way otherwise, and SeveralReturns
    where more than one rate satisfies them: then none is the return. No other rate below −99.9999999999% is looked for.
    """
    days = [on for on, _ in flows]
    first = min(days, default=date.max)
    if _is_lost(flows):
        return RateOfReturn(ALL_LOST, first, max(days))
    try:
        rates = every_rate(Flow(amount.amount, Fraction((on - first).days, DAYS)) for on, amount in flows)
    except NoRate:
        rates = ()
    if not rates:
        raise NoReturn(
            "These cash flows have no rate of return: it needs money paid in (minus) and money received (plus), on "
            "different days. Look at them, or wait; nothing was changed."
        )
    if len(rates) > 1:
        found = " and ".join(map(_percent, rates))
        raise SeveralReturns(
            f"The cash flows from {date_text(first)} to {date_text(max(days))} change their direction more than once, "
            f"and {found} a year all satisfy them, so none is the return. Show the multiples instead; nothing was "
            "changed."
        )
    return RateOfReturn(rates[0], first, max(days))


def _is_lost(flows: Sequence[tuple[date, Money]]) -> bool:
    """Whether money was paid in, none came back, and what is left of it on a later day is nought."""
    paid_in = [on for on, amount in flows if amount.amount < 0]
    left = max((on for on, amount in flows if not amount), default=date.min)
    return bool(paid_in) and left > max(paid_in) and all(amount.amount <= 0 for _, amount in flows)
