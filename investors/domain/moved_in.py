"""What did each investor have in a fund on the evening before it came here, and do the figures tie?

Three lists are read: what stands for each holder, a class and an investor; the dated flows of its whole life; and the
control totals as the other system gives them. All amounts are in minor units and not below nought.

    commitment = drawn + undrawn − cancelled + recallable
    capital account = paid in + income − fees − losses − income paid − capital returned
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from investors.domain.capital_act import ActLine, Effect, Holder
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text

SURPLUS_LEFT = "surplus left"


class Sheet(StrEnum):
    """The lists that holdings move in with; as CSV, a file for each."""

    HOLDINGS = "Holdings"
    HISTORY = "History"
    TOTALS = "Control totals"


class Flow(StrEnum):
    """What a line of history was: money from the investor, or to it."""

    PAID_IN = "paid in"
    INCOME_PAID = "income paid"
    CAPITAL_RETURNED = "capital returned"


@dataclass(frozen=True, slots=True)
class MovedHolding:
    """What stands of one holder; `row` is where its list has it, the headings being row 1."""

    row: int
    fund_class: str
    investor: str
    commitment: int
    drawn: int
    undrawn: int
    cancelled: int
    recallable: int
    paid_in: int
    income: int
    fees: int
    losses: int
    income_paid: int
    capital_returned: int
    called: int = 0
    called_due: date | None = None

    @property
    def holder(self) -> Holder:
        """Whose it is."""
        return self.fund_class, self.investor

    @property
    def capital(self) -> int:
        """What the capital account stands at."""
        return (
            self.paid_in + self.income - self.fees - self.losses - self.income_paid - self.capital_returned
        )  # fmt: skip

    def flows(self) -> dict[Flow, int]:
        """What the history has to add up to."""
        return {
            Flow.PAID_IN: self.paid_in,
            Flow.INCOME_PAID: self.income_paid,
            Flow.CAPITAL_RETURNED: self.capital_returned,
        }

    def lines(self) -> list[ActLine]:
        """What the act does to the holder, in an order in which a commitment can take it; nothing for nought."""
        parts = {
            Effect.MOVED_DRAWN: self.drawn,
            Effect.MOVED_RECALLABLE: self.recallable,
            Effect.MOVED_UNDRAWN: self.undrawn,
            Effect.MOVED_CANCELLED: self.cancelled,
            Effect.CALLED: self.called,
            Effect.MOVED_PAID_IN: self.paid_in,
            Effect.MOVED_INCOME: self.income,
            Effect.MOVED_FEE: -self.fees,
            Effect.MOVED_LOST: -self.losses,
            Effect.MOVED_INCOME_PAID: -self.income_paid,
            Effect.MOVED_CAPITAL_BACK: -self.capital_returned,
        }
        return [ActLine(*self.holder, effect, minor) for effect, minor in parts.items() if minor]


AMOUNTS = tuple(
    name for name in MovedHolding.__dataclass_fields__ if name not in ("row", "fund_class", "investor", "called_due")
)
"""The amounts of a holding, in the order in which they are documented."""


@dataclass(frozen=True, slots=True)
class PastFlow:
    """A dated flow between an investor and the fund before it came here."""

    row: int
    fund_class: str
    investor: str
    on: date
    what: Flow
    minor: int

    @property
    def signed(self) -> int:
        """The flow as its investor sees it: paid in is negative, received positive."""
        return -self.minor if self.what is Flow.PAID_IN else self.minor


TOTALS = ("holders", *(name.replace("_", " ") for name in AMOUNTS), "capital", SURPLUS_LEFT)
"""The control totals, each of them once; `surplus left` is what stays on 3010 and is nobody's."""


@dataclass(frozen=True, slots=True)
class MovedIn:
    """All that moves in with an act, as it was asked for."""

    holdings: tuple[MovedHolding, ...]
    history: tuple[PastFlow, ...]
    totals: Mapping[str, int]

    def asked(self) -> dict[str, Any]:
        """The values of JSON that an act keeps; `moved_in_asked` reads them."""
        return {
            "holdings": [
                {**asdict(one), "called_due": one.called_due and one.called_due.isoformat()} for one in self.holdings
            ],
            "history": [{**asdict(one), "on": one.on.isoformat(), "what": one.what.value} for one in self.history],
            "totals": dict(self.totals),
        }

    def made(self, surplus: int) -> dict[str, int]:
        """What the rows make of each control total, where `surplus` stands on 3010 before."""
        sums = {name.replace("_", " "): sum(getattr(one, name) for one in self.holdings) for name in AMOUNTS}
        capital = sum(one.capital for one in self.holdings)
        return {"holders": len(self.holdings), **sums, "capital": capital, SURPLUS_LEFT: surplus - capital}


def moved_in_asked(asked: Mapping[str, Any]) -> MovedIn:
    """What an act keeps, as values."""
    return MovedIn(
        tuple(moved_holding(one) for one in asked["holdings"]),
        tuple(past_flow(one) for one in asked["history"]),
        asked["totals"],
    )


def moved_holding(kept: Mapping[str, Any]) -> MovedHolding:
    """A holding as an act keeps it."""
    due = kept.get("called_due")
    return MovedHolding(**{**kept, "called_due": date.fromisoformat(due) if due else None})


def past_flow(kept: Mapping[str, Any]) -> PastFlow:
    """A line of history as an act keeps it."""
    return PastFlow(**{**kept, "on": date.fromisoformat(kept["on"]), "what": Flow(kept["what"])})


def faults(moved: MovedIn, *, on: date, surplus: int, currency: str) -> list[str]:
    """All that does not tie, each with its list, row, figure and what to do; nothing where all is well.

    `on` is the first day here, `surplus` what stands on 3010 for all owners together.
    """

    def told(minor: int) -> str:
        return money_text(from_minor(minor, currency))

    return [
        *_told_twice(moved.holdings),
        *(said for one in moved.holdings for said in _untied(one, told)),
        *_history_faults(moved, on, told),
        *_totals_that_differ(moved.totals, moved.made(surplus), told),
        *_above_surplus(moved.made(surplus), surplus, told),
    ]


def _told_twice(holdings: Sequence[MovedHolding]) -> list[str]:
    count = Counter(one.holder for one in holdings)
    return [
        f"{_place(one)}: {_who(one)} stands there {count[one.holder]} times. Make one row of them."
        for one in {each.holder: each for each in holdings}.values()
        if count[one.holder] > 1
    ]


def _untied(one: MovedHolding, told: Any) -> Iterable[str]:
    makes = one.drawn + one.undrawn - one.cancelled + one.recallable
    if makes != one.commitment:
        yield (
            f"{_place(one)}: {_who(one)} has a commitment of {told(one.commitment)}, and drawn + undrawn − cancelled + "
            f"recallable make {told(makes)}, a difference of {told(abs(makes - one.commitment))}. Correct one of them."
        )
    if one.cancelled > one.undrawn + one.recallable:
        yield (
            f"{_place(one)}: {_who(one)} has {told(one.cancelled)} cancelled, more than the "
            f"{told(one.undrawn + one.recallable)} that is undrawn or recallable. Correct one of them."
        )
    if one.called > (most := one.undrawn - one.cancelled + one.recallable) and most >= 0:
        yield (
            f"{_place(one)}: {_who(one)} has {told(one.called)} called and unpaid, {told(one.called - most)} more than "
            f"the {told(most)} that could be called. Correct one of them."
        )
    if bool(one.called) is (one.called_due is None):
        yield (
            f"{_place(one)}: {_who(one)} has {told(one.called)} called and unpaid, and "
            f"{f'{date_text(one.called_due)} as the day' if one.called_due else 'no day'} on which it is due. Give "
            "both, or neither."
        )
    least = max(one.paid_in - one.capital_returned, 0)
    if not least <= one.drawn <= one.paid_in:
        yield (
            f"{_place(one)}: {_who(one)} has {told(one.drawn)} drawn, and what was paid in and returned allows from "
            f"{told(least)} to {told(one.paid_in)}. Drawn is paid in, less what was returned and may be called again."
        )
    if one.capital < 0:
        yield (
            f"{_place(one)}: the capital account of {_who(one)} would stand {told(-one.capital)} below nought. Correct "
            "what was paid in, earned, borne or paid out."
        )


def _history_faults(moved: MovedIn, on: date, told: Any) -> Iterable[str]:
    sums: dict[tuple[Holder, Flow], int] = defaultdict(int)
    known = {one.holder for one in moved.holdings}
    for flow in moved.history:
        sums[(flow.fund_class, flow.investor), flow.what] += flow.minor
        if flow.on >= on:
            yield (
                f"{Sheet.HISTORY}, row {flow.row}: {date_text(flow.on)} is not before {date_text(on)}, the first day "
                "here. Leave the line out, or move in on a later day."
            )
        if (flow.fund_class, flow.investor) not in known:
            yield (
                f"{Sheet.HISTORY}, row {flow.row}: {Sheet.HOLDINGS} has no row of {flow.investor} in "
                f"{flow.fund_class}. Add it, or leave the line out."
            )
    for one in moved.holdings:
        for what, stands in one.flows().items():
            if (said := sums[one.holder, what]) != stands:
                yield (
                    f"{_place(one)}: {_who(one)} has {told(stands)} {what}, and its lines in {Sheet.HISTORY} come to "
                    f"{told(said)}, a difference of {told(abs(said - stands))}. Add or correct the line that differs."
                )


def _totals_that_differ(given: Mapping[str, int], made: Mapping[str, int], told: Any) -> Iterable[str]:
    for name, value in made.items():
        said = given.get(name)
        words = str if name == "holders" else told
        if said is None:
            yield f"{Sheet.TOTALS}: “{name}” is missing. Add it as the other system gives it, nought included."
        elif said != value:
            yield (
                f"{Sheet.TOTALS}: “{name}” says {words(said)}, and the rows make {words(value)}, a difference of "
                f"{words(abs(said - value))}. Find the row that differs, or correct the total."
            )


def _above_surplus(made: Mapping[str, int], surplus: int, told: Any) -> Iterable[str]:
    if made["capital"] > surplus:
        yield (
            f"{Sheet.HOLDINGS}: the capital accounts come to {told(made['capital'])}, "
            f"{told(made['capital'] - surplus)} more than the {told(surplus)} that stand on 3010. "
            "Move the opening trial balance in first, with the "
            "investors’ capital in its line of 3010, or correct the row that is too high."
        )


def _place(one: MovedHolding) -> str:
    return f"{Sheet.HOLDINGS}, row {one.row}"


def _who(one: MovedHolding) -> str:
    return f"{one.investor} in {one.fund_class}"
