"""Who may read the books with psql holds no key to anybody's account."""

from __future__ import annotations

from http import HTTPStatus

import psycopg
import pytest
from django.test import Client

from commonweal.access.models import User
from commonweal.letters.own_links import own_link
from tests.commonweal.access.people import make_staff
from tests.commonweal.access.test_invitations import LINK
from tests.loans.builders import make_fund


@pytest.mark.committing
def test_the_auditor_reads_who_is_there_and_no_key_to_an_account(auditor_connection: psycopg.Connection) -> None:
    """A session's key is its person to the web, and a session holds a link to a password while that is chosen."""
    tom = make_staff(make_fund().book, "manager", "Tom Ashworth")
    logged_in, choosing = Client(), Client()
    logged_in.force_login(tom)
    link = LINK.search(own_link(tom))
    assert link
    assert choosing.get(link[1], follow=True).status_code == HTTPStatus.OK
    for question in (
        "SELECT session_key FROM django_session",
        "SELECT session_data FROM django_session",
        "SELECT password FROM access_user",
        "SELECT * FROM access_user",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            auditor_connection.execute(question)
    known = auditor_connection.execute("SELECT id, email, name, is_active, last_login FROM access_user").fetchall()
    assert (tom.pk, tom.email, "Tom Ashworth", True) in [row[:4] for row in known]
    assert len(known) == User.objects.count()
