"""What a business agreed to report, every return of a book, and what its businesses said, over the API."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers.queries import asked_indicators, indicators, readings_by_indicator
from commonweal.access.rules import Side
from commonweal.access.scope import loans_for, organisations_for
from commonweal.api.fields import Count, Day, Shape, Strict, Text, Word
from commonweal.api.indicators import ReadingForStaffOut
from commonweal.api.operations import Asked, BookOperation, BySide, Paged, Seen, named, operation
from commonweal.api.organisations import OrganisationOperation
from commonweal.api.returns import ReturnOut
from loans.domain.returns import MOST, ReturnCalendar, ReturnState
from loans.models import ImpactReturn, ReturnPlan
from loans.returns_queries import answers_to, return_plans_of, returns_in
from loans.services import agree_returns


class ReturnPlanOut(Shape):
    """What was agreed to be reported, how often, and by when; a change replaces it."""

    id = serializers.IntegerField()
    first_start = Day(help_text="The first day of the first period.")
    every_months = serializers.IntegerField()
    due_days = serializers.IntegerField(help_text="Days after a period in which its return is due.")
    questions = serializers.SerializerMethodField(help_text="The codes of the indicators, in their places from 1 on.")
    agreed_on = Day()
    consented = serializers.CharField(help_text="Who of the business agreed to a change, and how; empty of the first.")
    is_current = serializers.SerializerMethodField(help_text="Whether nothing replaced it.")

    def get_questions(self, row: ReturnPlan) -> list[str]:
        """What is asked, in order."""
        return [one.indicator.code for one in row.questions.all()]

    def get_is_current(self, row: ReturnPlan) -> bool:
        """Whether it is what is asked now."""
        return not hasattr(row, "replaced_by")


class ReturnPlanForStaffOut(ReturnPlanOut):
    """A plan with who agreed it for the fund."""

    agreed_by = serializers.CharField(source="agreed_by.name")


PLAN = BySide("ReturnPlanShown", {Side.STAFF: ReturnPlanForStaffOut, Side.BORROWER: ReturnPlanOut})


class ReturnPlanIn(Strict):
    """What is to be reported from now on; where something was agreed before, the business agrees to the change."""

    questions = serializers.ListField(
        child=Text(max_length=40),
        max_length=MOST,
        help_text="The codes of three to six indicators, as they are to be asked.",
    )
    every_months = Count(min_value=1, max_value=12, help_text="1, 3, 6 or 12.")
    first_start = Day(help_text="The first of a month; best with the business's own year.")
    due_days = Count(min_value=1, max_value=366, help_text="From 8 to 183: the first reminder comes 7 days before.")
    consented = Text(max_length=300, required=False, help_text="Who of it agreed, and how; needed for a change.")


class BookReturnOut(ReturnOut):
    """A return with whose it is, and how much of it is answered."""

    organisation = serializers.IntegerField(source="organisation_id")
    business = serializers.CharField(source="organisation.name")
    answered = serializers.SerializerMethodField(help_text="How many of its questions have an answer so far.")

    def get_answered(self, row: ImpactReturn) -> int:
        """The questions that are answered; `BookReturnList` reads them for a whole page at once."""
        return len(getattr(row, "saved", ()))


class BookReturnQuery(Paged):
    """Which returns."""

    state = Word(ReturnState, required=False, help_text="As on the business date.")


class BookReadingOut(ReadingForStaffOut):
    """A reading with whose it is."""

    organisation = serializers.IntegerField(source="organisation_id")


class BookReadingQuery(Paged):
    """Of what."""

    indicator = Text(max_length=40, help_text="The code of an indicator.")


class ReturnPlanList(OrganisationOperation):
    @operation(gives=PLAN, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What a business agreed to report to this fund, now and before, what holds now first."""
        side = self.side_towards(self.organisation.pk)
        return self.paged(return_plans_of(self.book, self.organisation), lambda page: [Seen(side, row) for row in page])

    @operation(takes=ReturnPlanIn, gives=ReturnPlanForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Agree what a business reports; its returns open as their periods end."""
        made = agree_returns(
            book=self.book,
            organisation=self.organisation,
            calendar=ReturnCalendar(asked["first_start"], asked["every_months"], asked["due_days"]),
            indicators=[named(asked_indicators(), "questions", code=code) for code in asked["questions"]],
            on=self.book.business_date,
            by=self.person,
            consented=asked.get("consented", ""),
        )
        return return_plans_of(self.book, self.organisation).get(pk=made.pk)


class BookReturnList(BookOperation):
    @operation(gives=BookReturnOut, query=BookReturnQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Every return that businesses of the book were asked for, the latest period first."""
        found = returns_in(self.book)
        state, on = asked.get("state"), self.book.business_date
        if state == ReturnState.SENT:
            found = found.filter(sent__isnull=False)
        elif state == ReturnState.LATE:
            found = found.filter(sent__isnull=True, due_on__lt=on)
        elif state == ReturnState.OPEN:
            found = found.filter(sent__isnull=True, due_on__gte=on)
        return self.paged(found, _with_answers)


class BookReadingList(BookOperation):
    @operation(gives=BookReadingOut, query=BookReadingQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What the businesses that borrow of the book said of one indicator and stands, the latest period first."""
        indicator = get_object_or_404(indicators(), code=asked["indicator"])
        lent = loans_for(self.person).filter(book=self.book)
        dealing = organisations_for(self.person).filter(pk__in=lent.values("organisation"))
        return self.paged(readings_by_indicator(indicator).filter(organisation__in=dealing).prefetch_related("parts"))


def _with_answers(page: list[ImpactReturn]) -> list[ImpactReturn]:
    answered = answers_to(page)
    for row in page:
        row.saved = answered.get(row.pk, {})  # type: ignore[attr-defined]
    return page
