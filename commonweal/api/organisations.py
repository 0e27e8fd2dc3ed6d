"""Community businesses: who they are, by their registers."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.models import Organisation
from borrowers.services import register_organisation
from borrowers.services.organisations import Address
from commonweal.access.reads import record_read
from commonweal.access.roles import acting_roles
from commonweal.access.rules import Side
from commonweal.access.scope import organisations_for
from commonweal.api.fields import Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, operation


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
