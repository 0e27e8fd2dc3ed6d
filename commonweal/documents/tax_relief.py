"""Tax relief on paper: the certificate that an investor claims with, and the statement of a tax year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string

from commonweal.documents.csv_file import csv_text
from commonweal.documents.renderer import Attachment, render_pdf, renderer_version
from commonweal.documents.statements import RenderedDocument, style
from commonweal.documents.words import plain
from investors.tax_statements import TaxCertificate, TaxStatement
from loans.statements import COLUMNS, Issuer, Row

CERTIFICATE = "documents/tax_certificate.html"
STATEMENT = "documents/tax_statement.html"


@dataclass(frozen=True, slots=True)
class TaxHead:
    """How the document is named at its foot and in its metadata."""

    issuer: Issuer
    number: str
    what: str
    status: str
    is_provisional: bool = False


def render_tax_certificate(certificate: TaxCertificate) -> RenderedDocument:
    """The certificate, one page. Raises DocumentError, MissingSystemLibrary."""
    head = TaxHead(certificate.issuer, certificate.number, "Tax relief certificate", "issued")
    shown = {"head": head, "certificate": certificate}
    return _rendered(CERTIFICATE, shown, head, certificate.as_rows(), certificate.issued_on)


def render_tax_statement(statement: TaxStatement) -> RenderedDocument:
    """The statement of a tax year. Raises DocumentError, MissingSystemLibrary."""
    head = TaxHead(statement.issuer, statement.number, "Tax statement", "issued")
    shown = {"head": head, "statement": statement, "total": statement.total}
    return _rendered(STATEMENT, shown, head, statement.as_rows(), statement.issued_on)


def _rendered(
    template: str, shown: Mapping[str, Any], head: TaxHead, rows: tuple[Row, ...], issued_on: date
) -> RenderedDocument:
    name, figures = f"tax-relief-{plain(head.number)}.csv", csv_text(COLUMNS, rows)
    html = render_to_string(template, {**shown, "csv_name": name})
    pdf = render_pdf(
        html,
        stylesheets=[style()],
        attachments=[Attachment(name, figures, f"Every figure of {head.what.lower()} {head.number}")],
        created=datetime.combine(issued_on, time(), UTC),
    )
    return RenderedDocument(pdf, figures, html, sha256(pdf).hexdigest(), renderer_version())
