"""Which figures of a business's accounts are kept, what does each mean, and which cannot be right?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from borrowers.domain.errors import AccountsMalformed, AccountsTooEarly
from borrowers.domain.words import date_text

MAX_AMOUNT = Decimal(10) ** 12
PLACES = 2
LONGEST = timedelta(days=366 + 184)
"""The longest financial year: eighteen months, as company law allows."""

CURRENCIES = ("GBP", "EUR")
"""Currencies that accounts are kept in."""


class AccountsKind(StrEnum):
    """How a set of accounts was made; of the same days, the later one here counts before the earlier."""

    MANAGEMENT = "management"
    ANNUAL = "annual"
    AUDITED = "audited"

    @property
    def words(self) -> str:
        """The kind as it stands on a page."""
        return {
            AccountsKind.MANAGEMENT: "management accounts",
            AccountsKind.ANNUAL: "annual accounts",
            AccountsKind.AUDITED: "audited or examined accounts",
        }[self]


class Line(StrEnum):
    """The smallest list of figures from which a lender's usual covenants can be computed.

    The first five are flows of the period, the others stand on its last day.
    """

    INCOME = "income"
    COSTS = "costs"
    DEPRECIATION = "depreciation"
    INTEREST = "interest"
    LOAN_REPAYMENTS = "loan_repayments"
    CASH = "cash"
    CURRENT_ASSETS = "current_assets"
    CURRENT_LIABILITIES = "current_liabilities"
    TOTAL_DEBT = "total_debt"
    NET_ASSETS = "net_assets"
    GRANTS_AHEAD = "grants_ahead"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """The figure's name."""
        return _SAID[self][0]

    @property
    def question(self) -> str:
        """The figure as somebody without an accountant is asked for it."""
        return _SAID[self][1]

    @property
    def hint(self) -> str:
        """What belongs to it, and what does not."""
        return _SAID[self][2]

    @property
    def is_flow(self) -> bool:
        """Whether it adds up over the days of a period, rather than standing on its last one."""
        return self in FLOWS


FLOWS = (Line.INCOME, Line.COSTS, Line.DEPRECIATION, Line.INTEREST, Line.LOAN_REPAYMENTS)

_SAID: dict[Line, tuple[str, str, str]] = {
    Line.INCOME: (
        "Income",
        "How much money did you earn?",
        "Sales, rents, fees and grants for running costs. Not loans, and not grants to buy something lasting.",
    ),
    Line.COSTS: (
        "Running costs",
        "What did it cost to run?",
        "Goods, wages, rent, energy. Not interest, not what you paid back on loans, not depreciation.",
    ),
    Line.DEPRECIATION: (
        "Depreciation",
        "How much did you write off for wear?",
        "Depreciation of what you own, such as fridges or a van.",
    ),
    Line.INTEREST: ("Interest paid", "How much interest did you pay?", "On all your loans, ours among them."),
    Line.LOAN_REPAYMENTS: (
        "Loan repayments",
        "How much did you pay back on loans?",
        "On all your loans, ours among them, without the interest.",
    ),
    Line.CASH: ("Cash", "How much money do you have?", "At the bank and in the till. An overdraft is money owed."),
    Line.CURRENT_ASSETS: (
        "Current assets",
        "What do you have that turns into money within a year?",
        "The money you have, stock, and what customers owe you.",
    ),
    Line.CURRENT_LIABILITIES: (
        "Current liabilities",
        "What do you owe that must be paid within a year?",
        "Bills, taxes, wages, and the loan payments of the next twelve months.",
    ),
    Line.TOTAL_DEBT: (
        "Total debt",
        "How much do you owe on loans in all?",
        "All loans, overdrafts and hire purchase, ours among them.",
    ),
    Line.NET_ASSETS: (
        "Net assets",
        "What would be left if everything was paid?",
        "All that you own less all that you owe; with a minus where you owe more.",
    ),
    Line.GRANTS_AHEAD: (
        "Grants ahead",
        "How much grant money have you had that is not counted as income yet?",
        "Grants that your accounts carry forward (deferred income). They are not in the net assets.",
    ),
    Line.OVERDUE: (
        "Overdue to others",
        "How much should you have paid to others by now?",
        "Taxes, rent, suppliers and other lenders whose date has passed.",
    ),
}

Figures = Mapping[Line, Decimal]
"""The figures that are known, in units of one currency; one that is not known is missing, and is not nought."""


@dataclass(frozen=True, slots=True)
class AccountsSpan:
    """The days that accounts cover: from `start` up to and not including `end`. Raises AccountsMalformed."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise AccountsMalformed(
                f"Accounts from {date_text(self.start)} cannot end on {date_text(self.last_day)}. "
                "Correct the dates; nothing was changed.",
                "last_day",
            )
        if self.end - self.start > LONGEST:
            raise AccountsMalformed(
                f"Accounts from {date_text(self.start)} to {date_text(self.last_day)} are longer than eighteen months. "
                "Give each year by itself; nothing was changed.",
                "last_day",
            )

    @property
    def last_day(self) -> date:
        """The last day that belongs to them."""
        return self.end - timedelta(days=1)

    def refuse_unless_over(self, on: date) -> None:
        """Raise AccountsTooEarly where the last day is not over on `on`."""
        if self.end > on:
            raise AccountsTooEarly(
                f"The time to {date_text(self.last_day)} is not over on {date_text(on)}. "
                f"Give its figures on {date_text(self.end)} or later; nothing was changed.",
                "last_day",
            )


def refuse_malformed_figures(figures: Figures) -> None:
    """Raise AccountsMalformed for figures that cannot be right, by themselves or beside each other."""
    if not figures:
        raise AccountsMalformed("No figure is given. Fill in those that you know; nothing was changed.", "")
    for line, amount in figures.items():
        _refuse_amount(line, amount)
    for part, whole in ((Line.CASH, Line.CURRENT_ASSETS), (Line.OVERDUE, Line.CURRENT_LIABILITIES)):
        if part in figures and whole in figures and figures[part] > figures[whole]:
            raise AccountsMalformed(
                f"{part.label} of {figures[part]:,.2f} is a part of {whole.label.lower()}, which is given as only "
                f"{figures[whole]:,.2f}. Correct one of the two; nothing was changed.",
                part.value,
            )


def surplus(figures: Figures) -> Decimal | None:
    """Income less running costs, depreciation and interest; None unless all four are known.

    >>> given = {Line.INCOME: Decimal(100), Line.COSTS: Decimal(80), Line.DEPRECIATION: Decimal(5)}
    >>> surplus(given), surplus(given | {Line.INTEREST: Decimal(3)})
    (None, Decimal('12'))
    """
    if any(line not in figures for line in (Line.INCOME, Line.COSTS, Line.DEPRECIATION, Line.INTEREST)):
        return None
    return figures[Line.INCOME] - figures[Line.COSTS] - figures[Line.DEPRECIATION] - figures[Line.INTEREST]


def _refuse_amount(line: Line, amount: Decimal) -> None:
    if not amount.is_finite() or abs(amount) >= MAX_AMOUNT:
        raise AccountsMalformed(
            f"{line.label} is no plain amount below a million million. Correct it; nothing was changed.", line.value
        )
    if amount != round(amount, PLACES):
        raise AccountsMalformed(
            f"{line.label} of {amount} has more than {PLACES} decimals. Round it; nothing was changed.", line.value
        )
    if amount < 0 and line is not Line.NET_ASSETS:
        raise AccountsMalformed(
            f"{line.label} of {amount:,.2f} is below nought, which only net assets can be. "
            "An overdraft is debt, and cash is then nought; nothing was changed.",
            line.value,
        )
