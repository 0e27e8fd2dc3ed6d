"""Which small area is how deprived, in which small area is a postcode, and where does a business do good?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from borrowers.domain.areas import Boundaries, Nation, Settlement, postcode_shown
from borrowers.domain.deciles import DecileScale
from borrowers.models.organisation import Organisation


class AreaTable(models.Model):
    """A published table of deprivation as it was loaded, known by the hash of its content. Append-only."""

    name = models.CharField(max_length=200)
    version = models.CharField(max_length=40, default="", blank=True)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100)
    attribution = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class Scale(models.Model):
    """One column of a table: a scale of deciles, for one nation or (with "") for the United Kingdom. Append-only."""

    table = models.ForeignKey(AreaTable, on_delete=models.PROTECT, related_name="scales")
    code = models.CharField(max_length=80, unique=True)
    index = models.CharField(max_length=80)
    edition = models.CharField(max_length=40)
    column = models.CharField(max_length=40)
    boundaries = models.CharField(max_length=4, choices=[(item.value, item.value) for item in Boundaries])
    nation = models.CharField(max_length=1, choices=[(item.value, item.words) for item in Nation], blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.index} {self.edition}"

    @property
    def in_domain(self) -> DecileScale:
        """The scale as deciles carry it."""
        return DecileScale(
            code=self.code,
            index=self.index,
            edition=self.edition,
            version=self.table.version,
            column=self.column,
            boundaries=Boundaries(self.boundaries),
            nation=Nation(self.nation) if self.nation else None,
            source=self.table.source,
            licence=self.table.licence,
            attribution=self.table.attribution,
        )


class AreaDecile(models.Model):
    """A small area's decile on a scale, and its rank where the table gives one. Append-only."""

    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="areas", db_index=False)
    area = models.CharField(max_length=9)
    decile = models.PositiveSmallIntegerField()
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "scale"], name="borrowers_one_decile_per_area"),
            models.CheckConstraint(condition=Q(decile__gte=1, decile__lte=10), name="borrowers_decile_is_a_tenth"),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.decile}"


class PostcodeTable(models.Model):
    """A postcode directory of a day, known by the hash of its content; the latest one counts. Append-only."""

    name = models.CharField(max_length=200)
    dated_on = models.DateField(unique=True)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100)
    attribution = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["dated_on"]

    def __str__(self) -> str:
        return f"{self.name} of {self.dated_on}"


class PostcodeArea(models.Model):
    """The small areas of a postcode, written without its space; "" where the directory does not say. Append-only."""

    table = models.ForeignKey(PostcodeTable, on_delete=models.PROTECT, related_name="postcodes", db_index=False)
    postcode = models.CharField(max_length=7)
    area_2011 = models.CharField(max_length=9, blank=True)
    area_2021 = models.CharField(max_length=9, blank=True)
    region = models.CharField(max_length=40, blank=True)
    settlement = models.CharField(max_length=5, choices=[(item.value, item.value) for item in Settlement], blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["postcode", "table"], name="borrowers_postcode_once_per_table"),
        ]

    def __str__(self) -> str:
        return self.postcode


class PlaceSet(models.Model):
    """Where a business does good from a day on: all its places, arriving together. Append-only; the latest counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="place_sets")
    effective_on = models.DateField()
    line_count = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300, help_text="Who said so, or from what it is known.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(line_count__gte=1), name="borrowers_place_set_has_places"),
        ]

    def __str__(self) -> str:
        return f"places of {self.organisation_id} from {self.effective_on}"


class BenefitPlace(models.Model):
    """One place of a set, by postcode or by area, with its part of the whole in per cent. Append-only.

    `area_given` is what somebody gave; the other two are where the directory of `looked_up_in` puts the postcode.
    """

    place_set = models.ForeignKey(PlaceSet, on_delete=models.PROTECT, related_name="places")
    percent = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    area_given = models.CharField(max_length=9, blank=True)
    area_2011 = models.CharField(max_length=9, blank=True)
    area_2021 = models.CharField(max_length=9, blank=True)
    region = models.CharField(max_length=40, blank=True)
    settlement = models.CharField(max_length=5, choices=[(item.value, item.value) for item in Settlement], blank=True)
    looked_up_in = models.ForeignKey(PostcodeTable, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=100), name="borrowers_place_percent"),
            models.CheckConstraint(condition=~Q(postcode="") | ~Q(area_given=""), name="borrowers_place_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.shown}, {self.percent}%"

    @property
    def shown(self) -> str:
        """The place as people write it."""
        return postcode_shown(self.postcode) or self.area_given
