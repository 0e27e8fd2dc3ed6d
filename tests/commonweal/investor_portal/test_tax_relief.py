"""The investor reads what may be claimed and downloads its certificate, and anybody can check that it is genuine."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonweal.demo.story import AMINA, HANA, OWEN, PRIYA, TOM
from commonweal.documents.issuing import content
from commonweal.documents.models import Document
from commonweal.jobs.tax_relief import issue_certificate, issue_tax_statements
from investors.domain.citr.tax_year import TaxYear
from tests.demo import Demo
from tests.pages import Shown, csv_rows, look, send
from tests.tax_relief import tell_scheme

HERE = "/investor/tax-relief/"


def test_what_may_be_claimed_and_the_papers_for_it(demo: Demo) -> None:
    hana = demo.client(HANA)
    assert "No tax-relieved investment" in look(hana, HERE).text
    one = tell_scheme(demo.book, demo.loan, demo.investor("TST"), demo.user(PRIYA))
    page = look(hana, HERE)
    assert "For the tax year 2025-26 you may claim relief of £0.00." in page.text
    assert "No certificate yet" in page.text
    made = one.certificates.get()
    issue_certificate(certificate=made, shown_sha256=made.content_sha256, by=demo.user(TOM))
    issue_tax_statements(book=demo.book, tax_year=TaxYear(2025), by=demo.user(AMINA))
    page = look(hana, HERE)
    assert "For the tax year 2025-26 you may claim relief of £2,900.00." in page.text
    document = Document.objects.get(kind="tax-certificate")
    assert page.link(f"Tax relief certificate CITR-{one.pk} (PDF)") == f"/investor/documents/{document.pk}/"
    assert [row[:5] for row in csv_rows(hana, HERE)[1:3]] == [
        [f"CITR-{one.pk}", "2024-25", "59254.79", "2962.74", "2962.74"],
        [f"CITR-{one.pk}", "2025-26", "58000.00", "2900.00", "2900.00"],
    ]
    assert "Tax statement, 6 Apr 2025 to 5 Apr 2026 (PDF) T2025-26-TST" in look(hana, "/investor/documents/").text
    assert demo.client(OWEN).get(f"/investor/documents/{document.pk}/").status_code == 404


def test_anybody_checks_a_certificate(demo: Demo) -> None:
    one = tell_scheme(demo.book, demo.loan, demo.investor("TST"), demo.user(PRIYA))
    made = one.certificates.get()
    document = issue_certificate(certificate=made, shown_sha256=made.content_sha256, by=demo.user(TOM)).document
    anybody, genuine = Client(), content(document)
    page = send(anybody, "/check/", sha256=document.sha256.upper())
    assert f"Genuine. Tax relief certificate CITR-{one.pk}, issued by Harbour & Hills Community Fund" in page.text
    assert "Tideway" not in page.text
    for pdf, says in ((genuine, "Genuine."), (genuine[:-1] + b"\r", "Not recognised.")):
        sent = SimpleUploadedFile("certificate.pdf", pdf)
        assert says in Shown(anybody.post("/check/", {"file": sent})).text
    assert send(anybody, "/check/").problems() == ["Choose the file, or write its SHA-256"]
    assert send(anybody, "/check/", sha256="abc").problems() == ["A SHA-256 has 64 digits and letters from a to f"]
