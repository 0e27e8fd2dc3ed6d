"""What a fund says that outcomes are worth, over the API: proposing a proxy, and a second person's decision."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Strict, Text
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from investors.domain.value import Deductions, Proxy
from investors.models import ValueProxy
from investors.queries import value_proxies
from investors.services import ProxyTerms, approve_proxy, decline_proxy, propose_proxy


class ProxyOut(Shape):
    """What one unit of an indicator is said to be worth, less what, and what became of the proposal."""

    id = serializers.IntegerField()
    indicator = serializers.CharField(source="indicator.code")
    amount = MoneyField(source="unit_money")
    source_ = serializers.CharField()
    as_of = Day(help_text="The day whose prices it is in.")
    valid_from = Day()
    valid_to = Day(allow_null=True, help_text="The first day on which it counts no more; null without an end.")
    deadweight = PlainDecimal()
    others = PlainDecimal(help_text="Attribution to others.")
    displacement = PlainDecimal()
    drop_off = PlainDecimal(help_text="For each year after the first.")
    state = serializers.CharField(help_text="`waiting`, `approved` or `declined`.")
    sha256 = serializers.CharField(source="content_sha256", help_text="Send it to approve or decline exactly this.")
    proposed_by = serializers.CharField(source="proposed_by.name")
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)
    declined_because = serializers.CharField(source="decision.reason", allow_null=True, default=None)


class ProxyIn(Strict):
    """A proxy to be proposed; each deduction is a fraction from nought to one."""

    indicator = Text(max_length=40, help_text="The code of an indicator.")
    amount = MoneyField(below="10000000000", help_text="What one unit is worth, in the currency of the book.")
    source_ = Text(max_length=300, help_text="Where the amount is from; every statement prints it.")
    as_of = Day(help_text="The day whose prices it is in.")
    valid_from = Day(help_text="It counts in statements whose last day is from this one on.")
    valid_to = Day(required=False, help_text="The first day on which it counts no more.")
    deadweight = PlainDecimal(places=6)
    others = PlainDecimal(places=6)
    displacement = PlainDecimal(places=6)
    drop_off = PlainDecimal(places=6)


class ProxyApproveIn(Strict):
    """Which content is agreed to."""

    sha256 = Text(max_length=64)


class ProxyDeclineIn(ProxyApproveIn):
    """Which content is declined, and why."""

    reason = Text(max_length=500)


class ProxyList(BookOperation):
    @operation(gives=ProxyOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the fund says that outcomes are worth, the latest proposal first."""
        return self.paged(value_proxies(self.book))

    @operation(takes=ProxyIn, gives=ProxyOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose what one unit of an indicator is worth; it counts once somebody else agrees."""
        taken = Deductions(**{name: asked[name] for name in ("deadweight", "others", "displacement", "drop_off")})
        proxy = Proxy(asked["amount"], asked["source"], asked["as_of"], taken)
        terms = ProxyTerms(asked["indicator"], proxy, asked["valid_from"], asked.get("valid_to"))
        return propose_proxy(book=self.book, terms=terms, by=self.person)


class ProxyOperation(BookOperation):
    """An operation on one proxy."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.proxy: ValueProxy = get_object_or_404(value_proxies(self.book), pk=path["proxy"])

    def decided(self) -> ValueProxy:
        """The proxy with what became of it."""
        return value_proxies(self.book).get(pk=self.proxy.pk)


class ProxyApprove(ProxyOperation):
    @operation(takes=ProxyApproveIn, gives=ProxyOut)
    def post(self, asked: Asked) -> Any:
        """Agree that exactly what a colleague proposed counts."""
        approve_proxy(proxy=self.proxy, shown_sha256=asked["sha256"], by=self.person)
        return self.decided()


class ProxyDecline(ProxyOperation):
    @operation(takes=ProxyDeclineIn, gives=ProxyOut)
    def post(self, asked: Asked) -> Any:
        """Decline what was proposed, or take one's own proposal back."""
        decline_proxy(proxy=self.proxy, shown_sha256=asked["sha256"], reason=asked["reason"], by=self.person)
        return self.decided()
