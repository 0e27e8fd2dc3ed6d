"""Maker and checker for what costs the fund money: one person proposes an act, another approves exactly that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.domain.money import to_minor
from ledger.services import approve as approve_content
from loans.bank_holidays import calendar_days
from loans.domain.errors import AboveAuthority, ProposalRefused, ReasonMissing
from loans.domain.event_content import event_content, read_event
from loans.domain.events import Event, Happened, Refunded, Restructured, Reversed, Waived, WrittenOff
from loans.domain.position import Position
from loans.domain.reschedule import arrears_but_principal
from loans.domain.terms_content import terms_sha256
from loans.domain.words import money_text
from loans.models import (
    BorrowerRequest,
    Decision,
    EventKind,
    Loan,
    LoanEvent,
    LoanTerms,
    Proposal,
    ProposalDecision,
)
from loans.queries import position_of
from loans.services.acts import Circumstances, preview, record
from loans.services.approval import terms_columns
from loans.services.authority import authority_of
from loans.services.booking import fingerprint

if TYPE_CHECKING:
    from ledger.models import Approval


@transaction.atomic
def propose(
    *, loan: Loan, event: Happened, reason: str, by: AbstractBaseUser, request: BorrowerRequest | None = None
) -> Proposal:
    """Put an act before a colleague. It has to be possible as things stand; nothing is booked.

    Raises ReasonMissing, ProposalRefused where exactly this waits for a decision already, and what `preview` raises.
    """
    if not reason.strip():
        raise ReasonMissing(f"Say why: the second person and the auditor read it. Nothing was changed for {loan}.")
    loan = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    sha256 = fingerprint(loan, event)
    _refuse_twice(loan, sha256)
    seen = preview(loan=loan, event=event)
    content = event_content(event, loan.currency)
    return Proposal.objects.create(
        loan=loan,
        kind=str(content["event"]),
        effective_on=event.effective_on,
        content=content,
        content_sha256=sha256,
        cost=to_minor(cost_of(event, seen.before).amount, loan.currency),
        reason=reason.strip(),
        request=request,
        proposed_by_id=by.pk,
    )


@transaction.atomic
def approve_proposal(*, proposal: Proposal, shown_sha256: str, by: AbstractBaseUser, reason: str = "") -> LoanEvent:
    """Approve what a colleague proposed, and do it. Two at once: one decides, the other is told.

    What it would change and cost is worked out again, as the loan stands now. Raises ProposalRefused for what is
    decided, one's own or not as it was shown, AboveAuthority, and what `preview` and `record` raise.
    """
    locked = _open_proposal(proposal, by=by)
    if locked.content_sha256 != shown_sha256:
        raise ProposalRefused(
            f"{locked} is no longer what you were shown. Read it again and decide; nothing was changed."
        )
    event = event_proposed(locked)
    _refuse_other_terms_since(locked, event)
    seen = preview(loan=locked.loan, event=event)
    _refuse_above_authority(locked, cost_of(event, seen.before), by)
    _refuse_terms_of_another_day(locked, event)
    approval = _approve(locked, f"P-{locked.pk}", locked.content_sha256, by=by, reason=reason)
    terms = None
    if isinstance(event, Restructured):
        terms = _new_terms(locked, event, by=by, reason=reason)
    recorded = record(
        loan=locked.loan,
        event=event,
        by=by,
        key=f"proposal:{locked.pk}",
        circumstances=Circumstances(reason=locked.reason, approval=approval, terms=terms),
    )
    _decide(locked, Decision.APPROVED, reason, by=by)
    return recorded


@transaction.atomic
def decline_proposal(*, proposal: Proposal, reason: str, by: AbstractBaseUser) -> ProposalDecision:
    """Decide against what a colleague proposed. Raises ProposalRefused and ReasonMissing."""
    locked = _open_proposal(proposal, by=by)
    if not reason.strip():
        raise ReasonMissing(f"Say why you decline {locked}: its maker will read it. Nothing was changed.")
    return _decide(locked, Decision.DECLINED, reason, by=by)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: AbstractBaseUser) -> ProposalDecision:
    """Take one's own proposal back. Raises ProposalRefused for a colleague's, or one that is decided."""
    locked = _open_proposal(proposal)
    if locked.proposed_by_id != by.pk:
        raise ProposalRefused(
            f"{locked} was made by {locked.proposed_by}, who alone may withdraw it. Decline it instead; "
            "nothing was changed."
        )
    return _decide(locked, Decision.WITHDRAWN, "", by=by)


def cost_of(event: Event, before: Position) -> Money:
    """What an act gives up or pays out, as far as that is a figure: nothing for a pause or new terms."""
    match event:
        case Waived() | Refunded():
            return event.amount
        case WrittenOff(amount=None):
            return before.principal_outstanding + arrears_but_principal(before)
        case WrittenOff(amount=Money() as amount):
            return amount
        case _:
            return before.principal_outstanding * 0


def event_proposed(proposal: Proposal | BorrowerRequest) -> Happened:
    """The event that a proposal or a request would make of a loan's life."""
    event = read_event(proposal.content, 0, calendar_days)
    if isinstance(event, Reversed):
        raise TypeError("a reversal is never proposed")
    return event


def _open_proposal(proposal: Proposal, *, by: AbstractBaseUser | None = None) -> Proposal:
    """The proposal, locked, if nobody has decided it, and `by` did not make it."""
    Loan.objects.select_for_update(of=("self",)).get(pk=proposal.loan_id)
    locked = Proposal.objects.select_related("loan__book", "proposed_by").get(pk=proposal.pk)
    decided = ProposalDecision.objects.filter(proposal=locked).select_related("decided_by").first()
    if decided:
        raise ProposalRefused(
            f"{decided.decided_by} has decided {locked} already: {decided.get_decision_display().lower()}. "
            "Look at the loan; nothing was changed."
        )
    if by is not None and locked.proposed_by_id == by.pk:
        raise ProposalRefused(
            f"You proposed {locked} yourself, so somebody else has to decide. Ask a colleague; nothing was changed."
        )
    return locked


def _refuse_twice(loan: Loan, sha256: str) -> None:
    waiting = Proposal.objects.filter(loan=loan, content_sha256=sha256, decision=None).first()
    if waiting:
        raise ProposalRefused(
            f"{waiting} proposes exactly this for {loan.reference} and waits for a second person. Let it be decided, "
            "or withdraw it first; nothing was changed."
        )


def _refuse_above_authority(proposal: Proposal, cost: Money, by: AbstractBaseUser) -> None:
    limit = authority_of(proposal.loan.book, proposal.kind, by, proposal.loan.book.business_date)
    if limit is not None and cost > limit:
        raise AboveAuthority(
            f"{proposal} costs {money_text(cost)}, which is {money_text(cost - limit)} "
            f"above your authority of {money_text(limit)}. Ask somebody who may approve that much; nothing was changed."
        )


def _refuse_other_terms_since(proposal: Proposal, event: Happened) -> None:
    if not isinstance(event, Restructured):
        return
    since = LoanEvent.objects.filter(
        loan=proposal.loan, kind=EventKind.RESTRUCTURED, recorded_at__gt=proposal.proposed_at
    ).first()
    if since:
        raise ProposalRefused(
            f"{since.recorded_by} has given {proposal.loan.reference} new terms since {proposal} was made. "
            "Look at the loan, and propose anew what still has to change; nothing was changed."
        )


def _refuse_terms_of_another_day(proposal: Proposal, event: Happened) -> None:
    """New terms are for what is owed when they are agreed: what was paid or charged since makes other ones."""
    if not isinstance(event, Restructured):
        return
    at = position_of(proposal.loan, event.effective_on)
    owed = at.principal_outstanding + arrears_but_principal(at) * int(event.capitalises)
    if event.terms.principal != owed:
        raise ProposalRefused(
            f"{proposal} is for {money_text(event.terms.principal)}; by now {money_text(owed)} of "
            f"{proposal.loan.reference} would go on under new terms. Propose it anew; nothing was changed."
        )


def _approve(proposal: Proposal, what: str, sha256: str, *, by: AbstractBaseUser, reason: str) -> Approval:
    return approve_content(
        subject=f"{proposal.loan.book.code}/{proposal.loan.reference}/{what}",
        content_sha256=sha256,
        made_by=proposal.proposed_by,
        made_at=proposal.proposed_at,
        checked_by=by,
        reason=reason.strip(),
    )


def _new_terms(proposal: Proposal, event: Restructured, *, by: AbstractBaseUser, reason: str) -> LoanTerms:
    """The next version of what is agreed, under the same two people."""
    sha256 = terms_sha256(event.terms)
    version = LoanTerms.objects.filter(loan=proposal.loan).latest("version").version + 1
    return LoanTerms.objects.create(
        loan=proposal.loan,
        version=version,
        effective_on=event.effective_on,
        **terms_columns(event.terms),
        terms_sha256=sha256,
        approval=_approve(proposal, f"P-{proposal.pk}/terms-{version}", sha256, by=by, reason=reason),
    )


def _decide(proposal: Proposal, decision: Decision, reason: str, *, by: AbstractBaseUser) -> ProposalDecision:
    return ProposalDecision.objects.create(
        proposal=proposal, decision=decision, reason=reason.strip(), decided_by_id=by.pk
    )
