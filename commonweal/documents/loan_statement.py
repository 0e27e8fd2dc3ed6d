"""A loan statement as the borrower reads it: everyday words, and charts whose titles say what they show."""

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import SafeString

from commonweal.documents import charts
from commonweal.documents.words import counted, month_year, number, period, short_months, symbol
from commonweal.templatetags.commonweal import day, money
from investors.facility_statement import FacilityStatement
from loans.loan_statement import LoanStatement, Promise, ScheduleRow, ScheduleState
from loans.statements import total

TEMPLATE = "documents/loan_statement.html"

FURTHER = {
    "fees": {"title": "Fees", "caption": "What was charged, and what you paid of it."},
    "default interest": {
        "title": "Interest on what was late",
        "caption": "What was charged while a payment was late.",
    },
    "in advance": {
        "title": "Money we hold for you",
        "caption": "Paid before it was due; it pays what falls due next.",
    },
    "written off": {
        "title": "What was written off",
        "caption": "What we no longer count on; it is no part of “owed”.",
    },
}
"""The tables that stand only where they say something."""


def context(statement: LoanStatement) -> dict[str, Any]:
    """What the template needs beside the statement itself."""
    return {
        "statement": statement,
        "head": statement.head,
        "period": period(statement.head.period_start, statement.head.period_end),
        "sign": symbol(statement.currency),
        "further": [FURTHER[name] | {"table": table} for name, table in statement.further_tables],
        "schedule": list(shown_rows(statement)),
        "sums": sums(statement),
        "charts": {
            "balance": balance_chart(statement),
            "payments": payments_chart(statement),
            "promise": promise_chart(statement.promise) if statement.promise else "",
        },
    }


def sums(statement: LoanStatement | FacilityStatement) -> dict[str, Any]:
    """The columns of the schedule, added up."""
    columns = ("interest", "principal", "instalment", "paid")
    return {name: total((getattr(row, name) for row in statement.schedule), statement.currency) for name in columns}


def shown_rows(statement: LoanStatement | FacilityStatement) -> Iterator[dict[str, Any]]:
    """Each row of the schedule with its state in a word, a shape (`tone`) and an edge (`css`)."""
    next_on = statement.next_payment.on if statement.next_payment else None
    for row in statement.schedule:
        is_next = row.due_on == next_on and row.state is ScheduleState.DUE
        tone, words = state(row, is_next)
        past = "is-past" if row.state in (ScheduleState.PAID, ScheduleState.GIVEN_UP) else ""
        yield {
            "number": row.number,
            "due_on": row.due_on,
            "interest": row.interest,
            "principal": row.principal,
            "instalment": row.instalment,
            "paid": None if row.state is ScheduleState.DUE else row.paid,
            "left": row.left,
            "tone": tone,
            "words": words,
            "css": "is-late" if row.days_late else "is-now" if is_next else past,
        }


def state(row: ScheduleRow, is_next: bool) -> tuple[str, str]:
    """The shape and the words for where an instalment stands; late by up to 30 days is amber, then brick."""
    late = f"{counted(row.days_late, 'day', 'days')} late"
    if row.state is ScheduleState.PAID:
        return "good", "Paid"
    if row.state is ScheduleState.PART:
        return "watch", f"Part paid, {late}" if row.days_late else "Part paid"
    if row.state is ScheduleState.LATE:
        return ("early" if row.days_late <= 30 else "late"), late.capitalize()
    if row.state is ScheduleState.GIVEN_UP:
        return "closed", "Part paid, the rest no longer asked for" if row.paid else "No longer asked for"
    return "due", "Due next" if is_next else "Due"


def balance_chart(statement: LoanStatement | FacilityStatement) -> SafeString | str:
    """What was left to repay, day by day, since the first drawdown."""
    if not statement.balances:
        return ""
    first, last = statement.balances[0], statement.balances[-1]
    moved = "fell" if last.amount < first.amount else "rose" if last.amount > first.amount else "stayed"
    ends = f"from {money(first.amount)} to {money(last.amount)}" if moved != "stayed" else f"at {money(last.amount)}"
    return charts.step_line(
        "left",
        title=f"What is left to repay {moved} {ends} between {day(first.on)} and {day(statement.head.last_day)}",
        steps=[charts.Step(balance.on, balance.amount.amount) for balance in statement.balances],
        until=statement.head.last_day,
        sign=symbol(statement.currency),
    )


def payments_chart(statement: LoanStatement | FacilityStatement) -> SafeString | str:
    """Interest and principal of every instalment, with a line between what fell due and what is to come."""
    rows = statement.schedule
    if not rows:
        return ""
    come = sum(row.due_on <= statement.head.last_day for row in rows)
    return charts.stacked_columns(
        "payments",
        title=f"Of {counted(len(rows), 'payment', 'payments')}, {come} fell due by {day(statement.head.last_day)}; "
        f"the first holds {money(rows[0].interest)} of interest, the last {money(rows[-1].interest)}",
        columns=[charts.Column(month_year(row.due_on), (row.principal.amount, row.interest.amount)) for row in rows],
        names=("Repaid", "Interest"),
        sign=symbol(statement.currency),
        divider=charts.Divider(come, "fallen due", "to come"),
    )


def promise_chart(promise: Promise) -> SafeString:
    """Readings against the baseline and the target."""
    before = charts.Bar("Before the loan", promise.baseline, number(promise.baseline))
    readings = [charts.Bar(short_months(one.period), one.value, number(one.value)) for one in promise.readings]
    target = f"the target is {number(promise.target)} by {day(promise.target_by)}"
    if promise.readings:
        last = promise.readings[-1]
        found = f"{promise.indicator}: {number(last.value)} {promise.unit} in {last.period}"
    else:
        found = f"{promise.indicator}: {number(promise.baseline)} {promise.unit} before the loan, no reading yet"
    return charts.progress(
        "promise",
        title=f"{found}; {target}",
        rows=[before, *readings],
        target=charts.Bar("target", promise.target, number(promise.target)),
        width=330,
        name_room=122,
    )
