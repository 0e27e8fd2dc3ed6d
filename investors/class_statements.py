"""What does a statement say of one class of the fund's capital, and does it add up? A value that ties or is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from moneyed import Money

from investors.domain.capital import CapitalKind
from investors.domain.capital_holding import CapitalHolding, HoldingLine
from loans.statements import Movements, Row, money_rows, must_equal, same_currency, total

MULTIPLE_PLACES = 6
"""Decimals of multiples and rates among the attached figures."""


@dataclass(frozen=True, slots=True)
class ClassHolding:
    """What an investor has in one class over the period, and what moved it; `ranks` is the last rank of the fund.

    `account` is the capital account by kind of movement, as the ledger's entries have it. Raises StatementDoesNotAdd
    unless it begins and ends where the lines of `held` do, and the open calls are what is called.
    """

    held: CapitalHolding
    ranks: int
    account: Movements

    def __post_init__(self) -> None:
        of = f"capital account in {self.code}"
        same_currency(of, (self.account.closing, self.held.account.closing, self.held.commitment.amount))
        moved = total((line.amount for line in self.held.lines), self.account.opening.currency)
        must_equal(f"{of}: the opening balance and its lines", self.account.opening + moved, self.account.closing)
        if self.held.lines:
            must_equal(f"{of}: the lines", self.held.lines[-1].balance, self.account.closing)
        unpaid = total((call.unpaid for call in self.held.calls), self.account.opening.currency)
        must_equal(f"calls on {self.code}: those that are open", unpaid, self.held.commitment.called)

    @property
    def code(self) -> str:
        """The code of the class."""
        return self.held.fund_class.code

    @property
    def name(self) -> str:
        """What the deed calls it."""
        return self.held.fund_class.name

    @property
    def lines(self) -> tuple[HoldingLine, ...]:
        """What moved the capital account, one act after the other, with the reason of each."""
        return self.held.lines

    def moved(self, *kinds: CapitalKind) -> Money:
        """What movements of some kinds come to over the period."""
        return total((self.held.account.total(kind) for kind in kinds), self.account.opening.currency)

    @property
    def income_paid(self) -> Money:
        """Income that was distributed in the period, as a positive amount."""
        return -self.moved(CapitalKind.INCOME_DISTRIBUTED)

    @property
    def capital_returned(self) -> Money:
        """Capital that was returned in the period, as a positive amount."""
        return -self.moved(CapitalKind.CAPITAL_RETURNED)

    def rows(self, on: tuple[date, date]) -> Iterator[Row]:
        """Every figure that is printed of it; `on` is the first and the last day of the period."""
        item = f"{self.code} {self.name}"
        yield "class", 1, None, item, "rank", self.held.fund_class.rank, f"of {self.ranks}", None
        yield from money_rows("class", 1, on[1], item, list(self._standing()), None)
        yield from self._ratio_rows(item, on[1])
        for section, number, day, what, measure, value, unit, source in self.account.rows("class account", on):
            yield section, number, day, f"{self.code} {what}", measure, value, unit, source
        for number, line in enumerate(self.lines, start=1):
            amounts = (("amount", line.amount), ("balance", line.balance))
            what = f"{self.code} {line.kind.words}"
            yield from money_rows("class movement", number, line.on, what, amounts, line.act)
        for number, call in enumerate(self.held.calls, start=1):
            what, amounts = f"{self.code} call to pay", (("called", call.called), ("unpaid", call.unpaid))
            yield from money_rows("class call", number, call.due_on, what, amounts, f"C-{call.act}")

    def _standing(self) -> Iterator[tuple[str, Money]]:
        stands, earned = self.held.commitment, self.held.earned.multiples
        yield from (("commitment", stands.amount), ("drawn", stands.drawn), ("undrawn", stands.undrawn))
        yield from (("cancelled", stands.cancelled), ("recallable", stands.recallable), ("called", stands.called))
        yield from (("may be called", stands.callable), ("paid in", earned.paid_in))
        yield from (("distributed", earned.distributed), ("net asset value", earned.net_asset_value))
        yield "management fees", self.held.fees
        if self.held.cover is not None:
            cover = self.held.cover
            yield from (("cover used", cover.used), ("cover remaining", cover.remaining))
            yield "cover protects", cover.exposure

    def _ratio_rows(self, item: str, on: date) -> Iterator[Row]:
        """Multiples, cover and rate as fractions; what there is not yet has no row."""
        earned, cover = self.held.earned, self.held.cover
        found = {"dpi": earned.multiples.dpi, "rvpi": earned.multiples.rvpi, "tvpi": earned.multiples.tvpi}
        for measure, value in {**found, "cover ratio": cover.ratio if cover else None}.items():
            if value is not None:
                yield "class", 1, on, item, measure, _decimal(value), "fraction", None
        if earned.rate is not None:
            rate = round(earned.rate.rate, MULTIPLE_PLACES)
            yield "class", 1, on, item, "rate of return", rate, "fraction a year", None


def _decimal(value: Fraction) -> Decimal:
    return round(Decimal(value.numerator) / Decimal(value.denominator), MULTIPLE_PLACES)
