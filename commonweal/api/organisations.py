"""Community businesses and the good they do: who they are, what is counted, and what was read."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers import queries
from borrowers.domain.places import Region
from borrowers.domain.readings import PLACES, Direction, Grade, ReadingPeriod
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.models import Organisation
from borrowers.services import define_indicator, record_reading, register_organisation
from borrowers.services.organisations import Address
from commonweal.access.reads import record_read
from commonweal.access.roles import acting_roles
from commonweal.access.rules import Side
from commonweal.access.scope import organisations_for
from commonweal.api.fields import Day, Id, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, BySide, Operation, Paged, Seen, named, narrowed, operation


class OrganisationOut(Shape):
    """A community business as its registers know it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    legal_form = Word(LegalForm)
    company_number = serializers.CharField()
    charity_number = serializers.CharField()
    society_number = serializers.CharField()
    address_line_1 = serializers.CharField()
    address_line_2 = serializers.CharField()
    place = serializers.CharField()
    postcode = serializers.CharField()
    region = Word(Region)
    sector = serializers.CharField(help_text="What it does, by a closed list; empty where it is not known.")
    small_area_code = serializers.CharField()


class OrganisationIn(Strict):
    """A community business to be registered."""

    name = Text(max_length=200)
    legal_form = Word(LegalForm)
    company_number = Text(max_length=12, required=False, allow_blank=True)
    charity_number = Text(max_length=16, required=False, allow_blank=True)
    society_number = Text(max_length=14, required=False, allow_blank=True)
    address_line_1 = Text(max_length=100, required=False, allow_blank=True)
    address_line_2 = Text(max_length=100, required=False, allow_blank=True)
    place = Text(max_length=100)
    postcode = Text(max_length=10, required=False, allow_blank=True)
    region = Word(Region)
    sector = Word(Sector, required=False)
    small_area_code = Text(max_length=12, required=False, allow_blank=True)


class IndicatorOut(Shape):
    """What is counted, in which unit, and which way is better."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    direction = Word(Direction)
    iris_id = serializers.CharField(help_text="The IRIS+ id that it is tagged with, or empty.")
    sdg_target = serializers.CharField(help_text="The SDG target that it is tagged with, or empty.")


class IndicatorIn(Strict):
    """An indicator to be defined."""

    code = serializers.SlugField(max_length=40)
    name = Text(max_length=200)
    unit = Text(max_length=40)
    direction = Word(Direction)
    iris_id = Text(max_length=10, required=False, allow_blank=True)
    sdg_target = Text(max_length=5, required=False, allow_blank=True)


class ReadingOut(Shape):
    """A figure for a period that is over; `period_end` is the first day after it."""

    id = serializers.IntegerField()
    indicator = serializers.CharField(source="indicator.code")
    unit = serializers.CharField(source="indicator.unit")
    period_start = Day()
    period_end = Day()
    value = PlainDecimal()
    grade = Word(Grade, help_text="How well it is supported, from A (independent) to D (estimate); L is the ledger's.")
    evidence = serializers.CharField()
    verifier = serializers.CharField()
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    recorded_at = serializers.DateTimeField()


class ReadingForStaffOut(ReadingOut):
    """A reading with the person who recorded it."""

    recorded_by = serializers.CharField(source="recorded_by.name")


READING = BySide("ReadingShown", {Side.STAFF: ReadingForStaffOut, Side.BORROWER: ReadingOut})


class ReadingIn(Strict):
    """A reading to be recorded; with `replaces` it corrects an earlier one."""

    indicator = Text(max_length=40, help_text="The code of an indicator.")
    period_start = Day()
    period_end = Day(help_text="The first day that no longer belongs to the period.")
    value = PlainDecimal(places=PLACES)
    grade = Word(Grade)
    evidence = Text(max_length=500, required=False, allow_blank=True)
    verifier = Text(max_length=200, required=False, allow_blank=True)
    replaces = Id(required=False, help_text="The id of the reading to be corrected.")


class ReadingQuery(Paged):
    """Which readings."""

    indicator = Text(required=False, max_length=40, help_text="Of one indicator, by its code.")


class OrganisationList(BookOperation):
    @operation(gives=OrganisationOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The businesses that deal with the book, and those that deal with nobody yet; a business finds itself."""
        if self.book.pk in acting_roles(self.person).books:
            record_read(user=self.person, what="organisations", subject=self.book.code)
        return self.paged(organisations_for(self.person).order_by("name", "pk"))

    @operation(takes=OrganisationIn, gives=OrganisationOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Register a community business; it deals with the book from its first application on."""
        given = asked.get
        return register_organisation(
            name=asked["name"],
            legal_form=LegalForm(asked["legal_form"]),
            numbers=RegisteredNumbers(
                given("company_number", ""), given("charity_number", ""), given("society_number", "")
            ),
            address=Address(
                place=asked["place"],
                region=Region(asked["region"]),
                line_1=given("address_line_1", ""),
                line_2=given("address_line_2", ""),
                postcode=given("postcode", ""),
                small_area_code=given("small_area_code", ""),
            ),
            sector=Sector(asked["sector"]) if given("sector") else None,
        )


class OrganisationOperation(BookOperation):
    """An operation on one community business."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.organisation: Organisation = get_object_or_404(organisations_for(self.person), pk=path["organisation"])


class OrganisationDetail(OrganisationOperation):
    @operation(gives=OrganisationOut)
    def get(self, asked: Asked) -> Any:
        """One community business; a reading by staff is recorded."""
        if self.side_towards(self.organisation.pk) is Side.STAFF:
            record_read(user=self.person, what="organisation", subject=str(self.organisation.pk))
        return self.organisation


class IndicatorList(Operation):
    @operation(gives=IndicatorOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What is counted, by name."""
        return self.paged(queries.indicators())

    @operation(takes=IndicatorIn, gives=IndicatorOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say what is counted, for every book of the installation."""
        return define_indicator(**asked | {"direction": Direction(asked["direction"])})


class ReadingList(OrganisationOperation):
    @operation(gives=READING, query=ReadingQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What was read of a business; only what stands, not what was corrected since."""
        found = narrowed(queries.current_readings(self.organisation), asked, {"indicator": "indicator__code"})
        return self.paged(found, lambda page: [Seen(self.side_towards(self.organisation.pk), row) for row in page])

    @operation(takes=ReadingIn, gives=ReadingForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record a reading for a period that is over; it is never edited, only replaced."""
        standing = queries.current_readings(self.organisation)
        return record_reading(
            organisation=self.organisation,
            indicator=named(queries.indicators(), "indicator", code=asked["indicator"]),
            period=ReadingPeriod(asked["period_start"], asked["period_end"]),
            value=asked["value"],
            grade=Grade(asked["grade"]),
            evidence=asked.get("evidence", ""),
            verifier=asked.get("verifier", ""),
            on=self.book.business_date,
            by=self.person,
            replaces=named(standing, "replaces", pk=asked["replaces"]) if "replaces" in asked else None,
        )
