"""What costs the fund money: proposed by one person, approved by another within their authority, or not."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import loans_for, staff_of
from commonweal.api.acts import ActOperation, CostlyEventIn
from commonweal.api.applications import SHA256
from commonweal.api.fields import Count, Day, Id, MoneyField, Nothing, Shape, Strict, Text, Word
from commonweal.api.loans import EVENTS, EventForStaffOut
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from commonweal.api.previews import PreviewOut, shown
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.servicing import approve_act, decline_act
from ledger.four_eyes import WAITING
from loans import queries
from loans.models import Decision, EventKind, Proposal
from loans.services import HAVE_A_COST, event_proposed, preview, propose, set_authority, withdraw_proposal
from loans.servicing_queries import all_proposals, authorities, event_of_proposal, requests_of

LIMITED = [kind.value for kind in HAVE_A_COST]


class ProposalOut(Shape):
    """What one person proposes for a loan, and what became of it."""

    id = serializers.IntegerField()
    loan = serializers.IntegerField(source="loan_id")
    reference = serializers.CharField(source="loan.reference", help_text="Of the loan.")
    kind = Word(EVENTS)
    effective_on = Day()
    event = serializers.JSONField(source="content", help_text="In the words in which it would be kept.")
    sha256 = serializers.CharField(source="content_sha256", help_text="Send it along to approve.")
    cost = MoneyField(source="cost_money", help_text="What the fund gives up or pays out, where that is a figure.")
    reason = serializers.CharField()
    request = serializers.IntegerField(source="request_id", allow_null=True, help_text="What the business asked for.")
    proposed_by = serializers.CharField(source="proposed_by.name")
    proposed_at = serializers.DateTimeField()
    state = Word([WAITING, *Decision.values])
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)
    decision_reason = serializers.CharField(source="decision.reason", allow_null=True, default=None)


class ProposalDetailOut(ProposalOut):
    """The same with what it would change as things stand now, or why it cannot; with neither once it is decided."""

    preview = PreviewOut(allow_null=True)
    refused = serializers.CharField(help_text="Why it cannot be approved as the loan stands now; empty if it can.")
    recorded = serializers.IntegerField(allow_null=True, help_text="The event of the loan that it became.")


class ProposalIn(Strict):
    """An event that another person has to approve."""

    event = CostlyEventIn()
    reason = Text(max_length=500, help_text="The second person and the auditor read this.")
    request = Id(required=False, help_text="The id of what the business asked for, if this would grant it.")


class ProposalApprovalIn(Strict):
    """An approval of exactly what was shown."""

    sha256 = serializers.RegexField(SHA256, max_length=64, help_text="The `sha256` of the proposal as it was shown.")
    reason = Text(required=False, max_length=500)
    words = Text(required=False, max_length=1000, help_text="What the business reads, if it asked for this.")


class ProposalDeclineIn(Strict):
    """Why not."""

    reason = Text(max_length=500, help_text="Its maker reads this.")
    words = Text(
        required=False, max_length=1000, help_text="What the business reads; without them its request stays open."
    )


class ProposalQuery(Paged):
    """Which proposals."""

    state = Word([WAITING, *Decision.values], required=False)
    loan = Count(required=False, min_value=1, max_value=2**63 - 1, help_text="The id of a loan.")


class PersonOut(Shape):
    """A person of the fund's staff."""

    name = serializers.CharField()
    email = serializers.CharField()


class AuthorityOut(Shape):
    """Up to which cost acts of a kind may be approved from a day on; without a person by all who have no own limit."""

    id = serializers.IntegerField()
    kind = Word(LIMITED)
    person = PersonOut(allow_null=True)
    limit = MoneyField(source="limit_money")
    effective_on = Day()
    set_by = serializers.CharField(source="set_by.name")
    set_at = serializers.DateTimeField()


class AuthorityIn(Strict):
    """A limit from a day on; the one before it stays in the record."""

    kind = Word(LIMITED)
    limit = MoneyField()
    effective_on = Day(required=False, help_text="The business date unless given.")
    person = Text(
        required=False,
        max_length=254,
        help_text="The e-mail address of a member of the book's staff, not of one's own; for everybody without a limit "
        "of their own unless given.",
    )


class AuthorityQuery(Paged):
    """Which limits."""

    kind = Word(LIMITED, required=False)


class LoanPropose(ActOperation):
    @operation(takes=ProposalIn, gives=ProposalOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Put before a colleague what costs the fund money; nothing is booked."""
        waiting = requests_of(self.loan).filter(answer=None)
        request = named(waiting, "request", pk=asked["request"]) if "request" in asked else None
        event = self.event(asked["event"])
        made = propose(loan=self.loan, event=event, reason=asked["reason"], by=self.person, request=request)
        return all_proposals(self.book).get(pk=made.pk)


class ProposalList(BookOperation):
    @operation(gives=ProposalOut, query=ProposalQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What was proposed for the loans of a book, the oldest first."""
        found = narrowed(all_proposals(self.book).filter(loan__in=loans_for(self.person)), asked, {"loan": "loan_id"})
        state = asked.get("state")
        if state == WAITING:
            found = found.filter(decision=None)
        elif state:
            found = found.filter(decision__decision=state)
        return self.paged(found)


class ProposalOperation(BookOperation):
    """An operation on one proposal."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.number = path["proposed"]
        self.proposal = self.as_it_stands()

    def as_it_stands(self) -> Proposal:
        """The proposal, read anew. Raises Http404."""
        found = all_proposals(self.book).filter(loan__in=loans_for(self.person))
        row: Proposal = get_object_or_404(found, pk=self.number)
        return row


class ProposalDetail(ProposalOperation):
    @operation(gives=ProposalDetailOut)
    def get(self, asked: Asked) -> Any:
        """One proposal, what it would change, and the hash that approves it."""
        row, recorded = self.proposal, event_of_proposal(self.proposal)
        seen = {"preview": None, "refused": ""} if hasattr(row, "decision") else _seen(row)
        vars(row).update(seen, recorded=recorded.pk if recorded else None)
        return row


class ProposalApprove(ProposalOperation):
    @operation(takes=ProposalApprovalIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Approve exactly what was shown, within one's authority, and do it, for the loan's lenders too."""
        recorded = approve_act(
            proposal=self.proposal,
            shown_sha256=asked["sha256"],
            by=self.person,
            reason=asked.get("reason", ""),
            words=asked.get("words", ""),
        )
        return queries.events(self.proposal.loan).get(pk=recorded.pk)


class ProposalDecline(ProposalOperation):
    @operation(takes=ProposalDeclineIn, gives=ProposalOut)
    def post(self, asked: Asked) -> Any:
        """Decide against what a colleague proposed; nothing is booked."""
        words = asked.get("words", "")
        decline_act(proposal=self.proposal, reason=asked["reason"], by=self.person, words=words)
        return self.as_it_stands()


class ProposalWithdraw(ProposalOperation):
    @operation(takes=Nothing, gives=ProposalOut)
    def post(self, asked: Asked) -> Any:
        """Take one's own proposal back."""
        withdraw_proposal(proposal=self.proposal, by=self.person)
        return self.as_it_stands()


def _seen(row: Proposal) -> dict[str, Any]:
    """What a proposal would change as its loan stands now, or why it cannot."""
    event = event_proposed(row)
    try:
        return {"preview": shown(row.loan, event, preview(loan=row.loan, event=event)), "refused": ""}
    except REFUSALS as refusal:
        return {"preview": None, "refused": str(refusal)}


class AuthorityList(BookOperation):
    @operation(gives=AuthorityOut, query=AuthorityQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Up to which cost acts may be approved: the latest limit of a kind and person counts, the latest first."""
        return self.paged(narrowed(authorities(self.book), asked, {"kind": "kind"}))

    @operation(takes=AuthorityIn, gives=AuthorityOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Set up to which cost somebody, or everybody without a limit of their own, may approve acts of a kind."""
        staff = staff_of(self.book)
        made = set_authority(
            book=self.book,
            kind=EventKind(asked["kind"]),
            limit=asked["limit"],
            on=asked.get("effective_on", self.book.business_date),
            by=self.person,
            person=named(staff, "person", email=asked["person"].lower()) if "person" in asked else None,
        )
        return authorities(self.book).get(pk=made.pk)
