"""What a business tells in its own words, leaves for whoever comes next, achieved, and could count: over the API."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers.domain.coach import Record
from borrowers.domain.outcomes import Group, OutcomeArea, Use
from borrowers.domain.readings import Answer, Grade
from borrowers.queries import notes_of, who_allows
from borrowers.services import LONGEST_NOTE, leave_note
from commonweal.access.scope import files_for, loans_for
from commonweal.achieved import Achieved, achieved_by, paragraph
from commonweal.api.fields import Day, Nothing, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, Paged, named, operation
from commonweal.api.organisations import OrganisationOperation
from commonweal.coaching import coached
from loans.models import Story
from loans.returns_queries import every_story_of, stories_of
from loans.services import LONGEST_STORY, tell_story, withdraw_story


class StoryOut(Shape):
    """A story, and whether it may be shown now: that follows the consents, from the moment that they are given."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    photo = serializers.CharField(
        source="photo.opaque_name", allow_null=True, default=None, help_text="The id of the document with its picture."
    )
    told_on = Day()
    is_shown = serializers.BooleanField(help_text="Whether the use `story` is allowed now.")
    is_photo_shown = serializers.BooleanField(help_text="Whether the story and its picture may be shown now.")


class StoryIn(Strict):
    """A story to be told; it is shown to nobody unless its use is allowed."""

    title = Text(max_length=120)
    text = Text(max_length=LONGEST_STORY)
    photo = Text(max_length=32, required=False, help_text="The id of a picture among the documents of the business.")


class StoryWithdrawalOut(Shape):
    """That a story was taken back; it stands nowhere new from that day on."""

    story = serializers.IntegerField(source="story_id")
    withdrawn_on = Day()


class HandoverNoteOut(Shape):
    """What whoever comes next has to know."""

    text = serializers.CharField()
    written_by = serializers.CharField(source="written_by.name")
    written_at = serializers.DateTimeField()


class HandoverNoteIn(Strict):
    """A note to be left."""

    text = Text(max_length=LONGEST_NOTE)


class CoachChoiceOut(Shape):
    """A word that may be answered, and how people say it."""

    word = serializers.CharField()
    words = serializers.CharField()


class CoachOut(Shape):
    """The coach's questions, none of them about figures, each with what may be answered."""

    area = CoachChoiceOut(many=True, help_text="Where is the change felt most?")
    who = CoachChoiceOut(many=True, help_text="For whom?")
    records = CoachChoiceOut(many=True, help_text="What do you keep anyway?")


class CoachIn(Strict):
    """What is answered to the coach."""

    area = Word(OutcomeArea)
    who = serializers.ListField(child=Word(Group), required=False, max_length=20)
    records = serializers.ListField(child=Word(Record), required=False, max_length=20)


class CoachedOut(Shape):
    """An indicator that fits, how to come by its figure, and the grade of evidence within reach."""

    indicator = serializers.CharField(source="indicator.code")
    name = serializers.CharField(source="indicator.name")
    unit = serializers.CharField(source="indicator.unit")
    question = serializers.CharField(source="indicator.asked")
    why = serializers.CharField(source="suggestion.why")
    how = serializers.CharField(source="suggestion.how")
    grade = Word(Grade, source="suggestion.grade")


class CoachedListOut(Shape):
    """Two or three indicators; where the catalogue has none that fits, fewer."""

    suggestions = CoachedOut(many=True)


class AchievedTargetOut(Shape):
    """What was promised with a loan."""

    loan = serializers.CharField(source="loan.reference")
    baseline = PlainDecimal(allow_null=True)
    baseline_on = Day(allow_null=True)
    target = PlainDecimal()
    target_by = Day()


class AchievedAnswerOut(Shape):
    """What was said for a period and stands; `period_end` is the first day after it."""

    period_start = Day()
    period_end = Day()
    answer = Word(Answer)
    value = PlainDecimal(allow_null=True)


class AchievedRowOut(Shape):
    """One indicator: its promises, its answers, the oldest first, and what changed in a sentence."""

    indicator = serializers.CharField(source="indicator.code")
    unit = serializers.CharField(source="indicator.unit")
    sentence = serializers.CharField()
    targets = AchievedTargetOut(many=True)
    answers = AchievedAnswerOut(many=True)


class AchievedOut(Shape):
    """What a business promised and achieved."""

    paragraph = serializers.CharField(allow_blank=True, help_text="For its own report; empty before there are figures.")
    achieved = AchievedRowOut(many=True)


class StoryList(OrganisationOperation):
    @operation(gives=StoryOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What a business told this fund and did not take back, the latest first."""
        found = stories_of([self.organisation]).filter(book=self.book)
        return self.paged(found, self.shown)

    @operation(takes=StoryIn, gives=StoryOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Tell a story; `consents/` says whether it and its picture may be shown, and withdraws that again."""
        pictures = files_for(self.person).filter(organisation=self.organisation, content_type__startswith="image/")
        made = tell_story(
            book=self.book,
            organisation=self.organisation,
            title=asked["title"],
            text=asked["text"],
            photo=named(pictures, "photo", opaque_name=asked["photo"]) if "photo" in asked else None,
            on=self.book.business_date,
            by=self.person,
        )
        return self.shown([made])[0]

    def shown(self, page: list[Story]) -> list[dict[str, Any]]:
        """Stories with whether they may be shown now."""
        told, pictured = (bool(who_allows([self.organisation], use)) for use in (Use.STORY, Use.PHOTO))
        return [
            {
                "id": one.pk,
                "title": one.title,
                "text": one.text,
                "photo": one.photo,
                "told_on": one.told_on,
                "is_shown": told,
                "is_photo_shown": told and pictured and one.photo is not None,
            }
            for one in page
        ]


class StoryWithdraw(OrganisationOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        told = every_story_of([self.organisation]).filter(book=self.book)
        self.story: Story = get_object_or_404(told, pk=path["story"])

    @operation(takes=Nothing, gives=StoryWithdrawalOut)
    def post(self, asked: Asked) -> Any:
        """Take one story back, whatever is allowed of the others; what was issued before keeps it."""
        return withdraw_story(story=self.story, on=self.book.business_date, by=self.person)


class HandoverNoteList(OrganisationOperation):
    @operation(gives=HandoverNoteOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the people of a business left for whoever comes next, the latest first."""
        return self.paged(notes_of(self.organisation))

    @operation(takes=HandoverNoteIn, gives=HandoverNoteOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Leave a note for whoever comes next; the latest one stands on the hand-over page."""
        return leave_note(organisation=self.organisation, text=asked["text"], by=self.person)


class Coach(OrganisationOperation):
    @operation(gives=CoachOut)
    def get(self, asked: Asked) -> Any:
        """What the coach asks, and what may be answered."""
        questions: dict[str, Any] = {"area": OutcomeArea, "who": Group, "records": Record}
        return {name: [{"word": str(one), "words": one.words} for one in words] for name, words in questions.items()}


class CoachSuggestions(OrganisationOperation):
    @operation(takes=CoachIn, gives=CoachedListOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """Two or three indicators that show a change, with the grade of evidence that is within reach."""
        groups = [Group(one) for one in asked.get("who", ())]
        records = [Record(one) for one in asked.get("records", ())]
        return {"suggestions": coached(OutcomeArea(asked["area"]), groups, records)}


class AchievedList(OrganisationOperation):
    @operation(gives=AchievedOut)
    def get(self, asked: Asked) -> Any:
        """What a business promised with its loans of this book, and what it said since, indicator by indicator."""
        loans = list(loans_for(self.person).filter(book=self.book, organisation=self.organisation))
        found: list[Achieved] = achieved_by([self.organisation], loans)
        return {"paragraph": paragraph(self.organisation, found), "achieved": found}
