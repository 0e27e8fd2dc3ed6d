"""The limits at the desk: who may approve up to which cost, set by somebody else."""

from __future__ import annotations

from commonweal.demo.story import AMINA, RUTH, TOM
from loans.models import Authority
from tests.demo import Demo
from tests.pages import Shown, look

PAGE = "/desk/harbour-hills/proposals/limits/"
GIVEN = {"kind": "written_off", "person": "", "limit": "500.00", "on": "2026-11-23"}


def test_a_manager_sets_limits_that_then_bind(demo: Demo) -> None:
    empty = look(demo.client(TOM), PAGE)
    assert "No limit is set yet" in empty.text
    client, amina = demo.client(TOM), demo.user(AMINA)
    client.post(f"{PAGE}set/", GIVEN)
    client.post(f"{PAGE}set/", GIVEN | {"person": str(amina.pk), "limit": "2,000.00"})
    shown = look(client, PAGE)
    assert shown.rows("Limits in force") == [
        "Everybody else | – | – | 500.00",
        f"{amina.name} | as everybody else | as everybody else | 2,000.00",
    ]
    assert Authority.objects.count() == 2


def test_nobody_sets_their_own_limit_nor_raises_it(demo: Demo) -> None:
    client, tom = demo.client(TOM), demo.user(TOM)
    assert Shown(client.post(f"{PAGE}set/", GIVEN | {"person": str(tom.pk)})).problems()
    client.post(f"{PAGE}set/", GIVEN)
    refused = Shown(client.post(f"{PAGE}set/", GIVEN | {"limit": "600.00"}))
    assert "would raise your own limit of £500.00" in " ".join(map(str, refused.problems()))
    assert Authority.objects.count() == 1


def test_who_may_not_set_limits_reads_why(demo: Demo) -> None:
    assert "Only a fund manager" in look(demo.client(RUTH), PAGE).forbidden()["Set the limit"]
