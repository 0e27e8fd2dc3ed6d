"""Does a loan to an accredited institution qualify, and by when is its certificate due? By its terms alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from moneyed import Money

from investors.domain.citr.findings import Finding, Outcome, outcome
from investors.domain.citr.tax_year import TaxYear, tax_year_of
from investors.domain.errors import ImpossibleTaxRelief
from ledger.domain.words import date_text, money_text
from loans.domain.calendar import add_months
from loans.domain.rates import in_percent

YEARS = 5
"""The five-year period begins on the investment date; relief is for the tax year of that day and the next four."""

CERTIFICATE_DAYS = 30
DRAWDOWN_MONTHS = 18

REQUIRED_BY_END_OF_YEAR = (Decimal(0), Decimal(0), Decimal("0.25"), Decimal("0.50"), Decimal("0.75"))
"""How much of what was advanced the terms may let anybody require by the end of each year, all together (CITM4020)."""


@dataclass(frozen=True, slots=True)
class CitrLoan:
    """A loan to the institution, by its terms.

    `invested_on` is the day of receipt, or of the first drawdown; `committed` the whole amount, which the certificate
    is for. `drawdown_until` is the last day of the drawdown period, where the loan is not advanced at once. `required`
    are the repayments of capital that somebody may require, by day. Raises ImpossibleTaxRelief.
    """

    invested_on: date
    committed: Money
    drawdown_until: date | None = None
    is_convertible_within_five_years: bool = False
    required: tuple[tuple[date, Money], ...] = ()

    def __post_init__(self) -> None:
        if not self.committed.amount > 0:
            raise ImpossibleTaxRelief(
                f"An investment of {money_text(self.committed)} on {date_text(self.invested_on)} is none. Give a "
                "positive amount; nothing was changed."
            )

    def anniversary(self, number: int) -> date:
        """The investment date so many years on; of 29 February the 28th, where there is no other."""
        return add_months(self.invested_on, 12 * number)

    def year(self, number: int) -> tuple[date, date]:
        """The first day of a year of the five-year period (from 1), and the day after its last."""
        return self.anniversary(number - 1), self.anniversary(number)

    @property
    def tax_years(self) -> tuple[TaxYear, ...]:
        """The tax years that relief is for (ITA 2007 s335(3))."""
        first = tax_year_of(self.invested_on)
        return tuple(first.later(number) for number in range(YEARS))

    @property
    def certificate_due_by(self) -> date:
        """30 days after receipt or the first drawdown; one certificate for the whole, none for later drawdowns."""
        return self.invested_on + timedelta(days=CERTIFICATE_DAYS)

    @property
    def last_drawdown_by(self) -> date:
        """18 months after the investment date."""
        return add_months(self.invested_on, DRAWDOWN_MONTHS)


def certificate_finding(loan: CitrLoan, *, issued_on: date | None, as_of: date) -> Finding:
    """Whether the certificate was issued in time, or still can be (CITM4060)."""
    due = loan.certificate_due_by
    if issued_on is None:
        came = Outcome.RUNNING if as_of <= due else Outcome.FAILS
        done = "it is not issued yet" if as_of <= due else f"it is {_late(as_of, due)}"
    else:
        came = outcome(issued_on <= due)
        late = f", {_late(issued_on, due)}" if issued_on > due else ""
        done = f"it was issued on {date_text(issued_on)}{late}"
    return Finding(
        "certificate",
        came,
        f"The certificate for {money_text(loan.committed)} is due by {date_text(due)}; {done}.",
        "ITA 2007 s348; CITM4060",
    )


def _late(on: date, due: date) -> str:
    days = (on - due).days
    return f"{days} day{'s' * (days > 1)} late"


def qualifying_findings(loan: CitrLoan) -> tuple[Finding, ...]:
    """Whether the terms make it a qualifying loan: drawdown, conversion, and repayments that may be required."""
    return _drawdown(loan), _conversion(loan), *_required(loan)


def _drawdown(loan: CitrLoan) -> Finding:
    until = loan.drawdown_until
    words = (
        f"All of it is advanced on {date_text(loan.invested_on)}."
        if until is None
        else f"It is drawn until {date_text(until)}; the last day for that is {date_text(loan.last_drawdown_by)}."
    )
    return Finding("drawdown", outcome(until is None or until <= loan.last_drawdown_by), words, SOURCE)


def _conversion(loan: CitrLoan) -> Finding:
    words = "It {} into something that is redeemable within five years.".format(
        "may be converted" if loan.is_convertible_within_five_years else "cannot be converted"
    )
    return Finding("conversion", outcome(not loan.is_convertible_within_five_years), words, SOURCE)


def _required(loan: CitrLoan) -> Iterator[Finding]:
    for year, share in enumerate(REQUIRED_BY_END_OF_YEAR, 1):
        until = loan.anniversary(year)
        asked = sum((amount for day, amount in loan.required if day < until), 0 * loan.committed)
        allowed = loan.committed * share
        yield Finding(
            f"repayments required by the end of year {year}",
            outcome(asked <= allowed),
            f"{money_text(asked)} may be required before {date_text(until)}; {in_percent(share, 0)}% of "
            f"{money_text(loan.committed)}, {money_text(allowed)}, is the most.",
            SOURCE,
        )


SOURCE = "ITA 2007 s345; CITM4020"
