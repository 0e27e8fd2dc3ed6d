"""What an investor has in each class of a fund's capital, what moved it over some days and why, and what it earned."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rest_framework import serializers

from commonweal.api.capital import CapitalCommitmentOut, FundClassOut
from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Word
from commonweal.api.investors import InvestorOperation
from commonweal.api.loans import AsOfQuery
from commonweal.api.operations import Asked, operation
from investors.domain.capital import CapitalKind
from investors.domain.capital_holding import CapitalHolding
from investors.domain.losses import FirstLossCover
from investors.queries import capital_holdings
from ledger.queries import asked_period

PLACES = 6
"""Decimals of multiples and rates, which are exact inside."""


class CapitalTotalOut(Shape):
    """What the movements of a kind come to, signed as they change the account."""

    kind = Word(CapitalKind)
    amount = MoneyField()


class CapitalMovementOut(Shape):
    """A movement of a capital account, and why."""

    on = Day()
    kind = Word(CapitalKind)
    act = serializers.CharField(help_text="Such as `C-7`, or `C-7 reversed`.")
    amount = MoneyField(help_text="Signed as it changes the account.")
    balance = MoneyField()
    why = serializers.CharField(allow_blank=True)


class OpenCallOut(Shape):
    """A call of which something is still to be paid."""

    act = serializers.CharField()
    called_on = Day()
    due_on = Day()
    called = MoneyField()
    unpaid = MoneyField()
    days_late = serializers.IntegerField()


class CoverOut(Shape):
    """What bears losses before the class does."""

    used = MoneyField()
    remaining = MoneyField()
    exposure = MoneyField(help_text="All capital that it protects.")
    ratio = PlainDecimal(allow_null=True, help_text="Remaining over exposure.")


class CapitalEarnedOut(Shape):
    """What the money earned; null where nothing was paid in, or there is no rate."""

    paid_in = MoneyField()
    distributed = MoneyField()
    net_asset_value = MoneyField()
    fees = MoneyField(help_text="What management has cost it so far.")
    dpi = PlainDecimal(allow_null=True)
    rvpi = PlainDecimal(allow_null=True)
    tvpi = PlainDecimal(allow_null=True)
    annual_rate = PlainDecimal(allow_null=True, help_text="XIRR, as a fraction a year; see `words` under a year.")
    words = serializers.CharField(help_text="The rate as a statement says it, or why there is none.")


class ClassHeldOut(Shape):
    """An investor in one class over some days, the last one included."""

    fund_class = FundClassOut()
    commitment = CapitalCommitmentOut(help_text="As it stands at the end.")
    opening = MoneyField()
    moved = CapitalTotalOut(many=True)
    closing = MoneyField()
    movements = CapitalMovementOut(many=True)
    calls = OpenCallOut(many=True)
    earned = CapitalEarnedOut()
    cover = CoverOut(allow_null=True, help_text="Null for a class that bears losses first.")


class CapitalHeldOut(Shape):
    """What an investor has in a fund's own capital, class by class, by rank."""

    since = Day()
    until = Day()
    classes = ClassHeldOut(many=True)


class CapitalHeldQuery(AsOfQuery):
    """Over which days."""

    since = Day(required=False, help_text="The first day; that of the financial year unless given.")


class InvestorCapital(InvestorOperation):
    @operation(gives=CapitalHeldOut, query=CapitalHeldQuery)
    def get(self, asked: Asked) -> Any:
        """What an investor has in each class of the fund, what moved it and why: opening and movements are closing."""
        period = asked_period(self.book, asked.get("since"), self.day(asked))
        held = capital_holdings(self.book, self.investor, period.from_on, period.to_on)
        return {"since": period.from_on, "until": period.to_on, "classes": [_class(one) for one in held]}


def _class(one: CapitalHolding) -> Mapping[str, Any]:
    totals = ((kind, one.account.total(kind)) for kind in CapitalKind)
    return {
        "fund_class": one.fund_class,
        "commitment": {"commitment": one.commitment, "capital": one.account.closing},
        "opening": one.account.opening,
        "moved": [{"kind": kind.value, "amount": amount} for kind, amount in totals if amount],
        "closing": one.account.closing,
        "movements": one.lines,
        "calls": [
            {
                "act": f"C-{call.act}",
                "called_on": call.called_on,
                "due_on": call.due_on,
                "called": call.called,
                "unpaid": call.unpaid,
                "days_late": call.days_late(one.until),
            }
            for call in one.calls
        ],
        "earned": _earned(one),
        "cover": None if one.cover is None else _cover(one.cover),
    }


def _earned(one: CapitalHolding) -> Mapping[str, Any]:
    found = one.earned.multiples
    rate = one.earned.rate
    return {
        "paid_in": found.paid_in,
        "distributed": found.distributed,
        "net_asset_value": found.net_asset_value,
        "fees": one.fees,
        "dpi": _decimal(found.dpi),
        "rvpi": _decimal(found.rvpi),
        "tvpi": _decimal(found.tvpi),
        "annual_rate": None if rate is None else round(rate.rate, PLACES),
        "words": one.earned.words,
    }


def _cover(cover: FirstLossCover) -> Mapping[str, Any]:
    figures = {"used": cover.used, "remaining": cover.remaining, "exposure": cover.exposure}
    return {**figures, "ratio": _decimal(cover.ratio)}


def _decimal(ratio: Fraction | None) -> Decimal | None:
    if ratio is None:
        return None
    return round(Decimal(ratio.numerator) / Decimal(ratio.denominator), PLACES)
