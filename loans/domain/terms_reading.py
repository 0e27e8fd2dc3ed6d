"""What do kept terms mean? From the words of `terms_content` back to the terms, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from moneyed import CURRENCIES, Money

from loans.domain.allocation import AllocationRule, Component, Instalments
from loans.domain.calendar import BusinessDayConvention, BusinessDays, MonthEnd, Recurrence
from loans.domain.conventions import Amortisation, InterestMethod, Pattern, RateChange, Stub, Tranche
from loans.domain.day_count import DayCount
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.plain_words import (
    Fields,
    Reader,
    day,
    decimal,
    every,
    flag,
    many,
    nullable,
    one_of,
    text,
    unreadable,
    weight,
    whole,
)
from loans.domain.rounding import Rounding, RoundingMode
from loans.domain.servicing import DefaultInterest, FlatSettlement, Prepayment, Servicing
from loans.domain.terms import Terms

HolidaysOf: TypeAlias = Callable[[str], Container[date]]
"""The bank holidays of a calendar by its name; raises UnknownCalendar."""


def read_terms(content: Mapping[str, object], holidays_of: HolidaysOf) -> Terms:
    """The terms that were written by `terms_content`: `read_terms(terms_content(terms), …) == terms`.

    Raises ImpossibleTerms for a field that is missing, unknown or makes no sense, and UnknownCalendar.
    """
    given = Fields(content)
    currency = given.take("currency", _currency)
    month_end = given.get("month_end", one_of(MonthEnd), MonthEnd.CLAMP)
    money, due = partial(_money, currency), partial(_recurrence, month_end)
    readers: dict[str, Reader[Any]] = {
        **PLAIN,
        "principal_due": due,
        "interest_due": due,
        "drawdowns": many(partial(_tranche, money)),
        "business_days": partial(_business_days, holidays_of),
    }
    found: dict[str, Any] = {name: given.take(name, read) for name, read in ALWAYS_GIVEN.items()}
    found["principal"] = given.take("principal", money)
    found |= {name: given.take(name, read) for name, read in readers.items() if given.has(name)}
    given.end()
    return Terms(**found)


def read_servicing(value: object, place: str = "servicing") -> Servicing:
    """What is agreed about money that comes early or late. Raises ImpossibleTerms."""
    given = Fields(value, place)
    found = Servicing(
        allocation=given.take("allocation", _allocation),
        prepayment=given.take("prepayment", one_of(Prepayment)),
        default_interest=given.take("default_interest", nullable(_default_interest)),
        flat_settlement=given.take("flat_settlement", one_of(FlatSettlement)),
    )
    given.end()
    return found


def _currency(value: object, place: str) -> str:
    if text(value, place) not in CURRENCIES:
        raise unreadable(place, value, "an ISO 4217 code, such as GBP")
    return str(value)


def _money(currency: str, value: object, place: str) -> Money:
    return Money(decimal(value, place), currency)


def _recurrence(month_end: MonthEnd, value: object, place: str) -> Recurrence:
    given = Fields(value, place)
    after = given.has("after")
    found = Recurrence(
        anchor=given.take("after" if after else "first", day),
        every=given.take("every", every),
        after=after,
        month_end=given.get("month_end", one_of(MonthEnd), month_end),
    )
    given.end()
    return found


def _tranche(money: Reader[Money], value: object, place: str) -> Tranche:
    given = Fields(value, place)
    found = Tranche(given.take("on", day), given.take("amount", money))
    given.end()
    return found


def _business_days(holidays_of: HolidaysOf, value: object, place: str) -> BusinessDays:
    given = Fields(value, place)
    calendar = given.take("calendar", text)
    convention = given.take("convention", one_of(BusinessDayConvention))
    interest = given.take("interest", text)
    if interest not in RUNS_TO:
        raise unreadable(given.name("interest"), interest, f"one of {', '.join(RUNS_TO)}")
    given.end()
    return BusinessDays(calendar, holidays_of(calendar), convention, RUNS_TO[interest])


def _rate_change(value: object, place: str) -> RateChange:
    given = Fields(value, place)
    found = RateChange(given.take("on", day), given.take("annual_rate", decimal))
    given.end()
    return found


def _pattern(value: object, place: str) -> Pattern:
    given = Fields(value, place)
    found = Pattern(given.take("by_month", many(weight)), given.take("steps", many(weight)))
    given.end()
    return found


def _rounding(value: object, place: str) -> Rounding:
    given = Fields(value, place)
    found = Rounding(
        given.take("decimals", nullable(whole)),
        given.take("mode", one_of(RoundingMode)),
        given.take("payment_multiple", nullable(decimal)),
        given.take("smooth", flag),
    )
    given.end()
    return found


def _allocation(value: object, place: str) -> AllocationRule:
    given = Fields(value, place)
    found = AllocationRule(
        given.take("components", many(one_of(Component))), given.take("instalments", one_of(Instalments))
    )
    given.end()
    return found


def _default_interest(value: object, place: str) -> DefaultInterest:
    given = Fields(value, place)
    found = DefaultInterest(
        given.take("annual_rate", decimal), given.take("grace_days", whole), given.take("on_interest", flag)
    )
    given.end()
    return found


def _fee(value: object, place: str) -> ProductFee:
    given = Fields(value, place)
    found = ProductFee(
        given.take("kind", one_of(FeeKind)),
        given.get("amount", decimal, None),
        given.get("share", decimal, None),
        given.take("settlement", one_of(FeeSettlement)),
        given.take("recognition", one_of(FeeRecognition)),
        given.get("grace_days", whole, 0),
    )
    given.end()
    return found


RUNS_TO: Mapping[str, bool] = {"adjusted": True, "unadjusted": False}

ALWAYS_GIVEN: Mapping[str, Reader[Any]] = {
    "annual_rate": decimal,
    "amortisation": one_of(Amortisation),
    "day_count": one_of(DayCount),
}

PLAIN: Mapping[str, Reader[Any]] = {
    "instalments": whole,
    "maturity": day,
    "amortised_to": day,
    "drawn_on": day,
    "interest_method": one_of(InterestMethod),
    "payment": decimal,
    "pattern": _pattern,
    "stub": one_of(Stub),
    "capitalise_interest_until": day,
    "accrued_interest": decimal,
    "rate_changes": many(_rate_change),
    "interest_only_periods": whole,
    "deferred_interest_periods": whole,
    "interest_free_periods": whole,
    "discount": decimal,
    "rounding": _rounding,
    "servicing": read_servicing,
    "fees": many(_fee),
}
"""Fields that may be left out, and are read by themselves."""
