"""The calculator that anybody may use: what would a loan cost, month by month and in rates that can be compared?

The question stands in the address, so it can be shared. The answer is the engine's: the same terms, schedule and rates
as those of the `calculate` command, of an application's preview and of a live loan.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET
from moneyed import Money

from commonweal.components import Figure, ScheduleYear
from commonweal.documents import charts
from commonweal.documents.csv_file import csv_text
from commonweal.documents.words import month_year
from commonweal.public.calculator_form import CURRENCY, CalculatorForm
from commonweal.templatetags.commonweal import SYMBOLS, day, money
from loans.calculators.cost import Cost, monthly_cost
from loans.calculators.fields import read
from loans.calculators.schedule import Question
from loans.domain.conventions import Amortisation
from loans.domain.errors import ImpossibleTerms, LoanError
from loans.domain.rates import in_percent
from loans.domain.schedule import Instalment, Schedule, build_schedule

SIGN = SYMBOLS[CURRENCY]
MONTHS = 12
BY_MONTH = 24
"""So many payments are drawn each by itself; of more, each year is one column."""
HEAVY = 2
"""A last payment of more than so many level ones is told with them."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Four ways of saying how dear a loan is, as they are shown."""

    nominal: str
    effective: str
    flat: str
    apr: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says about a loan."""

    schedule: Schedule
    cost: Cost
    holiday: int

    @property
    def rows(self) -> Sequence[Instalment]:
        """Every payment."""
        return self.schedule.instalments

    @property
    def lent(self) -> Money:
        """What is lent."""
        return self.schedule.terms.principal

    @property
    def drawn_on(self) -> date:
        """The day on which it is drawn."""
        return self.schedule.drawn[0].on

    @property
    def paid(self) -> Money:
        """All payments, without the fee."""
        return self.lent + self.cost.interest

    @property
    def in_all(self) -> Money:
        """All payments and the fee."""
        return self.lent + self.cost.total

    @property
    def paused(self) -> Money:
        """The payment of a month in the capital holiday."""
        return self.rows[0].total

    @property
    def first(self) -> Money:
        """The first payment that repays principal; with interest only, one that does not."""
        return self.rows[self.holiday].total

    @property
    def after(self) -> Sequence[Instalment]:
        """The payments after the capital holiday; the smallest loans are over before their last month."""
        return [row for row in self.rows[self.holiday :] if row.total.amount]

    @property
    def last(self) -> Money:
        """The last payment, which takes the rounding."""
        return self.after[-1].total

    @property
    def first_interest(self) -> Money:
        """The interest of the first month."""
        return self.rows[0].interest

    @property
    def first_on(self) -> date:
        """When the first payment is due."""
        return self.rows[0].due_on

    @property
    def ends_on(self) -> date:
        """When the last payment is due."""
        return self.after[-1].due_on

    @property
    def months_after(self) -> int:
        """Payments after the capital holiday."""
        return len(self.after)

    @property
    def is_level(self) -> bool:
        """Whether all payments after the holiday are the same, but for the rounding that the last one takes."""
        is_repaid = self.schedule.terms.amortisation is not Amortisation.BULLET
        return is_repaid and all(row.total == self.first for row in self.after[:-1])

    @property
    def is_heavy(self) -> bool:
        """Whether so little is repaid before that the last of level payments is another thing than the others."""
        return self.is_level and self.months_after > 1 and self.last > self.first * HEAVY

    @property
    def takes_rounding(self) -> bool:
        """Whether the last of level payments differs from them by what was rounded."""
        return self.is_level and not self.is_heavy and self.months_after > 1 and self.last != self.first

    @property
    def rates(self) -> Rates:
        """The rates as people read them; the APR to one decimal, as the law shows it."""
        cost = self.cost
        nominal, effective, flat = (f"{in_percent(rate, 2)}%" for rate in (cost.nominal, cost.effective, cost.flat))
        return Rates(nominal, effective, flat, apr=f"{in_percent(cost.apr)}%")

    @property
    def nominal_about(self) -> str:
        """The nominal rate as a sentence says it."""
        return f"{in_percent(self.cost.nominal)}%"

    @property
    def figures(self) -> Sequence[Figure]:
        """The cost in a strip."""
        return (
            Figure("Interest", money(self.cost.interest), f"over {len(self.rows)} months"),
            Figure("Arrangement fee", money(self.cost.fee), "paid at the start"),
            Figure("Total cost", money(self.cost.total), "interest and fee"),
            Figure("APR, illustrative", self.rates.apr, "a year, fee included"),
        )

    @property
    def years(self) -> Sequence[ScheduleYear]:
        """The schedule, twelve payments at a time."""
        parts = [self.rows[start : start + MONTHS] for start in range(0, len(self.rows), MONTHS)]
        return [
            ScheduleYear(
                f"Year {number}",
                rows,
                interest=_sum(row.interest for row in rows),
                principal=_sum(row.principal for row in rows),
                total=_sum(row.total for row in rows),
                left=rows[-1].balance,
            )
            for number, rows in enumerate(parts, start=1)
        ]

    @property
    def balance_chart(self) -> SafeString:
        """What is still owed, and the interest that adds up."""
        start, rows = self.drawn_on, self.rows
        interest = accumulate(row.interest.amount for row in rows)
        owed = [charts.Step(start, self.lent.amount), *(charts.Step(row.due_on, row.balance.amount) for row in rows)]
        paid = [charts.Step(start, self.lent.amount * 0)]
        paid += [charts.Step(row.due_on, amount) for row, amount in zip(rows, interest, strict=True)]
        return charts.step_lines(
            "balance",
            title=f"What is still owed falls from {money(self.lent)} to nothing on {day(rows[-1].due_on)}; "
            f"the interest adds up to {money(self.cost.interest)}",
            lines=(charts.Line("still owed", owed), charts.Line("interest", paid)),
            until=rows[-1].due_on,
            sign=SIGN,
            width=420,
            tall=220,
        )

    @property
    def payments_chart(self) -> SafeString:
        """How much of the payments is interest: each month of a short loan, each year of a longer one."""
        if len(self.rows) <= BY_MONTH:
            unit, parts = "month", [(month_year(row.due_on), row.principal, row.interest) for row in self.rows]
        else:
            unit, parts = "year", [(year.label, year.principal, year.interest) for year in self.years]
        return charts.stacked_columns(
            "payments",
            title=f"The payments of the first {unit} hold {money(parts[0][2])} of interest, "
            f"those of the last {money(parts[-1][2])}",
            columns=[charts.Column(name, tuple(map(_drawn, both))) for name, *both in parts],
            names=("Principal", "Interest"),
            sign=SIGN,
            width=420,
            tall=220,
        )


@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """The form and its answer; `download=csv` gives the schedule as a file."""
    form = CalculatorForm(request.GET.dict(), today=localdate())
    answer = _answer(form) if form.is_valid() else None
    if answer and request.GET.get("download") == "csv":
        return _csv(answer)
    context: dict[str, Any] = {"form": form, "answer": answer, "sign": SIGN}
    if answer:
        here = f"{request.path}?{form.address}"
        context |= {
            "line": json.dumps(form.line),
            "here": request.build_absolute_uri(here),
            "csv": f"{here}&download=csv",
            "asked": form.cleaned_data,
        }
    return render(request, "public/calculator.html", context)


def _answer(form: CalculatorForm) -> Answer | None:
    """What the engine says, or None where it refuses: the form then says why."""
    try:
        schedule = build_schedule(read(Question, form.line).terms())
        return Answer(schedule, monthly_cost(schedule, form.cleaned_data["fee"]), form.cleaned_data["holiday"])
    except ImpossibleTerms as refusal:
        form.refuse(refusal.field, str(refusal))
    except LoanError as refusal:
        form.refuse("", str(refusal))
    return None


def _csv(answer: Answer) -> HttpResponse:
    headings = ("No.", "Due", "Interest", "Principal", "Payment", "Still owed")
    rows = [
        (row.no, row.due_on, row.interest.amount, row.principal.amount, row.total.amount, row.balance.amount)
        for row in answer.rows
    ]
    response = HttpResponse(csv_text(headings, rows).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="repayment-schedule.csv"'
    return response


def _drawn(part: Money) -> Decimal:
    """A part as a column shows it: where pennies rounded up too often, the last interest of a flat loan is negative."""
    return max(part.amount, Decimal(0))


def _sum(parts: Any) -> Money:
    return sum(parts, Money(0, CURRENCY))
