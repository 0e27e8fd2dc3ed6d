"""Published rates that loans follow: indexes, their tables, and the loans that a new rate changes."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Day, Id, PlainDecimal, Shape, Strict, Text
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from loans import queries, services
from loans.models import BaseRateIndex


class IndexOut(Shape):
    """A published rate."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()


class IndexIn(Strict):
    """An index to be added."""

    code = serializers.SlugField(max_length=40)
    name = Text(max_length=200)


class NoticeOut(Shape):
    """That a borrower has to be told of a new rate."""

    loan = serializers.IntegerField(source="loan_id")
    takes_effect_on = Day()
    tell_by = Day()
    old_rate = PlainDecimal()
    new_rate = PlainDecimal()


class RateOut(Shape):
    """A rate in force from a day until the next one; one that was corrected says by which."""

    id = serializers.IntegerField()
    effective_on = Day()
    annual_rate = PlainDecimal(help_text="A fraction: 0.0375 is 3.75%.")
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    replaced_by = serializers.IntegerField(source="replaced_by.pk", allow_null=True, default=None)
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()
    notices = NoticeOut(many=True, help_text="The loans that it changes.")


class RateIn(Strict):
    """A rate to be added, or the correction of one."""

    effective_on = Day()
    annual_rate = PlainDecimal(places=6, least="-1", below="1")
    replaces = Id(required=False, help_text="The id of the rate that it corrects.")


class IndexList(BookOperation):
    @operation(gives=IndexOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The published rates that loans may follow, by name."""
        return self.paged(queries.base_rate_indexes(self.book))

    @operation(takes=IndexIn, gives=IndexOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Add an index; its table is empty at first."""
        return services.add_index(book=self.book, code=asked["code"], name=asked["name"])


class RateList(BookOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.index: BaseRateIndex = get_object_or_404(queries.base_rate_indexes(self.book), pk=path["index"])

    @operation(gives=RateOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """All that was recorded of an index, the latest day first."""
        return self.paged(queries.base_rates(self.index).prefetch_related("notices"))

    @operation(takes=RateIn, gives=RateOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Add or correct a rate; `notices` are the loans that it changes, and by when each borrower is told."""
        rates = queries.base_rates(self.index)
        return services.record_base_rate(
            index=self.index,
            effective_on=asked["effective_on"],
            annual_rate=asked["annual_rate"],
            replaces=named(rates, "replaces", pk=asked["replaces"]) if "replaces" in asked else None,
            by=self.person,
        )
