"""Deals of other publishers over the API: a SEDL file is tried, and brought in as records that are never loans."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import FileIn, PlainDecimal, Shape, Strict
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.api.parsers import JsonWithAttachment
from commonweal.open_data.records import bring_in_records, deal_records, tried_deals


class DealRecordOut(Shape):
    """A deal that another publisher told of, as it is kept."""

    id = serializers.CharField(source="code", help_text="The identifier of its publisher.")
    title = serializers.CharField()
    deal_date = serializers.CharField(help_text="A year, a month or a day.")
    organisation = serializers.IntegerField(source="organisation_id")
    content_sha256 = serializers.CharField()
    brought_in_at = serializers.DateTimeField()
    brought_in_by = serializers.CharField(source="brought_in_by.name")


class DealFileIn(Strict):
    """Deals in SEDL."""

    file = FileIn(help_text="JSON of at most 10 MB.")


class TriedDealOut(Shape):
    """A deal of a file, and what would come of it."""

    id = serializers.CharField(source="code")
    title = serializers.CharField()
    deal_date = serializers.CharField()
    business = serializers.CharField()
    currency = serializers.CharField(allow_blank=True)
    value = PlainDecimal(allow_null=True)
    is_new = serializers.BooleanField(help_text="Whether a record would be kept.")
    organisation = serializers.IntegerField(
        source="stands.pk", allow_null=True, default=None, help_text="Null: it would be registered."
    )


class DealFileTriedOut(Shape):
    """What would come of a file."""

    deals = TriedDealOut(many=True)


class DealFileBroughtInOut(Shape):
    """How many deals a file tells of, and how many of them are records now that were none before."""

    deals = serializers.IntegerField()
    new = serializers.IntegerField()


class DealRecordList(BookOperation):
    parser_classes = [JsonWithAttachment]

    @operation(gives=DealRecordOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The records, by identifier."""
        return self.paged(deal_records(self.book).select_related("brought_in_by"))

    @operation(takes=DealFileIn, gives=DealFileBroughtInOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Keep the deals of a file that are not kept yet, and register their businesses; no loan is made."""
        return bring_in_records(book=self.book, content=asked["file"]["content_base64"], by=self.person)


class DealFileTry(BookOperation):
    parser_classes = [JsonWithAttachment]

    @operation(takes=DealFileIn, gives=DealFileTriedOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """Say what would come of a file; nothing is kept."""
        return {"deals": tried_deals(book=self.book, content=asked["file"]["content_base64"])}
