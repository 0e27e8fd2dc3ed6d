"""What did the fund agree with a lender that it borrows from? The engine's own terms, and what goes with them.

A facility's life is a loan's life: `loans.domain` tells it from the terms and the dated events. Here stands what a
borrower agrees besides, and in which words it is kept and hashed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from moneyed import Money

from borrowers.domain.names import hidden_sign
from investors.domain.borrowing_covenants import NO_COVENANTS, Covenants
from investors.domain.errors import FacilityRefused
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text
from loans.domain.calendar import Interval, Recurrence
from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.plain_words import Fields, day, text
from loans.domain.terms import Terms
from loans.domain.terms_content import terms_content
from loans.domain.terms_reading import HolidaysOf, read_terms

CHARGED = frozenset({FeeKind.ARRANGEMENT, FeeKind.COMMITMENT})
"""Fees that a facility's terms may charge by themselves; any other is recorded when the lender asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the fund and a lender agreed, from a day on. `reference` is the lender's own number of the agreement.

    Raises FacilityRefused for terms that its books have no accounts for, and for days out of order.
    """

    reference: str
    terms: Terms
    effective_on: date
    available_until: date
    """The last day on which it may be drawn."""
    security: str = ""
    covenants: Covenants = NO_COVENANTS

    def __post_init__(self) -> None:
        _refuse_unbookable(self.terms)
        if not self.reference.strip():
            raise FacilityRefused("Give the lender's number of the agreement: payments bear it. Nothing was changed.")
        if sign := hidden_sign(self.reference):
            raise FacilityRefused(
                f"The lender's number of the agreement holds {sign}, which nobody sees; payments bear it. Type it anew "
                "in one line; nothing was changed."
            )
        if not self.effective_on <= self.available_until:
            raise FacilityRefused(
                f"The agreement counts from {date_text(self.effective_on)} and could be drawn until "
                f"{date_text(self.available_until)}, which is before it. Correct one of the days; nothing was changed."
            )

    @property
    def amount(self) -> Money:
        """The most that is lent."""
        principal = self.terms.principal
        return from_minor(to_minor(principal.amount, self.terms.currency), self.terms.currency)


def facility_terms(
    *,
    amount: Money,
    annual_rate: Decimal,
    amortisation: Amortisation,
    every: Interval,
    first_due_on: date,
    instalments: int,
    day_count: DayCount,
    interest_only_periods: int = 0,
    arrangement_fee: Decimal | None = None,
    commitment_fee: Decimal | None = None,
) -> Terms:
    """The engine's terms from what a form asks: fees are shares, of the amount and of a year of what is undrawn.

    Raises ImpossibleTerms.
    """
    shares = ((FeeKind.ARRANGEMENT, arrangement_fee), (FeeKind.COMMITMENT, commitment_fee))
    return Terms(
        principal=amount,
        annual_rate=annual_rate,
        principal_due=Recurrence(first_due_on, every),
        instalments=instalments,
        amortisation=amortisation,
        day_count=day_count,
        interest_only_periods=interest_only_periods,
        fees=tuple(ProductFee(kind, share=share) for kind, share in shares if share),
    )


def _refuse_unbookable(terms: Terms) -> None:
    if terms.servicing.default_interest is not None:
        raise FacilityRefused(
            "A facility's terms work out no default interest. Record what the lender charges for lateness as a fee; "
            "nothing was changed."
        )
    for fee in terms.fees:
        is_plain = fee.settlement is FeeSettlement.PAID and fee.recognition is FeeRecognition.AT_ONCE
        if fee.kind not in CHARGED or not is_plain:
            raise FacilityRefused(
                f"A facility's terms may charge an arrangement and a commitment fee, each paid and booked as it falls "
                f"due, and not this {fee.kind} fee. Record it as a fee when it is charged; nothing was changed."
            )


def agreement_content(agreement: Agreement, reason: str) -> str:
    """An agreement, and why it is proposed, as canonical JSON: keys sorted, no spaces, amounts as texts."""
    content: dict[str, object] = {
        "reference": agreement.reference,
        "effective_on": agreement.effective_on.isoformat(),
        "available_until": agreement.available_until.isoformat(),
        "security": agreement.security,
        "covenants": agreement.covenants.content(),
        "terms": terms_content(agreement.terms),
        "reason": reason,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_agreement(content: str, holidays_of: HolidaysOf) -> Agreement:
    """The agreement that was written by `agreement_content`. Raises ImpossibleTerms and FacilityRefused."""
    given = Fields(json.loads(content), "facility")
    terms = read_terms(given.take("terms", _mapping), holidays_of)
    found = Agreement(
        reference=given.take("reference", text),
        terms=terms,
        effective_on=given.take("effective_on", day),
        available_until=given.take("available_until", day),
        security=given.take("security", text),
        covenants=Covenants.read(given.take("covenants", _mapping), terms.currency),
    )
    given.take("reason", text)
    given.end()
    return found


def _mapping(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FacilityRefused(f"{place} is no object with named fields. Nothing was changed.")
    return value


def facility_sha256(facility: int, version: int, effective_on: date, content: str) -> str:
    """What two people agree on: which facility, which version, from when, and all that it says."""
    told = "\n".join([str(facility), str(version), effective_on.isoformat(), content])
    return hashlib.sha256(told.encode()).hexdigest()
