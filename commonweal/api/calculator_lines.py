"""The lines of the calculators and their answers as OpenAPI describes them; the calculators judge the values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Given, Shape, Strict
from loans.bank_holidays import CALENDARS
from loans.calculators.apr import Basis, Method
from loans.calculators.fields import Repeated
from loans.calculators.irr import Kind
from loans.calculators.schedule import InterestRunsTo
from loans.domain.calendar import BusinessDayConvention, MonthEnd
from loans.domain.conventions import Amortisation, InterestMethod, Stub
from loans.domain.day_count import DayCount
from loans.domain.rates import AprInterval
from loans.domain.rounding import RoundingMode

Said = dict[str, Any]

DECIMAL: Said = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "maxLength": 42}
DATE: Said = {"type": "string", "format": "date"}
COUNT: Said = {"type": "integer", "minimum": 0}
IDENTITY: Said = {"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True}
FLOWS = "Money lent is negative; in any order."


def _word(words: Iterable[str]) -> Said:
    return {"type": "string", "enum": [str(word) for word in words]}


def _list(of: Said, most: int) -> Said:
    return {"type": "array", "items": of, "maxItems": most}


def _object(needed: tuple[str, ...] = (), /, **properties: Said) -> Said:
    said: Said = {"type": "object", "properties": properties, "additionalProperties": False}
    return said | ({"required": list(needed)} if needed else {})


def _pair(*of: Said) -> Said:
    return {"type": "array", "items": {"oneOf": list(of)}, "minItems": 2, "maxItems": 2}


def _may(says: Said, help_text: str = "") -> Given:
    return Given(says, required=False, help_text=help_text)


CYCLE = _object(("every",), first=DATE, after=DATE, every={"type": "string", "pattern": "^[1-9][0-9]{0,2}[DWMY]$"})
SHIFT = _object(
    ("convention", "interest", "calendar"),
    convention=_word(BusinessDayConvention),
    interest=_word(InterestRunsTo),
    calendar=_word(CALENDARS),
)
ROUNDING = _object(
    decimals={"type": "integer", "minimum": 0, "maximum": 12, "nullable": True},
    mode=_word(RoundingMode),
    payment_multiple=DECIMAL | {"nullable": True},
    smooth={"type": "boolean"},
)


class Line(Strict):
    """A line of `manage.py calculate`."""

    id = _may(IDENTITY, "It comes back as it was given.")

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Repeated):
            name = data.name[:100].encode(errors="replace").decode()
            raise serializers.ValidationError({name: ["This field is given twice. Give it once."]})
        return super().to_internal_value(data)


class ScheduleLine(Line):
    """Terms of a loan; `docs/calculators.md` says what each field means."""

    principal = Given(DECIMAL, help_text="Amount lent; with drawdowns, their sum.")
    currency = _may({"type": "string", "pattern": "^[A-Z]{3}$"}, "GBP unless given.")
    drawn_on = Given(DATE, help_text="The first day that bears interest.")
    drawdowns = _may(_list(_object(("on", "amount"), on=DATE, amount=DECIMAL), 60))
    annual_rate = Given(DECIMAL, help_text="A fraction: 0.075 is 7.5% a year.")
    interest_method = _may(_word(InterestMethod))
    amortisation = Given(_word(Amortisation))
    day_count = Given(_word(DayCount))
    principal_due = _may(CYCLE, "With `first` or `after`.")
    interest_due = _may(CYCLE, "As `principal_due` unless given.")
    instalments = _may(COUNT, "Principal due dates, the last is maturity.")
    maturity = _may(DATE)
    amortised_to = _may(DATE, "The payment is solved to end there.")
    payment = _may(DECIMAL, "Given instead of solved.")
    stub = _may(_word(Stub))
    month_end = _may(_word(MonthEnd))
    business_days = _may(SHIFT | {"nullable": True})
    capitalise_interest_until = _may(DATE)
    accrued_interest = _may(DECIMAL)
    rate_changes = _may(_list(_object(("on", "annual_rate"), on=DATE, annual_rate=DECIMAL), 60))
    interest_only_periods = _may(COUNT, "Capital holiday: the first periods pay interest only.")
    deferred_interest_periods = _may(COUNT)
    interest_free_periods = _may(COUNT)
    rounding = _may(ROUNDING)
    discount = _may(DECIMAL, "Kept back from the first drawdown.")
    months = _may(_list(_pair(COUNT, DECIMAL), 12), 'Weights by calendar month: `[8, "0"]` asks for nothing in August.')
    steps = _may(_list(_pair(COUNT, DECIMAL), 60), 'Weights from a payment on: `[13, "1.1"]`.')


class AprLine(Line):
    """Flows of a loan, fees included."""

    flows = Given(_list(_pair(DATE, DECIMAL), 1200), help_text=FLOWS)
    basis = Given(_word(Basis), help_text="What the first of each pair is.")
    method = Given(_word(Method))
    interval = _may(_word(AprInterval))
    periods_per_year = _may({"oneOf": [{"type": "integer"}, DECIMAL]}, "Needed with unit-periods.")


class IrrLine(Line):
    """Flows."""

    flows = Given(_list(_pair({"type": "integer"}, DATE, DECIMAL), 1200), help_text=FLOWS)
    kind = Given(_word(Kind))


class DayCountLine(Line):
    """Two days."""

    convention = Given(_word(word for word in DayCount if word is not DayCount.NOMINAL))
    start = Given(DATE)
    end = Given(DATE)
    termination_date = _may(DATE, "Only matters to 30e/360-isda.")


class CalculatedInstalment(Shape):
    """What falls due on a date."""

    no = serializers.IntegerField()
    due = serializers.DateField()
    principal = serializers.CharField()
    interest = serializers.CharField()
    total = serializers.CharField()
    balance = serializers.CharField(help_text="Principal outstanding after it.")


class CalculatedEvent(Shape):
    """A dated event of cash or rate, in force order."""

    on = serializers.DateField()
    kind = serializers.ChoiceField(["drawdown", "principal", "interest", "capitalisation", "rate_change"])
    amount = serializers.CharField()
    balance = serializers.CharField()
    annual_rate = serializers.CharField()


class CalculatedTotals(Shape):
    """The instalments, added up."""

    principal = serializers.CharField()
    interest = serializers.CharField()
    total = serializers.CharField()


class CalculatedSchedule(Shape):
    """Every row, event and total."""

    instalments = CalculatedInstalment(many=True)
    events = CalculatedEvent(many=True)
    totals = CalculatedTotals()
    payment = serializers.CharField(allow_null=True, help_text="The first level payment; null for a bullet.")
    negative_parts = serializers.BooleanField(
        required=False, help_text="There, and true, where an instalment's interest exceeds the level payment."
    )


class CalculatedApr(Shape):
    """The rate, not rounded for display."""

    annual_rate = serializers.CharField()


class CalculatedIrr(Shape):
    """The rate, not rounded for display."""

    rate = serializers.CharField()


class CalculatedDayCount(Shape):
    """Days and their part of a year."""

    days = serializers.IntegerField()
    fraction = serializers.CharField()


class ScheduleAnswer(Shape):
    """An answer with the `id` of its line."""

    id = Given(IDENTITY)
    result = CalculatedSchedule()


class AprAnswer(Shape):
    """An answer with the `id` of its line."""

    id = Given(IDENTITY)
    result = CalculatedApr()


class IrrAnswer(Shape):
    """An answer with the `id` of its line."""

    id = Given(IDENTITY)
    result = CalculatedIrr()


class DayCountAnswer(Shape):
    """An answer with the `id` of its line."""

    id = Given(IDENTITY)
    result = CalculatedDayCount()
