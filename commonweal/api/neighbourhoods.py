"""Neighbourhoods over the API: what residents want, which loans answer that, and whether the public may read it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Day, Id, MoneyField, Shape, Strict, Text
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from ledger.domain.money import from_minor
from loans.models import Neighbourhood
from loans.neighbourhoods import NeighbourhoodPage, neighbourhood_page, neighbourhoods, priorities_of, shown_as_of
from loans.queries import loans
from loans.services import name_neighbourhood, record_priority, say_answer, show_neighbourhood


class NeighbourhoodOut(Shape):
    """A small area, or several under one name."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    areas = serializers.SerializerMethodField(help_text="The codes of its small areas.")
    is_shown = serializers.SerializerMethodField(help_text="Whether anybody may read its page.")

    def get_areas(self, found: Any) -> list[str]:
        """In the order of the codes."""
        return [one.area for one in found.areas.all()]

    def get_is_shown(self, found: Any) -> bool:
        """By what was said last."""
        return bool(found.is_shown)


class NeighbourhoodIn(Strict):
    """A neighbourhood to be named; its areas stay for good."""

    name = Text(max_length=100)
    areas = serializers.ListField(child=Text(max_length=12), help_text="The codes of its small areas.")


class NeighbourhoodLoanOut(Shape):
    """A loan that answers a priority."""

    loan = serializers.IntegerField()
    reference = serializers.CharField()
    business = serializers.CharField()
    how = serializers.CharField()
    lent = MoneyField()
    is_named = serializers.BooleanField(help_text="Whether the public reads of it: its business agreed.")


class NeighbourhoodPriorityOut(Shape):
    """What residents want, where they said so, and the loans that answer it."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    source_ = serializers.CharField()
    told_on = Day()
    recorded_by = serializers.CharField()
    loans = NeighbourhoodLoanOut(many=True)
    others_shown = serializers.IntegerField(
        allow_null=True, help_text="How many businesses that are not named the public reads of; null where hidden."
    )


class NeighbourhoodPageOut(Shape):
    """All of a neighbourhood, for staff, and what of that the public may read."""

    neighbourhood = NeighbourhoodOut()
    as_of = Day(help_text="Figures are of the last month that is over.")
    priorities = NeighbourhoodPriorityOut(many=True)
    businesses_named = serializers.IntegerField()
    businesses_not_named = serializers.IntegerField()
    lent_to_those_not_named = MoneyField(help_text="The part that belongs to this place.")
    is_hidden = serializers.BooleanField(
        help_text="Whether the public reads nothing of those not named, because so few could be told."
    )


class NeighbourhoodPriorityIn(Strict):
    """What residents want; with `replaces` it stands instead of an earlier one."""

    text = Text(max_length=300, help_text="In their words.")
    source_ = Text(max_length=200, help_text="Where they said so, and never who.")
    told_on = Day()
    replaces = Id(required=False, help_text="The id of the priority that it stands instead of.")


class NeighbourhoodAnswerIn(Strict):
    """That a loan answers a priority, and how; or does not after all."""

    priority = Id(help_text="The id of a priority of the neighbourhood.")
    loan = Id(help_text="The id of a loan of the book.")
    is_answer = serializers.BooleanField(default=True)
    how = Text(max_length=300, help_text="How it answers it, or why it does not.")


class NeighbourhoodShowingIn(Strict):
    """Whether anybody may read the page."""

    is_shown = serializers.BooleanField()


class NeighbourhoodList(BookOperation):
    @operation(gives=NeighbourhoodOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The neighbourhoods of the fund, by name."""
        return self.paged(neighbourhoods(self.book).prefetch_related("areas"))

    @operation(takes=NeighbourhoodIn, gives=NeighbourhoodOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Look at one or several small areas as one place."""
        made = name_neighbourhood(book=self.book, name=asked["name"], areas=asked["areas"], by=self.person)
        return neighbourhoods(self.book).get(pk=made.pk)


class NeighbourhoodOperation(BookOperation):
    """An operation on one neighbourhood of the book."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.neighbourhood: Neighbourhood = get_object_or_404(neighbourhoods(self.book), pk=path["neighbourhood"])

    def shown(self) -> dict[str, Any]:
        """The whole page as it stands now."""
        found = neighbourhoods(self.book).prefetch_related("areas").get(pk=self.neighbourhood.pk)
        return _told(found, neighbourhood_page(found, shown_as_of(self.book)))


class NeighbourhoodDetail(NeighbourhoodOperation):
    @operation(gives=NeighbourhoodPageOut)
    def get(self, asked: Asked) -> Any:
        """What residents want, the loans that answer it, and what of that the public reads."""
        return self.shown()


class NeighbourhoodPriorities(NeighbourhoodOperation):
    @operation(takes=NeighbourhoodPriorityIn, gives=NeighbourhoodPageOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record what residents want, where they said so and when."""
        standing = priorities_of([self.neighbourhood])
        record_priority(
            neighbourhood=self.neighbourhood,
            text=asked["text"],
            source=asked["source"],
            told_on=asked["told_on"],
            replaces=named(standing, "replaces", pk=asked["replaces"]) if "replaces" in asked else None,
            on=self.book.business_date,
            by=self.person,
        )
        return self.shown()


class NeighbourhoodAnswers(NeighbourhoodOperation):
    @operation(takes=NeighbourhoodAnswerIn, gives=NeighbourhoodPageOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say that a loan answers a priority, and how, or that it does not after all."""
        say_answer(
            priority=named(priorities_of([self.neighbourhood]), "priority", pk=asked["priority"]),
            loan=named(loans(self.book), "loan", pk=asked["loan"]),
            how=asked["how"],
            is_answer=asked["is_answer"],
            by=self.person,
        )
        return self.shown()


class NeighbourhoodShowings(NeighbourhoodOperation):
    @operation(takes=NeighbourhoodShowingIn, gives=NeighbourhoodPageOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Open the neighbourhood's page for anybody, or close it."""
        show_neighbourhood(neighbourhood=self.neighbourhood, is_shown=asked["is_shown"], by=self.person)
        return self.shown()


def _told(found: Any, page: NeighbourhoodPage) -> dict[str, Any]:
    return {
        "neighbourhood": found,
        "as_of": page.as_of,
        "priorities": [
            {
                "id": shown.priority.pk,
                "text": shown.priority.text,
                "source": shown.priority.source,
                "told_on": shown.priority.told_on,
                "recorded_by": str(shown.priority.recorded_by),
                "loans": [
                    {
                        "loan": one.loan.pk,
                        "reference": one.loan.reference,
                        "business": str(one.loan.organisation),
                        "how": one.how,
                        "lent": from_minor(one.lent, one.loan.currency),
                        "is_named": one.is_named,
                    }
                    for one in shown.loans
                ],
                "others_shown": shown.others,
            }
            for shown in page.priorities
        ],
        "businesses_named": page.inside.named,
        "businesses_not_named": page.inside.others,
        "lent_to_those_not_named": from_minor(page.inside.lent_others, found.book.base_currency),
        "is_hidden": page.is_hidden,
    }
