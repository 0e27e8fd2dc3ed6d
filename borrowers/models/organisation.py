"""Who is the community business, and where does it work?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm
from borrowers.domain.sectors import Sector


class Organisation(models.Model):
    """A community business as its registers know it. Registered numbers are empty where it has none."""

    name = models.CharField(max_length=200)
    legal_form = models.CharField(max_length=40, choices=[(form.value, form.words) for form in LegalForm])
    company_number = models.CharField(max_length=8, default="", blank=True)
    charity_number = models.CharField(max_length=12, default="", blank=True)
    society_number = models.CharField(max_length=10, default="", blank=True)
    address_line_1 = models.CharField(max_length=100, default="", blank=True)
    address_line_2 = models.CharField(max_length=100, default="", blank=True)
    place = models.CharField(max_length=100)
    postcode = models.CharField(max_length=10, default="", blank=True)
    region = models.CharField(max_length=40, choices=[(region.value, region.value) for region in Region])
    sector = models.CharField(
        max_length=40, choices=[(sector.value, sector.value) for sector in Sector], default="", blank=True
    )
    small_area_code = models.CharField(max_length=12, default="", blank=True)

    NUMBERS: ClassVar = ("company_number", "charity_number", "society_number")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[field], condition=~Q(**{field: ""}), name=f"borrowers_one_organisation_per_{field}"
            )
            for field in ("company_number", "charity_number", "society_number")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> tuple[str, ...]:
        """The address as it is written on a letter, without empty lines."""
        lines = (self.address_line_1, self.address_line_2, self.place, self.postcode)
        return tuple(line for line in lines if line)

    @property
    def registrations(self) -> tuple[tuple[str, str], ...]:
        """What the registers know it by: `(("society number", "8123"), …)`."""
        numbers = ((field.replace("_", " "), getattr(self, field)) for field in self.NUMBERS)
        return tuple((label, number) for label, number in numbers if number)
