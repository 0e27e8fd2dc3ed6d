"""How is a deal written in SEDL? Every trap of the format has its place here.

There is no home in SEDL for what became of a loan, so that stands in fields of our own that begin with `commonweal`,
flat and as text. What a field would need free text for is left out: nobody's words are published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from borrowers.domain.registration import LegalForm
from borrowers.models import Organisation
from commonweal.open_data.facts import Deal
from commonweal.open_data.identifiers import registered, subject_of
from ledger.domain.money import from_minor
from loans.domain.project import FundingStatus
from loans.grants import paid_of
from loans.models import Grant
from loans.rate_words import rate_in_words

if TYPE_CHECKING:
    from ledger.models import Book

Fields = dict[str, Any]

FORMS = {
    LegalForm.COMMUNITY_BENEFIT_SOCIETY: "BENCOM - Registered Society (BenCom)",
    LegalForm.CO_OPERATIVE_SOCIETY: "COOP - Registered Society (Cooperative)",
    LegalForm.COMPANY_BY_GUARANTEE: "CLG - Company Limited by Guarantee",
    LegalForm.COMPANY_BY_SHARES: "CLS - Company Limited by Shares",
    LegalForm.CHARITABLE_INCORPORATED_ORGANISATION: "CIO - Charitable Incorporated Organisation",
    LegalForm.CHARITABLE_TRUST: "OTH - Other",
    LegalForm.UNINCORPORATED_ASSOCIATION: "UNINC - Unincorporated Organisation",
}
"""Codes are whole labels. There is none for a community interest company: its company form is not recorded."""


def deal_fields(deal: Deal, ids: Mapping[str, str], book: Book) -> Fields:
    """A deal in SEDL's words. `ids` has the minted identifiers of the loan, its parts and its parties."""
    loan = deal.loan
    key = f"loan:{loan.pk}"
    drawn = deal.value > 0
    return _kept(
        {
            "id": ids[key],
            "title": f"Loan to {loan.organisation}",
            "status": "closed" if drawn or loan.moved_in_id else "pipeline",
            "dealDate": loan.approved_on.isoformat(),
            "currency": loan.currency,
            "estimatedValue": deal.terms.principal.amount,
            "value": _amount(deal.value + deal.awarded, loan.currency) if drawn or deal.grants else None,
            "recipientOrganization": recipient(loan.organisation, ids),
            "arrangingOrganization": fund(book, ids),
            "projects": [project] if (project := _project(deal, ids)) else None,
            "investments": _kept(
                {
                    "credit": [_credit(deal, ids, book)],
                    "grants": [_grant(one, ids, book) for one in deal.grants] or None,
                }
            ),
            "dateModified": moment(deal.modified_at),
            "commonwealState": _state(deal),
            "commonwealPrincipalOutstanding": _text(deal.stood.principal, loan.currency),
            "commonwealWrittenOff": _text(deal.stood.written_off, loan.currency),
            "commonwealMovedIn": "yes" if loan.moved_in_id else None,
        }
    )


def recipient(organisation: Organisation, ids: Mapping[str, str]) -> Fields:
    """A business that agreed to be named, as its registers know it; no person and no contact."""
    code = registered(organisation) or ids[subject_of(organisation)]
    form = LegalForm(organisation.legal_form)
    return _kept(
        {
            "id": code,
            "name": organisation.name,
            "companyNumber": organisation.company_number,
            "charityNumber": organisation.charity_number if "GB-CHC" in code else None,
            "addressLocality": organisation.place,
            "addressRegion": organisation.region,
            "addressCountry": "GB",
            "postalCode": organisation.postcode,
            "description": "Community interest company" if form is LegalForm.CIC else organisation.sector,
            "organizationType": FORMS.get(form),
        }
    )


def fund(book: Book, ids: Mapping[str, str]) -> Fields:
    """The fund that lends."""
    return {"id": ids[f"book:{book.pk}"], "name": book.fund_name}


def moment(at: datetime) -> str:
    """A moment in full, in universal time: `2026-11-23T09:30:00Z`."""
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def _credit(deal: Deal, ids: Mapping[str, str], book: Book) -> Fields:
    loan, drawn = deal.loan, deal.value > 0
    return _kept(
        {
            "id": ids[f"credit:{loan.pk}"],
            "status": "confirmed" if drawn or loan.moved_in_id else "expected",
            "purpose": ["other"],
            "description": str(loan.product),
            "currency": loan.currency,
            "estimatedValue": deal.terms.principal.amount,
            "dateAgreed": f"{loan.approved_on.isoformat()}T00:00:00Z",
            "value": _amount(deal.value, loan.currency) if drawn else None,
            "durationInMonths": deal.terms.months,
            "interestRate": {
                "isVariable": _is_variable(deal),
                "details": rate_in_words(loan, deal.terms.annual_rate).replace(";", ","),
            },
            "fundingOrganization": fund(book, ids),
        }
    )


def _grant(grant: Grant, ids: Mapping[str, str], book: Book) -> Fields:
    return {
        "id": ids[f"grant:{grant.pk}"],
        "status": "confirmed",
        "purpose": ["other"],
        "description": grant.title,
        "currency": grant.money.currency.code,
        "amountCommitted": grant.money.amount,
        "amountDisbursed": paid_of(grant).amount,
        "dateAgreed": f"{grant.awarded_on.isoformat()}T00:00:00Z",
        "fundingOrganization": fund(book, ids),
    }


def _is_variable(deal: Deal) -> bool:
    application = deal.loan.application
    return bool(application and application.product_version.index_id)


def _project(deal: Deal, ids: Mapping[str, str]) -> Fields | None:
    """The project that others fund too; none where nobody else was asked."""
    if not deal.others:
        return None
    currency, agreed = deal.loan.currency, deal.terms.principal.amount
    asked = _amount(deal.others_sum(FundingStatus.APPLIED), currency)
    levered = _amount(deal.levered_in, currency)
    return {
        "id": ids[f"project:{deal.loan.pk}"],
        "estimatedValue": agreed + levered + asked,
        "raisedValue": agreed + levered,
        "achieved": not asked,
        "commonwealFinanceLeveredIn": str(levered),
    }


def _state(deal: Deal) -> str:
    if not deal.value and not deal.loan.moved_in_id:
        return "not drawn"
    if deal.stood.principal:
        return "running"
    if not deal.stood.written_off:
        return "repaid"
    return "ended, part written off" if deal.stood.written_off < deal.value else "written off"


def _amount(units: int, currency: str) -> Decimal:
    return Decimal(from_minor(units, currency).amount)


def _text(units: int, currency: str) -> str:
    return str(_amount(units, currency))


def _kept(fields: Fields) -> Fields:
    """What is known: a key without a value is left out, because the format takes no null."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}
