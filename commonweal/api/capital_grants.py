"""Restricted grants over the API: who gave what for which purpose, and what is left. They move by acts on capital."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, Shape, Word
from commonweal.api.loans import AsOfQuery
from commonweal.api.operations import Asked, BookOperation, operation
from investors import queries
from investors.domain.restricted_grant import Purpose


class GrantOut(Shape):
    """A restricted grant as at a date: `left` = received − applied, never below nought."""

    code = serializers.CharField()
    funder = serializers.CharField(help_text="The code of an investor.")
    purpose = Word(Purpose)
    promised = MoneyField()
    received = MoneyField()
    applied = MoneyField()
    left = MoneyField()


class GrantsOut(Shape):
    """All restricted grants as at a date."""

    as_of = Day()
    grants = GrantOut(many=True)


class GrantList(BookOperation):
    @operation(gives=GrantsOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """What is left of each restricted grant on a day."""
        as_of = self.day(asked)
        found = queries.restricted_grants(self.book).values()
        grants = [
            {
                "code": one.code,
                "funder": one.funder,
                "purpose": one.purpose,
                "promised": one.promised,
                "received": one.received(date.min, as_of),
                "applied": one.applied(date.min, as_of),
                "left": one.balance(as_of),
            }
            for one in found
        ]
        return {"as_of": as_of, "grants": grants}
