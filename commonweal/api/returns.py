"""What a business is asked, what it claims and allows, and a return that is filled in by a program."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers.domain.outcomes import Group, OutcomeArea, Risk, Use
from borrowers.domain.readings import PLACES, ShownBy
from borrowers.models import OutcomeClaim
from borrowers.queries import claims_of, consents_of, indicators
from borrowers.services import Claim, make_claim, say_consents
from commonweal.api.fields import Count, Day, FileIn, Nothing, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.indicators import GroupPartIn
from commonweal.api.operations import Asked, Paged, named, operation
from commonweal.api.organisations import OrganisationOperation
from commonweal.api.parsers import JsonWithAttachment
from commonweal.jobs.returns import finish_return, save_step
from loans.domain.returns import ReturnAnswerKind, ReturnState
from loans.models import ImpactReturn, ReturnAnswer
from loans.returns_queries import answers_to, returns_of
from loans.services import Step, Upload


class ReturnOut(Shape):
    """A period that a business is asked to report; `period_end` is the first day after it."""

    id = serializers.IntegerField()
    period_start = Day()
    period_end = Day()
    due_on = Day()
    state = serializers.SerializerMethodField(help_text="`open`, `late` or `sent`; late changes nothing but coverage.")
    sent_on = Day(source="sent.sent_on", allow_null=True, default=None)
    questions = serializers.SerializerMethodField(help_text="The codes of the indicators, in their places from 1 on.")

    def get_state(self, row: ImpactReturn) -> ReturnState:
        """Where it is on the business date."""
        return row.state(row.book.business_date)

    def get_questions(self, row: ImpactReturn) -> list[str]:
        """What is asked, in order."""
        return [one.indicator.code for one in row.plan.questions.all()]


class AnswerIn(Strict):
    """What is answered to one question; it takes the place of what was saved before."""

    place = Count(min_value=1, max_value=6, help_text="The place of the question, from 1 on.")
    answer = Word(ReturnAnswerKind)
    value = PlainDecimal(places=PLACES, required=False, help_text="With `value` alone; nought is a value.")
    is_same = serializers.BooleanField(required=False, help_text="Said to be the same as last time.")
    shown_by = Word(ShownBy, required=False)
    source_ = Text(max_length=300, required=False, allow_blank=True, help_text="Where the figure is from.")
    parts = GroupPartIn(many=True, required=False)
    file = FileIn(required=False, help_text="What shows it; it raises the grade, and is evidence once it is sent.")


class AnswerOut(Shape):
    """An answer as it is saved."""

    place = serializers.IntegerField(source="question.place")
    answer = Word(ReturnAnswerKind)
    value = PlainDecimal(allow_null=True)
    is_same = serializers.BooleanField()
    shown_by = Word(ShownBy)
    source_ = serializers.CharField()
    file = serializers.CharField(
        source="file.opaque_name", allow_null=True, default=None, help_text="The id of the document that shows it."
    )
    saved_at = serializers.DateTimeField()


class ConsentOut(Shape):
    """Whether a use is allowed now, and since when; silence is a no."""

    use = Word(Use)
    is_given = serializers.BooleanField()
    said_on = Day(allow_null=True)


class ConsentIn(Strict):
    """That a use is allowed, or allowed no more."""

    use = Word(Use)
    is_given = serializers.BooleanField()


class ClaimOut(Shape):
    """What a business says that it changes, by the five dimensions of impact."""

    id = serializers.IntegerField()
    area = Word(OutcomeArea)
    is_for_community = serializers.BooleanField()
    what = serializers.CharField()
    who = serializers.ListField(child=Word(Group))
    scale = serializers.CharField()
    depth = serializers.CharField()
    duration = serializers.CharField()
    contribution = serializers.CharField()
    risk = serializers.CharField(help_text="What is most at risk, or empty.")
    risk_note = serializers.CharField()
    shown_by = serializers.SerializerMethodField(help_text="The codes of the indicators that show it.")
    claimed_on = Day()

    def get_shown_by(self, row: OutcomeClaim) -> list[str]:
        """By what it is shown."""
        return [one.indicator.code for one in row.shown_by.all()]


class ClaimIn(Strict):
    """A claim to be recorded."""

    area = Word(OutcomeArea)
    what = Text(max_length=300)
    who = serializers.ListField(child=Word(Group), max_length=20)
    is_for_community = serializers.BooleanField(required=False)
    scale = Text(max_length=200, required=False, allow_blank=True)
    depth = Text(max_length=200, required=False, allow_blank=True)
    duration = Text(max_length=200, required=False, allow_blank=True)
    contribution = Text(max_length=500, required=False, allow_blank=True)
    risk = Word(Risk, required=False)
    risk_note = Text(max_length=300, required=False, allow_blank=True)
    shown_by = serializers.ListField(child=Text(max_length=40), required=False, max_length=6)


class ReturnList(OrganisationOperation):
    @operation(gives=ReturnOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The returns of a business to this fund, the latest period first."""
        return self.paged(returns_of([self.organisation]).filter(book=self.book))


class ReturnOperation(OrganisationOperation):
    """An operation on one return."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        own = returns_of([self.organisation]).filter(book=self.book)
        self.impact_return: ImpactReturn = get_object_or_404(own, pk=path["impact_return"])


class ReturnAnswers(ReturnOperation):
    parser_classes = [JsonWithAttachment]

    @operation(gives=AnswerOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What is saved so far, by the place of the question."""
        saved = answers_to([self.impact_return]).get(self.impact_return.pk, {})
        return self.paged(sorted(saved.values(), key=lambda one: one.question.place))

    @operation(takes=AnswerIn, gives=AnswerOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Save the answer to one question; what was answered before stays on record and counts no more."""
        question = named(self.impact_return.plan.questions.all(), "place", place=asked["place"])
        saved: ReturnAnswer = save_step(
            impact_return=self.impact_return,
            question=question,
            step=step_in(asked),
            on=self.book.business_date,
            by=self.person,
        )
        return saved


class ReturnSend(ReturnOperation):
    @operation(takes=Nothing, gives=ReturnOut)
    def post(self, asked: Asked) -> Any:
        """Send a return: its answers become readings. Sent again, nothing more happens."""
        finish_return(impact_return=self.impact_return, on=self.book.business_date, by=self.person)
        return returns_of([self.organisation]).get(pk=self.impact_return.pk)


class ConsentList(OrganisationOperation):
    @operation(gives=ConsentOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """For each use whether the business allows it now."""
        said = consents_of([self.organisation])
        found = [(use, said.get((self.organisation.pk, use))) for use in Use]
        return self.paged(
            [
                {"use": use, "is_given": bool(one and one.is_given), "said_on": one.said_on if one else None}
                for use, one in found
            ]
        )

    @operation(takes=ConsentIn, gives=ConsentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Allow a use, or allow it no more; it counts from now on."""
        use, on = Use(asked["use"]), self.book.business_date
        say_consents(organisation=self.organisation, given={use: asked["is_given"]}, on=on, by=self.person)
        one = consents_of([self.organisation]).get((self.organisation.pk, use))
        return {"use": use, "is_given": bool(one and one.is_given), "said_on": one.said_on if one else None}


class ClaimList(OrganisationOperation):
    @operation(gives=ClaimOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What a business says that it changes, as it stands."""
        return self.paged(claims_of([self.organisation]))

    @operation(takes=ClaimIn, gives=ClaimOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record what a business says that it changes, and by which indicators it is shown."""
        codes = asked.pop("shown_by", [])
        shown_by = [named(indicators(), "shown_by", code=code) for code in codes]
        risk = Risk(asked.pop("risk")) if "risk" in asked else None
        area, who = OutcomeArea(asked.pop("area")), [Group(one) for one in asked.pop("who")]
        claim = Claim(area=area, who=who, risk=risk, **asked)
        made = make_claim(
            organisation=self.organisation,
            claim=claim,
            shown_by=shown_by,
            on=self.book.business_date,
            by=self.person,
        )
        return claims_of([self.organisation]).get(pk=made.pk)


def step_in(asked: Asked) -> Step:
    """An answer as a body describes it."""
    return Step(
        answer=ReturnAnswerKind(asked["answer"]),
        value=asked.get("value"),
        is_same=asked.get("is_same", False),
        shown_by=ShownBy(asked.get("shown_by", ShownBy.ESTIMATE)),
        source=asked.get("source", ""),
        parts={Group(one["group"]): one["value"] for one in asked.get("parts", ())},
        upload=Upload(sent["name"], sent["content_base64"]) if (sent := asked.get("file")) else None,
    )
