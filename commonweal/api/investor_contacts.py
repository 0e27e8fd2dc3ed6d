"""The people at an investor: read, kept, changed and ended."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Id, Nothing, Shape, Strict, Text, Word
from commonweal.api.investors import InvestorOperation
from commonweal.api.operations import Asked, Paged, named, operation
from investors.domain.contacts import ContactRole
from investors.models import InvestorContact
from investors.queries import contacts_of
from investors.services import Particulars, end_contact, keep_contact


class InvestorContactOut(Shape):
    """A person at an investor."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    role = Word(ContactRole)
    email = serializers.CharField()
    phone = serializers.CharField()
    gets_notices = serializers.BooleanField(help_text="Whether notices of calls and distributions are told to them.")
    ended = serializers.BooleanField(help_text="Whether they are no contact any more.")
    said_by = serializers.CharField(source="said_by.name")
    said_at = serializers.DateTimeField()


class InvestorContactIn(Strict):
    """A person to be kept, or what changed of one."""

    name = Text(max_length=200)
    role = Word(ContactRole)
    email = Text(max_length=254)
    phone = Text(max_length=40, required=False, allow_blank=True)
    gets_notices = serializers.BooleanField(required=False)
    replaces = Id(required=False, help_text="The id of the contact that this takes the place of.")


class InvestorContactList(InvestorOperation):
    @operation(gives=InvestorContactOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The people who count now, by name; an investor finds its own."""
        return self.paged(contacts_of(self.investor))

    @operation(takes=InvestorContactIn, gives=InvestorContactOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Keep a person at an investor, or what changed of one; what stands already is given again."""
        known = InvestorContact.objects.filter(investor=self.investor)
        replaces = named(known, "replaces", pk=asked["replaces"]) if "replaces" in asked else None
        given = {name: value for name, value in asked.items() if name != "replaces"}
        said = Particulars(**given | {"role": ContactRole(asked["role"])})
        return keep_contact(investor=self.investor, said=said, replaces=replaces, by=self.person)


class InvestorContactEnd(InvestorOperation):
    """An operation on one person at an investor."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        known = InvestorContact.objects.filter(investor=self.investor)
        self.contact: InvestorContact = get_object_or_404(known, pk=path["investor_contact"])

    @operation(takes=Nothing, gives=InvestorContactOut)
    def post(self, asked: Asked) -> Any:
        """Say that somebody is no contact any more."""
        return end_contact(contact=self.contact, by=self.person)
