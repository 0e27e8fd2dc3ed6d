"""A certificate says who holds which part of which loan: once for what it says, anew where that changed."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from commonweal.demo.story import AMINA, HANA, RUTH, TOM
from commonweal.documents.issuing import content, recognise
from commonweal.documents.models import Document
from commonweal.documents.participation_certificate import certificate_of, issue_participation_certificate
from commonweal.templatetags.commonweal import day
from investors.models import Participation
from investors.queries import parts_in_force
from tests.demo import Demo
from tests.pages import look, send


def part_of(demo: Demo, code: str = "TST") -> Participation:
    """The part of the corner shop's loan that counts today."""
    return parts_in_force(demo.investor(code), demo.book, demo.book.business_date).get()


def words_of(document: Document, pdftotext: str) -> str:
    """What the PDF says."""
    found = subprocess.run([pdftotext, "-layout", "-", "-"], input=content(document), capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def test_it_says_what_is_agreed_and_stands_once(demo: Demo, pdftotext: str) -> None:
    part = part_of(demo)
    issued = issue_participation_certificate(participation=part, by=demo.user(AMINA))
    again = issue_participation_certificate(participation=part, by=demo.user(TOM))
    assert (again.document, again.repeated) == (issued.document, True)
    assert issued.document.file_name == "loan-participation-LP-L-0108-TST.pdf"
    said = words_of(issued.document, pdftotext)
    for words in (
        "Tideway Social Trust holds £10,500.00 of the £35,000.00 of loan L-0108, from",
        day(part.participation_set.effective_on),
        "Rank 2 of 3",
        "30% of the whole",
        "Netherby Corner Shop Society",
        certificate_of(part, "LP-L-0108-TST", None, is_anonymous=False).content_sha256[:32],
    ):
        assert words in said
    unnamed = issue_participation_certificate(participation=part, is_anonymous=True, by=demo.user(AMINA)).document
    said = words_of(unnamed, pdftotext)
    assert "A community business" in said
    assert "Netherby" not in said


def test_what_changed_is_certified_anew(demo: Demo) -> None:
    part = part_of(demo)
    first = issue_participation_certificate(participation=part, by=demo.user(AMINA)).document
    part.investor.name = "Tideway Trust"
    second = issue_participation_certificate(participation=part, by=demo.user(AMINA)).document
    assert (second.number, second.replaces) == ("LP-L-0108-TST.2", first)
    value = certificate_of(part, "LP-1", None, is_anonymous=False)
    assert value.content_sha256 != replace(value, rank=1).content_sha256


def test_the_desk_issues_the_holder_has_and_anybody_checks_it(demo: Demo) -> None:
    trust, part = demo.investor("TST"), part_of(demo)
    desk = f"/desk/harbour-hills/investors/{trust.pk}/"
    page = send(demo.client(AMINA), f"{desk}certificates/", part=str(part.pk))
    assert page.notices() == ["Certificate LP-L-0108-TST is issued, and among its documents."]
    page = send(demo.client(AMINA), f"{desk}certificates/", part=str(part.pk))
    assert page.notices() == ["Certificate LP-L-0108-TST stands already and says the same."]
    other = part_of(demo, "NRB")
    page = send(demo.client(AMINA), f"{desk}certificates/", part=str(other.pk))
    assert page.notices() == ["Choose the loan of which a certificate is wanted. Nothing was issued."]
    assert "Issue a certificate" in look(demo.client(RUTH), desk).forbidden()
    document = Document.objects.get(number="LP-L-0108-TST")
    assert "LP-L-0108-TST" in look(demo.client(HANA), "/investor/documents/").text
    assert recognise(content(document)) == document
    assert "LP-L-0108-TST" in send(demo.client(HANA), "/check/", sha256=document.sha256).text


def test_the_database_lets_no_certificate_in_for_what_somebody_else_holds(demo: Demo) -> None:
    document = issue_participation_certificate(participation=part_of(demo), by=demo.user(AMINA)).document
    others = part_of(demo, "NRB")
    for change in ({"investor": demo.investor("LOT")}, {"participation": others}, {"participation": None}):
        forged = Document.objects.get(pk=document.pk)
        forged.pk, forged.number, forged.subject = None, "LP-FORGED", "L-0108/FORGED"
        for name, value in change.items():
            setattr(forged, name, value)
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)
