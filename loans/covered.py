"""What has still to be booked so that a loan's losses are borne, and its guarantor has its share, as told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Sum

from ledger.queries import closed_until, postings
from loans.bank_holidays import calendar_days
from loans.domain.event_content import read_event
from loans.domain.events import Event, WrittenOff
from loans.domain.loss_cover import Claimed, Cover, Flow, cover_due, cover_told, flows_of
from loans.domain.loss_entries import claim_receivable, guarantee_received, owed_to_guarantor, provision
from loans.domain.replay import told_steps
from loans.domain.terms import Terms
from loans.losses import claim_of, guarantee_of
from loans.models import EventKind, Loan, LoanEvent, LossEntry, ProvisionLine

TOLD = tuple(Cover)
"""Kinds of entries that follow from a loan's life."""


def cover_to_book(loan: Loan, terms: Terms, events: Sequence[Event], until: date) -> list[tuple[Cover, date, int]]:
    """What brings the entries beside a loan to what its life tells up to a day, in minor units; none dated before the
    first open day."""
    booked = _booked(loan)
    claim = claim_of(loan)
    if claim is None and not booked and not any(isinstance(event, WrittenOff) for event in events):
        return []
    open_from = closed_until(loan.book) or loan.book.opened_on
    flows = flows_of(told_steps(terms, events, until))
    told = cover_told(flows, _claimed(loan, terms, claim) if claim else None, _set_aside(loan))
    return cover_due(told, booked, open_from=open_from)


def loss_balances_told(loan: Loan) -> dict[str, int]:
    """What the accounts of a loan's loss should stand at by all that is kept of it, debits positive, in minor units."""
    kept = LossEntry.objects.filter(loan=loan)
    sums = {row["kind"]: row["sum"] for row in kept.order_by().values("kind").annotate(sum=Sum("amount"))}
    by = {kind: sums.get(kind, 0) for kind in LossEntry.Kind}
    lines = ProvisionLine.objects.filter(loan=loan).aggregate(should=Sum("should"), had=Sum("had"))
    claimed = kept.filter(kind=LossEntry.Kind.CLAIMED).values_list("entry", flat=True)
    against = postings(loan.book).filter(entry__in=claimed, account__code=guarantee_received(loan.reference))
    return {
        guarantee_received(loan.reference): sum(against.values_list("amount", flat=True))
        + by[LossEntry.Kind.GUARANTEE_USED]
        + by[LossEntry.Kind.SHARED],
        provision(loan.reference): (lines["had"] or 0) - (lines["should"] or 0) + by[LossEntry.Kind.PROVISION_USED],
        claim_receivable(loan.reference): by[LossEntry.Kind.CLAIMED] - by[LossEntry.Kind.CLAIM_PAID],
        owed_to_guarantor(loan.reference): by[LossEntry.Kind.PAID_OVER]
        - by[LossEntry.Kind.SHARED]
        - by[LossEntry.Kind.RECOVERY_SHARED],
    }


def _booked(loan: Loan) -> dict[tuple[Cover, date], int]:
    found: dict[tuple[Cover, date], int] = defaultdict(int)
    kept = LossEntry.objects.filter(loan=loan, kind__in=TOLD)
    for kind, on, minor in kept.values_list("kind", "effective_on", "amount"):
        found[Cover(kind), on] += minor
    return found


def _claimed(loan: Loan, terms: Terms, claim: LossEntry) -> Claimed | None:
    guarantee = guarantee_of(loan)
    if guarantee is None:
        return None
    known = LoanEvent.objects.filter(loan=loan, recorded_at__lte=claim.recorded_at).order_by("number")
    events = [read_event(row.content, row.number, calendar_days) for row in known]
    by_then = flows_of(told_steps(terms, events, claim.effective_on)).values()
    against = postings(loan.book).filter(entry=claim.entry_id, account__code=guarantee_received(loan.reference))
    return Claimed(
        claim.effective_on,
        -sum(against.values_list("amount", flat=True)),
        guarantee.parameters.recovery_share,
        Flow(*(sum(column) for column in zip(Flow(), *by_then, strict=True))),
    )


def _set_aside(loan: Loan) -> dict[date, int]:
    """What was set aside by day. What is set aside on the day of a write-off, but after it, is for what is left."""
    used = LossEntry.objects.filter(loan=loan, kind=Cover.PROVISION_USED).values("entry")
    moved = postings(loan.book).filter(account__code=provision(loan.reference)).exclude(entry__in=used)
    written_off = dict(
        LoanEvent.objects.filter(loan=loan, kind=EventKind.WRITTEN_OFF)
        .order_by("-number")
        .values_list("effective_on", "entry_id")
    )
    found: dict[date, int] = defaultdict(int)
    for on, number, minor in moved.values_list("effective_on", "entry_id", "amount"):
        came_after = written_off.get(on) is not None and written_off[on] < number
        found[on + timedelta(days=came_after)] -= minor
    return found
