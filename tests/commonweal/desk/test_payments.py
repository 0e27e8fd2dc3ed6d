"""Paying at the desk: Amina ticks and makes a file, Tom checks it, it is downloaded, and the bank refuses one of it."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonweal.access.models import User
from ledger.models import PaymentFile
from tests.commonweal.access.people import make_staff
from tests.ledger.payment_world import SHOPS, Paying, confirm_account, draw, make_paying
from tests.pages import Shown, look

DESK = "/desk/harbour-hills/"
PAGE = f"{DESK}payments/"


def client(person: User) -> Client:
    """Somebody who is logged in."""
    found = Client()
    found.force_login(person)
    return found


def people(paying: Paying) -> tuple[Client, Client]:
    """Two members of the finance team."""
    return client(make_staff(paying.book, "finance")), client(make_staff(paying.book, "manager"))


@pytest.mark.django_db
def test_a_payment_is_made_by_two_people() -> None:
    paying = make_paying()
    amina, tom = people(paying)
    shown = look(amina, PAGE)
    assert [row.split(" | ") for row in shown.rows("What there is to pay")] == [
        ["Netherby Corner Shop Society, £2,400.00 for HH-0108", "Drawdown HH-0108", "Account ending 6819", "2,400.00"],
        ["Netherby Corner Shop Society, £2,800.00 for HH-0109", "Drawdown HH-0109", "Account ending 9911", "2,800.00"],
    ]
    assert "£5,200.00 is on its way and in no payment file" in look(amina, DESK).text
    sources = shown.tree.xpath("//input[@name='pay']/@value")
    form = {"bank_account": "MAIN", "requested_on": "2026-11-23", "format": "pain.001.001.09"}
    nothing = Shown(amina.post(f"{PAGE}files/", form))
    assert nothing.problems() == [
        "A payment file without payments pays nobody. Choose at least one; nothing was changed."
    ]
    assert amina.post(f"{PAGE}files/", {**form, "pay": sources}).status_code == 302
    file = PaymentFile.objects.get()
    one = f"{PAGE}files/{file.pk}/"
    assert "so a colleague has to check it" in look(amina, one).text
    assert "Payment file 1, £5,200.00, by" in look(tom, DESK).text
    amina.post(f"{one}check/", {"sha256": file.content_sha256})
    assert tom.post(f"{one}file/").status_code == 302
    tom.post(f"{one}check/", {"sha256": file.content_sha256})
    taken = amina.post(f"{one}file/")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="harbour-hills-0001.xml"'
    assert hashlib.sha256(taken.content).hexdigest() == file.file_sha256
    payment = file.payments.first()
    assert payment is not None
    amina.post(f"{PAGE}{payment.pk}/refused/", {"reason": "The account is closed"})
    rows = look(tom, one).rows("Payments of the file")
    assert "Refused by the bank Refused by the bank on 23 November 2026: The account is closed" in rows[0]
    assert [row.split(" | ")[3] for row in look(tom, PAGE).rows("Payment files")] == ["At the bank, 1 of 2 settled"]


@pytest.mark.django_db
def test_the_list_costs_the_same_however_long() -> None:
    paying = make_paying(1)
    amina, _ = people(paying)
    paying.sent()
    costs = []
    for shop, sort_code, number in (("8125", *SHOPS[0][1:]), ("8126", *SHOPS[1][1:]), ("8127", *SHOPS[1][1:])):
        loan = draw(paying.fund, shop)
        confirm_account(paying.book, f"organisation:{loan.organisation_id}", sort_code, number)
        with CaptureQueriesContext(connection) as asked:
            assert amina.get(PAGE).status_code == 200
        costs.append(len(asked))
    assert len(set(costs)) == 1, costs
