"""Covenants: what a business keeps to with a loan, how each test came out, and which breach was let pass."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.rules import Side
from commonweal.api.applications import SHA256
from commonweal.api.fields import Count, Day, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.loans import LoanOperation, PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, BySide, Seen, operation
from commonweal.jobs.servicing import waive_breach
from loans import services
from loans.covenants import CovenantShown, covenant_of, covenants_of, needing_somebody
from loans.domain.covenants import CovenantKind, CovenantStatus, Direction, Unit
from loans.models import WaiverProposal
from loans.models.covenant import value_text
from loans.services import CovenantAsked


class TestOut(Shape):
    """One test: what came of it, and from which accounts."""

    tested_on = Day(source="test.tested_on")
    figures_due_on = Day(source="test.due_on")
    status = Word(CovenantStatus, source="test.status")
    value = PlainDecimal(allow_null=True, help_text="Rounded towards the breach; a share is a fraction.")
    exact_value = serializers.SerializerMethodField(help_text="The same as an exact fraction: 75/58.")
    headroom = PlainDecimal(allow_null=True, help_text="What is left to the threshold; below nought in a breach.")
    why = serializers.CharField(source="test.why", help_text="Why there is no value; empty where there is one.")
    accounts = serializers.ListField(source="test.keys", child=serializers.IntegerField())
    is_waived = serializers.SerializerMethodField(help_text="Whether exactly this breach is let pass.")

    def get_exact_value(self, row: Any) -> str:
        """The value before any rounding; empty where there is none."""
        return value_text(row.test.value)

    def get_is_waived(self, row: Any) -> bool:
        """Whether two people let it pass."""
        return row.waiver is not None


class WaiverOut(Shape):
    """A proposal to let a breach pass, and what became of it."""

    id = serializers.IntegerField()
    tested_on = Day()
    value = serializers.CharField(help_text="The exact value that its maker saw.")
    reason = serializers.CharField()
    content_sha256 = serializers.CharField(help_text="Send it along to decide.")
    proposed_on = Day()
    proposed_by = serializers.CharField(source="proposed_by.name")
    decision = serializers.SerializerMethodField(help_text="waiting, approved or declined.")
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)

    def get_decision(self, row: WaiverProposal) -> str:
        """What became of it."""
        if not hasattr(row, "decision"):
            return "waiting"
        return "approved" if row.decision.is_approved else "declined"


class CovenantOut(Shape):
    """A covenant, how it stands on a day, and its tests to then, the latest first."""

    id = serializers.IntegerField(source="covenant.pk")
    loan = serializers.IntegerField(source="covenant.loan_id")
    kind = Word(CovenantKind)
    name = serializers.CharField(source="kind.rule.label")
    formula = serializers.CharField(source="kind.rule.formula")
    direction = Word(Direction, source="kind.rule.direction")
    unit = Word(Unit, source="kind.rule.unit", help_text="What threshold and values count.")
    currency = serializers.CharField(source="covenant.loan.currency", help_text="Of thresholds that count money.")
    threshold = PlainDecimal(source="covenant.threshold")
    near_margin = PlainDecimal(source="covenant.near_margin", help_text="A fraction of the threshold.")
    over_months = serializers.IntegerField(source="covenant.over_months")
    every_months = serializers.IntegerField(source="covenant.every_months")
    first_test_on = Day(source="covenant.first_test_on")
    due_days = serializers.IntegerField(source="covenant.due_days")
    ends_on = Day(source="covenant.ends_on", allow_null=True)
    stands_at = TestOut(source="now", allow_null=True, help_text="The test by which it stands.")
    tests = serializers.SerializerMethodField()

    def get_tests(self, row: CovenantShown) -> list[dict[str, Any]]:
        """The tests, the latest first."""
        return [dict(TestOut(one).data) for one in reversed(row.tests)]


class CovenantForStaffOut(CovenantOut):
    """A covenant with who agreed it, and the waivers of its breaches."""

    agreed_on = Day(source="covenant.agreed_on")
    agreed_by = serializers.CharField(source="covenant.agreed_by.name")
    reason = serializers.CharField(source="covenant.reason")
    waivers = WaiverOut(source="covenant.waivers.all", many=True)


COVENANT = BySide("CovenantShown", {Side.STAFF: CovenantForStaffOut, Side.BORROWER: CovenantOut})


class CovenantIn(Strict):
    """A covenant to be agreed. Which side of the threshold is kept to belongs to the kind."""

    kind = Word(CovenantKind)
    threshold = PlainDecimal(places=4, least="0", below="1000000000000")
    first_test_on = Day(help_text="The last day of a month.")
    every_months = Count(required=False, min_value=1, max_value=12, help_text="3 unless given.")
    over_months = Count(required=False, min_value=1, max_value=24, help_text="For flows; 12 unless given.")
    near_margin = PlainDecimal(required=False, places=4, least="0", below="1", help_text="0.1 unless given.")
    due_days = Count(required=False, min_value=0, max_value=366, help_text="45 unless given.")
    reason = Text(required=False, max_length=500, help_text="Where it is agreed, such as the offer letter.")


class CovenantEndIn(Strict):
    """From which day on, and why, a covenant is no longer tested."""

    ends_on = Day(required=False, help_text="The business date unless given, and not before it.")
    reason = Text(max_length=500)


class WaiverIn(Strict):
    """Which breach should be let pass, and why."""

    tested_on = Day(help_text="The day of the test that was broken.")
    reason = Text(max_length=500)


class WaiverApprovalIn(Strict):
    """A decision on exactly the waiver that was shown."""

    content_sha256 = serializers.RegexField(SHA256, max_length=64, help_text="The `content_sha256` that was shown.")
    reason = Text(max_length=500, required=False)


class WaiverDeclineIn(WaiverApprovalIn):
    """A decision to let the breach stand, with the reason that its maker will read."""

    reason = Text(max_length=500)


class CovenantList(LoanOperation):
    @operation(gives=COVENANT, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What the business keeps to with the loan, and how it stands on a day."""
        found = covenants_of([self.loan], self.day(asked))[self.loan.pk]
        return self.paged(found, lambda page: [Seen(self.side, row) for row in page])

    @operation(takes=CovenantIn, gives=CovenantForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Agree a covenant; what changes about it later is another one."""
        reason = asked.pop("reason", "")
        wanted = CovenantAsked(**asked | {"kind": CovenantKind(asked["kind"])})
        made = services.agree_covenant(
            loan=self.loan, asked=wanted, reason=reason, on=self.book.business_date, by=self.person
        )
        return covenant_of(self.loan, made.pk, self.book.business_date)


class CovenantOperation(LoanOperation):
    """An operation on one covenant of a loan."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.shown = self.as_it_stands(path["covenant"])

    def as_it_stands(self, key: int) -> CovenantShown:
        """The covenant with its tests. Raises Http404."""
        found = covenant_of(self.loan, key, self.book.business_date)
        if found is None:
            raise Http404
        return found


class CovenantEnd(CovenantOperation):
    @operation(takes=CovenantEndIn, gives=CovenantForStaffOut)
    def post(self, asked: Asked) -> Any:
        """Test it no more from a day on; a breach is waived before."""
        on = self.book.business_date
        services.end_covenant(
            covenant=self.shown.covenant,
            ends_on=asked.get("ends_on", on),
            reason=asked["reason"],
            on=on,
            by=self.person,
        )
        return self.as_it_stands(self.shown.covenant.pk)


class CovenantWaive(CovenantOperation):
    @operation(takes=WaiverIn, gives=CovenantForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose that a breach be let pass; a colleague decides."""
        services.propose_waiver(covenant=self.shown.covenant, **asked, on=self.book.business_date, by=self.person)
        return self.as_it_stands(self.shown.covenant.pk)


class WaiverApprove(CovenantOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        found = WaiverProposal.objects.filter(covenant=self.shown.covenant)
        found = found.select_related("covenant__loan__book", "proposed_by")
        self.proposal: WaiverProposal = get_object_or_404(found, pk=path["waiver"])

    @operation(takes=WaiverApprovalIn, gives=CovenantForStaffOut)
    def post(self, asked: Asked) -> Any:
        """Let exactly the breach pass that was shown."""
        waive_breach(**self.decided(asked))
        return self.as_it_stands(self.shown.covenant.pk)

    def decided(self, asked: Asked) -> dict[str, Any]:
        """What both decisions name."""
        return {
            "proposal": self.proposal,
            "shown_sha256": asked["content_sha256"],
            "reason": asked.get("reason", ""),
            "on": self.book.business_date,
            "by": self.person,
        }


class WaiverDecline(WaiverApprove):
    @operation(takes=WaiverDeclineIn, gives=CovenantForStaffOut)
    def post(self, asked: Asked) -> Any:
        """Let the breach stand."""
        services.decline_waiver(**self.decided(asked))
        return self.as_it_stands(self.shown.covenant.pk)


class CovenantWatch(BookOperation):
    @operation(gives=CovenantForStaffOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The covenants that are broken, whose figures are overdue, or that are near a breach; the worst first."""
        return self.paged(needing_somebody(self.book, self.day(asked)))
