"""Agreeing what the fund borrows: one person proposes a facility or new terms of it, another checks exactly that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.borrowing import Agreement, agreement_content, facility_sha256
from investors.domain.borrowing_entries import FEES, INTEREST, OWN_NODES
from investors.domain.errors import FacilityRefused
from investors.models import BorrowingEvent, Facility, FacilityDecision, FacilityTerms, Investor
from investors.queries.borrowings import agreement_of
from investors.services.borrowing_books import one_borrows, open_facility, record_borrowing
from investors.services.proposals import approve_proposed, refuse_decided, why_declined
from ledger.domain.words import date_text
from ledger.services import open_account
from loans.domain.events import Restructured

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def propose_facility(
    *, book: Book, lender: Investor, agreement: Agreement, reason: str, by: AbstractBaseUser
) -> FacilityTerms:
    """Propose that the fund borrows under an agreement; nothing counts before a second person has agreed.

    The same again is the proposal that waits. Raises FacilityRefused.
    """
    one_borrows(book)
    _refuse_currency(book, agreement)
    content = agreement_content(agreement, _said(reason))
    waiting = FacilityTerms.objects.filter(
        facility__book=book, facility__lender=lender, version=1, content=content, decision=None
    ).first()
    if waiting is not None:
        return waiting
    number = Facility.objects.filter(book=book).count() + 1
    facility = Facility.objects.create(
        book=book, reference=f"B-{number:04}", lender=lender, currency=book.base_currency
    )
    return _propose(facility, 1, agreement, content, by)


@transaction.atomic
def propose_terms(*, facility: Facility, agreement: Agreement, reason: str, by: AbstractBaseUser) -> FacilityTerms:
    """Propose other terms of a facility from a day on; the same again is the proposal that waits.

    Where something is drawn, they are new terms of what is owed, and end what was not drawn. Raises FacilityRefused.
    """
    opened = open_facility(facility)
    facility = opened.facility
    _refuse_currency(facility.book, agreement)
    content = agreement_content(agreement, _said(reason))
    versions = FacilityTerms.objects.filter(facility=facility)
    waiting = versions.filter(decision=None).first()
    if waiting is not None and waiting.content == content:
        return waiting
    if waiting is not None:
        raise FacilityRefused(
            f"Version {waiting.version} of the terms of {facility} waits for a decision. Have it approved or declined "
            "first; nothing was changed."
        )
    return _propose(facility, versions.count() + 1, agreement, content, by)


@transaction.atomic
def approve_facility_terms(
    *, terms: FacilityTerms, shown_sha256: str, by: AbstractBaseUser, reason: str = ""
) -> FacilityDecision:
    """Agree to exactly what was proposed. The facility's accounts are opened; of one that is drawn, the new terms count
    from their day, and what is posted since is worked out again.

    Raises SameTwoEyes, and FacilityRefused where it is decided, is not what was shown, or counts from a day to come.
    """
    opened = open_facility(terms.facility)
    facility = opened.facility
    refuse_decided(terms, shown_sha256, FacilityRefused)
    agreement = agreement_of(terms)
    if opened.life.begun and agreement.effective_on > facility.book.business_date:
        raise FacilityRefused(
            f"The new terms of {facility} count from {date_text(agreement.effective_on)}, after "
            f"{date_text(facility.book.business_date)}, the business date. Approve them on that day; "
            "nothing was changed."
        )
    approval = approve_proposed(terms, "facility-terms", shown_sha256=shown_sha256, by=by, reason=reason)
    _open_accounts(facility, agreement)
    event: BorrowingEvent | None = None
    if opened.life.begun:
        restructured = Restructured(agreement.effective_on, 0, agreement.terms)
        event = record_borrowing(opened, restructured, by=by, key=f"terms:{terms.version}", terms=terms)
    return FacilityDecision.objects.create(
        terms=terms,
        outcome=FacilityDecision.Outcome.APPROVED,
        reason=reason.strip(),
        approval=approval,
        event=event,
        decided_by_id=by.pk,
    )


@transaction.atomic
def decline_facility_terms(
    *, terms: FacilityTerms, shown_sha256: str, reason: str, by: AbstractBaseUser
) -> FacilityDecision:
    """Say no, or take one's own proposal back, and say why. Raises FacilityRefused."""
    open_facility(terms.facility)
    refuse_decided(terms, shown_sha256, FacilityRefused)
    return FacilityDecision.objects.create(
        terms=terms,
        outcome=FacilityDecision.Outcome.DECLINED,
        reason=why_declined(terms, reason, FacilityRefused),
        decided_by_id=by.pk,
    )


def _propose(
    facility: Facility, version: int, agreement: Agreement, content: str, by: AbstractBaseUser
) -> FacilityTerms:
    return FacilityTerms.objects.create(
        facility=facility,
        version=version,
        effective_on=agreement.effective_on,
        content=content,
        content_sha256=facility_sha256(facility.pk, version, agreement.effective_on, content),
        proposed_by_id=by.pk,
    )


def _said(reason: str) -> str:
    if not reason.strip():
        raise FacilityRefused(
            "Say why the fund borrows: the second person and the auditor read it. Nothing was changed."
        )
    return reason.strip()


def _refuse_currency(book: Book, agreement: Agreement) -> None:
    if agreement.terms.currency != book.base_currency:
        raise FacilityRefused(
            f"{book} keeps its accounts in {book.base_currency}, and the agreement is in {agreement.terms.currency}. "
            "Agree it in that currency; nothing was changed."
        )
    if agreement.effective_on < book.opened_on:
        raise FacilityRefused(
            f"{book} begins on {date_text(book.opened_on)}, and the agreement counts from "
            f"{date_text(agreement.effective_on)}. Give a day from then on; nothing was changed."
        )


def _open_accounts(facility: Facility, agreement: Agreement) -> None:
    """The facility's own accounts and those of the costs; what stands is left as it is."""
    book = facility.book
    for node in (INTEREST, FEES):
        open_account(book=book, node=node, on=book.opened_on)
    for node in OWN_NODES:
        open_account(book=book, node=node, subject=facility.reference, name=str(facility.lender), on=book.opened_on)
