"""Are the people at an investor kept once, changed by a row that takes the place of the last, and told of notices?"""

from __future__ import annotations

import pytest

from commonweal.access.models import InvestorMembership
from commonweal.demo.story import AMINA, HANA, RUTH
from commonweal.letters.writing import people_for_notices
from investors.domain.contacts import ContactRole
from investors.domain.errors import ImpossibleContact
from investors.queries import contacts_of
from investors.services import Particulars, end_contact, keep_contact
from tests.builders import make_user
from tests.demo import Demo
from tests.pages import csv_rows, look, send


def test_a_contact_is_kept_once_changed_and_ended(demo: Demo) -> None:
    trust, by = demo.investor("TST"), demo.user(AMINA)
    ann = keep_contact(investor=trust, said=Particulars("Ann", ContactRole.FINANCE, "ann@tst.example"), by=by)
    assert keep_contact(investor=trust, said=Particulars(" Ann ", ContactRole.FINANCE, "ann@tst.example"), by=by) == ann
    with pytest.raises(ImpossibleContact, match="has the e-mail address"):
        keep_contact(investor=trust, said=Particulars("Bea", ContactRole.OTHER, "ANN@tst.example"), by=by)
    said = Particulars("Ann Rowe", ContactRole.SIGNATORY, "ann@tst.example", gets_notices=True)
    anew = keep_contact(investor=trust, said=said, replaces=ann, by=by)
    assert keep_contact(investor=trust, said=said, replaces=anew, by=by) == anew
    assert list(contacts_of(trust)) == [anew]
    ended = end_contact(contact=anew, by=by)
    assert end_contact(contact=anew, by=by) == ended
    assert not contacts_of(trust).exists()
    assert keep_contact(investor=trust, said=said, by=by).replaces is None


def test_notices_are_told_to_those_who_get_them_and_else_to_all(demo: Demo) -> None:
    trust, hana, ben = demo.investor("TST"), demo.user(HANA), make_user(name="Ben")
    InvestorMembership.objects.create(user=ben, investor=trust)
    assert people_for_notices(trust) == [hana, ben]
    said = Particulars("Ben", ContactRole.FINANCE, ben.email.upper(), gets_notices=True)
    keep_contact(investor=trust, said=said, by=demo.user(AMINA))
    assert people_for_notices(trust) == [ben]


def test_the_desk_keeps_changes_and_ends_them(demo: Demo) -> None:
    trust, hana = demo.investor("TST"), demo.user(HANA)
    path = f"/desk/harbour-hills/investors/{trust.pk}/contacts/"
    page = look(demo.client(AMINA), path)
    assert f"In the portal, and no contact Hana Okafor ({hana.email})" in page.text
    said = {"name": "Hana Okafor", "role": "reporting", "email": hana.email, "gets_notices": "on"}
    page = send(demo.client(AMINA), path, **said)
    assert page.notices() == ["Hana Okafor is kept as a contact of Tideway Social Trust."]
    kept = f"Hana Okafor Reads the reports | {hana.email} | Told by e-mail | Reads and acts"
    assert page.rows("People")[0].startswith(kept)
    (contact,) = contacts_of(trust)
    page = send(demo.client(AMINA), path, **said | {"change": str(contact.pk), "phone": "01632 960001"})
    assert csv_rows(demo.client(AMINA), path)[1][3] == "01632 960001"
    (contact,) = contacts_of(trust)
    page = send(demo.client(AMINA), f"{path}{contact.pk}/end/")
    assert page.notices() == ["Hana Okafor is no contact of Tideway Social Trust any more."]
    assert "Keep" in look(demo.client(RUTH), path).forbidden()
