"""What bears a loss, and whose is what comes in after it? Called by the acts on a loan, in their own transaction."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from ledger.domain.entry import JournalEntry
from ledger.services import reverse
from loans.domain.guarantee import guaranteed
from loans.domain.loss_entries import guarantee_used_entry, provision_used_entry, recovery_shared_entry
from loans.losses import claim_of, guarantee_of, loss_accounts
from loans.models import Loan, LoanEvent, LossEntry
from loans.services.guarantees import keep_loss_entry


class Part(NamedTuple):
    """One entry that follows from an act: what it uses or owes, and the name it is kept by."""

    kind: LossEntry.Kind
    name: str
    amount: Money
    entry: JournalEntry


def cover_parts(loan: Loan, number: int, on: date, loss: Money) -> tuple[Part, ...]:
    """What would bear the loss of event `number`: what the guarantor was asked for first, then what is set aside."""
    left, made, stands = loss, list[Part](), loss_accounts(loan)
    sources = (
        (LossEntry.Kind.GUARANTEE_USED, stands["guarantee"], guarantee_used_entry),
        (LossEntry.Kind.PROVISION_USED, stands["set_aside"], provision_used_entry),
    )
    for kind, there, recipe in sources:
        used = min(there, left)
        if used.amount > 0:
            made.append(Part(kind, f"{kind.value}-used:{number}", used, recipe(loan.reference, on, used)))
            left -= used
    return tuple(made)


def share_parts(loan: Loan, number: int, on: date, received: Money, *, is_written_off: bool) -> tuple[Part, ...]:
    """What of money that came in would be owed to the guarantor; nothing before a claim."""
    guarantee = guarantee_of(loan, on)
    if guarantee is None or claim_of(loan) is None:
        return ()
    share = guaranteed(received, guarantee.parameters.recovery_share)
    if not is_written_off:
        share = min(share, loss_accounts(loan)["guarantee"])
    if not share.amount > 0:
        return ()
    entry = recovery_shared_entry(loan.reference, on, share, is_written_off=is_written_off)
    return (Part(LossEntry.Kind.SHARED, f"shared:{number}", share, entry),)


def cover_loss(*, event: LoanEvent, loss: Money, by: AbstractBaseUser) -> tuple[LossEntry, ...]:
    """After a write-off: what the guarantor was asked for bears it first, then what is set aside; an entry for each."""
    return tuple(
        keep_loss_entry(event.loan, *part, by=by, event=event)
        for part in cover_parts(event.loan, event.number, event.effective_on, loss)
    )


def share_with_guarantor(
    *, event: LoanEvent, received: Money, is_written_off: bool, by: AbstractBaseUser
) -> LossEntry | None:
    """After a claim: the guarantor's share of a recovery, or of principal that was repaid, is owed to it."""
    parts = share_parts(event.loan, event.number, event.effective_on, received, is_written_off=is_written_off)
    return keep_loss_entry(event.loan, *parts[0], by=by, event=event) if parts else None


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
