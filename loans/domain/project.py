"""Who else pays for the project that a loan is for, and which share of it is the loan's?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from moneyed import Money

from loans.domain.errors import FundingRefused


class FundingKind(StrEnum):
    """What kind of money it is."""

    GRANT = "grant"
    LOAN = "loan"
    EQUITY = "equity"
    OWN_MONEY = "own_money"

    @property
    def words(self) -> str:
        """The kind as it stands on a page."""
        return {
            FundingKind.GRANT: "grant",
            FundingKind.LOAN: "loan",
            FundingKind.EQUITY: "equity or community shares",
            FundingKind.OWN_MONEY: "own money",
        }[self]


class FundingStatus(StrEnum):
    """How far the money has come."""

    APPLIED = "applied"
    AGREED = "agreed"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"


SECURED = (FundingStatus.AGREED, FundingStatus.RECEIVED)

MOVES: dict[FundingStatus, frozenset[FundingStatus]] = {
    FundingStatus.APPLIED: frozenset(FundingStatus),
    FundingStatus.AGREED: frozenset({FundingStatus.AGREED, FundingStatus.RECEIVED, FundingStatus.WITHDRAWN}),
    FundingStatus.RECEIVED: frozenset({FundingStatus.RECEIVED, FundingStatus.WITHDRAWN}),
    FundingStatus.WITHDRAWN: frozenset({FundingStatus.APPLIED, FundingStatus.AGREED}),
}
"""Where each state leads; staying in it corrects the amount."""


@dataclass(frozen=True, slots=True)
class Part:
    """One funder's part of a project."""

    amount: Money
    status: FundingStatus


@dataclass(frozen=True, slots=True)
class Project:
    """A project's money: the loan, what others have agreed to or paid, and what is only applied for."""

    loan: Money
    secured: Money
    applied: Money

    @property
    def total(self) -> Money:
        """The whole, with what is only applied for."""
        return self.loan + self.secured + self.applied

    @property
    def loan_share(self) -> Fraction:
        """The loan's share of the whole."""
        return Fraction(self.loan.amount) / Fraction(self.total.amount)

    @property
    def secured_share(self) -> Fraction:
        """Which share of the whole is agreed or received, the loan among it."""
        return 1 - Fraction(self.applied.amount) / Fraction(self.total.amount)


def project(loan: Money, parts: Iterable[Part]) -> Project:
    """What the parts of others make with the loan; what was withdrawn counts for nothing.

    >>> from moneyed import Money
    >>> pounds = lambda amount: Money(amount, "GBP")
    >>> parts = [Part(pounds("20000"), FundingStatus.AGREED), Part(pounds("5000"), FundingStatus.WITHDRAWN)]
    >>> project(pounds("30000"), parts).loan_share
    Fraction(3, 5)
    """
    told, nought = tuple(parts), loan * 0
    secured = sum((part.amount for part in told if part.status in SECURED), nought)
    applied = sum((part.amount for part in told if part.status is FundingStatus.APPLIED), nought)
    return Project(loan, secured, applied)


def refuse_move(funder: str, before: FundingStatus, after: FundingStatus) -> None:
    """Raise FundingRefused where one state does not lead to another."""
    if after not in MOVES[before]:
        raise FundingRefused(
            "status",
            f"The money of {funder} is {before}, which does not lead to {after}. Look at what is recorded; "
            "nothing was changed.",
        )
