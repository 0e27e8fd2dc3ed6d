"""What does an investor's statement say, and does it add up? Values that refuse to exist when figures do not tie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from moneyed import Currency, Money

from investors.class_statements import ClassHolding
from investors.impact import Impact
from loans.statements import (
    Balance,
    KnownSince,
    Movements,
    Party,
    Row,
    StatementDoesNotAdd,
    StatementHead,
    must_equal,
    same_currency,
    total,
)


@dataclass(frozen=True, slots=True)
class Holding:
    """One participation over the period; every amount is given as a positive one.

    `added` is principal that no money made, such as capitalised interest; `came_back` came in after a loss; `bought` is
    principal bought from other lenders, less what was sold to them. Raises StatementDoesNotAdd unless opening, what was
    funded, added and bought, less what was returned and lost, is closing.
    """

    loan: str
    borrower: str
    place: str
    rank: int
    ranks: int
    share: Decimal
    opening: Money
    funded: Money
    returned: Money
    closing: Money
    interest_earned: Money
    interest_received: Money
    added: Money
    lost: Money
    came_back: Money
    bought: Money | None = None
    days_late: int = 0
    ended: str = ""
    """How the loan ended, in a word or two; nothing while it runs."""

    sharing: str = ""
    """What the ranks decide, in a sentence; nothing where they decide nothing."""

    own_terms: str = ""
    """What is agreed with this lender alone; nothing where it has the loan's terms."""

    def __post_init__(self) -> None:
        same_currency(f"participation in {self.loan}", (*self.amounts(), *self.losses(), self.changed_hands))
        of = f"participation in {self.loan}: opening, funded, added and bought, less returned and lost,"
        came, went = self.funded + self.added + self.changed_hands, self.returned + self.lost
        must_equal(of, self.opening + came - went, self.closing)
        is_sold = self.share == 0 and not self.closing
        if not (is_sold or 0 < self.share <= 1):
            raise StatementDoesNotAdd(
                f"participation in {self.loan}: a share of {self.share} is not between 0 and 1. "
                "Correct the participations; nothing was issued."
            )

    def amounts(self) -> tuple[Money, ...]:
        """Opening, funded, returned, closing, interest earned and interest received, in the order of the columns."""
        return (
            *(self.opening, self.funded, self.returned, self.closing),
            *(self.interest_earned, self.interest_received),
        )

    @property
    def changed_hands(self) -> Money:
        """Principal bought from other lenders, less what was sold to them."""
        return self.bought if self.bought is not None else 0 * self.opening

    def losses(self) -> tuple[Money, ...]:
        """What was added without money, lost, and came back: printed only where one of them is not nought."""
        return self.added, self.lost, self.came_back


@dataclass(frozen=True, slots=True)
class HoldingTotals:
    """The columns of all holdings, added up."""

    opening: Money
    funded: Money
    returned: Money
    closing: Money
    interest_earned: Money
    interest_received: Money
    added: Money
    lost: Money
    came_back: Money
    bought: Money

    @property
    def has_losses(self) -> bool:
        """Whether principal was added without money, lost, or came back."""
        return bool(self.added or self.lost or self.came_back)


@dataclass(frozen=True, slots=True)
class Note:
    """A titled paragraph: a point of method, or something the reader must know."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class InvestorStatement:
    """Everything that an investor's statement prints.

    `cash` is what the fund owes the investor and has neither lent nor paid out;
    `balances` holds the principal at each quarter end, the last at the end of the period; `classes` is what it has in
    the fund's own capital, by rank.
    Raises StatementDoesNotAdd when two of its tables disagree.
    """

    head: StatementHead
    investor: Party
    code: str
    holdings: tuple[Holding, ...]
    cash: Movements
    balances: tuple[Balance, ...]
    impact: Impact | None = None
    remarks: tuple[Note, ...] = ()
    method: tuple[Note, ...] = ()
    since: tuple[KnownSince, ...] = ()
    """What became known since its reader's earlier statements."""

    classes: tuple[ClassHolding, ...] = ()

    def __post_init__(self) -> None:
        amounts = [amount for holding in self.holdings for amount in holding.amounts()]
        capital = [one.account.closing for one in self.classes]
        same_currency(f"statement for {self.code}", (self.cash.opening, *amounts, *capital))
        if self.balances:
            of = f"statement for {self.code}: the chart's last balance does"
            must_equal(of, self.balances[-1].amount, self.totals.closing)

    @property
    def currency(self) -> Currency:
        """The currency of every amount on it."""
        return self.cash.opening.currency

    @property
    def totals(self) -> HoldingTotals:
        """The columns added up; nought where there are no holdings."""
        rows = ((*holding.amounts(), *holding.losses(), holding.changed_hands) for holding in self.holdings)
        columns: Iterable[tuple[Money, ...]] = zip(*rows, strict=True)
        sums = [total(column, self.currency) for column in columns] or [Money(0, self.currency)] * 10
        return HoldingTotals(*sums)

    @property
    def is_of_classes_alone(self) -> bool:
        """Whether all that the investor has is in the fund's own capital."""
        return bool(self.classes and not self.holdings)

    @property
    def capital(self) -> Money:
        """What all its capital accounts stand at."""
        return total((one.account.closing for one in self.classes), self.currency)

    @property
    def ranks_decide(self) -> bool:
        """Whether in any of its loans the ranks decide something."""
        return any(holding.sharing for holding in self.holdings)

    @property
    def sold(self) -> tuple[Holding, ...]:
        """The holdings of which something was bought or sold in the period."""
        return tuple(holding for holding in self.holdings if holding.changed_hands)

    @property
    def late(self) -> tuple[Holding, ...]:
        """The holdings with anything past due at the end of the period."""
        return tuple(holding for holding in self.holdings if holding.days_late)

    def as_rows(self) -> tuple[Row, ...]:
        """Every figure that is printed, one a row, under `loans.statements.COLUMNS`."""
        return (
            *self.head.rows(),
            ("investor", 1, None, None, "name", self.investor.name, None, None),
            ("investor", 2, None, None, "code", self.code, None, None),
            *self._holding_rows(),
            *self._total_rows(),
            *self.cash.rows("cash", (self.head.period_start, self.head.last_day)),
            *self._balance_rows(),
            *(row for one in self.classes for row in one.rows((self.head.period_start, self.head.last_day))),
            *(self.impact.rows() if self.impact else ()),
            *(cell for known in self.since for cell in known.cells()),
        )

    def _holding_rows(self) -> Iterator[Row]:
        unit = self.currency.code
        for number, holding in enumerate(self.holdings, start=1):
            item = f"{holding.loan} {holding.borrower}, {holding.place}"
            yield "holding", number, None, item, "rank", holding.rank, f"of {holding.ranks}", None
            yield "holding", number, None, item, "share", holding.share, "fraction", None
            yield "holding", number, None, item, "days late", holding.days_late, "days", None
            for measure, words in (("sharing", holding.sharing), ("own terms", holding.own_terms)):
                if words:
                    yield "holding", number, None, item, measure, words, None, None
            amounts = holding.amounts() + (holding.losses() if any(holding.losses()) else ())
            for measure, amount in zip((*MEASURES, *LOSS_MEASURES), amounts, strict=False):
                yield "holding", number, None, item, measure, amount.amount, unit, None
            if holding.changed_hands:
                yield "holding", number, None, item, BOUGHT, holding.changed_hands.amount, unit, None

    def _total_rows(self) -> Iterator[Row]:
        totals = self.totals
        measures = (*MEASURES, *LOSS_MEASURES) if totals.has_losses else MEASURES
        for measure, name in zip(measures, HoldingTotals.__slots__, strict=False):
            yield "total", 1, self.head.last_day, None, measure, getattr(totals, name).amount, self.currency.code, None
        if any(holding.changed_hands for holding in self.holdings):
            yield "total", 1, self.head.last_day, None, BOUGHT, totals.bought.amount, self.currency.code, None

    def _balance_rows(self) -> Iterator[Row]:
        for number, balance in enumerate(self.balances, start=1):
            amount = balance.amount.amount
            yield "balance", number, balance.on, None, "principal", amount, self.currency.code, None


MEASURES = (
    *("opening principal", "funded", "principal returned", "closing principal"),
    *("interest fallen due", "interest received"),
)
"""What the six amounts of a holding are called in the attached figures."""

BOUGHT = "principal bought, less sold"
"""What changed hands, where anything did."""

LOSS_MEASURES = ("principal added without money", "principal lost", "came back after a loss")
"""The same for its three amounts about losses, where there are any."""
