"""What falls due, and when? The repayment schedule of an annuity, to the penny.

Interest is simple within a period, exact, and rounded once per period, half to even. The level payment is solved over
the periods' own year fractions: B ← B·(1 + r·f) − A, nought at the end. The last instalment takes the rest.
`docs/maths/schedule.md` works one example.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from moneyed import Money

from ledger.domain.money import from_minor, to_minor
from loans.domain.calendar import nominal_due_date
from loans.domain.day_count import year_fraction
from loans.domain.errors import DrawdownRefused
from loans.domain.events import Drawn
from loans.domain.terms import Terms
from loans.domain.words import date_text

PRECISION = 50
"""Digits carried while a payment is solved: far more than any amount needs, so only the last rounding shows."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row: what falls due on `due_on` (nominally on `nominal_due_on`), and the principal outstanding after it."""

    no: int
    due_on: date
    nominal_due_on: date
    principal: Money
    interest: Money
    balance: Money

    @property
    def total(self) -> Money:
        """Principal and interest together."""
        return self.principal + self.interest


def planned_schedule(terms: Terms) -> tuple[Instalment, ...]:
    """The schedule if the whole principal is drawn one month before the first instalment: the preview of a loan."""
    return schedule(terms, (Drawn(terms.planned_drawn_on, 0, terms.principal),))


def schedule(terms: Terms, drawn: Iterable[Drawn]) -> tuple[Instalment, ...]:
    """The instalments of what has been drawn; none where nothing has been.

    A later drawdown changes the instalments from its next due date on. Raises DrawdownRefused for one after the last.
    """
    to_draw = deque(sorted(drawn, key=lambda event: (event.effective_on, event.sequence)))
    if not to_draw:
        return ()
    _refuse_drawdown_after_end(terms, to_draw[-1])
    dates = [nominal_due_date(terms.first_due_on, no) for no in range(1, terms.months + 1)]
    rows = []
    balance, since, payment = 0, to_draw[0].effective_on, 0
    for no, due in enumerate(dates, start=1):
        accrued, solve_again = Fraction(0), False
        while to_draw and to_draw[0].effective_on <= due:
            tranche = to_draw.popleft()
            accrued += _interest(terms, balance, since, tranche.effective_on)
            balance += to_minor(tranche.amount.amount, terms.currency)
            since, solve_again = tranche.effective_on, True
        accrued += _interest(terms, balance, since, due)
        if solve_again:
            payment = _level_payment(terms, balance + accrued, dates[no - 1 :])
        interest = round(accrued)
        principal = balance if no == terms.months else min(max(payment - interest, 0), balance)
        balance, since = balance - principal, max(since, due)
        rows.append(_row(terms, no, due, principal, interest, balance))
    return tuple(rows)


def _interest(terms: Terms, balance: int, start: date, end: date) -> Fraction:
    """Simple interest in minor units, exact: balance × rate × part of the year."""
    if not balance:
        return Fraction(0)
    return balance * Fraction(terms.annual_rate) * year_fraction(terms.day_count, start, end)


def _level_payment(terms: Terms, owed: Fraction, due_dates: Sequence[date]) -> int:
    """The payment in minor units that, made on each of the dates, clears what is owed on the first of them."""
    with localcontext(prec=PRECISION):
        discount = annuity = Decimal(1)
        for start, end in pairwise(due_dates):
            part = year_fraction(terms.day_count, start, end)
            discount /= 1 + terms.annual_rate * part.numerator / part.denominator
            annuity += discount
        payment = Decimal(owed.numerator) / Decimal(owed.denominator) / annuity
        return int(payment.to_integral_value(ROUND_HALF_EVEN))


def _row(terms: Terms, no: int, due: date, principal: int, interest: int, balance: int) -> Instalment:
    currency = terms.currency
    return Instalment(
        no=no,
        due_on=terms.shifted(due),
        nominal_due_on=due,
        principal=from_minor(principal, currency),
        interest=from_minor(interest, currency),
        balance=from_minor(balance, currency),
    )


def _refuse_drawdown_after_end(terms: Terms, last: Drawn) -> None:
    if last.effective_on >= terms.nominal_maturity:
        raise DrawdownRefused(
            f"A drawdown on {date_text(last.effective_on)} comes too late: the last instalment is due on "
            f"{date_text(terms.nominal_maturity)}. Draw before that day."
        )
