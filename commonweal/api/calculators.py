"""The calculators over HTTP: the fields of a line of `manage.py calculate`, and its answer, within limits of their own.

They read nothing and keep nothing, so no transaction is opened and no key asked for. `docs/calculators.md` documents
fields, results, errors and limits.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from rest_framework import status
from rest_framework.response import Response

from commonweal.access.envelope import envelope
from commonweal.api import calculator_lines as lines
from commonweal.api.operations import Asked, Contract, Handler, Operation, checked, operation
from commonweal.api.parsers import LineJson
from loans.calculators import calculator
from loans.calculators.fields import read, refused
from loans.calculators.lines import code_and_field, identity_of
from loans.calculators.schedule import Question, answer
from loans.domain.due_dates import due_dates
from loans.domain.errors import LoanError
from loans.domain.schedule import build_schedule, planned_draws
from loans.domain.terms import Terms

MOST_DUE_DATES = 1_200
MOST_CHANGES = 60
"""Drawdowns, rate changes and steps together: each is looked at again for all payments that are left."""
MOST_FLOWS = 1_200
THERE = "The command `calculate` takes more"


class Calculate(Operation):
    """One line, answered like the command's; a refusal is 400 with the command's code, field and message."""

    parser_classes = [LineJson]

    def answer(self, contract: Contract, act: Handler) -> HttpResponse:
        """Read the line, act, and put the `id` back; whoever may not ask was turned away before."""
        checked(contract.query, self.request.query_params, is_query=True)
        line = checked(contract.takes, self.request.data)
        try:
            identity = _written(identity_of(line))
            return Response({"id": identity, "result": act(line)})
        except LoanError as error:
            code, field = code_and_field(error)
            field, message = (text.encode(errors="replace").decode() for text in (field, str(error)))
            body = envelope(code, message, {field: [message]} if field else {})
            return Response(body, status=status.HTTP_400_BAD_REQUEST)


class CalculateSchedule(Calculate):
    @operation(takes=lines.ScheduleLine, gives=lines.ScheduleAnswer, changes=False)
    def post(self, line: Asked) -> Mapping[str, object]:
        """What falls due, and when. At most 1,200 due dates, and 60 drawdowns, rate changes and steps together."""
        question = read(Question, line)
        terms = question.terms()
        _refuse_long_work(question, terms)
        schedule = build_schedule(terms)
        _refuse_many_dates(terms, len(schedule.instalments))
        return answer(schedule)


class CalculateApr(Calculate):
    @operation(takes=lines.AprLine, gives=lines.AprAnswer, changes=False)
    def post(self, line: Asked) -> Mapping[str, object]:
        """The annual percentage rate of charge, illustrative wherever it is shown. At most 1,200 flows."""
        _refuse_many_flows(line)
        return calculator("apr")(line)


class CalculateIrr(Calculate):
    @operation(takes=lines.IrrLine, gives=lines.IrrAnswer, changes=False)
    def post(self, line: Asked) -> Mapping[str, object]:
        """The rate of return nearest to nought. At most 1,200 flows."""
        _refuse_many_flows(line)
        return calculator("irr")(line)


class CalculateDayCount(Calculate):
    @operation(takes=lines.DayCountLine, gives=lines.DayCountAnswer, changes=False)
    def post(self, line: Asked) -> Mapping[str, object]:
        """The days that a convention counts, and which part of a year they are."""
        return calculator("day_count")(line)


def _written(identity: object) -> object:
    """An `id` that can be sent back. Raises CalculatorError."""
    try:
        str(identity).encode()
    except UnicodeEncodeError:
        raise refused("id", "is no text: half of a surrogate pair stands in it", "Write it in Unicode") from None
    return identity


def _refuse_long_work(question: Question, terms: Terms) -> None:
    found = {name: len(getattr(question, name)) for name in ("drawdowns", "rate_changes", "steps")}
    if (changes := sum(found.values())) > MOST_CHANGES:
        what = f"is one of {changes} drawdowns, rate changes and steps"
        raise refused(max(found, key=found.__getitem__), what, f"Give at most {MOST_CHANGES} over HTTP. {THERE}")
    if not terms.endless:
        _refuse_many_dates(terms, len(due_dates(terms, planned_draws(terms)[0].on)))


def _refuse_many_dates(terms: Terms, number: int) -> None:
    if number > MOST_DUE_DATES:
        field = "instalments" if terms.instalments else "maturity" if terms.maturity else "payment"
        what = f"makes {number:,} due dates"
        raise refused(field, what, f"Ask for at most {MOST_DUE_DATES:,} over HTTP. {THERE}")


def _refuse_many_flows(line: Mapping[str, object]) -> None:
    flows = line.get("flows")
    if isinstance(flows, list) and len(flows) > MOST_FLOWS:
        raise refused("flows", f"has {len(flows):,} entries", f"Give at most {MOST_FLOWS:,} over HTTP. {THERE}")
