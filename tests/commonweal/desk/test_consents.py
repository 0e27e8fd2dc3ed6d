"""Are lenders asked at the desk, answered for in their portal and by programs, and waited for?"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest

from commonweal.access.models import InvestorMembership, InvestorRole
from commonweal.demo.story import AMINA, HANA, PRIYA, TOM
from commonweal.letters.models import Letter
from investors.models import ConsentAnswer, ConsentAsked
from loans.models import WaiverDecision
from tests.builders import let_days_pass
from tests.demo import Demo
from tests.loans.covenanted import give_cash, make_covenant, make_waiver
from tests.pages import csv_rows, look, send

DESK, PORTAL = "/desk/harbour-hills/", "/investor/consents/"


@pytest.fixture
def path(demo: Demo) -> str:
    """The page of a covenant that is broken, with a waiver that Priya proposed."""
    tom, priya = demo.user(TOM), demo.user(PRIYA)
    covenant = make_covenant(demo.loan, by=tom)
    give_cash(demo.loan, "4900.00", by=priya)
    make_waiver(covenant, by=priya)
    return f"{DESK}loans/{demo.loan.pk}/covenants/{covenant.pk}/"


def ask(demo: Demo, path: str, **changes: str) -> ConsentAsked:
    """Ask the lenders on the form."""
    form = look(demo.client(PRIYA), path).link("Ask the lenders")
    given = {"words": "The grant came in October", "majority": "1/2", "answer_by": "2026-12-11"}
    send(demo.client(PRIYA), form, **given | changes)
    return ConsentAsked.objects.get()


def approve(demo: Demo, path: str) -> str:
    """What Tom reads when he lets the breach pass."""
    shown = look(demo.client(TOM), path)
    decide = next(str(form.get("action")) for form in shown.tree.iter("form") if "waivers" in str(form.get("action")))
    return send(demo.client(TOM), decide, sha256=shown.value("sha256"), decision="approve").text


def test_a_breach_passes_once_its_lenders_agree(demo: Demo, path: str) -> None:
    consent = ask(demo, path)
    assert Letter.objects.filter(kind="consent", about=f"{consent}-TST").count() == 1
    assert "asks the lenders of L-0108 for more than half of £35,000.00" in approve(demo, path)
    assert not WaiverDecision.objects.exists()
    hana = demo.client(HANA)
    shown = send(hana, f"{PORTAL}{consent.pk}/", agrees="yes")
    assert "Thank you. Your yes is recorded." in shown.text
    assert shown.facts("Answers of all lenders by amount")["Yes 30.00%"] == "£10,500.00"
    page = f"{DESK}consents/{consent.pk}/"
    bank = str(demo.investor("NRB").pk)
    unsaid = send(demo.client(PRIYA), f"{page}answers/", investor=bank, agrees="yes")
    assert unsaid.problems()[0].startswith("Say how you know what Northmoor Regional Bank answers")
    send(demo.client(PRIYA), f"{page}answers/", investor=bank, agrees="yes", source="Letter of 20 November")
    seen = look(demo.client(AMINA), page)
    assert [row.split(" | ")[1:] for row in seen.rows("Answers of the lenders")] == [
        ["Yes", "21,000.00", "60.00%"],
        ["Yes", "10,500.00", "30.00%"],
        ["No answer yet", "3,500.00", "10.00%"],
    ]
    assert "The majority is there." in seen.text
    headings, *rows = csv_rows(demo.client(AMINA), page)
    assert headings[0] == "Lender"
    assert [row[3] for row in rows] == ["Yes", "Yes", ""]
    assert "is let pass, at exactly this value" in approve(demo, path)
    closed = look(hana, f"{PORTAL}{consent.pk}/")
    assert "It is closed" in closed.text


@pytest.mark.parametrize(("agrees", "ends"), [("yes", "agree"), ("no", "refuse")])
def test_everybody_hears_how_a_count_ended(demo: Demo, path: str, agrees: str, ends: str) -> None:
    consent = ask(demo, path)
    send(demo.client(HANA), f"{PORTAL}{consent.pk}/", agrees="yes")
    counted = Letter.objects.filter(kind="consent", about=f"{consent}-TST-counted")
    waits = "Consent of lenders to act on"
    assert not counted.exists(), "30% of the parts decide nothing"
    assert waits not in look(demo.client(TOM), DESK).text
    said = {"investor": str(demo.investor("NRB").pk), "agrees": agrees, "source": "Its letter", "reason": "As it says"}
    for _ in range(2):
        send(demo.client(PRIYA), f"{DESK}consents/{consent.pk}/answers/", **said)
    letter = counted.get()
    assert letter.subject == f"The lenders of a loan to {demo.loan.organisation} {ends}"
    assert "£" not in letter.text
    home = look(demo.client(TOM), DESK)
    assert waits in home.text
    assert f"{consent}, {demo.loan.organisation}: the lenders {ends}" in home.text
    if agrees == "yes":
        approve(demo, path)
        assert waits not in look(demo.client(TOM), DESK).text


def test_a_count_that_lapsed_waits_for_somebody(demo: Demo, path: str) -> None:
    consent = ask(demo, path, answer_by=str(demo.book.business_date))
    let_days_pass(demo.book, to=demo.book.business_date + timedelta(days=1))
    assert f"{consent}, {demo.loan.organisation}: too few answered in time" in look(demo.client(TOM), DESK).text


def test_an_investor_answers_for_itself_and_sees_no_other(demo: Demo, path: str) -> None:
    consent = ask(demo, path, majority="2/3")
    address = f"{PORTAL}{consent.pk}/"
    page = look(demo.client(HANA), address)
    assert "Tideway" in page.title or "Let a breach pass" in page.title
    for other in ("Northmoor", "Lottery", "21,000.00"):
        assert other not in page.text
    assert send(demo.client(HANA), address, agrees="no").problems() == [
        "Say why not: the fund and the auditor read it. Nothing was changed."
    ]
    send(demo.client(HANA), address, agrees="no", reason="Twice in a year")
    assert ConsentAnswer.objects.get().investor == demo.investor("TST")
    listed = look(demo.client(HANA), PORTAL)
    assert "Consents" in listed.text
    headings, row = csv_rows(demo.client(HANA), PORTAL)
    assert dict(zip(headings, row, strict=True))["Your answer"] == "No"
    elsewhere = f"{address}?investor=NRB&fund=harbour-hills"
    assert demo.client(HANA).post(elsewhere, {"agrees": "yes"}).status_code == HTTPStatus.NOT_FOUND
    assert ConsentAnswer.objects.count() == 1


def test_who_only_reads_does_not_answer(demo: Demo, path: str) -> None:
    consent = ask(demo, path)
    InvestorMembership.objects.filter(user=demo.user(HANA)).update(role=InvestorRole.READS)
    page = look(demo.client(HANA), f"{PORTAL}{consent.pk}/")
    assert "You may read here, and not answer." in page.text
    refused = demo.client(HANA).post(f"{PORTAL}{consent.pk}/", {"agrees": "yes"})
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert not ConsentAnswer.objects.exists()


def test_who_was_never_asked_has_no_such_page_in_the_way(demo: Demo, path: str) -> None:
    assert f'href="{PORTAL}' not in demo.client(HANA).get("/investor/").content.decode()
    ask(demo, path)
    assert f'href="{PORTAL}' in demo.client(HANA).get("/investor/").content.decode()
    assert look(demo.client(PRIYA), f"{DESK}consents/").rows("Consents")[0].startswith("C-")
