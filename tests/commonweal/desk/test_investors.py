"""Is an investor registered at the desk, found before it has money, and is its capital in the list?"""

from __future__ import annotations

from commonweal.demo.story import AMINA, PRIYA, TOM
from investors.models import Investor
from tests.demo import Demo
from tests.pages import csv_rows, look, send

LIST = "/desk/harbour-hills/investors/"
OAK = {"name": "Oak Foundation", "kind": "foundation", "code": "oak", "registered_number": "1099001"}


def test_an_investor_is_registered_and_chosen_for_a_commitment(demo: Demo) -> None:
    amina = demo.client(AMINA)
    assert look(amina, LIST).link("Register an investor") == f"{LIST}new/"
    page = send(amina, f"{LIST}new/", **OAK)
    assert page.notices() == ["Oak Foundation is registered. It pays in with the reference INV-OAK."]
    oak = Investor.objects.get(code="OAK")
    assert (oak.name, oak.kind, oak.registered_number) == ("Oak Foundation", "foundation", "1099001")
    assert "OAK · Foundation · pays in with the reference INV-OAK" in page.text
    assert look(amina, LIST).link("Oak Foundation") == f"{LIST}{oak.pk}/"
    for further in ("contacts/", "tax/"):
        assert "Oak Foundation" in look(amina, f"{LIST}{oak.pk}/{further}").text
    assert "Oak Foundation" not in "".join(look(amina, LIST).rows("Investors")), "no figures before there are any"


def test_the_same_again_makes_nothing_and_another_name_is_refused(demo: Demo) -> None:
    tom, before = demo.client(TOM), Investor.objects.count()
    for _ in range(2):
        assert not send(tom, f"{LIST}new/", **OAK).problems()
    assert Investor.objects.count() == before + 1
    (problem,) = send(tom, f"{LIST}new/", **OAK | {"name": "Oak Trust"}).problems()
    assert problem.startswith("OAK is registered as Oak Foundation, with another name.")
    assert send(tom, f"{LIST}new/", name="", kind="", code="L-9").problems() == [
        "Enter the registered name",
        "Choose an answer under “Kind”",
    ]


def test_who_may_not_register_is_told_who_may(demo: Demo) -> None:
    why = look(demo.client(PRIYA), LIST).forbidden()["Register an investor"]
    assert why.startswith("Only a fund manager or a finance officer may register an investor.")
    assert csv_rows(demo.client(PRIYA), LIST)[0][-3:] == ["Principal", "Capital", "Held for it"]
