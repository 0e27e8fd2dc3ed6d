"""Issuing tax relief certificates and yearly tax statements: stored once for what they say, with their hash."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import QuerySet

from commonweal.access.models import User
from commonweal.documents.issuing import ONE_ISSUER, Issued, issuer_of
from commonweal.documents.models import Document, DocumentFile, DocumentKind, DocumentStatus
from commonweal.documents.statements import RenderedDocument
from commonweal.documents.tax_relief import render_tax_certificate, render_tax_statement
from investors.domain.citr.tax_year import TaxYear
from investors.models import CitrCertificate, Investor
from investors.tax_statements import TaxStatement, build_tax_certificate, build_tax_statement
from ledger.domain.words import date_text
from loans.statements import StatementTooEarly

if TYPE_CHECKING:
    from ledger.models import Book

ONE_DAY = timedelta(days=1)


def issue_tax_certificate(certificate: CitrCertificate, *, by: User) -> Issued:
    """Render and store a certificate that two people agreed to; the same again is the document that stands.

    The database stores none to which a second person has not agreed. Raises DocumentError, MissingSystemLibrary.
    """
    investment = certificate.investment
    book, day = investment.book, certificate.invested_on
    standing = Document.objects.filter(book=book, number=certificate.number).first()
    if standing is not None:
        return Issued(standing, repeated=True)
    value = build_tax_certificate(certificate, issuer_of(book))
    document = Document(
        book=book,
        kind=DocumentKind.TAX_CERTIFICATE,
        subject=str(investment),
        investor=investment.investor,
        period_start=day,
        period_end=day + ONE_DAY,
        number=certificate.number,
        revision=1,
        seal=f"sha256:{certificate.content_sha256}",
        issued_on=value.issued_on,
        issued_by=by,
        status=DocumentStatus.FINAL,
    )
    with transaction.atomic():
        _store(document, render_tax_certificate(value))
    return Issued(document, repeated=False)


def issue_tax_statement(*, investor: Investor, book: Book, tax_year: TaxYear, by: User) -> Issued | None:
    """The statement of a tax year that is over, or none where no investment has relief for it.

    What is known already gives the document that stands; what became known since another, which replaces it. Raises
    StatementTooEarly, DocumentError, MissingSystemLibrary.
    """
    refuse_tax_year(book, tax_year)
    about = f"{book.pk}:{DocumentKind.TAX_STATEMENT}:{investor.code}:{tax_year}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_ISSUER, [about])
        before = tax_statements(book, investor, tax_year).order_by("-revision").first()
        value = _statement(investor, book, tax_year, before)
        seal = f"sha256:{value.figures_sha256}"
        if not value.lines:
            return None
        if before is not None and before.seal == seal:
            return Issued(before, repeated=True)
        document = Document(
            book=book,
            kind=DocumentKind.TAX_STATEMENT,
            subject=investor.code,
            investor=investor,
            period_start=tax_year.first_on,
            period_end=tax_year.last_on + ONE_DAY,
            number=value.number,
            revision=before.revision + 1 if before else 1,
            replaces=before,
            seal=seal,
            issued_on=value.issued_on,
            issued_by=by,
            status=DocumentStatus.FINAL,
        )
        _store(document, render_tax_statement(value))
    return Issued(document, repeated=False)


def tax_statements(book: Book, investor: Investor, tax_year: TaxYear) -> QuerySet[Document]:
    """Every statement that was issued to an investor for a tax year."""
    return Document.objects.filter(
        book=book, kind=DocumentKind.TAX_STATEMENT, subject=investor.code, period_start=tax_year.first_on
    )


def refuse_tax_year(book: Book, tax_year: TaxYear) -> None:
    """Raises StatementTooEarly while a tax year runs: nothing can be claimed for it yet."""
    if book.business_date <= tax_year.last_on:
        raise StatementTooEarly(
            f"The tax year {tax_year} runs to {date_text(tax_year.last_on)}, and the business date of {book} is "
            f"{date_text(book.business_date)}. Nothing can be claimed for it before "
            f"{date_text(tax_year.last_on + ONE_DAY)}; nothing was issued."
        )


def _statement(investor: Investor, book: Book, tax_year: TaxYear, before: Document | None) -> TaxStatement:
    number = f"T{tax_year}-{investor.code}" + (f".{before.revision + 1}" if before else "")
    return build_tax_statement(
        investor,
        book,
        tax_year,
        issuer=issuer_of(book),
        number=number,
        replaces=before.number if before else "",
        issued_on=book.business_date,
    )


def _store(document: Document, rendered: RenderedDocument) -> None:
    document.file = DocumentFile.objects.create(sha256=rendered.sha256, content=rendered.pdf)
    document.size, document.renderer = len(rendered.pdf), rendered.renderer
    document.save(force_insert=True)
