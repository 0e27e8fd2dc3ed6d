"""Four eyes on losses: one person proposes a specific provision or a claim, another decides on exactly that."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.domain.money import to_minor
from ledger.services import approve as approve_content
from loans.domain.errors import ApprovalByMaker, MoveNotAllowed, ProvisionRefused, ReasonMissing, TermsChanged
from loans.domain.words import date_text, money_text
from loans.models import Loan, LossDecision, LossProposal
from loans.queries import position_of


@transaction.atomic
def propose_specific_provision(
    *, loan: Loan, amount: Money | None, on: date, reason: str, by: AbstractBaseUser
) -> LossProposal:
    """Propose what should be set aside for one loan from a day on, in place of its stage's percentage; None ends it.

    Raises ProvisionRefused for more than the principal outstanding, another currency or a day to come, ReasonMissing.
    """
    if on > loan.book.business_date:
        raise ProvisionRefused(
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Correct the date; nothing was changed."
        )
    if amount is not None:
        outstanding = position_of(loan, on).principal_outstanding
        if amount.currency != outstanding.currency or not 0 <= amount.amount <= outstanding.amount:
            raise ProvisionRefused(
                f"{money_text(amount)} cannot be set aside for {loan}: its principal outstanding is "
                f"{money_text(outstanding)}. Give an amount from nought to that; nothing was changed."
            )
    return keep_proposal(loan, LossProposal.Kind.SPECIFIC, amount, on, reason, by)


def keep_proposal(
    loan: Loan, kind: LossProposal.Kind, amount: Money | None, on: date, reason: str, by: AbstractBaseUser
) -> LossProposal:
    """Keep what is proposed with its fingerprint. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(f"Say why: the second person and the auditor read it. Nothing was changed for {loan}.")
    minor = None if amount is None else to_minor(amount.amount, loan.currency)
    content = {
        "loan": f"{loan.book.code}/{loan.reference}",
        "kind": kind.value,
        "amount": minor,
        "on": on.isoformat(),
        "reason": reason.strip(),
        "number": LossProposal.objects.filter(loan=loan).count() + 1,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return LossProposal.objects.create(
        loan=loan,
        kind=kind,
        effective_on=on,
        amount=minor,
        reason=reason.strip(),
        content_sha256=hashlib.sha256(canonical.encode()).hexdigest(),
        made_by_id=by.pk,
    )


def approved(proposal: LossProposal, shown_sha256: str, *, by: AbstractBaseUser, reason: str) -> None:
    """Record that a second person agreed to exactly what was shown.

    Raises ApprovalByMaker, TermsChanged, MoveNotAllowed.
    """
    _refuse_decision(proposal, shown_sha256, by)
    approval = approve_content(
        subject=f"{proposal.loan.book.code}/{proposal.loan.reference}/{proposal.kind}",
        content_sha256=proposal.content_sha256,
        made_by=proposal.made_by,
        made_at=proposal.made_at,
        checked_by=by,
        reason=reason.strip(),
    )
    LossDecision.objects.create(
        proposal=proposal,
        is_approved=True,
        approval=approval,
        content_sha256=proposal.content_sha256,
        reason=reason.strip(),
        decided_by_id=by.pk,
    )


@transaction.atomic
def decline_loss_proposal(
    *, proposal: LossProposal, shown_sha256: str, by: AbstractBaseUser, reason: str
) -> LossDecision:
    """Say no, or take one's own proposal back. Raises ReasonMissing, TermsChanged, MoveNotAllowed."""
    _refuse_decision(proposal, shown_sha256, None)
    if not reason.strip():
        raise ReasonMissing("Say why it is declined: whoever proposed it and the auditor read it. Nothing was changed.")
    return LossDecision.objects.create(
        proposal=proposal,
        is_approved=False,
        content_sha256=proposal.content_sha256,
        reason=reason.strip(),
        decided_by_id=by.pk,
    )


def _refuse_decision(proposal: LossProposal, shown_sha256: str, by: AbstractBaseUser | None) -> None:
    Loan.objects.select_for_update(of=("self",)).get(pk=proposal.loan_id)
    what = f"The {proposal.get_kind_display().lower()} for {proposal.loan}"
    if LossDecision.objects.filter(proposal=proposal).exists():
        raise MoveNotAllowed(f"{what} is decided already. Look at what was decided; nothing was changed.")
    if by is not None and by.pk == proposal.made_by_id:
        raise ApprovalByMaker(f"{what} was proposed by {proposal.made_by}. A colleague decides; nothing was changed.")
    if shown_sha256 != proposal.content_sha256:
        raise TermsChanged(f"{what} is not what was shown. Read it again and decide; nothing was changed.")
