"""Bank details of payees: one person proposes, a second one calls back and confirms, and every version stays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from ledger.domain.bank_details import BankDetails
from ledger.domain.errors import BankDetailsDecided, BankDetailsWaiting, ContentChanged
from ledger.models import Book, PayeeDecision, PayeeDetails
from ledger.services.approvals import approve

ONE_DECIDES = "SELECT pg_advisory_xact_lock(7416, %s)"
"""Held by who decides about bank details, until the decision stands: the details themselves change for nobody."""


def propose_details(*, book: Book, subject: str, details: BankDetails, by: AbstractBaseUser) -> PayeeDetails:
    """Propose the account to which a payee, `organisation:4` or `investor:NRB`, is paid; nothing is paid there yet.

    The same details again are the proposal that waits. Raises BankDetailsWaiting.
    """
    latest = PayeeDetails.objects.filter(book=book, subject=subject).select_related("decision").first()
    if latest is not None and not hasattr(latest, "decision"):
        if latest.content_sha256 == details.sha256:
            return latest
        raise _waiting(latest)
    version = latest.version + 1 if latest else 1
    try:
        with transaction.atomic():
            return PayeeDetails.objects.create(
                book=book,
                subject=subject,
                version=version,
                content_sha256=details.sha256,
                proposed_by_id=by.pk,
                **asdict(details),
            )
    except IntegrityError as error:
        raise _waiting(PayeeDetails.objects.filter(book=book, subject=subject)[0]) from error


@transaction.atomic
def confirm_details(
    *, details: PayeeDetails, shown_sha256: str, how: str, on: date, by: AbstractBaseUser
) -> PayeeDecision:
    """Confirm proposed bank details under four eyes; `how` says how they were checked: who was called, on which number.

    They are in force from then on. Raises BankDetailsDecided, ContentChanged and SameTwoEyes.
    """
    _refuse_unsaid(details, how)
    if details.details.sha256 != shown_sha256:
        raise ContentChanged(f"The {details} are not what you were shown. Look at them again; nothing was changed.")
    _lock_undecided(details)
    approval = approve(
        subject=_subject(details),
        content_sha256=shown_sha256,
        made_by=details.proposed_by,
        made_at=details.proposed_at,
        checked_by=by,
        reason=how.strip(),
    )
    return PayeeDecision.objects.create(
        details=details,
        outcome=PayeeDecision.Outcome.CONFIRMED,
        how=how.strip(),
        approval=approval,
        decided_by_id=by.pk,
        decided_on=on,
    )


@transaction.atomic
def decline_details(*, details: PayeeDetails, how: str, on: date, by: AbstractBaseUser) -> PayeeDecision:
    """Decline proposed bank details, and say why; what was in force stays in force. Raises BankDetailsDecided."""
    _refuse_unsaid(details, how)
    _lock_undecided(details)
    return PayeeDecision.objects.create(
        details=details,
        outcome=PayeeDecision.Outcome.DECLINED,
        how=how.strip(),
        decided_by_id=by.pk,
        decided_on=on,
    )


def _subject(details: PayeeDetails) -> str:
    return f"payee-details:{details.pk}"


def _refuse_unsaid(details: PayeeDetails, how: str) -> None:
    if not how.strip():
        raise BankDetailsDecided(
            f"Say how the {details} were checked: whom you called, on a number that you knew before. "
            "Nothing was changed."
        )


def _lock_undecided(details: PayeeDetails) -> None:
    """Of two who decide at once the second waits here, and is told."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_DECIDES, [details.pk])
    if PayeeDecision.objects.filter(details=details).exists():
        raise BankDetailsDecided(f"The {details} are decided already. Look at them again; nothing was changed.")


def _waiting(latest: PayeeDetails) -> BankDetailsWaiting:
    return BankDetailsWaiting(
        f"The {latest}, an {latest.details.masked}, wait for a decision. Have them confirmed or declined first; "
        "nothing was changed."
    )
