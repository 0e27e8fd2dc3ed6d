"""What is asked of a fund's capital, and what comes of it: the shapes that the operations of `capital.py` know.

Services know amounts in minor units; here everybody reads and writes money.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commonweal.api.capital_amounts import Amount, Price, minor_of
from commonweal.api.capital_figures import CapitalFiguresOut, figures_shown
from commonweal.api.capital_moved_in import MovedInIn, moved_in_said
from commonweal.api.entries import EntryOut
from commonweal.api.fields import Count, Day, Id, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from investors.domain.capital_act import ActContent, ActKind, Effect
from investors.domain.fund_class import plain_rate
from investors.domain.management_fee import FeeBase
from investors.domain.restricted_grant import Purpose
from investors.domain.waterfall import Unpaid
from investors.models import CapitalAct
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book

STATES = ["waiting", "approved", "declined", "reversed"]


class HolderIn(Strict):
    """An amount of one holder: a class and an investor."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    investor = Text(max_length=20, help_text="The code of an investor.")
    amount = Amount()


class CallIn(Strict):
    """Money is asked for of classes; each holder's part is by what it committed."""

    classes = serializers.ListField(child=Text(max_length=20), min_length=1, max_length=50, help_text="Their codes.")
    amount = Amount(help_text="Of all classes together.")
    due_on = Day()


class FeeTermsIn(Strict):
    """What the fund pays to be managed from a day on; a step-down is other terms from its day."""

    since = Day(help_text="The first day on which it counts, which may be to come.")
    base = Word(FeeBase)
    rate = PlainDecimal(places=6, least="0", below="1", help_text="As a fraction a year.")


class FeeDaysIn(Strict):
    """The days of a management fee, both included."""

    since = Day()
    until = Day()


class ClassAmountIn(Strict):
    """An amount of one class."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    amount = Amount()


class DistributionIn(Strict):
    """What is paid out: the income that was shared and not paid, and what is said of capital."""

    most = Amount(required=False, help_text="The cash to distribute; all that is free unless given.")
    reserve = Amount(required=False, help_text="What is kept in reserve after it; nothing unless given.")
    capital = serializers.ListField(
        child=ClassAmountIn(), required=False, max_length=50, help_text="Capital to be returned, by class."
    )
    recallable = serializers.BooleanField(required=False, help_text="Whether returned capital may be called again.")


class HoldingTransferIn(Strict):
    """A part of a holding that one investor transfers to another; everything moves in the same proportion."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    seller = Text(max_length=20, help_text="The code of the investor who transfers.")
    buyer = Text(max_length=20, help_text="The code of the investor who takes over.")
    amount = Amount(help_text="Of the commitment.")
    price = Price(required=False, help_text="What they pay each other, off the fund's books.")


class EqualisationIn(Strict):
    """Those who joined a class at a later close pay their share of what is drawn to those who were there."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    rate = PlainDecimal(
        places=6, least="0", below="1", help_text="Interest as a fraction a year, from each draw to the act's day."
    )


class OrderedClaimIn(Strict):
    """A claim in the order of payment; the reserve may claim a share of what an earlier one is paid."""

    claim = Text(max_length=40, help_text="Such as `fees`, `income:1`, `capital:1` or `reserve`.")
    of = Text(max_length=40, required=False)
    rate = PlainDecimal(places=6, least="0", below="1", required=False)


class DeedIn(Strict):
    """The order of payment, the first to be paid first; every claim once."""

    steps = serializers.ListField(child=OrderedClaimIn(), min_length=1, max_length=50)


class NewClassIn(Strict):
    """A class as the deed has it; another agreement is another class."""

    code = Text(max_length=20, help_text="Capital letters, digits and dashes, such as SENIOR; it never changes.")
    name = Text(max_length=100)
    rank = Count(min_value=1, max_value=999)
    target_return = PlainDecimal(places=6, least="0", below="1", required=False, allow_null=True)
    return_cap = PlainDecimal(places=6, least="0", below="1", required=False, allow_null=True)
    unpaid = Word(Unpaid, required=False, help_text="It stays owed unless given.")
    takes_rest = serializers.BooleanField(required=False)


class ClassTermsIn(Strict):
    """Other terms of a class."""

    fund_class = Text(max_length=20, help_text="The code of a class.")
    rank = Count(min_value=1, max_value=999)
    target_return = PlainDecimal(places=6, least="0", below="1", required=False, allow_null=True)
    return_cap = PlainDecimal(places=6, least="0", below="1", required=False, allow_null=True)
    unpaid = Word(Unpaid, required=False, help_text="It stays owed unless given.")
    takes_rest = serializers.BooleanField(required=False)


class GrantIn(Strict):
    """Money that a funder gives for one purpose."""

    grant = Text(max_length=20, help_text="Its code: capital letters, digits and dashes, such as LOT-A.")
    funder = Text(max_length=20, help_text="The code of an investor.")
    purpose = Word(Purpose)
    amount = Amount(help_text="What is promised.")


class GrantReceivedIn(Strict):
    """Money that is held for the funder and becomes its grant."""

    grant = Text(max_length=20, help_text="The code of a grant.")
    amount = Amount()


class GrantAppliedIn(GrantReceivedIn):
    """What a grant is used for."""

    purpose = Word(Purpose)
    beside = Text(max_length=20, required=False, help_text="Of one made beside a loan: the loan's number.")


class CapitalReversalIn(Strict):
    """An act that is taken back as one."""

    act = Id(help_text="The id of an act that stands.")


class ResultIn(Strict):
    """All that was earned and lost and is not shared, through the act's day: `{}`."""


class CapitalActPreviewIn(Strict):
    """An act: its day, and under the name of its kind what is asked for. Exactly one kind is given."""

    effective_on = Day(required=False, help_text="The day on which it counts; the business date unless given.")
    commitment = HolderIn(required=False)
    cancellation = HolderIn(required=False)
    call = CallIn(required=False)
    call_withdrawal = HolderIn(required=False)
    fee_terms = FeeTermsIn(required=False)
    management_fee = FeeDaysIn(required=False)
    result = ResultIn(required=False)
    distribution = DistributionIn(required=False)
    transfer = HoldingTransferIn(required=False)
    equalisation = EqualisationIn(required=False)
    deed = DeedIn(required=False)
    new_class = NewClassIn(required=False)
    class_terms = ClassTermsIn(required=False)
    grant = GrantIn(required=False)
    grant_received = GrantReceivedIn(required=False)
    grant_applied = GrantAppliedIn(required=False)
    moved_in = MovedInIn(required=False)
    reversal = CapitalReversalIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One kind, never none or two."""
        if len(attrs.keys() & KINDS.keys()) != 1:
            raise serializers.ValidationError({"": [f"Give exactly one of: {', '.join(KINDS)}."]})
        return attrs


class CapitalActIn(CapitalActPreviewIn):
    """An act to be proposed."""

    reason = Text(max_length=500, help_text="What it is for: the second person, the investors and the auditor read it.")


KINDS = {
    "commitment": ActKind.COMMITMENT,
    "cancellation": ActKind.CANCELLATION,
    "call": ActKind.CALL,
    "call_withdrawal": ActKind.WITHDRAWAL,
    "fee_terms": ActKind.FEE_TERMS,
    "management_fee": ActKind.FEE,
    "result": ActKind.RESULT,
    "distribution": ActKind.DISTRIBUTION,
    "transfer": ActKind.TRANSFER,
    "equalisation": ActKind.EQUALISATION,
    "deed": ActKind.DEED,
    "new_class": ActKind.CLASS,
    "class_terms": ActKind.TERMS,
    "grant": ActKind.GRANT,
    "grant_received": ActKind.GRANT_RECEIVED,
    "grant_applied": ActKind.GRANT_APPLIED,
    "moved_in": ActKind.MOVED_IN,
    "reversal": ActKind.REVERSAL,
}
"""The kinds that are proposed, by the name under which what is asked for stands."""


def asked_of(book: Book, kind: ActKind, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said in the API as the services ask it. Raises ValidationError; a reversal's act is looked up before."""
    if kind is ActKind.DEED:
        return {"steps": [{name: _plain(value) for name, value in one.items()} for one in said["steps"]]}
    if kind is ActKind.TERMS:
        return {"fund_class": said["fund_class"], **_returns(said)}
    if kind is ActKind.CLASS:
        return {"code": said["code"], "name": said["name"], **_returns(said)}
    if kind is ActKind.MOVED_IN:
        return moved_in_said(book, said)
    plain = ("fund_class", "investor", "seller", "buyer", "recallable", "act", "grant", "funder")
    asked = {name: said[name] for name in plain if name in said}
    asked |= {name: said[name].isoformat() for name in ("since", "until", "due_on") if name in said}
    asked |= {name: minor_of(book, said[name], name) for name in ("most", "reserve", "price") if name in said}
    asked |= {name: str(said[name]) for name in ("purpose", "base") if name in said}
    if "rate" in said:
        asked["rate"] = f"{said['rate'].normalize():f}"
    if "beside" in said:
        asked["loan"] = said["beside"]
    if "amount" in said:
        asked["minor"] = minor_of(book, said["amount"])
    if "classes" in said:
        asked["classes"] = list(dict.fromkeys(said["classes"]))
    if "capital" in said:
        asked["capital"] = _by_class(book, said["capital"])
    return asked


def _plain(value: Any) -> Any:
    """A rate as text, all else as it is."""
    return plain_rate(value) if isinstance(value, Decimal) else value


def _returns(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a class agrees: its rank, and what it earns."""
    rates = {name: plain_rate(said.get(name)) for name in ("target_return", "return_cap")}
    unpaid = str(said.get("unpaid", Unpaid.ACCRUES))
    return {"rank": said["rank"], "unpaid": unpaid, "takes_rest": said.get("takes_rest", False), **rates}


def _by_class(book: Book, parts: list[dict[str, Any]]) -> dict[str, int]:
    codes = [one["fund_class"] for one in parts]
    if len(set(codes)) < len(codes):
        raise ValidationError({"capital": ["Name each class once."]})
    return {one["fund_class"]: minor_of(book, one["amount"], "capital") for one in parts}


class CapitalActLineOut(Shape):
    """What an act does to one holder."""

    fund_class = serializers.CharField(help_text="The code of a class.")
    investor = serializers.CharField(help_text="The code of an investor.")
    effect = Word(Effect)
    amount = MoneyField(help_text="Income, fees and losses as they change the capital account; all else is positive.")
    why = serializers.CharField(allow_blank=True)


class CapitalActPreviewOut(Shape):
    """What an act would come to, as all is known now."""

    kind = Word(ActKind)
    effective_on = Day()
    lines = CapitalActLineOut(many=True)
    figures = CapitalFiguresOut()


class OwnCapitalActOut(Shape):
    """An act on a fund's capital that counts for an investor."""

    id = serializers.IntegerField()
    reference = serializers.CharField(source="__str__", help_text="Such as `C-4`.")
    kind = Word(ActKind)
    effective_on = Day()
    due_on = Day(allow_null=True, help_text="Of a call: when it is to be paid.")
    state = Word(STATES)
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)


class CapitalActOut(OwnCapitalActOut):
    """An act on a fund's capital."""

    reason = serializers.CharField(source="words", help_text="What it is for.")
    sha256 = serializers.CharField(source="content_sha256", help_text="What an approval is bound to.")
    proposed_by = serializers.CharField(source="proposed_by.name")
    decided_by = serializers.CharField(source="decision.decided_by.name", default=None, allow_null=True)
    why_decided = serializers.CharField(allow_blank=True, help_text="Empty while it waits.")


class OwnCapitalActDetailOut(OwnCapitalActOut):
    """An act, and what it does to the investor that asks."""

    lines = CapitalActLineOut(many=True)


class CapitalActDetailOut(CapitalActOut):
    """An act with its lines, the figures that explain it, and the entries that it moved."""

    lines = CapitalActLineOut(many=True)
    figures = CapitalFiguresOut()
    entries = EntryOut(many=True)


def preview_shown(book: Book, content: ActContent) -> dict[str, Any]:
    """What an act would come to, with money for minor units."""
    lines = [
        {
            "fund_class": line.fund_class,
            "investor": line.investor,
            "effect": line.effect,
            "amount": from_minor(line.minor, book.base_currency),
            "why": line.why,
        }
        for line in content.lines
    ]
    figures = figures_shown(book, content.kind, content.figures)
    return {"kind": content.kind, "effective_on": content.effective_on, "lines": lines, "figures": figures}


def lines_shown(act: CapitalAct, investors: frozenset[int] | None = None) -> list[dict[str, Any]]:
    """The lines of an act, or of some investors alone."""
    found = act.lines.select_related("fund_class", "investor")
    if investors is not None:
        found = found.filter(investor__in=investors)
    return [
        {
            "fund_class": line.fund_class.code,
            "investor": line.investor.code,
            "effect": line.effect,
            "amount": from_minor(line.amount, act.book.base_currency),
            "why": line.why,
        }
        for line in found
    ]
