"""Places: the scales that deciles are told on, where businesses do good, and which places the portfolio reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from moneyed import Money
from rest_framework import serializers

from borrowers.domain.areas import Nation, postcode_shown
from borrowers.domain.benefit import PlaceGiven
from borrowers.domain.deciles import Decile, Placed, Unplaced
from borrowers.models import Scale
from borrowers.places import deciles_on, place_set_of, places_of, scales
from borrowers.services import record_places
from commonweal.access.rules import Side
from commonweal.api.fields import Count, Day, MoneyField, Shape, Share, Strict, Text, Word
from commonweal.api.loans import AsOfQuery
from commonweal.api.operations import Asked, BookOperation, BySide, Operation, Paged, Seen, named, operation
from commonweal.api.organisations import OrganisationOperation
from ledger.domain.money import from_minor
from loans.by_place import LentByPlace, PlaceGroup, lent_by_place


class ScaleOut(Shape):
    """One column of one edition of one index. Deciles of two scales are never put together."""

    code = serializers.CharField()
    index = serializers.CharField()
    edition = serializers.CharField()
    version = serializers.CharField()
    column = serializers.CharField()
    boundaries = serializers.CharField(help_text="After which census its small areas were drawn.")
    nation = Word(Nation, allow_null=True, help_text="Null: for the whole United Kingdom.")
    shown = serializers.CharField(help_text="What to print under every figure that uses it.")
    source_ = serializers.CharField()
    licence = serializers.CharField()
    attribution = serializers.CharField()


class PlaceOut(Shape):
    """One place of a business; an empty word is not known."""

    percent = serializers.IntegerField()
    postcode = serializers.CharField()
    area = serializers.CharField(help_text="The code of its small area.")
    region = serializers.CharField()
    settlement = serializers.CharField(help_text="`urban`, `rural` or empty.")
    name = serializers.CharField()
    decile = serializers.IntegerField(allow_null=True, help_text="On `scale`; null where it has none there.")
    no_decile_because = Word(Unplaced, allow_null=True, help_text="Why it has none.")


class PlacesOut(Shape):
    """Where a business does good."""

    is_recorded = serializers.BooleanField(help_text="False: it stands where it is registered.")
    effective_on = Day(allow_null=True)
    scale = serializers.CharField(allow_null=True, help_text="The code of the scale; null where none is loaded.")
    places = PlaceOut(many=True)


class PlacesForStaffOut(PlacesOut):
    """Where a business does good, and by whose word."""

    said_by = serializers.CharField()


PLACES = BySide("PlacesShown", {Side.STAFF: PlacesForStaffOut, Side.BORROWER: PlacesOut})


class PlaceIn(Strict):
    """A place by its postcode or by the code of its small area, with its part in whole per cent."""

    percent = Count()
    postcode = Text(max_length=10, required=False)
    area = Text(max_length=12, required=False)
    name = Text(max_length=100, required=False)


class PlacesIn(Strict):
    """All places of a business from a day on; the parts make 100."""

    effective_on = Day()
    source_ = Text(max_length=300, help_text="Who said so.")
    places = PlaceIn(many=True)


class ScaleQuery(AsOfQuery):
    """On which day, and on which scale."""

    scale = Text(required=False, max_length=80, help_text="The code of a scale; else the one for the whole country.")


class DecileOut(Shape):
    """What is lent in one decile, or in places that have none on the scale."""

    decile = serializers.IntegerField(allow_null=True)
    no_decile_because = Word(Unplaced, allow_null=True)
    businesses = serializers.IntegerField()
    principal = MoneyField()
    share = Share(allow_null=True)


class PlaceGroupOut(Shape):
    """What is lent in one region, in town or country, or in one small area; an empty name is not known."""

    name = serializers.CharField()
    businesses = serializers.IntegerField()
    principal = MoneyField()
    share = Share(allow_null=True)


class PortfolioPlacesOut(Shape):
    """Principal outstanding by place, on one scale."""

    as_of = Day()
    principal = MoneyField()
    principal_with_recorded_places = MoneyField(help_text="The rest stands where the businesses are registered.")
    scale = ScaleOut(allow_null=True)
    deciles = DecileOut(many=True)
    regions = PlaceGroupOut(many=True)
    settlements = PlaceGroupOut(many=True)
    areas = PlaceGroupOut(many=True)


class ScaleList(Operation):
    @operation(gives=ScaleOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The scales that are loaded."""
        found = Scale.objects.select_related("table").order_by("pk")

        def shown(page: Iterable[Scale]) -> list[Any]:
            return [one.in_domain for one in page]

        return self.paged(found, shown)


class PlacesOperation(OrganisationOperation):
    """An operation that shows the places of a business."""

    def _shown(self) -> Seen:
        key, on = self.organisation.pk, self.book.business_date
        places, scale = places_of([key], on)[key], next(iter(scales()), None)
        recorded = place_set_of(self.organisation, on)
        placed = deciles_on({key: places}, scale)[key] if scale else [None] * len(places)
        value = {
            "is_recorded": recorded is not None,
            "effective_on": recorded.effective_on if recorded else None,
            "said_by": recorded.source if recorded else "",
            "scale": scale.code if scale else None,
            "places": [
                {
                    "percent": place.percent,
                    "postcode": postcode_shown(place.postcode),
                    "area": place.any_area,
                    "region": place.region,
                    "settlement": place.settlement,
                    "name": place.name,
                    **_stands(found),
                }
                for place, found in zip(places, placed, strict=True)
            ],
        }
        return Seen(self.side_towards(key), value)


class OrganisationPlaces(PlacesOperation):
    @operation(gives=PLACES)
    def get(self, asked: Asked) -> Any:
        """The places that stand on the book's business date, with their deciles on the scale for the whole country."""
        return self._shown()


class PlacesRecord(PlacesOperation):
    @operation(takes=PlacesIn, gives=PLACES, status=201)
    def post(self, asked: Asked) -> Any:
        """Record all places of a business from a day on; what stood before stays on record."""
        record_places(
            organisation=self.organisation,
            places=[PlaceGiven(**place) for place in asked["places"]],
            source=asked["source"],
            effective_on=asked["effective_on"],
            on=self.book.business_date,
            by=self.person,
        )
        return self._shown()


class PortfolioPlaces(BookOperation):
    @operation(gives=PortfolioPlacesOut, query=ScaleQuery)
    def get(self, asked: Asked) -> Any:
        """Principal outstanding by decile on one scale, by region, in town and country, and by small area."""
        as_of = self.day(asked)
        known = Scale.objects.select_related("table")
        named_scale = named(known, "scale", code=asked["scale"]).in_domain if "scale" in asked else None
        scale = named_scale or next(iter(scales()), None)
        lent = lent_by_place(self.book, as_of)
        tenths = lent.by_decile(scale).shares if scale else ()
        return {
            "as_of": as_of,
            "principal": self._money(lent.whole),
            "principal_with_recorded_places": self._money(lent.recorded),
            "scale": scale,
            "deciles": [
                {
                    "decile": None if isinstance(one.stands, Unplaced) else one.stands,
                    "no_decile_because": one.stands if isinstance(one.stands, Unplaced) else None,
                    "businesses": one.businesses,
                    "principal": self._money(one.units),
                    "share": lent.share(one.units),
                }
                for one in tenths
            ],
            "regions": self._groups(lent, lent.by_region()),
            "settlements": self._groups(lent, lent.by_settlement()),
            "areas": self._groups(lent, lent.by_area()),
        }

    def _groups(self, lent: LentByPlace, found: Sequence[PlaceGroup]) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "businesses": one.businesses,
                "principal": self._money(one.units),
                "share": lent.share(one.units),
            }
            for one in found
        ]

    def _money(self, units: int) -> Money:
        return from_minor(units, self.book.base_currency)


def _stands(found: Placed | None) -> dict[str, Any]:
    if found is None:
        return {"decile": None, "no_decile_because": Unplaced.UNKNOWN}
    if isinstance(found.stands, Decile):
        return {"decile": found.stands.number, "no_decile_because": None}
    return {"decile": None, "no_decile_because": found.stands}
