"""Issuing tax relief certificates: one person proposes, another checks exactly that; each investment has one."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.citr.kinds import certificate_sha256
from investors.domain.errors import CertificateRefused, NotAccredited
from investors.models import CitrCertificate, CitrCertificateDecision, CitrInvestment
from investors.queries import citr_loan, citr_periods, period_on
from investors.services.citr_scheme import one_changes_the_scheme
from investors.services.proposals import approve_proposed, refuse_decided, why_declined
from ledger.domain.words import date_text


@transaction.atomic
def propose_certificate(*, investment: CitrInvestment, by: AbstractBaseUser) -> CitrCertificate:
    """Propose to certify the whole of an investment; the same again is the proposal that waits.

    Late is late and not refused: the investor has no relief without it. Raises CertificateRefused where it is
    certified, NotAccredited where no accreditation covers its day.
    """
    one_changes_the_scheme(investment.book)
    _refuse_second(investment)
    waiting = CitrCertificate.objects.filter(investment=investment, decision=None).first()
    if waiting is not None:
        return waiting
    period, due_by = (
        period_on(citr_periods(investment.book), investment.invested_on),
        citr_loan(investment).certificate_due_by,
    )
    if period is None:
        raise NotAccredited(
            f"No accreditation covers {date_text(investment.invested_on)}, so {investment} cannot be certified. Record "
            "the accreditation first; nothing was changed."
        )
    days = (investment.invested_on.isoformat(), due_by.isoformat())
    facts = (investment.pk, investment.investor_id, period.pk, investment.committed, *days)
    return CitrCertificate.objects.create(
        investment=investment,
        period=period,
        committed=investment.committed,
        invested_on=investment.invested_on,
        due_by=due_by,
        content_sha256=certificate_sha256(*facts),
        proposed_by_id=by.pk,
    )


@transaction.atomic
def approve_certificate(
    *, certificate: CitrCertificate, shown_sha256: str, on: date, by: AbstractBaseUser, reason: str = ""
) -> CitrCertificateDecision:
    """Agree that exactly what was proposed is issued on a day.

    Raises SameTwoEyes, and CertificateRefused where it is decided, is not what was shown, or another was issued.
    """
    one_changes_the_scheme(certificate.investment.book)
    refuse_decided(certificate, shown_sha256, CertificateRefused)
    _refuse_second(certificate.investment)
    approval = approve_proposed(certificate, "tax-certificate", shown_sha256=shown_sha256, by=by, reason=reason)
    return CitrCertificateDecision.objects.create(
        certificate=certificate,
        outcome=CitrCertificateDecision.Outcome.ISSUED,
        certifies=certificate.investment,
        issued_on=on,
        approval=approval,
        reason=reason.strip(),
        decided_by_id=by.pk,
    )


@transaction.atomic
def decline_certificate(
    *, certificate: CitrCertificate, shown_sha256: str, reason: str, by: AbstractBaseUser
) -> CitrCertificateDecision:
    """Say no, or take one's own proposal back, and say why. Raises CertificateRefused."""
    one_changes_the_scheme(certificate.investment.book)
    refuse_decided(certificate, shown_sha256, CertificateRefused)
    return CitrCertificateDecision.objects.create(
        certificate=certificate,
        outcome=CitrCertificateDecision.Outcome.DECLINED,
        reason=why_declined(certificate, reason, CertificateRefused),
        decided_by_id=by.pk,
    )


def _refuse_second(investment: CitrInvestment) -> None:
    issued = CitrCertificateDecision.objects.filter(certifies=investment).first()
    if issued is not None and issued.issued_on is not None:
        raise CertificateRefused(
            f"CITR-{investment.pk} was issued on {date_text(issued.issued_on)} for the whole of {investment}: one "
            "certificate is for all of it, and none for later drawdowns. Nothing was changed."
        )
