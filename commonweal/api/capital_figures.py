"""What explains an act on a fund's capital: the figures of each kind, as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Word
from investors.domain.capital_act import ActKind, Effect
from investors.domain.distribution import cash_used
from investors.domain.management_fee import FeeBase
from investors.domain.restricted_grant import Purpose
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book


class CapitalFeeLineOut(Shape):
    """Days of a management fee on which neither terms nor base change."""

    since = Day()
    until = Day()
    base = Word(FeeBase)
    of = MoneyField(help_text="What the base stood at.")
    rate = PlainDecimal(help_text="As a fraction a year.")


class FeeFiguresOut(Shape):
    """What makes a management fee."""

    amount = MoneyField()
    lines = CapitalFeeLineOut(many=True)


class CapitalLeftOut(Shape):
    """What nobody took or bore, which is shared next time."""

    income = MoneyField()
    impairment = MoneyField()


class ClassFiguresOut(Shape):
    """A class's part of a result, and why."""

    code = serializers.CharField()
    income = MoneyField()
    fee = MoneyField()
    impairment = MoneyField()
    owed = MoneyField(help_text="Of its target return, still owed.")
    later = MoneyField(default=None, allow_null=True, help_text="Of that, because of what was known only later.")
    why = serializers.ListField(child=serializers.CharField())


class LaterEntryOut(Shape):
    """An entry that became known after the result of its days was shared."""

    entry = serializers.CharField(help_text="Such as `E-41`.")
    on = Day()
    words = serializers.CharField()
    adds = MoneyField(help_text="To the result.")


class MoreEntriesOut(Shape):
    """Further entries as one sum."""

    count = serializers.CharField()
    adds = MoneyField()


class KnownLaterOut(Shape):
    """What became known of days whose result was shared already."""

    act = serializers.CharField(help_text="The act that had shared them.")
    through = Day()
    income = MoneyField()
    fees = MoneyField()
    impairment = MoneyField()
    entries = LaterEntryOut(many=True)
    more = MoreEntriesOut()


class ResultFiguresOut(Shape):
    """What was earned and lost over some days, and what each class gets of it."""

    since = Day()
    until = Day()
    income = MoneyField(help_text="Income less costs.")
    fees = MoneyField(help_text="Management fees.")
    impairment = MoneyField(help_text="Losses less recoveries.")
    left = CapitalLeftOut()
    later = KnownLaterOut(default=None, allow_null=True, help_text="Of that, what was known only later; null for none.")
    classes = ClassFiguresOut(many=True)


class CapitalRunStepOut(Shape):
    """A step of the waterfall."""

    code = serializers.CharField()
    label_ = serializers.CharField()
    claim = MoneyField()
    paid = MoneyField()
    short = MoneyField()
    left = MoneyField(help_text="What it left for the steps after it.")
    why = serializers.ListField(child=serializers.CharField())


class CorrectionOut(Shape):
    """What a distribution corrects of earlier ones, which stay as they were."""

    act = serializers.CharField(help_text="The act that shared it.")
    code = serializers.CharField(help_text="The code of a class.")
    amount = MoneyField()
    why = serializers.CharField()


class CashUsedOut(Shape):
    """What becomes of the cash that is free and of what is in reserve."""

    paid_out = MoneyField(help_text="To investors.")
    reserve = MoneyField(help_text="In reserve after it.")
    fees = MoneyField(help_text="Kept for the management fee that is owed.")
    not_distributed = MoneyField(help_text="Free, and not to be distributed.")
    unclaimed = MoneyField(help_text="Claimed by nobody.")
    stays = MoneyField(help_text="All that stays in the fund.")


class DistributionFiguresOut(Shape):
    """How cash went down the steps."""

    waterfall = serializers.CharField()
    free = MoneyField(help_text="The cash that is free.")
    found = MoneyField(help_text="The cash that was distributed down the steps.")
    left = MoneyField()
    reserve = MoneyField(help_text="What is in reserve after it.")
    steps = CapitalRunStepOut(many=True)
    used = CashUsedOut(help_text="What is paid out, and what stays in the fund.")
    corrects = CorrectionOut(many=True, default=(), help_text="What was known only after earlier distributions.")


class MovedPartOut(Shape):
    """A part of a holding: what the seller had of it, and what of that moves."""

    part = Word(Effect)
    held = MoneyField()
    moves = MoneyField()


class TransferFiguresOut(Shape):
    """What a transfer moves."""

    seller = serializers.CharField()
    buyer = serializers.CharField()
    share = serializers.CharField(help_text="Of everything that the seller had, such as `1/3`.")
    price = MoneyField(allow_null=True, help_text="What they pay each other; null where it is not told.")
    capital = MoneyField(help_text="From one capital account to the other.")
    parts = MovedPartOut(many=True)


class EqualisedPartnerOut(Shape):
    """What one investor pays (positive) or gets at a later close."""

    investor = serializers.CharField()
    committed = MoneyField()
    drawn = MoneyField(help_text="Before the close.")
    capital = MoneyField()
    interest = MoneyField()


class EqualisationFiguresOut(Shape):
    """How a later close makes all stand alike."""

    rate = serializers.CharField(help_text="As a fraction a year.")
    drawn = MoneyField()
    partners = EqualisedPartnerOut(many=True)


class GrantFiguresOut(Shape):
    """What an act does to a restricted grant."""

    purpose = Word(Purpose)
    before = MoneyField(help_text="What was left before.")
    after = MoneyField()


class MovedInFiguresOut(Shape):
    """What the capital of all owners stood at before holdings moved in, and how much history came with them."""

    surplus = MoneyField(help_text="On 3010, before.")
    flows = serializers.CharField(help_text="How many dated flows were given.")


class NewClassFiguresOut(Shape):
    """The class that is to be recorded."""

    code = serializers.CharField()
    name = serializers.CharField()
    terms = serializers.CharField(help_text="Rank and returns in words, as the second person agrees to them.")


class ClassTermsFiguresOut(Shape):
    """The terms of a class, in words."""

    before = serializers.CharField()
    after = serializers.CharField()


class FeeTermsFiguresOut(Shape):
    """What the fund pays to be managed, in words, as the second person agrees to it."""

    before = serializers.CharField()
    after = serializers.CharField()


class CapitalFiguresOut(Shape):
    """What explains an act; under the name of its kind, and null for those that need no figures."""

    fee_terms = FeeTermsFiguresOut(allow_null=True)
    management_fee = FeeFiguresOut(allow_null=True)
    result = ResultFiguresOut(allow_null=True)
    distribution = DistributionFiguresOut(allow_null=True)
    transfer = TransferFiguresOut(allow_null=True)
    equalisation = EqualisationFiguresOut(allow_null=True)
    new_class = NewClassFiguresOut(allow_null=True)
    class_terms = ClassTermsFiguresOut(allow_null=True)
    grant_received = GrantFiguresOut(allow_null=True)
    grant_applied = GrantFiguresOut(allow_null=True)
    moved_in = MovedInFiguresOut(allow_null=True)


EXPLAINED = {
    "fee_terms": ActKind.FEE_TERMS,
    "management_fee": ActKind.FEE,
    "result": ActKind.RESULT,
    "distribution": ActKind.DISTRIBUTION,
    "transfer": ActKind.TRANSFER,
    "equalisation": ActKind.EQUALISATION,
    "new_class": ActKind.CLASS,
    "class_terms": ActKind.TERMS,
    "grant_received": ActKind.GRANT_RECEIVED,
    "grant_applied": ActKind.GRANT_APPLIED,
    "moved_in": ActKind.MOVED_IN,
}
"""The kinds that figures explain, by the name under which those stand."""


def figures_shown(book: Book, kind: ActKind, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of an act under the name of its kind, with money for minor units."""
    if kind is ActKind.DISTRIBUTION:
        used = cash_used(figures)
        figures = {**figures, "used": {**asdict(used), "stays": used.stays}}
    return {name: _money(book, figures) if kind is one else None for name, one in EXPLAINED.items()}


def _money(book: Book, value: Any) -> Any:
    """Whole numbers among an act's figures are minor units; rates and days are text."""
    if isinstance(value, Mapping):
        return {name: _money(book, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_money(book, one) for one in value]
    return from_minor(value, book.base_currency) if isinstance(value, int) else value
