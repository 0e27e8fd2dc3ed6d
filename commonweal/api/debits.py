"""Runs of Direct Debits: what could be collected, the file by two people, and what came back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.reads import record_read
from commonweal.api.applications import SHA256
from commonweal.api.fields import Day, FileIn, Id, MoneyField, Shape, Strict, Text, Word
from commonweal.api.mandates import SCHEMES, seen_mandates
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from commonweal.api.parsers import JsonWithAttachment
from commonweal.jobs import debits as work
from loans import debits, services
from loans.debit_files import CONTENT_TYPE, file_name
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.errors import DebitReturnRefused, DebitRunRefused
from loans.models import DebitLine, DebitOutcome, DebitRun

RUN_STATES = ["waiting", "approved", "declined", "withdrawn"]
CAME_BACK = [each for each in DebitOutcome.Kind.values if each != DebitOutcome.Kind.PAID]
MOST = 500


class DueOut(Shape):
    """What could be collected under a mandate on a day."""

    mandate = serializers.IntegerField(source="standing.mandate.pk")
    loan = serializers.IntegerField(source="standing.mandate.loan_id")
    owed = MoneyField(source="owed_money", help_text="By the day, what is asked for already taken off.")
    amount = MoneyField(source="money", help_text="What is collected: what is owed, and no more than was told.")
    why_not = serializers.CharField(help_text="Why not all that is owed; empty where all is.")


class DueQuery(Paged):
    """Of which day."""

    on = Day()
    scheme = Word(SCHEMES, required=False, help_text="bacs unless given.")


class DebitRunOut(Shape):
    """A file for the bank, as one person made it."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    purpose = Word(DebitRun.Purpose.values)
    scheme = Word(SCHEMES, source="setting.scheme")
    collect_on = Day()
    total = MoneyField(source="money")
    sha256 = serializers.CharField(help_text="The hash of the file: send it along to approve.")
    made_by = serializers.CharField(source="made_by.name")
    state = Word(RUN_STATES)
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)
    reason = serializers.CharField(source="decision.reason", allow_null=True, default=None)


class OutcomeOut(Shape):
    """What came of a collection."""

    kind = Word(DebitOutcome.Kind.values)
    on = Day()
    code = serializers.CharField()
    words = serializers.CharField()
    event = serializers.IntegerField(source="event_id", allow_null=True, help_text="The repayment, or its reversal.")
    challenged = serializers.CharField(source="challenge.words", allow_null=True, default=None)


class CollectionOut(Shape):
    """What a run asks of one mandate, and what came of it, in order."""

    id = serializers.IntegerField()
    no = serializers.IntegerField()
    mandate = serializers.IntegerField(source="mandate_id")
    loan = serializers.IntegerField(source="mandate.loan_id")
    code = serializers.CharField()
    amount = MoneyField(source="money")
    outcomes = OutcomeOut(source="outcomes.all", many=True)


class DebitRunDetailOut(DebitRunOut):
    """A run with all that it asks for."""

    collections = CollectionOut(source="shown_lines", many=True)


class CollectIn(Strict):
    """One collection of a run."""

    mandate = Id()
    amount = MoneyField()
    again = Id(required=False, help_text="The id of a collection that came back and is presented once more.")


class DebitRunIn(Strict):
    """A run of a day; without collections it takes what is owed and was told."""

    scheme = Word(SCHEMES)
    collect_on = Day()
    collections = serializers.ListField(child=CollectIn(), required=False, min_length=1, max_length=MOST)


class ApproveRunIn(Strict):
    """A yes to exactly the file that was shown."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False)


class DeclineRunIn(Strict):
    """A no, with the reason that its maker reads."""

    reason = Text(max_length=500)


class ReturnIn(Strict):
    """How, when and why a collection came back."""

    kind = Word(CAME_BACK)
    code = Text(max_length=4, required=False, help_text="The bank's reason, of ARUDD, DDICA or SEPA.")
    on = Day(required=False, help_text="The business date unless given.")


class ChallengeIn(Strict):
    """Why an indemnity claim is wrong."""

    words = Text(max_length=500)


class AdvicesOut(Shape):
    """What became of a bank's report."""

    came_back = serializers.IntegerField(help_text="Collections that came back.")
    changed = serializers.IntegerField(help_text="Mandates that changed.")
    left = serializers.ListField(child=serializers.CharField(), help_text="What nobody here knows.")


class DebitDueList(BookOperation):
    @operation(gives=DueOut, query=DueQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What could be collected on a day, by loan."""
        scheme = asked.get("scheme", Scheme.BACS)
        return self.paged(debits.to_collect(self.book, scheme, asked["on"], self.book.business_date))


class DebitRunList(BookOperation):
    @operation(gives=DebitRunOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The runs of a book, the latest first."""
        return self.paged(debits.debit_runs(self.book))

    @operation(takes=DebitRunIn, gives=DebitRunDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Make the file that collects on a day, for a second person to approve; nothing is sent or booked."""
        scheme, on = Scheme(asked["scheme"]), asked["collect_on"]
        given = asked.get("collections")
        if given is None:
            collected = services.proposed_collections(self.book, scheme, on)
        else:
            collected = [self._collect(dict(one)) for one in given]
        run = services.make_run(book=self.book, scheme=scheme, collect_on=on, asked=collected, by=self.person)
        return shown_run(self, run.pk)

    def _collect(self, one: dict[str, Any]) -> services.Collect:
        mandate = named(seen_mandates(self), "collections", pk=one["mandate"])
        again = named(debits.collections(self.book), "collections", pk=one["again"]) if "again" in one else None
        return services.Collect(mandate, one["amount"], again)


class DebitInstruct(BookOperation):
    @operation(gives=DebitRunDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Make the file that tells the payers' banks of new and ended mandates, for a second person to approve."""
        return shown_run(self, services.make_instructions(book=self.book, by=self.person).pk)


class DebitRunOperation(BookOperation):
    """An operation on one run."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.run: DebitRun = get_object_or_404(debits.debit_runs(self.book), pk=path["run"])


class DebitRunDetail(DebitRunOperation):
    @operation(gives=DebitRunDetailOut)
    def get(self, asked: Asked) -> Any:
        """A run with all that it asks for, and what came of it."""
        return shown_run(self, self.run.pk)


class DebitRunApprove(DebitRunOperation):
    @operation(takes=ApproveRunIn, gives=DebitRunDetailOut)
    def post(self, asked: Asked) -> Any:
        """Approve exactly the file that was shown; it may be sent from then on."""
        reason = asked.get("reason", "")
        services.approve_run(run=self.run, shown_sha256=asked["sha256"], by=self.person, reason=reason)
        return shown_run(self, self.run.pk)


class DebitRunDecline(DebitRunOperation):
    @operation(takes=DeclineRunIn, gives=DebitRunDetailOut)
    def post(self, asked: Asked) -> Any:
        """Decide against a colleague's run; it is never sent."""
        services.decline_run(run=self.run, reason=asked["reason"], by=self.person)
        return shown_run(self, self.run.pk)


class DebitRunWithdraw(DebitRunOperation):
    @operation(gives=DebitRunDetailOut)
    def post(self, asked: Asked) -> Any:
        """Take one's own run back before anybody decided."""
        services.withdraw_run(run=self.run, by=self.person)
        return shown_run(self, self.run.pk)


class DebitRunFile(DebitRunOperation):
    @operation(gives=None, media_type="application/octet-stream")
    def get(self, asked: Asked) -> Any:
        """The file of an approved run, as it was approved; the reading is recorded."""
        if self.run.state != "approved":
            raise DebitRunRefused(
                f"{self.run} is not approved, so there is no file to send. Let a colleague decide; nothing was changed."
            )
        record_read(user=self.person, what="Direct Debit file", subject=str(self.run.pk))
        kind = CONTENT_TYPE[Scheme(self.run.setting.scheme)]
        answer = HttpResponse(self.run.file.encode(), content_type=kind)
        answer["Content-Disposition"] = f'attachment; filename="{file_name(self.run)}"'
        return answer


class CollectionOperation(BookOperation):
    """An operation on one collection."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.line: DebitLine = get_object_or_404(debits.collections(self.book), pk=path["collection"])

    def as_it_stands(self) -> DebitLine:
        """The collection, read anew."""
        found: DebitLine = debits.collections(self.book).get(pk=self.line.pk)
        return found


class DebitReturn(CollectionOperation):
    @operation(takes=ReturnIn, gives=CollectionOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Record that a collection came back: its repayment is taken back, and the mandate follows the reason."""
        on = asked.get("on", self.book.business_date)
        back = services.CameBack(DebitOutcome.Kind(asked["kind"]), on, asked.get("code", ""))
        work.take_back(line=self.line, back=back, by=self.person)
        return self.as_it_stands()


class DebitChallengeClaim(CollectionOperation):
    @operation(takes=ChallengeIn, gives=CollectionOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record that the fund disputes an indemnity claim."""
        outcome = debits.outcome_of(self.line)
        if outcome is None:
            raise DebitReturnRefused("Nothing of this collection was claimed. Look at the run; nothing was changed.")
        on, words = self.book.business_date, asked["words"]
        services.challenge_claim(outcome=outcome, words=words, on=on, by=self.person)
        return self.as_it_stands()


class DebitAdvices(BookOperation):
    parser_classes = [JsonWithAttachment]

    @operation(takes=FileIn, gives=AdvicesOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Do what a bank's report (ARUDD, ADDACS, AUDDIS, DDICA) says; sent again, it changes nothing more."""
        done = work.bring_in_advices(book=self.book, content=asked["content_base64"], by=self.person)
        return {"came_back": len(done.back), "changed": len(done.changed), "left": list(done.left)}


def shown_run(view: BookOperation, pk: int) -> DebitRun:
    """A run with its lines."""
    run: Any = debits.debit_runs(view.book).get(pk=pk)
    lines = DebitLine.objects.filter(run=run).select_related("mandate").prefetch_related("outcomes__challenge")
    run.shown_lines = list(lines.order_by("no"))
    found: DebitRun = run
    return found
