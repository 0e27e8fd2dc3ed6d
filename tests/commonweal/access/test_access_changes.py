"""Who could see what, from when to when: each change stays, and who left sees nothing any more."""

from __future__ import annotations

from http import HTTPStatus
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.test import Client

from commonweal.access.models import AccessChange, BorrowerMembership, InvestorMembership, InvestorRole, User
from commonweal.demo import story
from tests.demo import Demo
from tests.pages import look

EMAIL = "ann@tideway.example"


def run(*arguments: str) -> str:
    """What a command prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def noted(**of: object) -> list[tuple[str, str]]:
    """What was noted of somebody, the earliest first."""
    return list(AccessChange.objects.filter(user__email=EMAIL, **of).values_list("kind", "role"))


def test_what_is_given_changed_and_ended_is_noted_and_shown(demo: Demo) -> None:
    person, investor = (EMAIL, "--name", "Ann Lee"), demo.investor("TST")
    run("add_member", *person, "--investor", "TST", "--role", "reads")
    run("add_member", *person, "--investor", "TST", "--role", "reads")
    run("add_member", *person, "--investor", "TST", "--role", "acts")
    assert run("end_member", EMAIL, "--investor", "TST") == "Ann Lee has no access to Tideway Social Trust any more.\n"
    assert noted(investor=investor) == [("given", "reads"), ("changed", "acts"), ("ended", "acts")]
    told = run("list_access", "--investor", "TST").splitlines()
    assert [line.partition("  ")[2] for line in told if EMAIL in line] == [
        f"Ann Lee ({EMAIL}): Reads",
        f"Ann Lee ({EMAIL}): Reads and acts",
        f"Ann Lee ({EMAIL}): Reads and acts, ended",
    ]
    page = look(demo.client(story.TOM), f"/desk/harbour-hills/people/investors/{investor.pk}/")
    assert "Reads and acts, ended" in page.rows("What was given, changed and ended")[0]
    with pytest.raises(CommandError, match=rf"{EMAIL} has no access to Tideway Social Trust\. Check the address"):
        run("end_member", EMAIL, "--investor", "TST")


def test_who_acts_for_a_business_is_given_and_ended_by_the_command(demo: Demo) -> None:
    shop = demo.loan.organisation
    assert run("add_member", EMAIL, "--name", "Ann Lee", "--business", shop.society_number).startswith(
        f"Ann Lee reads and acts for {shop} in the portal."
    )
    client = Client()
    client.force_login(User.objects.get(email=EMAIL))
    assert client.get(f"/borrower/loans/{demo.loan.pk}/").status_code == HTTPStatus.OK
    run("end_member", EMAIL, "--business", str(shop.pk))
    assert client.get(f"/borrower/loans/{demo.loan.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert noted(organisation=shop) == [("given", "acts"), ("ended", "acts")]
    with pytest.raises(CommandError, match="No business has the number 'RS1'"):
        run("add_member", EMAIL, "--name", "Ann Lee", "--business", "RS1")
    with pytest.raises(CommandError, match=r"auditor is no role for a business\. Choose acts"):
        run("add_member", EMAIL, "--name", "Ann Lee", "--business", str(shop.pk), "--role", "auditor")


def test_the_database_notes_it_whoever_changes_it(demo: Demo) -> None:
    ann = User.objects.create_user(email=EMAIL, name="Ann Lee")
    mine = InvestorMembership.objects.create(user=ann, investor=demo.investor("TST"), role=InvestorRole.READS)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_investormembership SET investor_id = %s WHERE id = %s", [demo.investor("NRB").pk, mine.pk]
        )
    assert noted() == [("given", "reads"), ("ended", "reads"), ("given", "reads")]
    BorrowerMembership.objects.create(user=ann, organisation=demo.loan.organisation)
    BorrowerMembership.objects.filter(user=ann).delete()
    assert noted()[3:] == [("given", "acts"), ("ended", "acts")]


@pytest.mark.parametrize("doing", ["UPDATE access_accesschange SET role = 'reads'", "DELETE FROM access_accesschange"])
def test_what_is_noted_stays(demo: Demo, doing: str) -> None:
    refused = pytest.raises(DatabaseError, match="permission denied for table access_accesschange")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(doing)
