"""What a fund offers: kinds of loan, within limits."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Count, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from loans import queries, services
from loans.bank_holidays import CALENDARS
from loans.domain.day_count import DayCount
from loans.domain.terms import MAX_MONTHS
from loans.models.money import LIMIT


class ProductOut(Shape):
    """A kind of loan within its limits, both inclusive."""

    code = serializers.CharField()
    name = serializers.CharField()
    min_amount = MoneyField()
    max_amount = MoneyField()
    annual_rate = PlainDecimal(help_text="The nominal rate a year as a fraction: 0.06 is 6%.")
    min_months = serializers.IntegerField()
    max_months = serializers.IntegerField()
    day_count = Word(DayCount)
    calendar = Word(list(CALENDARS))
    payment_prefix = serializers.CharField(help_text="How the reference of payments begins: HH in HH-0108.")


class ProductIn(Strict):
    """A kind of loan to be offered."""

    code = serializers.SlugField(max_length=40)
    name = Text(max_length=200)
    min_amount = MoneyField(below=str(LIMIT))
    max_amount = MoneyField(below=str(LIMIT))
    annual_rate = PlainDecimal(places=6, least="0", below="1")
    min_months = Count(min_value=1, max_value=MAX_MONTHS)
    max_months = Count(min_value=1, max_value=MAX_MONTHS)
    day_count = Word(DayCount, required=False)
    calendar = Word(list(CALENDARS), required=False)
    payment_prefix = serializers.RegexField(r"^[A-Z0-9]{1,10}$", help_text="Capital letters and digits.")


class ProductList(BookOperation):
    @operation(gives=ProductOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the fund offers, by name."""
        return self.paged(queries.products(self.book))

    @operation(takes=ProductIn, gives=ProductOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Offer a kind of loan."""
        extra = {"day_count": DayCount(asked["day_count"])} if "day_count" in asked else {}
        extra |= {"calendar": asked["calendar"]} if "calendar" in asked else {}
        return services.offer_product(
            book=self.book,
            code=asked["code"],
            name=asked["name"],
            amounts=(asked["min_amount"], asked["max_amount"]),
            months=(asked["min_months"], asked["max_months"]),
            annual_rate=asked["annual_rate"],
            payment_prefix=asked["payment_prefix"],
            **extra,
        )
