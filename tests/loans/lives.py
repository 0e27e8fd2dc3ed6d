"""Random loans and random lives for them: terms of every kind, and whatever may happen, on days that matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.money import from_minor, minor_digits
from loans.domain.allocation import AllocationRule, Component, Instalments
from loans.domain.calendar import BusinessDayConvention, BusinessDays, MonthEnd, Recurrence, interval
from loans.domain.conventions import Amortisation, RateChange, Stub
from loans.domain.day_count import DayCount
from loans.domain.events import (
    Drawn,
    Event,
    FeeCharged,
    HolidayGranted,
    RateChanged,
    Recovered,
    Repaid,
    Restructured,
    Reversed,
    Waived,
    WrittenOff,
)
from loans.domain.fees import SETTLED, FeeKind, FeeSettlement, ProductFee
from loans.domain.rounding import Rounding, RoundingMode
from loans.domain.servicing import DefaultInterest, HolidayInterest, Prepayment, Servicing
from loans.domain.terms import Terms
from tests.loans.naive import due_dates
from tests.loans.tables import ENGLAND

CURRENCIES = st.sampled_from(["GBP", "JPY", "BHD"])
DAY_COUNTS = st.sampled_from(
    [
        DayCount.ACTUAL_365_FIXED,
        DayCount.ACTUAL_360,
        DayCount.ACTUAL_ACTUAL_ISDA,
        DayCount.THIRTY_E_360,
        DayCount.NOMINAL,
    ]
)
AWKWARD_DAYS = st.sampled_from(
    [date(2023, 12, 31), date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28)]
)
ANCHORS = AWKWARD_DAYS | st.dates(date(2019, 1, 1), date(2030, 12, 31))
RATES = st.sampled_from([Decimal(0), Decimal("0.06"), Decimal("0.5")]) | st.decimals(0, Decimal("0.5"), places=4)
LONGEST = {"1M": 120, "3M": 40, "1Y": 8, "2W": 120, "9D": 120}
"""Instalments at most, so that no life is much longer than ten years."""


def rarely(strategy: st.SearchStrategy[Any], otherwise: Any = None) -> st.SearchStrategy[Any]:
    """Something out of the ordinary, about once in eight times."""
    return st.integers(0, 7).flatmap(lambda dice: strategy if dice == 7 else st.just(otherwise))


@dataclass(frozen=True)
class Life:
    """A loan, what happened to it, and the days on which to look."""

    terms: Terms
    events: tuple[Event, ...]
    looks: tuple[date, ...]


@st.composite
def servicings(draw: st.DrawFn) -> Servicing:
    """Any order of claims, any default interest, any use of what is paid early."""
    order = draw(st.just(tuple(Component)) | st.permutations(list(Component)).map(tuple))
    late = st.builds(DefaultInterest, RATES, st.integers(0, 20), st.booleans())
    return Servicing(
        allocation=AllocationRule(order, draw(st.sampled_from(Instalments))),
        prepayment=draw(rarely(st.sampled_from(Prepayment), Prepayment.NEXT_INSTALMENT)),
        default_interest=draw(st.none() | late),
    )


@st.composite
def fees(draw: st.DrawFn, currency: str) -> tuple[ProductFee, ...]:
    """None, or any of those that charge themselves."""
    share = st.decimals(Decimal("0.0001"), Decimal("0.05"), places=4).map(lambda worth: {"share": worth})
    amount = st.integers(1, 9000).map(lambda units: {"amount": from_minor(units, currency).amount})
    found = []
    for kind in (FeeKind.ARRANGEMENT, FeeKind.COMMITMENT, FeeKind.LATE, FeeKind.REARRANGEMENT):
        if draw(st.integers(0, 3)) == 0:
            settlement = draw(st.sampled_from(SETTLED.get(kind, tuple(FeeSettlement))))
            is_share = kind is FeeKind.COMMITMENT or settlement is FeeSettlement.DEDUCTED
            worth = draw(share if is_share else share | amount)
            grace = draw(st.integers(0, 40)) if kind is FeeKind.LATE else 0
            found.append(ProductFee(kind, settlement=settlement, grace_days=grace, **worth))
    return tuple(found)


@st.composite
def cycles(draw: st.DrawFn, after: date | None = None) -> Recurrence:
    """When something falls due: mostly every month; `after` a day where a loan begins anew."""
    every = interval(draw(st.sampled_from(["1M", "1M", "1M", "1M", *LONGEST])))
    month_end = draw(rarely(st.sampled_from(MonthEnd), MonthEnd.CLAMP))
    if after is not None:
        return Recurrence(after, every, after=True, month_end=month_end)
    return Recurrence(draw(ANCHORS), every, draw(st.booleans()), month_end)


@st.composite
def agreements(draw: st.DrawFn, currency: str | None = None, after: date | None = None) -> Terms:
    """Terms of any kind that the simulator knows."""
    cycle = draw(cycles(after))
    longest = LONGEST[str(cycle.every)]
    number = draw(st.integers(1, min(12, longest)) | st.integers(1, min(60, longest)) | st.integers(1, longest))
    kind = draw(st.sampled_from(Amortisation))
    currency = currency or draw(CURRENCIES)
    principal = draw(st.integers(10**4, 10**7) | st.integers(1, 10**10))
    drawn_on = cycle.anchor if cycle.after else cycle.anchor - timedelta(days=draw(st.integers(0, 45)))
    fields: dict[str, Any] = {
        "principal": from_minor(principal, currency),
        "annual_rate": draw(RATES),
        "amortisation": kind,
        "day_count": draw(DAY_COUNTS),
        "drawn_on": drawn_on,
        "servicing": draw(servicings()),
        "fees": draw(st.just(()) | fees(currency)),
        "interest_only_periods": draw(rarely(st.integers(0, number - 1), 0)),
        "rounding": draw(rarely(st.just(Rounding(minor_digits(currency), RoundingMode.HALF_UP)))),
        ("interest_due" if kind is Amortisation.BULLET else "principal_due"): cycle,
    }
    if kind is not Amortisation.EQUAL_PRINCIPAL:
        fields["deferred_interest_periods"] = draw(rarely(st.integers(0, number - 1), 0))
        fields["interest_free_periods"] = draw(rarely(st.integers(0, number - 1), 0))
    if after is None:
        fields["accrued_interest"] = draw(rarely(st.decimals(0, 1000, places=4), Decimal(0)))
    if kind is Amortisation.GIVEN_PAYMENT:
        fields["payment"] = draw(payments(principal, number, cycle)).scaleb(-minor_digits(currency))
    if fields["day_count"] is not DayCount.NOMINAL:
        fields["business_days"] = draw(rarely(business_days()))
    fields |= draw(ends(cycle, number))
    return with_rate_changes(draw, Terms(**fields))


def business_days() -> st.SearchStrategy[BusinessDays]:
    """Rules that move a due date on, with interest that runs to either day."""
    return st.booleans().map(
        lambda adjusted: BusinessDays("GB-ENG", ENGLAND.holidays, BusinessDayConvention.FOLLOWING, adjusted)
    )


def payments(principal: int, number: int, cycle: Recurrence) -> st.SearchStrategy[Decimal]:
    """A given payment, from a little more than any interest to half the loan at once."""
    days = (cycle.nth(2) - cycle.nth(0)).days + 45
    interest = principal * days // 730 + 1
    return st.integers(interest, interest + principal // min(2, number) + 1).map(Decimal)


@st.composite
def ends(draw: st.DrawFn, cycle: Recurrence, number: int) -> dict[str, Any]:
    """Where the loan ends: after so many instalments, or on a day that need not be one of its due dates."""
    last = cycle.nth(number - 1 + int(cycle.after))
    step = (cycle.nth(number + int(cycle.after)) - last).days
    maturity = draw(rarely(st.integers(1, step).map(lambda days: last + timedelta(days=days))))
    if maturity is None:
        return {"instalments": number}
    return {"maturity": maturity, "stub": draw(st.sampled_from(Stub))}


def with_rate_changes(draw: st.DrawFn, terms: Terms) -> Terms:
    """The same terms with up to two agreed changes of rate."""
    assert terms.drawn_on
    assert terms.nominal_maturity
    inner = st.integers(1, max(1, (terms.nominal_maturity - terms.drawn_on).days - 1))
    days = draw(rarely(st.lists(inner, max_size=2, unique=True), []))
    changes = tuple(RateChange(terms.drawn_on + timedelta(days=day), draw(RATES)) for day in sorted(days))
    known = {name: getattr(terms, name) for name in terms.__dataclass_fields__}
    return Terms(**(known | {"rate_changes": changes}))


class Making:
    """A life in the making: what it knows when the next event is drawn."""

    def __init__(self, draw: st.DrawFn, terms: Terms) -> None:
        self.draw, self.terms = draw, terms
        assert terms.drawn_on
        self.start = terms.drawn_on
        self.dates = due_dates(terms.cycle, terms, self.start)
        self.principal = int(terms.principal.amount.scaleb(terms.rounded.places))
        self.events: list[Event] = []

    def day(self) -> date:
        """On a due date, the day before or after, the day of another event, or any day."""
        last = (self.dates[-1] - self.start).days
        near = st.builds(
            lambda due, off: due + timedelta(days=off), st.sampled_from(self.dates[:24]), st.sampled_from([0, 0, -1, 1])
        )
        early = st.integers(0, min(last, 400)).map(lambda days: self.start + timedelta(days=days))
        anywhere = st.integers(0, last + 60).map(lambda days: self.start + timedelta(days=days))
        again = st.sampled_from([event.effective_on for event in self.events] or [self.start])
        return max(self.start, self.draw(near | early | again | anywhere))

    def amount(self) -> Money:
        """Pennies, a part of the principal, about an instalment, or more than everything."""
        level = max(1, self.principal // len(self.dates))
        units = self.draw(
            st.integers(1, 100)
            | st.integers(1, max(1, level * 2))
            | st.integers(1, max(1, self.principal // 3))
            | st.sampled_from([level, self.principal])
        )
        return from_minor(units, self.terms.currency)

    def happen(self, kind: Callable[..., Event], **fields: object) -> None:
        self.events.append(kind(self.day(), len(self.events) + 1, **fields))

    # What may happen

    def begin(self) -> None:
        """The first drawdown: all, or a part."""
        part = self.draw(st.sampled_from([self.principal, self.principal, max(1, self.principal // 2)]))
        self.events.append(Drawn(self.start, 1, from_minor(part, self.terms.currency)))

    def draw_more(self) -> None:
        self.happen(Drawn, amount=self.amount())

    def repay(self) -> None:
        self.happen(Repaid, amount=self.amount(), prepayment=self.draw(st.none() | st.sampled_from(Prepayment)))

    def settle(self) -> None:
        amount = self.draw(st.sampled_from([1, 2])) * self.amount()
        self.happen(Repaid, amount=amount, prepayment=self.draw(st.sampled_from(Prepayment)), settles=True)

    def change_rate(self) -> None:
        self.happen(RateChanged, annual_rate=self.draw(RATES))

    def charge_fee(self) -> None:
        self.happen(FeeCharged, amount=from_minor(self.draw(st.integers(1, 5000)), self.terms.currency))

    def waive(self) -> None:
        amount = from_minor(self.draw(st.integers(1, 300)), self.terms.currency)
        self.happen(Waived, amount=amount, component=self.draw(st.sampled_from(Component)))

    def grant_holiday(self) -> None:
        number = self.draw(st.integers(1, 3))
        interest, extends = self.draw(st.sampled_from(HolidayInterest)), self.draw(st.booleans())
        self.happen(HolidayGranted, instalments=number, interest=interest, extends=extends)

    def restructure(self) -> None:
        day = self.day()
        terms = self.draw(agreements(self.terms.currency, day))
        fee = self.draw(st.none() | st.integers(1, 5000).map(lambda units: from_minor(units, self.terms.currency)))
        self.events.append(Restructured(day, len(self.events) + 1, terms, fee=fee))

    def write_off(self) -> None:
        self.happen(WrittenOff, amount=self.draw(st.none() | st.just(self.amount())))

    def recover(self) -> None:
        self.happen(Recovered, amount=self.amount())

    def reverse(self) -> None:
        undone = {event.of for event in self.events if isinstance(event, Reversed)}
        others = [
            event for event in self.events[1:] if not isinstance(event, Reversed) and event.sequence not in undone
        ]
        if others:
            event = self.draw(st.sampled_from(others))
            day = max(event.effective_on, self.day())
            self.events.append(Reversed(day, len(self.events) + 1, of=event.sequence))

    def look(self) -> date:
        """A day on which to look: near what happened, or any day."""
        days = self.dates[:24] + [event.effective_on for event in self.events]
        near = st.builds(
            lambda day, off: day + timedelta(days=off), st.sampled_from(days), st.sampled_from([0, 0, -1, 1, 20])
        )
        after = (self.dates[-1] - self.start).days + 400
        anywhere = st.integers(0, after).map(lambda days: self.start + timedelta(days=days))
        return max(self.start, self.draw(near | anywhere))


ACTS = (
    *[Making.repay] * 8,
    *[Making.draw_more, Making.change_rate, Making.charge_fee, Making.grant_holiday] * 2,
    *[Making.settle, Making.waive, Making.restructure, Making.write_off, Making.recover],
    *[Making.reverse] * 3,
)
"""What may happen, as often as it is named."""


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A loan and up to a dozen events, recorded in any order of days."""
    making = Making(draw, draw(agreements()))
    making.begin()
    for _ in range(draw(st.integers(0, 14))):
        draw(st.sampled_from(ACTS))(making)
    looks = tuple(making.look() for _ in range(3))
    return Life(making.terms, tuple(making.events), looks)
