"""`calculate schedule`: what falls due, and when? Any terms of the contract in, every row, event and total out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import CURRENCIES, Money

from loans.bank_holidays import CALENDARS, calendar_days
from loans.calculators.fields import (
    boolean,
    choice,
    decimal,
    integer,
    iso_date,
    list_of,
    nullable,
    object_of,
    optional,
    pair,
    read,
    refused,
    required,
    shown,
    text,
)
from loans.calculators.numbers import decimal_text
from loans.domain.calendar import BusinessDayConvention, BusinessDays, MonthEnd, Recurrence, interval
from loans.domain.conventions import Amortisation, InterestMethod, Pattern, RateChange, Stub, Tranche
from loans.domain.day_count import DayCount
from loans.domain.due_dates import MAX_DATES
from loans.domain.errors import ImpossibleTerms
from loans.domain.rounding import Rounding, RoundingMode, rounding_of
from loans.domain.schedule import Schedule, build_schedule
from loans.domain.terms import Terms

MOST_CHANGES = 1000
MOST_DECIMALS = 12
AS_USUAL: int | None = -1
"""Decimals that are not asked for: those of the currency."""
UNROUNDED_DECIMALS = 12
"""Decimals that an amount is written with where nothing is rounded."""


class InterestRunsTo(StrEnum):
    """Whether interest follows a due date that is shifted."""

    ADJUSTED = "adjusted"
    UNADJUSTED = "unadjusted"


def _calendar(value: object, path: str) -> str:
    """The name of a holiday calendar."""
    if not isinstance(value, str) or value not in CALENDARS:
        raise refused(path, f"is {shown(value)}", f"Choose one of: {', '.join(CALENDARS)}")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """`{"first": date, "every": "1M"}`, or `{"after": date, "every": "1M"}`."""

    first: date | None = optional(iso_date(), None)
    after: date | None = optional(iso_date(), None)
    every: str = required(text(pattern="[1-9][0-9]{0,2}[DWMY]", like="1M"))

    def __post_init__(self) -> None:
        if (self.first is None) == (self.after is None):
            raise refused("first", "is given beside after, or neither is", "Give one of the two")

    def recurrence(self, month_end: MonthEnd) -> Recurrence:
        """The dates that it means."""
        anchor = self.first or self.after or date.min
        return Recurrence(anchor, interval(self.every), self.after is not None, month_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """One drawdown."""

    on: date = required(iso_date())
    amount: Decimal = required(decimal(above=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRate:
    """A rate in force from a day on."""

    on: date = required(iso_date())
    annual_rate: Decimal = required(decimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What happens to due dates that are no business days."""

    convention: BusinessDayConvention = required(choice(BusinessDayConvention))
    interest: InterestRunsTo = required(choice(InterestRunsTo))
    calendar: str = required(_calendar)

    def rule(self) -> BusinessDays:
        """The rule with its bank holidays."""
        adjusted = self.interest is InterestRunsTo.ADJUSTED
        return BusinessDays(self.calendar, calendar_days(self.calendar), self.convention, adjusted)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundingAsked:
    """How amounts and level payments are rounded; what is left out is as usual."""

    decimals: int | None = optional(nullable(integer(least=0, most=MOST_DECIMALS)), AS_USUAL)
    mode: RoundingMode = optional(choice(RoundingMode), RoundingMode.HALF_EVEN)
    payment_multiple: Decimal | None = optional(nullable(decimal(above=0)), None)
    smooth: bool = optional(boolean(), False)

    def rounding(self, currency: str) -> Rounding:
        """The rounding, with the currency's decimals where none are asked for."""
        decimals = rounding_of(currency).decimals if self.decimals == AS_USUAL else self.decimals
        return Rounding(decimals, self.mode, self.payment_multiple, self.smooth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The fields of a line."""

    principal: Decimal = required(decimal(above=0))
    currency: str = optional(text(pattern="[A-Z]{3}", like="GBP"), "GBP")
    drawn_on: date = required(iso_date())
    drawdowns: tuple[Drawdown, ...] = optional(list_of(object_of(Drawdown), least=1, most=MOST_CHANGES), ())
    annual_rate: Decimal = required(decimal())
    interest_method: InterestMethod = optional(choice(InterestMethod), InterestMethod.DECLINING)
    amortisation: Amortisation = required(choice(Amortisation))
    day_count: DayCount = required(choice(DayCount))
    principal_due: Cycle | None = optional(object_of(Cycle), None)
    interest_due: Cycle | None = optional(object_of(Cycle), None)
    instalments: int | None = optional(integer(least=1, most=MAX_DATES), None)
    maturity: date | None = optional(iso_date(), None)
    amortised_to: date | None = optional(iso_date(), None)
    payment: Decimal | None = optional(decimal(above=0), None)
    stub: Stub = optional(choice(Stub), Stub.SHORT)
    month_end: MonthEnd = optional(choice(MonthEnd), MonthEnd.CLAMP)
    business_days: Shift | None = optional(nullable(object_of(Shift)), None)
    capitalise_interest_until: date | None = optional(iso_date(), None)
    accrued_interest: Decimal = optional(decimal(least=0), Decimal(0))
    rate_changes: tuple[NewRate, ...] = optional(list_of(object_of(NewRate), most=MOST_CHANGES), ())
    interest_only_periods: int = optional(integer(least=0, most=MAX_DATES), 0)
    deferred_interest_periods: int = optional(integer(least=0, most=MAX_DATES), 0)
    interest_free_periods: int = optional(integer(least=0, most=MAX_DATES), 0)
    rounding: RoundingAsked = optional(object_of(RoundingAsked), RoundingAsked())
    discount: Decimal = optional(decimal(), Decimal(0))
    months: tuple[tuple[int, Decimal], ...] = optional(
        list_of(pair(integer(least=1, most=12), decimal(least=0), like='[8, "0"]'), most=12), ()
    )
    steps: tuple[tuple[int, Decimal], ...] = optional(
        list_of(pair(integer(least=1, most=MAX_DATES), decimal(least=0), like='[13, "1.1"]'), most=MOST_CHANGES), ()
    )

    def terms(self) -> Terms:
        """The terms that the line means. Raises ImpossibleTerms where they make no sense together."""
        due, interest = self.principal_due, self.interest_due
        return Terms(
            principal=Money(self.principal, self._known_currency()),
            annual_rate=self.annual_rate,
            principal_due=due.recurrence(self.month_end) if due else None,
            interest_due=interest.recurrence(self.month_end) if interest else None,
            drawdowns=tuple(Tranche(each.on, Money(each.amount, self.currency)) for each in self.drawdowns),
            rate_changes=tuple(RateChange(each.on, each.annual_rate) for each in self.rate_changes),
            business_days=self.business_days.rule() if self.business_days else None,
            rounding=self.rounding.rounding(self._known_currency()),
            pattern=Pattern(self.months, self.steps),
            **{name: getattr(self, name) for name in SAME},
        )

    def _known_currency(self) -> str:
        if self.currency not in CURRENCIES:
            raise refused("currency", f"is {self.currency}", "Give an ISO 4217 code, such as GBP")
        return self.currency


SAME = (
    "drawn_on",
    "interest_method",
    "amortisation",
    "day_count",
    "instalments",
    "maturity",
    "amortised_to",
    "payment",
    "stub",
    "capitalise_interest_until",
    "accrued_interest",
    "interest_only_periods",
    "deferred_interest_periods",
    "interest_free_periods",
    "discount",
)
"""Fields that the terms know by the same name and type."""


PATHS = {"every": "principal_due.every"}
"""Fields that stand deeper in a line than in the terms."""


def calculate(given: Mapping[str, object]) -> dict[str, object]:
    """The rows, events and totals of one line. Raises CalculatorError and ImpossibleTerms."""
    try:
        return answer(build_schedule(read(Question, given).terms()))
    except ImpossibleTerms as error:
        raise ImpossibleTerms(PATHS.get(error.field, error.field), str(error)) from None


def answer(schedule: Schedule) -> dict[str, object]:
    """A schedule as the contract of the calculators writes it; amounts as texts with their decimals."""
    amount = writer(schedule)
    payment = schedule.payment_units
    said: dict[str, object] = {
        "instalments": [
            {
                "no": row.no,
                "due": row.due_on.isoformat(),
                "principal": amount(row.principal_units),
                "interest": amount(row.interest_units),
                "total": amount(row.principal_units + row.interest_units),
                "balance": amount(row.balance_units),
            }
            for row in schedule.instalments
        ],
        "events": [
            {
                "on": flow.on.isoformat(),
                "kind": str(flow.kind),
                "amount": amount(flow.units),
                "balance": amount(flow.balance_units),
                "annual_rate": f"{flow.annual_rate:f}",
            }
            for flow in schedule.cash_flows()
        ],
        "totals": {
            "principal": amount(schedule.principal_units),
            "interest": amount(schedule.interest_units),
            "total": amount(schedule.principal_units + schedule.interest_units),
        },
        "payment": None if payment is None else amount(payment),
    }
    if schedule.has_negative_parts:
        said["negative_parts"] = True
    return said


def writer(schedule: Schedule) -> Callable[[int], str]:
    """How an amount in units is written: with its decimals, or with twelve where nothing is rounded."""
    scale = schedule.scale
    if schedule.terms.rounded.decimals is not None:
        return lambda units: f"{scale.decimal(units):f}"
    return lambda units: decimal_text(scale.decimal(units), UNROUNDED_DECIMALS)
