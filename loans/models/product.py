"""What does a fund offer, and within which limits?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from loans.domain.day_count import DayCount
from loans.models.money import is_sane, money_field


class Product(models.Model):
    """A kind of loan: its price, its limits, and the conventions that its terms are made with."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    min_amount = money_field()
    max_amount = money_field()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6)
    min_months = models.PositiveSmallIntegerField()
    max_months = models.PositiveSmallIntegerField()
    day_count = models.CharField(max_length=30, choices=[(item.value, item.value) for item in DayCount])
    calendar = models.CharField(max_length=20)
    payment_prefix = models.CharField(max_length=10)

    objects: ClassVar[models.Manager[Product]] = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="loans_one_product_per_code"),
            models.CheckConstraint(condition=is_sane("min_amount"), name="loans_product_min_amount"),
            models.CheckConstraint(condition=is_sane("max_amount"), name="loans_product_max_amount"),
            models.CheckConstraint(
                condition=Q(
                    min_amount__lte=F("max_amount"),
                    min_amount_currency=F("max_amount_currency"),
                    min_months__lte=F("max_months"),
                    min_months__gte=1,
                ),
                name="loans_product_limits_in_order",
            ),
            models.CheckConstraint(condition=Q(annual_rate__gte=0, annual_rate__lt=1), name="loans_product_rate"),
        ]

    def __str__(self) -> str:
        return self.name
