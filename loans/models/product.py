"""What does a fund offer, within which limits, and since when?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement
from loans.models.base_rate import BaseRateIndex
from loans.models.money import PLACES, is_sane, money_field


class Product(models.Model):
    """A kind of loan by its name; what it brings stands in its versions."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    payment_prefix = models.CharField(max_length=10)

    objects: ClassVar[models.Manager[Product]] = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["book", "code"], name="loans_one_product_per_code")]

    def __str__(self) -> str:
        return self.name


class ProductVersion(models.Model):
    """What a product is from a day on: its limits, its price and the conventions it brings. Append-only.

    The price is a nominal annual rate, or an index with margin, floor and cap. `brings` is `loans.domain.offer.Brings`
    in plain words. Versions made before people were recorded have no maker.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    min_amount = money_field()
    max_amount = money_field()
    min_months = models.PositiveSmallIntegerField()
    max_months = models.PositiveSmallIntegerField()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    index = models.ForeignKey(BaseRateIndex, on_delete=models.PROTECT, null=True, related_name="+")
    margin = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    floor = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    cap = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    resets_every = models.CharField(max_length=6, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=0)
    brings = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[ProductVersion]] = models.Manager()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="loans_one_product_version_per_number"),
            models.UniqueConstraint(fields=["id", "product"], name="loans_version_of_its_product"),
            models.CheckConstraint(condition=is_sane("min_amount"), name="loans_version_min_amount"),
            models.CheckConstraint(condition=is_sane("max_amount"), name="loans_version_max_amount"),
            models.CheckConstraint(
                condition=Q(
                    min_amount__lte=F("max_amount"),
                    min_amount_currency=F("max_amount_currency"),
                    min_months__lte=F("max_months"),
                    min_months__gte=1,
                ),
                name="loans_version_limits_in_order",
            ),
            models.CheckConstraint(
                condition=(
                    Q(annual_rate__gte=0, annual_rate__lt=1, index__isnull=True, margin__isnull=True)
                    | Q(annual_rate__isnull=True, index__isnull=False, margin__isnull=False)
                ),
                name="loans_version_has_one_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}, version {self.version}"


class ProductFee(models.Model):
    """A fee that a version of a product brings: an amount, or a share (a fraction). Append-only."""

    version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="fees")
    kind = models.CharField(max_length=15, choices=[(kind.value, kind.value.capitalize()) for kind in FeeKind])
    amount = models.DecimalField(max_digits=14, decimal_places=PLACES, null=True)
    share = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    settlement = models.CharField(max_length=12, choices=[(how.value, how.value) for how in FeeSettlement])
    recognition = models.CharField(max_length=15, choices=[(how.value, how.value) for how in FeeRecognition])
    grace_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, share__isnull=True) | Q(amount__isnull=True, share__gt=0, share__lt=1),
                name="loans_fee_is_an_amount_or_a_share",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} fee of {self.version_id}"
