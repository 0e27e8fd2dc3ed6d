"""`calculate apr`: which annual rate makes what was lent and what is repaid worth the same?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from loans.calculators.errors import CalculatorError
from loans.calculators.fields import (
    choice,
    decimal,
    either,
    integer,
    iso_date,
    list_of,
    optional,
    pair,
    read,
    refused,
    required,
    shown,
)
from loans.calculators.numbers import rate_text
from loans.domain.rates import AprInterval, actuarial_annual_rate, apr, apr_on_dates

MOST_FLOWS = 10_000
MOST_YEARS, MOST_PERIODS = 1_000, 100_000
MOST_PERIODS_PER_YEAR = 366
LIKE = '["2026-11-21", "-5000.00"]'


class Basis(StrEnum):
    """What `when` of a flow is."""

    YEARS = "years"
    DATES = "dates"
    UNIT_PERIODS = "unit_periods"


class Method(StrEnum):
    """By which law the rate is computed."""

    EFFECTIVE_ANNUAL = "effective_annual"
    US_ACTUARIAL = "us_actuarial"


METHOD_OF = {
    Basis.YEARS: Method.EFFECTIVE_ANNUAL,
    Basis.DATES: Method.EFFECTIVE_ANNUAL,
    Basis.UNIT_PERIODS: Method.US_ACTUARIAL,
}


def _when(value: object, path: str) -> str:
    """Whatever `basis` makes of it later: a date or a decimal, both of which are strings."""
    if not isinstance(value, str):
        raise refused(path, f"is {shown(value)}", 'Write a date or a plain decimal as a JSON string: "0.25"')
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The fields of a line; `when` of a flow is read as `basis` says.

    `interval` only matters to dates, `periods_per_year` only to unit-periods, where it is needed.
    """

    flows: tuple[tuple[str, Decimal], ...] = required(list_of(pair(_when, decimal(), like=LIKE), most=MOST_FLOWS))
    basis: Basis = required(choice(Basis))
    method: Method = required(choice(Method))
    interval: AprInterval = optional(choice(AprInterval), AprInterval.MONTHS)
    periods_per_year: int | Decimal | None = optional(
        either(integer(least=1, most=MOST_PERIODS_PER_YEAR), int, decimal(above=0, most=MOST_PERIODS_PER_YEAR)), None
    )

    def __post_init__(self) -> None:
        if self.method is not METHOD_OF[self.basis]:
            raise refused("method", f'is "{self.method}"', f'With basis "{self.basis}" it is "{METHOD_OF[self.basis]}"')
        if self.basis is Basis.UNIT_PERIODS and self.periods_per_year is None:
            message = (
                'periods_per_year is missing. Give it with basis "unit_periods": 12 where a unit-period is a month.'
            )
            raise CalculatorError("missing_field", "periods_per_year", message)

    def dates(self) -> list[tuple[date, Decimal]]:
        """The flows of basis `dates`."""
        on = iso_date()
        return [(on(when, f"flows[{no}][0]"), amount) for no, (when, amount) in enumerate(self.flows)]

    def times(self) -> list[tuple[Fraction, Decimal]]:
        """The flows of the other bases; unit-periods are counted from the first advance, so they are never negative."""
        is_years = self.basis is Basis.YEARS
        time = decimal(least=-MOST_YEARS, most=MOST_YEARS) if is_years else decimal(least=0, most=MOST_PERIODS)
        return [(Fraction(time(when, f"flows[{no}][0]")), amount) for no, (when, amount) in enumerate(self.flows)]


def calculate(given: Mapping[str, object]) -> dict[str, object]:
    """The annual rate, not rounded for display. Raises CalculatorError, NoRate and TooHard."""
    question = read(Question, given)
    return {"annual_rate": rate_text(annual_rate(question))}


def annual_rate(question: Question) -> Decimal:
    """The annual rate of a question by its basis. Raises NoRate and TooHard."""
    match question.basis:
        case Basis.YEARS:
            return apr(question.times())
        case Basis.DATES:
            return apr_on_dates(question.dates(), question.interval)
        case Basis.UNIT_PERIODS:
            return actuarial_annual_rate(question.times(), Fraction(question.periods_per_year or 0))
