"""Loans and outcomes by place over the API: by decile of one scale, by region, in town and country, by small area."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from moneyed import Money
from rest_framework import serializers

from borrowers.domain.deciles import Unplaced
from borrowers.domain.outcomes import AddUp
from borrowers.models import Scale
from borrowers.places import scales
from borrowers.queries import indicators
from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Share, Text, Word
from commonweal.api.operations import Asked, BookOperation, named, operation
from commonweal.api.places import ScaleOut, ScaleQuery
from investors.domain.by_place import PlaceRow
from investors.impact_by_place import Cut, impact_by_place
from investors.impact_sections import share_text
from ledger.domain.money import from_minor


class ImpactPlacesQuery(ScaleQuery):
    """On which day, on which scale, and with which indicator."""

    indicator = Text(
        required=False,
        max_length=50,
        help_text="The code of an indicator; else what most businesses gave a figure for.",
    )


class ImpactPlaceOut(Shape):
    """What was lent in one category of places, and what the businesses there said."""

    category = serializers.CharField(
        help_text="A decile's number, a name, or empty where `no_category_because` says why."
    )
    no_category_because = Word(Unplaced, allow_null=True)
    businesses = serializers.IntegerField(help_text="A business with places in two categories counts in each.")
    loans = serializers.IntegerField(help_text="Loans of these businesses of which something is owed.")
    lent = MoneyField(help_text="Since the beginning.")
    outstanding = MoneyField()
    share = Share(allow_null=True, help_text="Of what is outstanding.")
    supported = PlainDecimal(allow_null=True)
    is_at_least = serializers.BooleanField(help_text="Whether it is the largest of counts that may overlap.")
    our_share = PlainDecimal(allow_null=True)
    asked = serializers.IntegerField()
    reported = serializers.IntegerField()
    coverage_by_value = Share(allow_null=True)


class ImpactPlacesIndicatorOut(Shape):
    """The indicator whose figures stand beside the money."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    adds_up = Word(AddUp, help_text="How the figures of several businesses may be put together.")


class ImpactPlacesOut(Shape):
    """Loans and outcomes by place; the rows of each list make `whole` in money, and in figures that add up."""

    from_ = Day(source="start")
    to = Day(source="as_of")
    scale = ScaleOut(allow_null=True)
    indicator = ImpactPlacesIndicatorOut(allow_null=True)
    whole = ImpactPlaceOut()
    outstanding_in_ledger = MoneyField(help_text="The balance of 1310 Loan principal.")
    lent_in_ledger = MoneyField()
    deciles = ImpactPlaceOut(many=True, help_text="Of `scale`; empty without one.")
    regions = ImpactPlaceOut(many=True)
    settlements = ImpactPlaceOut(many=True)
    areas = ImpactPlaceOut(many=True)


class ImpactPlaces(BookOperation):
    @operation(gives=ImpactPlacesOut, query=ImpactPlacesQuery)
    def get(self, asked: Asked) -> Any:
        """Loans, what was lent, what is outstanding, and one indicator of the year to a day, by place."""
        known = Scale.objects.select_related("table")
        scale = named(known, "scale", code=asked["scale"]).in_domain if "scale" in asked else next(iter(scales()), None)
        code = named(indicators(), "indicator", code=asked["indicator"]).code if "indicator" in asked else ""
        found = impact_by_place(self.book, self.day(asked), scale=scale, indicator=code)

        def rows(cut: Cut) -> list[dict[str, Any]]:
            return self._rows(found.cuts.get(cut, ()), found.whole.outstanding)

        return {
            "start": found.start,
            "as_of": found.as_of,
            "scale": found.scale,
            "indicator": found.indicator,
            "whole": self._rows([found.whole], found.whole.outstanding)[0],
            "outstanding_in_ledger": self._money(found.outstanding.ledger),
            "lent_in_ledger": self._money(found.lent.ledger),
            "deciles": rows(Cut.DECILE),
            "regions": rows(Cut.REGION),
            "settlements": rows(Cut.SETTLEMENT),
            "areas": rows(Cut.AREA),
        }

    def _rows(self, found: Sequence[PlaceRow], whole: int) -> list[dict[str, Any]]:
        return [
            {
                "category": "" if isinstance(row.category, Unplaced) else str(row.category),
                "no_category_because": row.category if isinstance(row.category, Unplaced) else None,
                "businesses": row.businesses,
                "loans": row.loans,
                "lent": self._money(row.lent),
                "outstanding": self._money(row.outstanding),
                "share": Fraction(row.outstanding, whole) if whole else None,
                **_said(row),
            }
            for row in found
        ]

    def _money(self, units: int) -> Money:
        return from_minor(units, self.book.base_currency)


def _said(row: PlaceRow) -> dict[str, Any]:
    told = row.told
    return {
        "supported": share_text(told.supported) if told else None,
        "is_at_least": bool(told and told.is_at_least),
        "our_share": share_text(told.our_share) if told else None,
        "asked": told.coverage.asked if told else 0,
        "reported": told.coverage.reported if told else 0,
        "coverage_by_value": told.coverage.by_value if told else None,
    }
