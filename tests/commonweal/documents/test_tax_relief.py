"""A certificate is issued by two people as a document, and a tax year's statement says what may be claimed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from commonweal.documents.issuing import content, recognise
from commonweal.documents.models import Document
from commonweal.documents.tax_issuing import issue_tax_certificate, issue_tax_statement
from commonweal.jobs.errors import UnknownPeriod
from commonweal.jobs.tax_relief import issue_certificate, issue_tax_statements, tax_year_in
from investors.domain.citr.tax_year import TaxYear
from investors.services import decline_certificate, propose_certificate
from ledger.domain.errors import SameTwoEyes
from loans.statements import StatementTooEarly
from tests.builders import pounds
from tests.investors.citr.world import Scheme, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def said(pdftotext: str) -> Callable[[Document], str]:
    """The words of a document."""

    def read(document: Document) -> str:
        found = subprocess.run(
            [pdftotext, "-layout", "-", "-"], input=content(document), capture_output=True, check=True
        )
        return " ".join(found.stdout.decode().split())

    return read


def test_a_certificate_becomes_a_document_in_the_same_step(scheme: Scheme, said: Callable[[Document], str]) -> None:
    terms = {"drawn": pounds("40000.00"), "drawdown_until": date(2026, 11, 1)}
    one = scheme.invest("100000.00", date(2025, 5, 1), **terms)
    made = propose_certificate(investment=one, by=scheme.priya)
    with pytest.raises(SameTwoEyes):
        issue_certificate(certificate=made, shown_sha256=made.content_sha256, by=scheme.priya)
    assert not Document.objects.exists()
    document = issue_certificate(certificate=made, shown_sha256=made.content_sha256, by=scheme.tom).document
    assert (document.number, document.investor, document.file_name) == (
        f"CITR-{one.pk}",
        scheme.meadow,
        f"tax-certificate-CITR-{one.pk}.pdf",
    )
    text = said(document)
    assert "£100,000.00 was invested on 1 May 2025" in text
    assert "541 days after 31 May 2025" in text
    assert made.content_sha256 in text.replace(" ", "")
    assert recognise(content(document)) == document
    made.refresh_from_db()
    assert issue_tax_certificate(made, by=scheme.tom).repeated


def test_the_database_keeps_no_certificate_to_which_nobody_agreed(scheme: Scheme) -> None:
    made = propose_certificate(investment=scheme.invest("10000.00", date(2025, 5, 1)), by=scheme.priya)
    decline_certificate(certificate=made, shown_sha256=made.content_sha256, reason="Wrong name", by=scheme.tom)
    made.decision.issued_on = date(2026, 11, 23)
    with pytest.raises(DatabaseError, match="is not one that a second person agreed to issue"), transaction.atomic():
        issue_tax_certificate(made, by=scheme.tom)


def test_a_statement_is_issued_anew_only_where_something_became_known(
    scheme: Scheme, said: Callable[[Document], str]
) -> None:
    one = scheme.invest("10000.00", date(2019, 6, 1))
    scheme.certify(one)
    (first,) = issue_tax_statements(book=scheme.book, tax_year=TaxYear(2021), by=scheme.tom)
    assert first.document.number == "T2021-22-MDW"
    assert "For 2021-22 you may claim relief of £500.00." in said(first.document)
    assert "Into the next year, at most £1,500.00" in said(first.document)
    given = {"investor": scheme.meadow, "book": scheme.book, "by": scheme.tom}
    again = issue_tax_statement(tax_year=TaxYear(2021), **given)
    assert again is not None
    assert again.repeated
    scheme.repay(one, "2000.00", date(2021, 12, 1))
    later = issue_tax_statement(tax_year=TaxYear(2021), **given)
    assert later is not None
    assert (later.document.number, later.document.replaces) == ("T2021-22-MDW.2", first.document)
    assert "£450.14 (estimate)" in said(later.document)
    assert issue_tax_statement(tax_year=TaxYear(2024), **given) is None, "the five years are over"
    with pytest.raises(StatementTooEarly, match="The tax year 2026-27 runs to 5 April 2027"):
        issue_tax_statement(tax_year=TaxYear(2026), **given)


@pytest.mark.parametrize("text", ["2025", "2025-27", "2025-26-27", "1925-26"])
def test_what_is_no_tax_year(text: str) -> None:
    assert tax_year_in("2025-26") == TaxYear(2025)
    with pytest.raises(UnknownPeriod):
        tax_year_in(text)
