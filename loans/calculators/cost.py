"""What does a loan cost in all? Interest and fee added up, and its rates side by side, read off its schedule."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from moneyed import Money

from loans.domain.conventions import InterestMethod
from loans.domain.rates import EXACTLY, MONTHS, apr_on_dates, effective_rate, return_in_periods
from loans.domain.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Cost:
    """What a loan costs above what is lent, and how dear that is a year. Rates are fractions: 0.06 is 6%."""

    interest: Money
    fee: Money
    nominal: Decimal
    """On what is still owed, a twelfth each month."""
    effective: Decimal
    """The nominal rate with what compounding does within a year."""
    flat: Decimal
    """On the whole amount lent, for every year of the term."""
    apr: Decimal
    """With the fee; Directive 2008/48/EC Annex I, FCA CONC App 1.2. Illustrative wherever it is shown."""

    @property
    def total(self) -> Money:
        """Interest and fee."""
        return self.interest + self.fee


def monthly_cost(schedule: Schedule, fee: Money) -> Cost:
    """The cost of a loan that is drawn whole and repaid in monthly instalments at one rate, with a fee at the start.

    The nominal rate of a flat loan is the one that its payments bear on what is still owed. Raises NoRate and TooHard.
    """
    scale = schedule.scale
    lent = scale.decimal(schedule.drawn[0].units)
    paid = [scale.decimal(row.principal_units + row.interest_units) for row in schedule.instalments]
    nominal = schedule.terms.annual_rate
    with localcontext(EXACTLY):
        if schedule.terms.interest_method is InterestMethod.FLAT:
            nominal = MONTHS * return_in_periods([(0, -lent), *enumerate(paid, start=1)])
        flat = scale.decimal(schedule.interest_units) / lent * MONTHS / len(paid)
    start = schedule.drawn[0].on
    flows = [(start, -lent), (start, fee.amount)]
    flows += [(row.due_on, amount) for row, amount in zip(schedule.instalments, paid, strict=True)]
    return Cost(
        interest=scale.money(schedule.interest_units),
        fee=fee,
        nominal=nominal,
        effective=effective_rate(nominal),
        flat=flat,
        apr=apr_on_dates(flows),
    )
