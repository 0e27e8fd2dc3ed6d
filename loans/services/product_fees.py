"""The fees that a product brings: what a first drawdown costs, charged with it and taken back with it."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from loans.domain.events import FeeCharged
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement
from loans.models import EventKind, LoanEvent
from loans.queries import first_terms_of, offer_of
from loans.services.acts import Circumstances, record, reverse_event


def charge_arrangement_fees(*, drawn: LoanEvent, by: AbstractBaseUser) -> tuple[LoanEvent, ...]:
    """Charge what the product asks for the arrangement, with the first drawdown of a loan: paid, deducted or added."""
    loan = drawn.loan
    version = loan.application.product_version if loan.application else None
    earlier = LoanEvent.objects.filter(loan=loan, kind=EventKind.DRAWN, reversed_by=None).exclude(pk=drawn.pk)
    if version is None or earlier.exists():
        return ()
    terms = first_terms_of(loan)
    charged = []
    for place, fee in enumerate(offer_of(version).fees):
        if fee.kind is FeeKind.ARRANGEMENT:
            over_the_term = fee.recognition is FeeRecognition.OVER_THE_TERM
            event = FeeCharged(
                drawn.effective_on,
                0,
                fee.of(terms.principal),
                kind=fee.kind,
                settlement=fee.settlement,
                earned_by=terms.nominal_maturity if over_the_term else None,
            )
            circumstances = Circumstances(reason=f"{version.product}: {fee.in_words(loan.currency)}")
            key = f"{_keys(drawn)}{place}"
            charged.append(record(loan=loan, event=event, by=by, key=key, circumstances=circumstances))
    return tuple(charged)


def deducted_from(drawn: LoanEvent) -> Money:
    """What was kept back from a drawdown for fees."""
    nought = (drawn.money or Money(0, drawn.currency)) * 0
    kept = (
        fee.money for fee in fees_of(drawn) if fee.content.get("settlement") == FeeSettlement.DEDUCTED and fee.money
    )
    return sum(kept, nought)


def take_fees_back(*, drawn: LoanEvent, reason: str, by: AbstractBaseUser) -> None:
    """Take back what was charged with a drawdown that is taken back, from its own day."""
    for fee in fees_of(drawn):
        reverse_event(event=fee, on=fee.effective_on, reason=reason, by=by, key=f"undone:{fee.number}")


def fees_of(drawn: LoanEvent) -> list[LoanEvent]:
    """The fees that were charged with a drawdown, and stand."""
    found = LoanEvent.objects.filter(loan=drawn.loan, key__startswith=_keys(drawn), reversed_by=None)
    return list(found.exclude(kind=EventKind.REVERSED).select_related("loan__book").order_by("number"))


def _keys(drawn: LoanEvent) -> str:
    return f"fee-of-event:{drawn.number}:"
