"""From what residents say to a page that anybody may read: the desk, the public and a program."""

from __future__ import annotations

import json

from django.test import Client

from borrowers.domain.outcomes import Use
from borrowers.services import say_consents
from commonweal.demo.story import JO, PRIYA, RUTH, TOM
from loans.models import Neighbourhood, Priority
from tests.demo import Demo
from tests.pages import csv_rows, look, send

LIST = "/desk/harbour-hills/neighbourhoods/"
API = "/api/v1/books/harbour-hills/neighbourhoods/"


def told(demo: Demo) -> str:
    """The address of a neighbourhood at the desk, with a priority that the shop's loan answers."""
    priya = demo.client(PRIYA)
    send(priya, LIST, name="Netherby", areas="E01900001, e01900002")
    page = f"{LIST}{Neighbourhood.objects.get().pk}/"
    send(priya, page, text="Somewhere to buy fresh food", source="A meeting of 40 people", told_on="2026-05-09")
    wish = Priority.objects.get().pk
    how = {"how": "Fridges, and a till that takes cards", "is_answer": "yes"}
    shown = send(priya, f"{page}loans/", priority=str(wish), loan=str(demo.loan.pk), **how)
    assert shown.notices() == ["It is kept which loan answers the priority."]
    return page


def consents(demo: Demo, **given: bool) -> None:
    """What the shop agrees to, or no more."""
    uses = {Use(name.replace("_", "-")): is_given for name, is_given in given.items()}
    say_consents(organisation=demo.loan.organisation, given=uses, on=demo.book.business_date, by=demo.user(JO))


def public() -> str:
    """The address of the page for anybody."""
    return f"/neighbourhoods/{Neighbourhood.objects.get().pk}/"


def test_nobody_reads_of_it_before_a_manager_opens_the_page(demo: Demo) -> None:
    page = told(demo)
    assert Client().get(public()).status_code == 404
    assert "No neighbourhood is shown yet" in look(Client(), "/neighbourhoods/").text
    assert demo.client(PRIYA).post(f"{page}page/", {"is_shown": "yes"}).status_code == 403
    opened = send(demo.client(TOM), f"{page}page/", is_shown="yes")
    assert opened.notices() == ["Netherby can be read by anybody."]
    assert look(Client(), "/neighbourhoods/").rows("Neighbourhoods") == ["Netherby | Harbour & Hills Community Fund"]
    send(demo.client(TOM), f"{page}page/", is_shown="no")
    assert Client().get(public()).status_code == 404


def test_the_public_reads_of_a_loan_only_with_consent(demo: Demo) -> None:
    send(demo.client(TOM), f"{told(demo)}page/", is_shown="yes")
    name = str(demo.loan.organisation)
    consents(demo, open_data=False)
    before = look(Client(), public()).text
    assert "Somewhere to buy fresh food A meeting of 40 people, 9 May 2026" in before
    assert "A loan answers it. How many is not told, because so few could be recognised." in before
    assert name not in before
    assert "Fridges" not in before
    assert "35,000" not in before
    consents(demo, open_data=True)
    after = look(Client(), public()).text
    assert f"{name} Fridges, and a till that takes cards £35,000.00 lent by 31 October 2026" in after


def test_the_desk_says_what_the_public_does_not_read(demo: Demo) -> None:
    page = told(demo)
    consents(demo, open_data=False)
    shown = look(demo.client(RUTH), page)
    assert shown.rows("Somewhere to buy fresh food") == [
        f"L-0108 {demo.loan.organisation} | Fridges, and a till that takes cards | £35,000.00 | Not named no consent"
    ]
    assert "how many others there are is hidden" in shown.text
    assert set(shown.forbidden()) == {"Keep it", "Keep the priority", "Open it"}
    assert csv_rows(demo.client(RUTH), page)[1][-2:] == ["35000.00", "no"]
    assert csv_rows(demo.client(RUTH), LIST)[1] == ["Netherby", "E01900001 E01900002", "1", "1", "no"]


def test_what_is_wrong_stands_beside_the_form(demo: Demo) -> None:
    page = told(demo)
    shown = send(demo.client(PRIYA), page, text="Ring 01228 555 0123", source="A survey", told_on="2026-05-09")
    assert "looks like an e-mail address or a telephone number" in shown.problems()[0]
    assert shown.value("source") == "A survey"
    assert "is not written as the code" in send(demo.client(PRIYA), LIST, name="X", areas="Carlisle").problems()[0]


def test_a_program_does_the_same(demo: Demo) -> None:
    told(demo)
    client = demo.client(TOM)
    address = f"{API}{Neighbourhood.objects.get().pk}/"
    answer = client.get(address).json()
    (priority,) = answer["priorities"]
    assert priority["loans"][0]["lent"] == {"amount": "35000.00", "currency": "GBP"}
    assert answer["neighbourhood"]["areas"] == ["E01900001", "E01900002"]
    opened = client.post(
        f"{address}page/", json.dumps({"is_shown": True}), "application/json", headers={"Idempotency-Key": "open"}
    )
    assert (opened.status_code, opened.json()["neighbourhood"]["is_shown"]) == (201, True)
    assert client.get(API).json()["results"][0]["is_shown"] is True
