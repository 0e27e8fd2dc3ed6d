"""Holdings that move in from another system, as a program gives them: the same lists as the desk's three files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from commonweal.api.capital_amounts import Amount, Price, minor_of
from commonweal.api.fields import Count, Day, Strict, Text, Word
from investors.domain.moved_in import AMOUNTS, Flow, MovedHolding, MovedIn, PastFlow

if TYPE_CHECKING:
    from ledger.models import Book


class MovedHoldingIn(Strict):
    """What stands of one holder on the evening before the first day here; what is not given is nought."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    investor = Text(max_length=20, help_text="The code of an investor.")
    commitment = Price(required=False, help_text="In force: drawn + undrawn − cancelled + recallable.")
    drawn = Price(required=False, help_text="Paid in, less what was returned and may be called again.")
    undrawn = Price(required=False)
    cancelled = Price(required=False)
    recallable = Price(required=False)
    paid_in = Price(required=False)
    income = Price(required=False)
    fees = Price(required=False)
    losses = Price(required=False)
    income_paid = Price(required=False)
    capital_returned = Price(required=False)
    called = Price(required=False, help_text="Called and not paid yet, of what is undrawn or recallable.")
    called_due = Day(required=False, help_text="When that is due.")


class PastFlowIn(Strict):
    """A dated flow from before the first day here."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    investor = Text(max_length=20, help_text="The code of an investor.")
    on = Day()
    what = Word(Flow)
    amount = Amount()


class MovedTotalsIn(Strict):
    """The control totals as the other system gives them."""

    holders = Count(min_value=0, max_value=1_000_000)
    commitment = Price()
    drawn = Price()
    undrawn = Price()
    cancelled = Price()
    recallable = Price()
    paid_in = Price()
    income = Price()
    fees = Price()
    losses = Price()
    income_paid = Price()
    capital_returned = Price()
    called = Price()
    capital = Price(help_text="Of all capital accounts together.")
    surplus_left = Price(help_text="What stays on 3010, because it is nobody's.")


class MovedInIn(Strict):
    """Holdings from another system, with their history; a row is named by its place, the first being 1."""

    holdings = serializers.ListField(child=MovedHoldingIn(), min_length=1, max_length=10_000)
    history = serializers.ListField(child=PastFlowIn(), max_length=100_000)
    totals = MovedTotalsIn()


def moved_in_said(book: Book, said: Mapping[str, Any]) -> dict[str, Any]:
    """Holdings with their history and totals, as the lists of files say them."""
    holdings = tuple(
        MovedHolding(
            row,
            one["fund_class"],
            one["investor"],
            **{name: minor_of(book, one[name], name) if name in one else 0 for name in AMOUNTS},
            called_due=one.get("called_due"),
        )
        for row, one in enumerate(said["holdings"], 1)
    )
    history = tuple(
        PastFlow(row, one["fund_class"], one["investor"], one["on"], Flow(one["what"]), minor_of(book, one["amount"]))
        for row, one in enumerate(said["history"], 1)
    )
    totals = {
        name.replace("_", " "): value if name == "holders" else minor_of(book, value, name)
        for name, value in said["totals"].items()
    }
    return MovedIn(holdings, history, totals).asked()
