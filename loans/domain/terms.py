"""What was agreed? The terms of a loan as one value, and the fingerprint by which an approval is bound to them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from ledger.domain.errors import WrongAmount
from ledger.domain.money import to_minor
from loans.domain.calendar import BusinessDays, add_months, nominal_due_date
from loans.domain.day_count import DayCount
from loans.domain.errors import ImpossibleTerms

MAX_MONTHS = 480
MAX_RATE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Terms:
    """An annuity: `principal` lent at the nominal `annual_rate` (a fraction: 0.06 is 6%), repaid in `months` level
    instalments, the first nominally due on `first_due_on` and the others counted from that day.

    Without `business_days` nothing is shifted. Raises ImpossibleTerms, naming the field.
    """

    principal: Money
    annual_rate: Decimal
    months: int
    first_due_on: date
    day_count: DayCount = DayCount.THIRTY_E_360
    business_days: BusinessDays | None = None

    def __post_init__(self) -> None:
        _refuse_impossible_principal(self.principal)
        if not self.annual_rate.is_finite() or not 0 <= self.annual_rate < MAX_RATE:
            raise ImpossibleTerms(
                "annual_rate",
                f"A nominal rate of {self.annual_rate} a year is not possible: write 6% as 0.06, from 0 to below 1.",
            )
        if not 1 <= self.months <= MAX_MONTHS:
            raise ImpossibleTerms(
                "months", f"A term of {self.months} months is not possible: it is from 1 to {MAX_MONTHS} months."
            )

    @property
    def currency(self) -> str:
        """ISO 4217 code of the currency that is lent and repaid."""
        return self.principal.currency.code

    @property
    def planned_drawn_on(self) -> date:
        """The drawdown that a preview assumes: one month before the first instalment."""
        return add_months(self.first_due_on, -1)

    @property
    def nominal_maturity(self) -> date:
        """The last due date, before any shift."""
        return nominal_due_date(self.first_due_on, self.months)

    def shifted(self, day: date) -> date:
        """The day on which something nominally due on `day` falls due."""
        return self.business_days.shift(day) if self.business_days else day


def _refuse_impossible_principal(principal: Money) -> None:
    try:
        minor = to_minor(principal.amount, principal.currency.code)
    except WrongAmount as error:
        raise ImpossibleTerms("principal", str(error)) from error
    if minor <= 0:
        raise ImpossibleTerms("principal", f"A principal of {principal.amount} is not possible: lend more than nought.")


def terms_content(terms: Terms) -> dict[str, object]:
    """The terms in the words of `calculate schedule`, plain enough to be written as JSON.

    A term that is absent is left out, so that terms agreed before a field existed keep their fingerprint. The bank
    holidays are not part of what is agreed; the calendar's name is.
    """
    content: dict[str, object] = {
        "amortisation": "annuity",
        "annual_rate": _plain(terms.annual_rate),
        "currency": terms.currency,
        "day_count": str(terms.day_count),
        "instalments": terms.months,
        "principal": _plain(terms.principal.amount),
        "principal_due": {"every": "1M", "first": terms.first_due_on.isoformat()},
    }
    if terms.business_days:
        content["business_days"] = {
            "calendar": terms.business_days.calendar,
            "convention": str(terms.business_days.convention),
            "interest": "unadjusted",
        }
    return content


def terms_sha256(terms: Terms) -> str:
    """SHA-256 of the terms as canonical JSON (keys sorted, no spaces, UTF-8), in 64 hexadecimal digits."""
    canonical = json.dumps(terms_content(terms), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(number: Decimal) -> str:
    """A decimal without exponent and without zeros that say nothing: 0.060 and 0.06 are the same terms."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
