"""Who reads for an investor changes nothing for it, by page and by program; who acts does; at each investor its own."""

from __future__ import annotations

from http import HTTPStatus
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from commonweal.access.models import InvestorMembership, InvestorRole, User
from commonweal.access.rules import Role
from commonweal.access.table import TABLE
from commonweal.demo.story import HANA, TOM
from commonweal.letters.models import Message
from tests.demo import Demo
from tests.pages import look

MESSAGES, ACCOUNT = "/investor/messages/", "/investor/payments/bank-details/"
ASKED = {"topic": "question", "text": "When is the next payout?"}
OWN_CHOICES = {"investor:emails", "api:investor-messages-read"}
"""What a reader may send: which e-mails come to it, and that it has read."""


def made(demo: Demo, code: str, role: InvestorRole) -> None:
    InvestorMembership.objects.update_or_create(
        user=demo.user(HANA), investor=demo.investor(code), defaults={"role": role}
    )


def test_the_table_lets_readers_send_nothing_but_their_own_choices() -> None:
    writes = {
        name
        for name, rule in TABLE.items()
        for method, permission in rule.permissions.items()
        if method != "GET" and Role.INVESTOR in permission.roles
    }
    assert writes == OWN_CHOICES


def test_a_reader_reads_everything_and_is_told_why_it_cannot_ask(demo: Demo) -> None:
    made(demo, "TST", InvestorRole.READS)
    hana, said = demo.client(HANA), Message.objects.count()
    for path in ("", "fund/", "payments/", "documents/", "coming-back/"):
        assert hana.get(f"/investor/{path}").status_code == HTTPStatus.OK
    for path in (MESSAGES, ACCOUNT):
        page = look(hana, path)
        assert "You may read here, and not" in page.text
        assert "<textarea" not in hana.get(path).content.decode()
        answer = hana.post(path, ASKED)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Only a person who may act for an investor may" in answer.content.decode()
        assert "You are an investor." in answer.content.decode()
    trust = demo.investor("TST").pk
    at = f"/api/v1/books/{demo.book.code}/investors/{trust}/messages/"
    assert hana.get(at).status_code == HTTPStatus.OK
    answer = hana.post(at, ASKED, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (HTTPStatus.FORBIDDEN, "forbidden")
    assert Message.objects.count() == said
    made(demo, "TST", InvestorRole.ACTS)
    assert hana.post(MESSAGES, ASKED).status_code == HTTPStatus.FOUND
    assert Message.objects.count() == said + 1


def test_who_acts_for_one_investor_does_not_act_for_another_that_it_reads(demo: Demo) -> None:
    made(demo, "TST", InvestorRole.READS)
    made(demo, "NRB", InvestorRole.ACTS)
    hana, said = demo.client(HANA), Message.objects.count()
    assert hana.get(f"{MESSAGES}?investor=TST").status_code == HTTPStatus.OK
    assert hana.post(f"{MESSAGES}?investor=TST", ASKED).status_code == HTTPStatus.NOT_FOUND
    assert "You may read here, and not" in look(hana, f"{MESSAGES}?investor=TST").text
    assert Message.objects.count() == said
    assert hana.post(f"{MESSAGES}?investor=NRB", ASKED).status_code == HTTPStatus.FOUND
    assert Message.objects.latest("pk").investor == demo.investor("NRB")


def test_the_command_gives_a_role_at_an_investor_and_the_desk_says_it(demo: Demo) -> None:
    def told(*more: str) -> str:
        out = StringIO()
        call_command("add_member", "ann@tideway.example", "--name", "Ann Lee", *more, stdout=out)
        return out.getvalue()

    words = told("--investor", "TST", "--role", "reads")
    assert words.startswith("Ann Lee reads for Tideway Social Trust in the portal.")
    assert "reads and acts for" in told("--investor", "TST", "--role", "acts")
    ann = User.objects.get(email="ann@tideway.example")
    mine = InvestorMembership.objects.get(user=ann)
    assert (mine.investor, mine.role) == (demo.investor("TST"), InvestorRole.ACTS)
    page = look(demo.client(TOM), f"/desk/harbour-hills/investors/{demo.investor('TST').pk}/contacts/")
    assert "Ann Lee (ann@tideway.example): reads and acts" in page.text
    with pytest.raises(CommandError, match=r"manager is no role at an investor\. Choose reads or acts"):
        told("--investor", "TST", "--role", "manager")
    with pytest.raises(CommandError, match="No investor has the code 'XYZ'"):
        told("--investor", "XYZ", "--role", "reads")
    with pytest.raises(IntegrityError), transaction.atomic():
        InvestorMembership.objects.filter(pk=mine.pk).update(role="owns")
