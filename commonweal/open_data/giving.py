"""How is the fund's own grant beside a loan written in 360Giving 1.4? The standard has no loans at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commonweal.open_data.facts import Deal
from commonweal.open_data.sedl import fund, moment, recipient
from ledger.domain.money import from_minor
from loans.grants import paid_of
from loans.models import Grant

if TYPE_CHECKING:
    from ledger.models import Book

Fields = dict[str, Any]


def grant_fields(grant: Grant, deal: Deal, ids: Mapping[str, str], book: Book, prefix: str) -> Fields:
    """A grant in the words of 360Giving, under the publisher's registered prefix; organisations are lists here."""
    code = f"{prefix}-{ids[f'grant:{grant.pk}']}"
    funder = fund(book, ids)
    paid_to = {name: value for name, value in recipient(deal.loan.organisation, ids).items() if name != FORM}
    return {
        "id": code,
        "title": grant.title,
        "description": grant.description,
        "currency": grant.money.currency.code,
        "amountAwarded": grant.money.amount,
        "amountDisbursed": paid_of(grant).amount,
        "awardDate": grant.awarded_on.isoformat(),
        "recipientOrganization": [paid_to],
        "fundingOrganization": [funder],
        **_transactions(grant, code, funder["id"], paid_to["id"]),
        "dateModified": moment(deal.modified_at),
    }


FORM = "organizationType"


def _transactions(grant: Grant, code: str, provider: str, paid_to: str) -> Fields:
    """What was paid of it, entry by entry; nothing where nothing was."""
    currency = grant.money.currency.code
    rows = [
        {
            "id": f"{code}-{number}",
            "transactionDate": payment.paid_on.isoformat(),
            "currency": currency,
            "value": from_minor(payment.amount, currency).amount,
            "provider": provider,
            "recipient": paid_to,
        }
        for number, payment in enumerate(grant.payments.all(), start=1)
    ]
    return {"disbursementTransaction": rows} if rows else {}
