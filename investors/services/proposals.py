"""What one person proposed, a second one decides: it is approved exactly as it was shown, or declined with a reason.

Each kind of proposal has its own service, its own refusal and its own lock, which the caller holds: of two who decide
at once, the second is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser

from investors.models import CapitalAct, CitrCertificate, FacilityTerms, ParticipationTransfer, Payout, ValueProxy
from ledger.services import approve

if TYPE_CHECKING:
    from ledger.models import Approval

Proposed = CapitalAct | CitrCertificate | FacilityTerms | ParticipationTransfer | Payout | ValueProxy
"""What waits for a decision, and is called by its text in refusals, such as `C-4`."""

Refusal = Callable[[str], Exception]
"""The refusal of a kind of proposal, made of its sentences."""


def refuse_decided(proposed: Proposed, shown_sha256: str, refusal: Refusal) -> None:
    """Let nothing be decided twice, or as somebody was not shown it. Raises `refusal`.

    It is read anew: what the caller was given may be older than the lock.
    """
    if type(proposed).objects.filter(pk=proposed.pk, decision__isnull=False).exists():
        raise refusal(f"{proposed} is decided already. Look at it again; nothing was changed.")
    if proposed.content_sha256 != shown_sha256:
        raise refusal(f"{proposed} is not what you were shown. Look at it again; nothing was changed.")


def why_declined(proposed: Proposed, reason: str, refusal: Refusal) -> str:
    """The words with which something is declined. Raises `refusal` where there are none."""
    if not reason.strip():
        raise refusal(f"Say why {proposed} is declined: its maker and the auditor read it. Nothing was changed.")
    return reason.strip()


def approve_proposed(
    proposed: Proposed, kind: str, *, shown_sha256: str, by: AbstractBaseUser, reason: str = ""
) -> Approval:
    """The approval of exactly what was proposed and shown, under `kind` and its number. Raises SameTwoEyes."""
    return approve(
        subject=f"{kind}:{proposed.pk}",
        content_sha256=shown_sha256,
        made_by=proposed.proposed_by,
        made_at=proposed.proposed_at,
        checked_by=by,
        reason=reason.strip(),
    )
