"""The capital of a fund over the API: its classes, who committed what to them, and the acts by which that changes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commonweal.access.roles import acting_roles
from commonweal.access.rules import Side
from commonweal.access.scope import investors_for
from commonweal.api.capital_acts import (
    KINDS,
    CapitalActDetailOut,
    CapitalActIn,
    CapitalActOut,
    CapitalActPreviewIn,
    CapitalActPreviewOut,
    HolderIn,
    OwnCapitalActDetailOut,
    OwnCapitalActOut,
    asked_of,
    lines_shown,
    preview_shown,
)
from commonweal.api.capital_amounts import minor_of
from commonweal.api.capital_figures import figures_shown
from commonweal.api.documents import DocumentOut
from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.loans import AsOfQuery
from commonweal.api.operations import Asked, BookOperation, BySide, Paged, Seen, named, narrowed, operation
from commonweal.jobs.letters import give_notices
from investors import queries, services
from investors.domain.capital_act import ActKind
from investors.domain.capital_entries import source_of_act
from investors.domain.management_fee import FeeBase
from investors.domain.waterfall import Unpaid
from investors.models import CapitalAct, CapitalDecision
from ledger.queries import entries_by_source

SHA256 = r"^[0-9a-f]{64}$"


class FundClassOut(Shape):
    """A class of a fund's capital."""

    code = serializers.CharField()
    name = serializers.CharField()
    rank = serializers.IntegerField(help_text="Rank 1 earns and is repaid first, and bears losses last.")
    target_return = PlainDecimal(allow_null=True, help_text="As a fraction a year of what is invested.")
    return_cap = PlainDecimal(allow_null=True, help_text="As a fraction a year.")
    unpaid = Word(Unpaid, help_text="What it is short of its target: stays owed, or lapses.")
    takes_rest = serializers.BooleanField(help_text="Whether it shares in what is left.")


class FeeAgreementOut(Shape):
    """What the fund pays to be managed from a day on."""

    effective_on = Day()
    base = Word(FeeBase)
    rate = PlainDecimal(help_text="As a fraction a year.")


class CapitalCommitmentOut(Shape):
    """How a commitment stands: `committed` = drawn + undrawn − cancelled + recallable."""

    committed = MoneyField(source="commitment.amount", help_text="What is in force.")
    drawn = MoneyField(source="commitment.drawn", help_text="Paid in, less what was returned and may be called again.")
    undrawn = MoneyField(source="commitment.undrawn", help_text="Signed and never paid in.")
    cancelled = MoneyField(source="commitment.cancelled")
    recallable = MoneyField(source="commitment.recallable", help_text="Returned, and may be called again.")
    called = MoneyField(source="commitment.called", help_text="Called and not paid in.")
    may_be_called = MoneyField(source="commitment.callable", help_text="What may still be called.")
    capital = MoneyField(help_text="What the capital account stands at.")


class RegisterHolderOut(CapitalCommitmentOut):
    """One investor in a class."""

    investor = serializers.CharField(help_text="The code of an investor.")


class RegisterClassOut(Shape):
    """A class, those of its holders whom one may see, and these together."""

    fund_class = FundClassOut()
    together = CapitalCommitmentOut()
    holders = RegisterHolderOut(many=True)


class CapitalRegisterOut(Shape):
    """All commitments and capital accounts at the end of a day."""

    as_of = Day()
    classes = RegisterClassOut(many=True)


class UnsharedResultOut(Shape):
    """What was earned and lost and is not shared yet, with what became known later of earlier days."""

    since = Day()
    until = Day()
    income = MoneyField(source="result.income", help_text="Income less costs.")
    fees = MoneyField(source="result.fees", help_text="Management fees.")
    impairment = MoneyField(source="result.impairment", help_text="Losses less recoveries.")


class CapitalStandingOut(Shape):
    """What could be shared and distributed on a day."""

    as_of = Day()
    unshared = UnsharedResultOut(allow_null=True, help_text="Null while no capital is paid in.")
    free_cash = MoneyField(help_text="Cash that nobody else has a claim to.")


class CapitalActQuery(Paged):
    """Which acts."""

    kind = Word(ActKind, required=False)
    state = Word(["waiting", "decided"], required=False)


class PayInIn(HolderIn):
    """Money that is held for an investor, put to what was called of it."""

    effective_on = Day(required=False, help_text="The business date unless given.")


class CapitalDecisionIn(Strict):
    """What was shown, and why it is decided so."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed to decline.")


class NoticesOut(Shape):
    """The notices of an act, one for each investor whom it concerns."""

    notices = DocumentOut(many=True)


ACT = BySide("CapitalActShown", {Side.STAFF: CapitalActOut, Side.INVESTOR: OwnCapitalActOut})
ACT_DETAIL = BySide("CapitalActDetailShown", {Side.STAFF: CapitalActDetailOut, Side.INVESTOR: OwnCapitalActDetailOut})


class FundClassList(BookOperation):
    @operation(gives=FundClassOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The classes of a fund's capital, by rank."""
        return self.paged(list(queries.class_terms(self.book, self.book.business_date).values()))


class FeeAgreementList(BookOperation):
    @operation(gives=FeeAgreementOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the fund pays to be managed, from the first day on."""
        agreed = queries.fee_agreement(self.book)
        return self.paged(list(agreed.terms) if agreed else [])


class CapitalRegister(BookOperation):
    @operation(gives=CapitalRegisterOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """Commitments and capital accounts on a day, by class and holder; an investor sees its own."""
        as_of = self.day(asked)
        known, mine = queries.capital_register(self.book), self._investors()
        classes = []
        for fund_class in queries.class_terms(self.book, as_of).values():
            holders = [one for one in known.holders_of(fund_class.code) if mine is None or one[1] in mine]
            stand = [(one[1], known.commitment(one, as_of), known.balance(one, as_of)) for one in holders]
            rows = [{"investor": code, "commitment": each, "capital": capital} for code, each, capital in stand]
            if rows or mine is None:
                nothing = known.commitment(("", ""))
                together = {
                    "commitment": sum((each for _, each, _ in stand), nothing),
                    "capital": sum((capital for _, _, capital in stand), known.nought),
                }
                classes.append({"fund_class": fund_class, "together": together, "holders": rows})
        return {"as_of": as_of, "classes": classes}

    def _investors(self) -> set[str] | None:
        """The codes of those whom somebody may see; None for all."""
        if self.side_towards() is Side.STAFF:
            return None
        return set(investors_for(self.person).values_list("code", flat=True))


class CapitalStanding(BookOperation):
    @operation(gives=CapitalStandingOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """The result that is not shared, and the cash that is free, on a day."""
        as_of = self.day(asked)
        return {
            "as_of": as_of,
            "unshared": queries.unshared_result(self.book, as_of),
            "free_cash": queries.free_cash(self.book, as_of),
        }


class CapitalOperation(BookOperation):
    """An operation on acts, each person's own side of them."""

    def acts(self) -> QuerySet[CapitalAct]:
        """All acts of a fund for its staff; those that count for an investor for that one."""
        found = queries.capital_acts(self.book)
        if self.side_towards() is Side.STAFF:
            return found
        mine = Q(lines__investor__in=acting_roles(self.person).investors)
        return found.filter(mine, decision__outcome=CapitalDecision.Outcome.APPROVED).distinct()

    def seen(self, act: CapitalAct) -> Seen:
        """The head of an act as its reader sees it."""
        return Seen(self.side_towards(), _Shown(act))

    def whole(self, act: CapitalAct) -> Seen:
        """An act with its lines; for staff with figures and entries too."""
        side = self.side_towards()
        if side is not Side.STAFF:
            return Seen(side, _Shown(act, lines=lines_shown(act, acting_roles(self.person).investors)))
        entries = entries_by_source(self.book, source_of_act((act.reverses or act).number))
        figures = figures_shown(self.book, act.what, act.figures)
        return Seen(side, _Shown(act, lines=lines_shown(act), figures=figures, entries=entries))

    def asked_for(self, asked: Asked) -> tuple[ActKind, dict[str, Any]]:
        """The kind of act that is said, and what the services ask of it. Raises ValidationError."""
        (word,) = asked.keys() & KINDS.keys()
        said = asked[word]
        try:
            self._refuse_others(said)
            if "act" in said:
                said["act"] = named(queries.capital_acts(self.book), "act", pk=said["act"]).number
            return KINDS[word], asked_of(self.book, KINDS[word], said)
        except ValidationError as error:
            raise ValidationError({word: error.detail}) from error

    def _refuse_others(self, said: Asked) -> None:
        """Nobody names a class or an investor that is not there for them."""
        if "fund_class" in said:
            named(queries.fund_classes(self.book), "fund_class", code=said["fund_class"])
        for name in {"investor", "seller", "buyer", "funder"} & said.keys():
            named(investors_for(self.person), name, code=said[name])


class _Shown:
    """An act with what is shown beside what it is stored with."""

    def __init__(self, act: CapitalAct, **beside: Any) -> None:
        self._act, self._beside = act, beside

    def __getattr__(self, name: str) -> Any:
        return self._beside[name] if name in self._beside else getattr(self._act, name)

    def __str__(self) -> str:
        return str(self._act)

    @property
    def due_on(self) -> str | None:
        """Of a call: when it is to be paid."""
        return self._act.asked.get("due_on")

    @property
    def why_decided(self) -> str:
        """What the second person said."""
        return self._act.decision.reason if hasattr(self._act, "decision") else ""


class CapitalActList(CapitalOperation):
    @operation(gives=ACT, query=CapitalActQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The acts on a fund's capital, the latest first; an investor sees those that count for it."""
        found = narrowed(self.acts(), asked, {"kind": "kind"})
        if "state" in asked:
            found = found.filter(decision__isnull=asked["state"] == "waiting")
        return self.paged(found, lambda page: [self.seen(act) for act in page])

    @operation(takes=CapitalActIn, gives=ACT_DETAIL, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose an act on a fund's capital; nothing moves before a colleague approves."""
        kind, wanted = self.asked_for(asked)
        made = services.propose_act(
            book=self.book,
            kind=kind,
            on=asked.get("effective_on", self.book.business_date),
            asked=wanted,
            words=asked["reason"],
            by=self.person,
        )
        return self.whole(self.acts().get(pk=made.pk))


class CapitalActPreview(CapitalOperation):
    @operation(takes=CapitalActPreviewIn, gives=CapitalActPreviewOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """See what an act would come to; nothing is kept."""
        kind, wanted = self.asked_for(asked)
        on = asked.get("effective_on", self.book.business_date)
        return preview_shown(self.book, queries.preview_act(self.book, kind, on, wanted))


class CapitalPayIn(CapitalOperation):
    @operation(takes=PayInIn, gives=ACT_DETAIL, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Put money that is held for an investor to what was called of it."""
        self._refuse_others(asked)
        minor_of(self.book, asked["amount"])
        made = services.pay_in(
            book=self.book,
            fund_class=asked["fund_class"],
            investor=asked["investor"],
            amount=asked["amount"],
            on=asked.get("effective_on", self.book.business_date),
            by=self.person,
        )
        return self.whole(self.acts().get(pk=made.pk))


class CapitalActOperation(CapitalOperation):
    """An operation on one act."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.act: CapitalAct = get_object_or_404(self.acts(), pk=path["capital_act"])

    def decided(self) -> Seen:
        """The act with what was decided."""
        return self.whole(self.acts().get(pk=self.act.pk))


class CapitalActDetail(CapitalActOperation):
    @operation(gives=ACT_DETAIL)
    def get(self, asked: Asked) -> Any:
        """One act with its lines; for staff with the figures that explain it and the entries that it moved."""
        return self.whole(self.act)


class CapitalActApprove(CapitalActOperation):
    @operation(takes=CapitalDecisionIn, gives=ACT_DETAIL, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Approve exactly what a colleague proposed: it counts, and is posted at once."""
        services.approve_act(act=self.act, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person)
        return self.decided()


class CapitalActDecline(CapitalActOperation):
    @operation(takes=CapitalDecisionIn, gives=ACT_DETAIL)
    def post(self, asked: Asked) -> Any:
        """Decline an act, or take one's own proposal back."""
        services.decline_act(act=self.act, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person)
        return self.decided()


class CapitalActNotices(CapitalActOperation):
    @operation(gives=NoticesOut)
    def post(self, asked: Asked) -> Any:
        """Issue the notices of an approved call or distribution and tell the investors' people; again, nothing more."""
        return {"notices": give_notices(act=self.act, by=self.person)}
