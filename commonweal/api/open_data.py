"""What a fund publishes: the releases of its data sets, and publishing the next one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, Shape, Strict, Word
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.open_data.publishing import publish, releases
from commonweal.open_data.shapes import Standard


class ReleaseOut(Shape):
    """A data set as it was published; its bytes are at /open-data/{id}/data.json, its note beside them."""

    id = serializers.IntegerField()
    standard = Word(Standard)
    version = serializers.IntegerField()
    as_of = Day()
    sha256 = serializers.CharField()
    note = serializers.JSONField(help_text="Licence, seal, counts, totals with their journal entries, what it passed.")
    published_at = serializers.DateTimeField()
    published_by = serializers.CharField(source="published_by.name")


class ReleaseIn(Strict):
    """A data set to be published as of the book's business date."""

    standard = Word(Standard)


class ReleaseList(BookOperation):
    @operation(gives=ReleaseOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What was published, the latest first."""
        return self.paged(releases(self.book).select_related("published_by"))

    @operation(takes=ReleaseIn, gives=ReleaseOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Publish what the book may say now, for anybody to read; it cannot be taken back."""
        standard = Standard(asked["standard"])
        return publish(book=self.book, standard=standard, as_of=self.book.business_date, by=self.person)
