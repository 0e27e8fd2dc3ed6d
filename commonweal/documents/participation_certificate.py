"""A loan participation certificate: who holds which part of which loan, in which rank and on which terms of its own.

It says what is agreed, and no balance. What says the same is the certificate that stands; where the part was sold, or
the terms were recorded anew, another replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.template.loader import render_to_string
from moneyed import Money

from commonweal.access.models import User
from commonweal.documents.csv_file import csv_text
from commonweal.documents.issuing import ONE_ISSUER, Issued, issuer_of
from commonweal.documents.models import Document, DocumentFile, DocumentKind, DocumentStatus
from commonweal.documents.renderer import Attachment, render_pdf, renderer_version
from commonweal.documents.statements import style
from commonweal.documents.words import share
from investors.domain.own_terms import own_terms_text
from investors.domain.participation import SharingRule
from investors.models import Participation
from ledger.domain.money import from_minor
from loans.models.money import plain
from loans.statements import Issuer

if TYPE_CHECKING:
    from loans.models import Loan

TEMPLATE = "documents/participation_certificate.html"
HEADINGS = ("What", "Value")


@dataclass(frozen=True, slots=True)
class ParticipationCertificate:
    """What the certificate says; `borrower` is a description where the business is not named."""

    issuer: Issuer
    number: str
    replaces: str
    issued_on: date
    holder: str
    registered_number: str
    code: str
    loan: str
    borrower: str
    place: str
    since: date
    amount: Money
    whole: Money
    share: str
    rank: int
    ranks: int
    rule: SharingRule
    own_terms: str

    def rows(self) -> Iterator[tuple[str, str]]:
        """Every particular, as the attached file has it and as its fingerprint binds it; the day of issue is none."""
        yield "Certificate", self.number
        yield "Replaces", self.replaces
        yield "Issued by", self.issuer.name
        yield "Holder", self.holder
        yield "Registered number", self.registered_number
        yield "Code of the holder", self.code
        yield "Loan", self.loan
        yield "Borrower", self.borrower
        yield "Place", self.place
        yield "From", self.since.isoformat()
        yield "Participation", str(self.amount.amount)
        yield "Whole loan", str(self.whole.amount)
        yield "Currency", str(self.amount.currency.code)
        yield "Share", self.share
        yield "Rank", f"{self.rank} of {self.ranks}"
        yield "Sharing rule", self.rule.value
        yield "Own terms", self.own_terms

    @property
    def content_sha256(self) -> str:
        """The fingerprint of every particular."""
        return sha256(json.dumps(list(self.rows()), ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CertificateHead:
    """How the document is named at its foot and in its metadata."""

    issuer: Issuer
    number: str
    issued_on: date
    status: str = "issued"
    what: str = DocumentKind.PARTICIPATION.label


@transaction.atomic
def issue_participation_certificate(*, participation: Participation, is_anonymous: bool = False, by: User) -> Issued:
    """Certify a part of a loan to its holder, with or without the name of the borrower; the same again stands.

    Raises DocumentError and MissingSystemLibrary; then nothing is stored.
    """
    loan, holder = participation.participation_set.loan, participation.investor
    subject = f"{loan.reference}/{holder.code}" + ("/unnamed" if is_anonymous else "")
    with connection.cursor() as cursor:
        cursor.execute(ONE_ISSUER, [f"{loan.book_id}:{DocumentKind.PARTICIPATION}:{subject}"])
    issued = Document.objects.filter(book=loan.book, kind=DocumentKind.PARTICIPATION, subject=subject)
    before = issued.order_by("-revision").first()
    number = f"{'LPU' if is_anonymous else 'LP'}-{loan.reference}-{holder.code}"
    if before is not None:
        same = certificate_of(participation, before.number, before.replaces, is_anonymous=is_anonymous)
        if before.seal == f"sha256:{same.content_sha256}":
            return Issued(before, repeated=True)
        number += f".{before.revision + 1}"
    value = certificate_of(participation, number, before, is_anonymous=is_anonymous)
    return Issued(_store(value, participation, subject, before, by), repeated=False)


def certificate_of(
    participation: Participation, number: str, before: Document | None, *, is_anonymous: bool
) -> ParticipationCertificate:
    """What a certificate of a part says on the business date."""
    parts, holder = participation.participation_set, participation.investor
    loan = parts.loan
    amount, whole = from_minor(participation.amount, loan.currency), plain(parts.terms.principal)
    return ParticipationCertificate(
        issuer=issuer_of(loan.book),
        number=number,
        replaces=before.number if before else "",
        issued_on=loan.book.business_date,
        holder=holder.name,
        registered_number=holder.registered_number,
        code=holder.code,
        loan=loan.reference,
        borrower=_unnamed(loan) if is_anonymous else str(loan.organisation),
        place="" if is_anonymous else f"{loan.organisation.place}, {loan.organisation.region}",
        since=parts.effective_on,
        amount=amount,
        whole=whole,
        share=share(amount.amount / whole.amount),
        rank=participation.rank,
        ranks=len({one.rank for one in parts.participations.all()}),
        rule=SharingRule(parts.rule),
        own_terms=own_terms_text(participation.annual_rate, participation.servicing_fee, participation.principal_from),
    )


def _unnamed(loan: Loan) -> str:
    return f"A community business, {loan.organisation.region}"


def render_participation_certificate(value: ParticipationCertificate) -> bytes:
    """The PDF, one page; the same value gives the same bytes. Raises DocumentError, MissingSystemLibrary."""
    head, name = CertificateHead(value.issuer, value.number, value.issued_on), f"participation-{value.number}.csv"
    html = render_to_string(TEMPLATE, {"head": head, "certificate": value, "csv_name": name})
    return render_pdf(
        html,
        stylesheets=[style()],
        attachments=[Attachment(name, csv_text(HEADINGS, value.rows()), f"Every particular of {value.number}")],
        created=datetime.combine(value.issued_on, time(), UTC),
    )


def _store(
    value: ParticipationCertificate, participation: Participation, subject: str, before: Document | None, by: User
) -> Document:
    pdf = render_participation_certificate(value)
    file, _ = DocumentFile.objects.get_or_create(sha256=sha256(pdf).hexdigest(), defaults={"content": pdf})
    return Document.objects.create(
        book=participation.participation_set.loan.book,
        kind=DocumentKind.PARTICIPATION,
        subject=subject,
        investor=participation.investor,
        participation=participation,
        period_start=value.since,
        period_end=value.since + timedelta(days=1),
        status=DocumentStatus.FINAL,
        number=value.number,
        revision=before.revision + 1 if before else 1,
        replaces=before,
        seal=f"sha256:{value.content_sha256}",
        renderer=renderer_version(),
        file=file,
        size=len(pdf),
        issued_on=value.issued_on,
        issued_by=by,
    )
