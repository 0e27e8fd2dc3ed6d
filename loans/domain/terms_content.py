"""In which words are terms kept, and by which fingerprint is an approval bound to them?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import singledispatch
from typing import Any

from moneyed import Money

from loans.domain.allocation import AllocationRule
from loans.domain.calendar import BusinessDays, MonthEnd, Recurrence
from loans.domain.conventions import Pattern, RateChange, Tranche
from loans.domain.fees import ProductFee
from loans.domain.rounding import Rounding
from loans.domain.servicing import DefaultInterest, Servicing
from loans.domain.terms import Terms

ALWAYS = frozenset({"amortisation", "annual_rate", "day_count", "principal"})
"""Fields that are written whatever they are."""


def terms_content(terms: Terms) -> dict[str, object]:
    """The terms in the words of `calculate schedule`, plain enough to be written as JSON.

    A term that is absent or as usual is left out, so that terms agreed before a field existed keep their fingerprint.
    The bank holidays are not part of what is agreed; the calendar's name is.
    """
    content = {
        each.name: written(getattr(terms, each.name))
        for each in fields(terms)
        if each.name in ALWAYS or getattr(terms, each.name) != each.default
    }
    usual = terms.cycle.month_end
    if usual is not MonthEnd.CLAMP:
        content["month_end"] = str(usual)
    return content | _with_other_month_ends(terms, usual) | {"currency": terms.currency}


def _with_other_month_ends(terms: Terms, usual: MonthEnd) -> dict[str, object]:
    """The recurrences that treat the ends of months otherwise than the instalments do say so themselves."""
    dues = {"principal_due": terms.principal_due, "interest_due": terms.interest_due}
    others = {name: due for name, due in dues.items() if due and due.month_end is not usual}
    return {name: _recurrence(due) | {"month_end": str(due.month_end)} for name, due in others.items()}


def terms_sha256(terms: Terms) -> str:
    """SHA-256 of the terms as canonical JSON (keys sorted, no spaces, UTF-8), in 64 hexadecimal digits."""
    canonical = json.dumps(terms_content(terms), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@singledispatch
def written(value: Any) -> object:
    """A value of the terms as JSON knows it; numbers that are no counts are texts."""
    return value


@written.register
def _(value: Decimal) -> object:
    """Without exponent and without zeros that say nothing: 0.060 and 0.06 are the same terms."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@written.register
def _(value: Money) -> object:
    return written(value.amount)


@written.register
def _(value: date) -> object:
    return value.isoformat()


@written.register
def _(value: StrEnum) -> object:
    return str(value)


@written.register
def _(value: tuple) -> object:  # type: ignore[type-arg]
    return [written(item) for item in value]


@written.register(Recurrence)
def _recurrence(value: Recurrence) -> dict[str, object]:
    return {"every": str(value.every), "after" if value.after else "first": value.anchor.isoformat()}


@written.register
def _(value: BusinessDays) -> object:
    interest = "adjusted" if value.interest_adjusted else "unadjusted"
    return {"calendar": value.calendar, "convention": str(value.convention), "interest": interest}


@written.register
def _(value: RateChange) -> object:
    return {"on": written(value.on), "annual_rate": written(value.annual_rate)}


@written.register
def _(value: Tranche) -> object:
    return {"on": written(value.on), "amount": written(value.amount)}


@written.register
def _(value: Pattern) -> object:
    return {"by_month": written(value.by_month), "steps": written(value.steps)}


@written.register
def _(value: Rounding) -> object:
    multiple = value.payment_multiple
    return {
        "decimals": value.decimals,
        "mode": str(value.mode),
        "payment_multiple": None if multiple is None else written(multiple),
        "smooth": value.smooth,
    }


@written.register
def _(value: Servicing) -> object:
    return {each.name: written(getattr(value, each.name)) for each in fields(value)}


@written.register
def _(value: DefaultInterest) -> object:
    return {each.name: written(getattr(value, each.name)) for each in fields(value)}


@written.register
def _(value: ProductFee) -> object:
    said = {each.name: written(getattr(value, each.name)) for each in fields(value)}
    return {name: worth for name, worth in said.items() if worth}


@written.register
def _(value: AllocationRule) -> object:
    return {"components": written(value.components), "instalments": str(value.instalments)}
