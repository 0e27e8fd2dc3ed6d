"""What of any terms stands in a list? The few figures by which people know a loan; the terms are the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from loans.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class TermsSummary:
    """Amount, rate of the first day, months, first due date before any shift, and the conventions by name.

    `months` are those of the instalments agreed, whichever day the loan is drawn on; `calendar` is empty where no due
    date is shifted.
    """

    principal: Money
    annual_rate: Decimal
    months: int
    first_due_on: date
    day_count: str
    calendar: str


def summary_of(terms: Terms) -> TermsSummary:
    """The figures of some terms that lists show."""
    return TermsSummary(
        principal=terms.principal,
        annual_rate=terms.annual_rate,
        months=(terms.instalments or 0) * terms.cycle.every.months or terms.months,
        first_due_on=terms.first_due_on,
        day_count=str(terms.day_count),
        calendar=terms.business_days.calendar if terms.business_days else "",
    )
