"""Which identifiers were minted, what was published when, and which deals were brought in from elsewhere?"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from commonweal.open_data.shapes import Standard


class PublishedId(models.Model):
    """The identifier under which something is published for ever. Append-only: minted once, never used again.

    `subject` is what it stands for, such as `loan:12`, and never a name.
    """

    subject = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=40, unique=True)
    minted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code


class Release(models.Model):
    """A data set as it was published: its bytes, their hash, the day and the seal that it tells of. Append-only.

    `note` is what stands beside it: counts, totals, what is left out and why, what is withdrawn, and the report of the
    checks that it passed.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    standard = models.CharField(max_length=10, choices=[(one.value, one.words) for one in Standard])
    version = models.PositiveIntegerField()
    as_of = models.DateField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    note = models.JSONField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "standard", "version"], name="open_data_one_release_per_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="open_data_release_version"),
        ]

    def __str__(self) -> str:
        return f"{self.get_standard_display()}, version {self.version}"

    @property
    def told(self) -> str:
        """Of how many deals or grants it tells: "2 deals"; those that another publisher told of are among them."""
        count = len(self.note["identifiers"])
        return f"{count:,} {Standard(self.standard).things[count != 1]}"


class DealRecord(models.Model):
    """A deal that another publisher told of, kept as it was read. It is a record and never a loan. Append-only."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    deal_date = models.CharField(max_length=10)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    brought_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_in_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["deal_date", "code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="open_data_one_record_per_deal"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def fields(self) -> dict[str, Any]:
        """The deal as it was read, its numbers exact."""
        found: dict[str, Any] = json.loads(self.content, parse_float=Decimal)
        return found
