"""Guarantees: schemes with their parameters, loans under them, claims by two people, and the guarantor's money."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import loans_for
from commonweal.api.applications import SHA256
from commonweal.api.fields import Count, Day, Id, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.loans import AsOfQuery, LoanOperation
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from ledger.four_eyes import WAITING
from ledger.queries import rest_of_bank_line, unmatched_bank_lines
from loans import losses, services
from loans.domain.errors import GuaranteeRefused
from loans.domain.guarantee import SchemeTerms
from loans.models import GuaranteeScheme, LossEntry, LossProposal, SchemeParameters

STATES = [WAITING, "approved", "declined"]
SHARE: dict[str, Any] = {"places": 5, "least": "0", "below": "1.00001"}


class SchemeParametersOut(Shape):
    """A scheme's parameters from a day on."""

    id = serializers.IntegerField()
    effective_on = Day()
    ends_on = Day(allow_null=True, help_text="The first day on which they are in force no more.")
    share = PlainDecimal(help_text="Of principal, that is guaranteed.")
    recovery_share = PlainDecimal(help_text="Of what comes in after a claim, that is the scheme's.")
    least = MoneyField(source="terms.least")
    most = MoneyField(source="terms.most")
    max_months = serializers.IntegerField()
    claim_after_days = serializers.IntegerField(help_text="Days past due.")
    source_ = serializers.CharField(help_text="Where they are published.")


class SchemeOut(Shape):
    """Who guarantees loans, with every version of its parameters."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    versions = SchemeParametersOut(many=True)


class SchemeIn(Strict):
    """A scheme, or another version of one that is known by its code; shares are fractions."""

    code = serializers.SlugField(max_length=40)
    name = Text(max_length=200)
    source_ = Text(max_length=500, help_text="Where the parameters are published.")
    effective_on = Day()
    ends_on = Day(required=False, help_text="The first day on which they are in force no more.")
    share = PlainDecimal(**SHARE, help_text="Of principal, that is guaranteed.")
    recovery_share = PlainDecimal(**SHARE, help_text="Of what comes in after a claim, that is the scheme's.")
    least = MoneyField(help_text="The smallest loan.")
    most = MoneyField(help_text="The largest loan.")
    max_months = Count(min_value=1, max_value=480)
    claim_after_days = Count(min_value=0, max_value=3650, help_text="Days past due.")


class GuaranteeOut(Shape):
    """Under which scheme a loan is."""

    id = serializers.IntegerField()
    scheme = serializers.CharField(source="parameters.scheme.name")
    parameters = SchemeParametersOut()
    reference = serializers.CharField(help_text="The guarantor's.")
    certified_on = Day()
    certified_by = serializers.CharField(source="certified_by.name")


class GuaranteeIn(Strict):
    """Under which version of a scheme; who sends it certifies that the loan belongs there."""

    parameters = Id(help_text="The id of a version of a scheme.")
    reference = Text(max_length=100, help_text="The guarantor's.")
    on = Day(required=False, help_text="The business date unless given.")


class LossProposalOut(Shape):
    """What one person proposed about a loan's loss, and what another decided."""

    id = serializers.IntegerField()
    loan = serializers.IntegerField(source="loan_id")
    reference = serializers.CharField(source="loan.reference", help_text="Of the loan.")
    kind = Word(LossProposal.Kind.values)
    effective_on = Day()
    amount = MoneyField(source="money", allow_null=True, help_text="Null where a specific provision ends.")
    reason = serializers.CharField()
    sha256 = serializers.CharField(source="content_sha256", help_text="Send it along to decide.")
    made_by = serializers.CharField(source="made_by.name")
    made_at = serializers.DateTimeField()
    state = Word(STATES)
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)
    decision_reason = serializers.CharField(source="decision.reason", allow_null=True, default=None)


class LossEntryOut(Shape):
    """An entry about a loan's loss beside the loan itself."""

    kind = Word(LossEntry.Kind.values)
    effective_on = Day()
    amount = MoneyField(source="money")
    entry = serializers.IntegerField(source="entry_id")
    recorded_by = serializers.CharField(source="recorded_by.name")


class LossOut(Shape):
    """What stands between the fund and a loss on a loan."""

    as_of = Day()
    set_aside = MoneyField()
    claimed = MoneyField(source="guarantee", help_text="What the guarantor was asked for, against the loan.")
    receivable = MoneyField(help_text="What it was asked for and has not paid.")
    owed = MoneyField(help_text="Its share of what came in, until it is paid over.")
    guarantee = GuaranteeOut(source="guaranteed_by", allow_null=True)
    entries = LossEntryOut(many=True, help_text="What was booked, in order.")
    claimable = MoneyField(allow_null=True, help_text="What a claim as at this day would come to.")
    why_not_claim = serializers.CharField(help_text="Why nothing can be claimed; empty if something can.")


class LossProposalIn(Strict):
    """A specific provision (without an amount it ends), or a claim, whose amount is worked out."""

    kind = Word(LossProposal.Kind.values)
    amount = MoneyField(required=False, help_text="Of a specific provision.")
    on = Day(required=False, help_text="The business date unless given.")
    reason = Text(max_length=500, help_text="A colleague and the auditor read this.")


class LossApprovalIn(Strict):
    """A yes to exactly what was shown."""

    sha256 = serializers.RegexField(SHA256, max_length=64, help_text="The `sha256` that was shown.")
    reason = Text(max_length=500, required=False)


class LossDeclineIn(LossApprovalIn):
    """A no, with the reason that its maker reads."""

    reason = Text(max_length=500)


class LossProposalQuery(Paged):
    """Which proposals."""

    state = Word(STATES, required=False)
    loan = Count(required=False, min_value=1, max_value=2**63 - 1, help_text="The id of a loan.")


class GuarantorMoneyIn(Strict):
    """Which bank line is the guarantor's: money in pays a claim, money out is its share paid over."""

    bank_line = Id(help_text="The id of a line with something left in suspense.")


class SchemeList(BookOperation):
    @operation(gives=SchemeOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The guarantee schemes that the fund entered, by name."""
        return self.paged(losses.guarantee_schemes(self.book))

    @operation(takes=SchemeIn, gives=SchemeOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Enter a guarantee scheme, or another version of its parameters."""
        names = ("share", "recovery_share", "least", "most", "max_months", "claim_after_days")
        terms = SchemeTerms(asked["effective_on"], asked.get("ends_on"), *(asked[name] for name in names))
        made = services.enter_scheme(
            book=self.book,
            code=asked["code"],
            name=asked["name"],
            terms=terms,
            source=asked["source"],
            by=self.person,
        )
        found: GuaranteeScheme = losses.guarantee_schemes(self.book).get(pk=made.scheme_id)
        return found


class LoanLoss(LoanOperation):
    @operation(gives=LossOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """What is set aside for a loan, who guarantees it, what was claimed, and what was booked by a day."""
        as_of = self.day(asked)
        return {
            "as_of": as_of,
            "guaranteed_by": losses.guarantee_of(self.loan, as_of),
            "entries": losses.loss_entries(self.loan).filter(effective_on__lte=as_of),
            **losses.loss_accounts(self.loan, as_of),
            **self._claimable(as_of),
        }

    def _claimable(self, on: date) -> dict[str, Any]:
        try:
            return {"claimable": services.claimable(self.loan, on), "why_not_claim": ""}
        except GuaranteeRefused as refusal:
            return {"claimable": None, "why_not_claim": str(refusal)}


class LoanGuarantee(LoanOperation):
    @operation(takes=GuaranteeIn, gives=GuaranteeOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Put a loan under a scheme, certifying that it belongs there."""
        versions = SchemeParameters.objects.filter(scheme__book=self.book).select_related("scheme")
        return services.certify(
            loan=self.loan,
            parameters=named(versions, "parameters", pk=asked["parameters"]),
            reference=asked["reference"],
            on=asked.get("on", self.book.business_date),
            by=self.person,
        )


class LoanLossPropose(LoanOperation):
    @operation(takes=LossProposalIn, gives=LossProposalOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose a specific provision or a claim, which a colleague decides."""
        given = {
            "loan": self.loan,
            "on": asked.get("on", self.book.business_date),
            "reason": asked["reason"],
            "by": self.person,
        }
        if asked["kind"] == LossProposal.Kind.CLAIM:
            made = services.propose_claim(**given)
        else:
            made = services.propose_specific_provision(amount=asked.get("amount"), **given)
        return losses.loss_proposals(self.loan).get(pk=made.pk)


class LoanGuarantorMoney(LoanOperation):
    @operation(takes=GuarantorMoneyIn, gives=LossEntryOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match what is left of a bank line to the guarantor: a claim that it paid, or its share paid over."""
        line = named(unmatched_bank_lines(self.book), "bank_line", pk=asked["bank_line"])
        rest = rest_of_bank_line(line)
        act = services.record_claim_paid if rest.amount > 0 else services.pay_over
        return act(loan=self.loan, line=line, amount=abs(rest), by=self.person)


class LossProposalList(BookOperation):
    @operation(gives=LossProposalOut, query=LossProposalQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What was proposed about losses of a book's loans, the latest first."""
        found = losses.loss_proposals_in(self.book).filter(loan__in=loans_for(self.person))
        found = narrowed(found, asked, {"loan": "loan_id"})
        state = asked.get("state")
        if state == WAITING:
            found = found.filter(decision=None)
        elif state:
            found = found.filter(decision__is_approved=state == "approved")
        return self.paged(found)


class LossProposalOperation(BookOperation):
    """An operation on what one person proposed about a loss."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.number = path["proposal"]
        self.proposal = self.as_it_stands()

    def as_it_stands(self) -> LossProposal:
        """The proposal, read anew. Raises Http404."""
        found = losses.loss_proposals_in(self.book).filter(loan__in=loans_for(self.person))
        row: LossProposal = get_object_or_404(found, pk=self.number)
        return row

    def decided(self, asked: Asked) -> dict[str, Any]:
        """What every decision names."""
        return {
            "proposal": self.proposal,
            "shown_sha256": asked["sha256"],
            "reason": asked.get("reason", ""),
            "by": self.person,
        }


class LossProposalDetail(LossProposalOperation):
    @operation(gives=LossProposalOut)
    def get(self, asked: Asked) -> Any:
        """One proposal about a loss, with the hash that decides it."""
        return self.proposal


class LossApprove(LossProposalOperation):
    @operation(takes=LossApprovalIn, gives=LossProposalOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Approve exactly what was shown; a claim is booked, and a specific provision counts in the next run."""
        is_claim = self.proposal.kind == LossProposal.Kind.CLAIM
        approve = services.approve_claim if is_claim else services.approve_specific_provision
        approve(**self.decided(asked))
        return self.as_it_stands()


class LossDecline(LossProposalOperation):
    @operation(takes=LossDeclineIn, gives=LossProposalOut)
    def post(self, asked: Asked) -> Any:
        """Say no to exactly what was shown, or take one's own proposal back."""
        services.decline_loss_proposal(**self.decided(asked))
        return self.as_it_stands()
