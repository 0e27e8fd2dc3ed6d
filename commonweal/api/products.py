"""What a fund offers: kinds of loan within limits, and what each brings, version by version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Count, Day, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from loans import queries, services
from loans.bank_holidays import CALENDARS
from loans.domain.allocation import AllocationRule, Component, Instalments
from loans.domain.calendar import BusinessDayConvention, interval
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.day_count import DayCount
from loans.domain.fees import MAX_GRACE_DAYS, FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import AS_USUAL, Brings, Link, Offer
from loans.domain.offer_words import offer_in_words
from loans.domain.servicing import USUAL, DefaultInterest, FlatSettlement, Prepayment, Servicing
from loans.domain.terms import MAX_MONTHS
from loans.models import Product, ProductVersion
from loans.models.money import LIMIT

INTERVAL = r"[1-9][0-9]{0,2}[MY]"
FRACTION: dict[str, Any] = {"places": 6, "least": "0", "below": "1"}


class FeeShape(Shape):
    """A fee: an amount, or a share (of a commitment: a yearly rate of what is undrawn)."""

    kind = Word(FeeKind)
    amount = PlainDecimal(allow_null=True)
    share = PlainDecimal(allow_null=True)
    settlement = Word(FeeSettlement)
    recognition = Word(FeeRecognition)
    grace_days = Count(help_text="Days after the due date until a late fee is charged.")


class FeeIn(Strict):
    """A fee that a product brings: give its amount, or its share as a fraction."""

    kind = Word(FeeKind)
    amount = PlainDecimal(places=2, least="0", below=str(LIMIT), required=False)
    share = PlainDecimal(**FRACTION, required=False)
    settlement = Word(FeeSettlement, required=False)
    recognition = Word(FeeRecognition, required=False)
    grace_days = Count(min_value=0, max_value=MAX_GRACE_DAYS, required=False, help_text="Of a late fee.")


class DefaultInterestIn(Strict):
    """What is asked for lateness."""

    annual_rate = PlainDecimal(**FRACTION)
    grace_days = Count(min_value=0, max_value=366, required=False)
    on_interest = serializers.BooleanField(required=False, help_text="On late interest too, not on principal alone.")


class AllocationIn(Strict):
    """In which order money pays what is due."""

    components = serializers.ListField(child=Word(Component), min_length=1, max_length=len(Component))
    instalments = Word(Instalments)


class LinkIn(Strict):
    """How the rate follows an index."""

    index = Text(max_length=40, help_text="The code of an index.")
    margin = PlainDecimal(places=6, least="-1", below="1")
    floor = PlainDecimal(places=6, least="-1", below="1", required=False, help_text="Margin included.")
    cap = PlainDecimal(places=6, least="-1", below="1", required=False, help_text="Margin included.")
    notice_days = Count(min_value=0, max_value=366, required=False)
    resets_every = serializers.RegexField(INTERVAL, required=False, help_text="Left out: from each change's own day.")


class VersionOut(Shape):
    """What a product is from a day on; limits are inclusive."""

    version = serializers.IntegerField()
    effective_on = Day()
    min_amount = MoneyField()
    max_amount = MoneyField()
    min_months = serializers.IntegerField()
    max_months = serializers.IntegerField()
    annual_rate = PlainDecimal(allow_null=True, help_text="As a fraction: 0.06 is 6%. Null: it follows an index.")
    index = serializers.CharField(source="index.code", allow_null=True, default=None)
    margin = PlainDecimal(allow_null=True)
    floor = PlainDecimal(allow_null=True)
    cap = PlainDecimal(allow_null=True)
    notice_days = serializers.IntegerField()
    resets_every = serializers.CharField()
    day_count = Word(DayCount, source="brings.day_count")
    calendar = Word(list(CALENDARS), source="brings.calendar")
    brings = serializers.JSONField(help_text="Every convention that its loans are made with.")
    fees = FeeShape(many=True)
    in_words = serializers.SerializerMethodField(help_text="What it brings, for people.")

    def get_in_words(self, row: ProductVersion) -> str:
        """What the version brings, in a sentence."""
        return offer_in_words(queries.offer_of(row))


class ProductOut(VersionOut):
    """A kind of loan as it is on the business date."""

    id = serializers.IntegerField(source="product_id")
    code = serializers.CharField(source="product.code")
    name = serializers.CharField(source="product.name")
    payment_prefix = serializers.CharField(
        source="product.payment_prefix", help_text="How the reference of payments begins: HH in HH-0108."
    )


class ProductDetailOut(Shape):
    """A kind of loan with every version, the first one first."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    payment_prefix = serializers.CharField()
    versions = VersionOut(many=True)


class VersionIn(Strict):
    """What a product is to be. Left out is as usual: level monthly instalments, nothing for lateness, no fees."""

    min_amount = MoneyField(below=str(LIMIT))
    max_amount = MoneyField(below=str(LIMIT))
    annual_rate = PlainDecimal(**FRACTION, required=False, help_text="Or a `link`.")
    link = LinkIn(required=False)
    min_months = Count(min_value=1, max_value=MAX_MONTHS)
    max_months = Count(min_value=1, max_value=MAX_MONTHS)
    day_count = Word(DayCount, required=False)
    calendar = Word(list(CALENDARS), required=False)
    convention = Word(BusinessDayConvention, required=False)
    amortisation = Word(Amortisation, required=False)
    interest_method = Word(InterestMethod, required=False)
    every = serializers.RegexField(INTERVAL, required=False, help_text="How far instalments lie apart: 1M, 3M, 1Y.")
    interest_only_periods = Count(min_value=0, max_value=MAX_MONTHS, required=False, help_text="The most to ask for.")
    months_without = serializers.ListField(
        child=Count(min_value=1, max_value=12), max_length=11, required=False, help_text="1 is January."
    )
    allocation = AllocationIn(required=False)
    prepayment = Word(Prepayment, required=False)
    default_interest = DefaultInterestIn(required=False)
    flat_settlement = Word(FlatSettlement, required=False)
    fees = FeeIn(many=True, required=False)


class ProductIn(VersionIn):
    """A kind of loan to be offered."""

    code = serializers.SlugField(max_length=40)
    name = Text(max_length=200)
    payment_prefix = serializers.RegexField(r"^[A-Z0-9]{1,10}$", help_text="Capital letters and digits.")
    effective_on = Day(required=False, help_text="Left out: since the book was opened.")


class NextVersionIn(VersionIn):
    """What a product is to be from a day on; what was agreed before stays as it was."""

    effective_on = Day(help_text="Not before the business date, nor before the latest version.")


class ProductList(BookOperation):
    @operation(gives=ProductOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the fund offers on its business date, by name."""
        return self.paged(queries.versions_in_force(self.book, self.book.business_date))

    @operation(takes=ProductIn, gives=ProductDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Offer a kind of loan."""
        offer = _offer(asked)
        return services.offer_product(
            book=self.book,
            code=asked["code"],
            name=asked["name"],
            amounts=offer.amounts,
            months=offer.months,
            annual_rate=offer.annual_rate,
            payment_prefix=asked["payment_prefix"],
            day_count=offer.brings.day_count,
            calendar=offer.brings.calendar,
            more=services.More(offer.brings, offer.link, offer.fees, asked.get("effective_on")),
            by=self.person,
        )


class ProductOperation(BookOperation):
    """An operation on one product."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.product: Product = get_object_or_404(queries.products(self.book), pk=path["product"])


class ProductDetail(ProductOperation):
    @operation(gives=ProductDetailOut)
    def get(self, asked: Asked) -> Any:
        """A kind of loan with every version."""
        return self.product


class ProductVersions(ProductOperation):
    @operation(takes=NextVersionIn, gives=VersionOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Change a product from a day on; applications and loans made before keep their version."""
        on = asked["effective_on"]
        return services.change_product(product=self.product, offer=_offer(asked), effective_on=on, by=self.person)


def _offer(asked: Asked) -> Offer:
    return Offer(
        amounts=(asked["min_amount"], asked["max_amount"]),
        months=(asked["min_months"], asked["max_months"]),
        annual_rate=asked.get("annual_rate"),
        link=_link(asked["link"]) if "link" in asked else None,
        brings=_brings(asked),
        fees=tuple(_fee(fee) for fee in asked.get("fees", ())),
    )


def _link(asked: Asked) -> Link:
    rate = LinkedRate(asked["margin"], asked.get("floor"), asked.get("cap"))
    resets = interval(asked["resets_every"]) if "resets_every" in asked else None
    return Link(asked["index"], rate, asked.get("notice_days", 0), resets)


def _fee(asked: Asked) -> ProductFee:
    return ProductFee(
        FeeKind(asked["kind"]),
        asked.get("amount"),
        asked.get("share"),
        FeeSettlement(asked.get("settlement", FeeSettlement.PAID)),
        FeeRecognition(asked.get("recognition", FeeRecognition.AT_ONCE)),
        asked.get("grace_days", 0),
    )


def _brings(asked: Asked) -> Brings:
    return Brings(
        amortisation=Amortisation(asked.get("amortisation", AS_USUAL.amortisation)),
        interest_method=InterestMethod(asked.get("interest_method", AS_USUAL.interest_method)),
        day_count=DayCount(asked.get("day_count", AS_USUAL.day_count)),
        calendar=asked.get("calendar", AS_USUAL.calendar),
        convention=BusinessDayConvention(asked.get("convention", AS_USUAL.convention)),
        every=interval(asked.get("every", str(AS_USUAL.every))),
        interest_only_periods=asked.get("interest_only_periods", 0),
        months_without=tuple(asked.get("months_without", ())),
        servicing=_servicing(asked),
    )


def _servicing(asked: Asked) -> Servicing:
    late, order = asked.get("default_interest"), asked.get("allocation")
    return Servicing(
        allocation=_allocation(order) if order else USUAL.allocation,
        prepayment=Prepayment(asked.get("prepayment", USUAL.prepayment)),
        default_interest=_default_interest(late) if late else None,
        flat_settlement=FlatSettlement(asked.get("flat_settlement", USUAL.flat_settlement)),
    )


def _allocation(asked: Asked) -> AllocationRule:
    return AllocationRule(tuple(map(Component, asked["components"])), Instalments(asked["instalments"]))


def _default_interest(asked: Asked) -> DefaultInterest:
    rate: Decimal = asked["annual_rate"]
    return DefaultInterest(rate, asked.get("grace_days", 0), asked.get("on_interest", False))
