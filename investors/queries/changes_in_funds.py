"""How did the money of each investor change over a period? From the ledger, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Exists, F, Func, OuterRef, QuerySet, Sum, Value, When

from investors.domain.entries import INTEREST_PASSED_ON, LOSSES_BORNE
from investors.models import Investor
from ledger.domain.chart import OPENING_BALANCES
from ledger.domain.entry import BROUGHT_IN, Kind
from ledger.queries import CASH, postings

if TYPE_CHECKING:
    from ledger.models import Book

INVESTORS_NODES = ("2410", "2420", "2425", "2510", "3110")
"""Lines of the chart on which an investor's money stands: in loans, in interest, held for it, and in the fund."""


class Why(StrEnum):
    """Why an investor's money changed."""

    PAID_IN = "paid in"
    PAID_OUT = "paid out"
    INTEREST = "interest"
    RESULT = "share of the result"
    LOSSES = "losses"
    BROUGHT_IN = "brought in"
    GRANTED = "given as grants"
    BETWEEN = "between investors"


@dataclass(frozen=True, slots=True)
class InvestorChanges:
    """One investor over a period, in minor units: opening, what changed by why, and closing."""

    investor: Investor
    opening: int
    changes: dict[Why, int]

    @property
    def closing(self) -> int:
        """What stands for the investor at the end."""
        return self.opening + sum(self.changes.values())


def changes_in_funds(book: Book, from_on: date, to_on: date) -> list[InvestorChanges]:
    """Every investor for whom something stood or moved, by name; both days are inclusive.

    What was paid out is with the tax that was withheld from it, and less what came back. Losses are less what came back
    of them, with the interest that was given up in the same entry. What investors sold
    to each other sums to nought over all.
    """
    before = _theirs(book).filter(effective_on__lt=from_on)
    opening: dict[str, int] = dict(before.values_list("holder").annotate(minor=-Sum("amount")).order_by("holder"))
    moved: dict[str, dict[Why, int]] = defaultdict(lambda: dict.fromkeys(Why, 0))
    found = _theirs(book).filter(effective_on__gte=from_on, effective_on__lte=to_on).annotate(why=_why(book))
    for holder, why, minor in (
        found.values_list("holder", "why").annotate(minor=-Sum("amount")).order_by("holder", "why")
    ):
        moved[holder][Why(why)] += minor
    known = Investor.objects.filter(code__in={*opening, *moved}).order_by("name", "pk")
    return [InvestorChanges(one, opening.get(one.code, 0), moved[one.code]) for one in known]


def _theirs(book: Book) -> QuerySet[Any]:
    """The postings on investors' accounts, each with its holder: the last part of the account's code."""
    holder = Func(F("account__code"), Value("/"), Value(-1), function="split_part", output_field=CharField())
    found = postings(book).filter(account__node__code__in=INVESTORS_NODES, account__currency=book.base_currency)
    return found.order_by().annotate(holder=holder)


def _why(book: Book) -> Case:
    """Why an entry changes what investors have: what other books stood at, or by the account on its other side."""

    def moves(**account: object) -> Exists:
        return Exists(postings(book).filter(entry=OuterRef("entry"), **account))

    return Case(
        When(entry__kind__in=BROUGHT_IN, then=Value(Why.BROUGHT_IN)),
        When(entry__reverses__kind__in=BROUGHT_IN, then=Value(Why.BROUGHT_IN)),
        When(moves(account__code=LOSSES_BORNE), then=Value(Why.LOSSES)),
        When(moves(account__code=INTEREST_PASSED_ON), then=Value(Why.INTEREST)),
        When(moves(account__code=OPENING_BALANCES), then=Value(Why.BROUGHT_IN)),
        When(entry__kind=Kind.CONTRIBUTION, then=Value(Why.PAID_IN)),
        When(entry__reverses__kind=Kind.CONTRIBUTION, then=Value(Why.PAID_IN)),
        When(entry__kind=Kind.RESULT, then=Value(Why.RESULT)),
        When(entry__reverses__kind=Kind.RESULT, then=Value(Why.RESULT)),
        When(entry__kind=Kind.GRANT, then=Value(Why.GRANTED)),
        When(entry__reverses__kind=Kind.GRANT, then=Value(Why.GRANTED)),
        When(entry__kind=Kind.PAYOUT, then=Value(Why.PAID_OUT)),
        When(entry__reverses__kind=Kind.PAYOUT, then=Value(Why.PAID_OUT)),
        When(moves(account__node__code__in=CASH), then=Value(Why.PAID_OUT)),
        default=Value(Why.BETWEEN),
        output_field=CharField(),
    )
