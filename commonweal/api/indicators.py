"""What is counted, and what was said of it for a period."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers import queries
from borrowers.domain.indicators import Definition, Range
from borrowers.domain.outcomes import AddUp, Group, Measure, OutcomeArea
from borrowers.domain.readings import PLACES, Answer, Direction, Grade, ReadingPeriod
from borrowers.models import Reading
from borrowers.services import Said, confirm_reading, define_indicator, record_reading
from commonweal.access.rules import Side
from commonweal.api.fields import Count, Day, Id, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BySide, Operation, Paged, Seen, named, narrowed, operation
from commonweal.api.organisations import OrganisationOperation


class IndicatorOut(Shape):
    """What is counted: the question, the unit and its range, which way is better, and how figures add up."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    direction = Word(Direction)
    question = serializers.CharField(source="asked")
    hint = serializers.CharField()
    measure = Word(Measure, help_text="`stock` stands on the last day, `flow` is over the whole period.")
    adds_up = Word(AddUp)
    weighted_by = serializers.CharField(source="weighted_by.code", allow_null=True, default=None)
    least = PlainDecimal(allow_null=True)
    most = PlainDecimal(allow_null=True)
    decimals = serializers.IntegerField()
    area = serializers.CharField(help_text="One of the nine outcome areas, or empty.")
    groups = serializers.ListField(child=Word(Group), help_text="By which a figure may be parted.")
    iris_id = serializers.CharField(help_text="The IRIS+ id that it is tagged with, or empty.")
    iris_version = serializers.CharField(help_text="The release of IRIS+ that the id is of, or empty.")
    sdg_targets = serializers.ListField(child=serializers.CharField(), help_text="Codes such as 8.5.")
    needs_baseline = serializers.BooleanField()
    from_ledger = serializers.BooleanField(help_text="Whether the ledger answers it, so that nobody may type it.")
    is_own = serializers.BooleanField(help_text="Whether the fund defined it, rather than the catalogue.")


class IndicatorIn(Strict):
    """An indicator of the fund's own."""

    code = serializers.SlugField(max_length=40)
    name = Text(max_length=200)
    unit = Text(max_length=40)
    direction = Word(Direction)
    question = Text(max_length=200, required=False, allow_blank=True)
    hint = Text(max_length=300, required=False, allow_blank=True)
    measure = Word(Measure, required=False)
    adds_up = Word(AddUp, required=False)
    weighted_by = Text(max_length=40, required=False, help_text="The code of the indicator that weighs an average.")
    least = PlainDecimal(places=PLACES, required=False)
    most = PlainDecimal(places=PLACES, required=False)
    decimals = Count(required=False, min_value=0, max_value=PLACES)
    area = Word(OutcomeArea, required=False)
    groups = serializers.ListField(child=Word(Group), required=False, max_length=20)
    iris_id = Text(max_length=10, required=False, allow_blank=True)
    iris_version = Text(max_length=10, required=False, allow_blank=True)
    sdg_targets = serializers.ListField(child=Text(max_length=5), required=False, max_length=20)
    needs_baseline = serializers.BooleanField(required=False)


class GroupPartOut(Shape):
    """How much of a figure is of one group."""

    group = Word(Group)
    value = PlainDecimal()


class GroupPartIn(Strict):
    """How much of a figure is of one group."""

    group = Word(Group)
    value = PlainDecimal(places=PLACES)


class ReadingOut(Shape):
    """What was said for a period that is over; `period_end` is the first day after it."""

    id = serializers.IntegerField()
    indicator = serializers.CharField(source="indicator.code")
    unit = serializers.CharField(source="indicator.unit")
    period_start = Day()
    period_end = Day()
    answer = Word(Answer)
    value = PlainDecimal(allow_null=True, help_text="Null where the answer is no figure; nought is a figure.")
    is_same = serializers.BooleanField(help_text="Said to be the same as last time.")
    grade = serializers.CharField(
        help_text="How well it is supported, from A (independent) to D (estimate); empty where there is no figure."
    )
    evidence = serializers.CharField()
    verifier = serializers.CharField()
    parts = GroupPartOut(many=True, source="parts.all")
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    restated_because = serializers.CharField(source="reason", help_text="Why it replaces an earlier one, or empty.")
    is_confirmed = serializers.SerializerMethodField(help_text="Whether somebody else looked at it.")
    recorded_at = serializers.DateTimeField()

    def get_is_confirmed(self, row: Reading) -> bool:
        """Whether there is a confirmation."""
        return hasattr(row, "confirmation")


class ReadingForStaffOut(ReadingOut):
    """A reading with the person who recorded it."""

    recorded_by = serializers.CharField(source="recorded_by.name")


READING = BySide("ReadingShown", {Side.STAFF: ReadingForStaffOut, Side.BORROWER: ReadingOut})


class ReadingIn(Strict):
    """A reading to be recorded; with `replaces` and `reason` it restates an earlier one."""

    indicator = Text(max_length=40, help_text="The code of an indicator.")
    period_start = Day()
    period_end = Day(help_text="The first day that no longer belongs to the period.")
    answer = Word(Answer, required=False, help_text="`value` unless given.")
    value = PlainDecimal(places=PLACES, required=False)
    grade = Word(Grade, required=False)
    evidence = Text(max_length=500, required=False, allow_blank=True)
    verifier = Text(max_length=200, required=False, allow_blank=True)
    parts = GroupPartIn(many=True, required=False)
    replaces = Id(required=False, help_text="The id of the reading to be restated.")
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Why; needed with `replaces`.")


class ReadingConfirmIn(Strict):
    """What was looked at."""

    how = Text(max_length=300, help_text="The auditor reads this.")


class ReadingQuery(Paged):
    """Which readings."""

    indicator = Text(required=False, max_length=40, help_text="Of one indicator, by its code.")


class IndicatorList(Operation):
    @operation(gives=IndicatorOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What is counted, by name."""
        return self.paged(queries.indicators())

    @operation(takes=IndicatorIn, gives=IndicatorOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say what is counted, for every book of the installation."""
        return define_indicator(definition_in(asked))


class ReadingList(OrganisationOperation):
    @operation(gives=READING, query=ReadingQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What was said for a business; only what stands, not what was restated since."""
        found = queries.current_answers(self.organisation).prefetch_related("parts")
        found = narrowed(found, asked, {"indicator": "indicator__code"})
        return self.paged(found, lambda page: [Seen(self.side_towards(self.organisation.pk), row) for row in page])

    @operation(takes=ReadingIn, gives=ReadingForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record what was said for a period that is over; it is never edited, only replaced."""
        standing = queries.current_answers(self.organisation)
        return record_reading(
            organisation=self.organisation,
            indicator=named(queries.indicators(), "indicator", code=asked["indicator"]),
            period=ReadingPeriod(asked["period_start"], asked["period_end"]),
            said=said_in(asked),
            on=self.book.business_date,
            by=self.person,
            replaces=named(standing, "replaces", pk=asked["replaces"]) if "replaces" in asked else None,
            reason=asked.get("reason", ""),
        )


class ReadingConfirm(OrganisationOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.reading = get_object_or_404(queries.current_answers(self.organisation), pk=path["reading"])

    @operation(takes=ReadingConfirmIn, gives=ReadingForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say that somebody other than who recorded it looked at a reading and its evidence."""
        confirm_reading(reading=self.reading, how=asked["how"], on=self.book.business_date, by=self.person)
        return queries.current_answers(self.organisation).get(pk=self.reading.pk)


def definition_in(asked: Asked) -> Definition:
    """An indicator as a body describes it. Raises IndicatorUnclear."""
    ends = [asked.pop(name, None) for name in ("least", "most")]
    reach = Range(ends[0], ends[1], asked.pop("decimals", PLACES))
    words = {"direction": Direction, "measure": Measure, "adds_up": AddUp, "area": OutcomeArea}
    known: dict[str, Any] = {name: words[name](asked.pop(name)) for name in words if name in asked}
    known["groups"] = tuple(Group(one) for one in asked.pop("groups", ()))
    known["sdg_targets"] = tuple(asked.pop("sdg_targets", ()))
    return Definition(range=reach, **known, **asked)


def said_in(asked: Asked) -> Said:
    """What a body says for a period."""
    parts: dict[Group, Decimal] = {Group(part["group"]): part["value"] for part in asked.get("parts", ())}
    return Said(
        value=asked.get("value"),
        grade=Grade(asked["grade"]) if "grade" in asked else None,
        evidence=asked.get("evidence", ""),
        verifier=asked.get("verifier", ""),
        answer=Answer(asked.get("answer", Answer.VALUE)),
        parts=parts,
    )
