"""Auditor's packs: which were made, asking for one, and the file."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import packs_for
from commonweal.api.fields import Day, Shape, Strict, Word
from commonweal.api.jobs import JobOut
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.documents.download import document_response
from commonweal.documents.models import DocumentStatus
from commonweal.jobs.auditors_pack import ask_for_pack, pack_days


class PackOut(Shape):
    """An auditor's pack that was made."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    from_on = Day(source="period_start", help_text="The first day.")
    through = Day(source="last_day", help_text="The last day.")
    status = Word([status.value for status in DocumentStatus], help_text="`final` where the days were closed.")
    made_on = Day(source="issued_on")
    made_by = serializers.CharField(source="issued_by.name", allow_null=True, default=None)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    replaced_by = serializers.IntegerField(source="replaced_by.pk", allow_null=True, default=None)
    seal = serializers.CharField(help_text="The seal that covers what it knew.")
    sha256 = serializers.CharField(help_text="The hash of its bytes.")
    size = serializers.IntegerField(help_text="Its bytes.")
    file_name = serializers.CharField()


class PackIn(Strict):
    """Of which days."""

    through = Day(help_text="The last day; it has to be over.")
    from_on = Day(required=False, help_text="The first day; that of the financial year unless given.")


class PackList(BookOperation):
    @operation(gives=PackOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The packs that were made, the latest days first."""
        found = packs_for(self.person).filter(book=self.book).select_related("issued_by", "replaced_by")
        return self.paged(found.order_by("-period_end", "-period_start", "-revision"))

    @operation(takes=PackIn, gives=JobOut, status=202)
    def post(self, asked: Asked) -> Any:
        """Ask for a pack: a job whose result names it. The same knowledge gives the pack that stands."""
        days = pack_days(self.book, asked["through"], asked.get("from_on"))
        return ask_for_pack(book=self.book, days=days, by=self.person)


class PackDownload(BookOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.pack = get_object_or_404(packs_for(self.person), pk=path["pack"], book=self.book)

    @operation(gives=None, media_type="application/zip")
    def get(self, asked: Asked) -> Any:
        """The pack as one ZIP; the reading is recorded."""
        return document_response(self.person, self.pack)
