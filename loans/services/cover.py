"""What bears a loss, and whose is what comes in after it? Called by the acts on a loan, in their own transaction."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from ledger.services import reverse
from loans.domain.guarantee import guaranteed
from loans.domain.loss_entries import guarantee_used_entry, provision_used_entry, recovery_shared_entry
from loans.losses import claim_of, guarantee_of, loss_accounts
from loans.models import Loan, LoanEvent, LossEntry
from loans.services.guarantees import keep_loss_entry


def cover_loss(*, event: LoanEvent, loss: Money, by: AbstractBaseUser) -> tuple[LossEntry, ...]:
    """After a write-off: what the guarantor was asked for bears it first, then what is set aside; an entry for each."""
    loan, on, left, made = event.loan, event.effective_on, loss, list[LossEntry]()
    stands = loss_accounts(loan)
    sources = (
        (LossEntry.Kind.GUARANTEE_USED, stands["guarantee"], guarantee_used_entry),
        (LossEntry.Kind.PROVISION_USED, stands["set_aside"], provision_used_entry),
    )
    for kind, there, recipe in sources:
        used = min(there, left)
        if used.amount > 0:
            name = f"{kind.value}-used:{event.number}"
            made.append(keep_loss_entry(loan, kind, name, used, recipe(loan.reference, on, used), by=by, event=event))
            left -= used
    return tuple(made)


def share_with_guarantor(
    *, event: LoanEvent, received: Money, is_written_off: bool, by: AbstractBaseUser
) -> LossEntry | None:
    """After a claim: the guarantor's share of a recovery, or of principal that was repaid, is owed to it."""
    loan = event.loan
    guarantee = guarantee_of(loan, event.effective_on)
    if guarantee is None or claim_of(loan) is None:
        return None
    share = guaranteed(received, guarantee.parameters.recovery_share)
    if not is_written_off:
        share = min(share, loss_accounts(loan)["guarantee"])
    if not share.amount > 0:
        return None
    entry = recovery_shared_entry(loan.reference, event.effective_on, share, is_written_off=is_written_off)
    return keep_loss_entry(loan, LossEntry.Kind.SHARED, f"shared:{event.number}", share, entry, by=by, event=event)


def uncover(*, event: LoanEvent, on: date, reason: str, by: AbstractBaseUser) -> tuple[int, ...]:
    """When an event is taken back: so is every entry that rests on it; gives the numbers of the reversals."""
    loan: Loan = event.loan
    return tuple(
        reverse(
            kept.entry_id,
            book=loan.book,
            on=max(on, kept.effective_on),
            reason=reason,
            key=f"loan:{loan.reference}:uncover:{kept.pk}",
            by=by,
        ).entry_ids[0]
        for kept in LossEntry.objects.filter(event=event).order_by("pk")
    )
