"""Programs that act for a person, with a token."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from commonweal.access.models import ApiToken, User
from commonweal.access.tokens import find_token, make_token, revoke_token
from tests.builders import make_book, make_user
from tests.commonweal.access import urls
from tests.commonweal.access.people import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.commonweal.access.urls")]

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def small_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small product's table in place of the real one."""
    monkeypatch.setattr("commonweal.access.enforce.TABLE", urls.RULES)


@pytest.fixture
def priya() -> User:
    """A loan officer."""
    return make_staff(make_book(code="hills"), "officer", "Priya Nair")


def ask(text: str, path: str = "/api/v1/loans/", method: str = "get", scheme: str = "Bearer") -> Any:
    return getattr(Client(), method)(path, headers={"Authorization": f"{scheme} {text}"})


def test_only_the_hash_of_a_token_is_kept(priya: User) -> None:
    token, text = make_token(user=priya, label="month end")
    assert text.startswith("cw_")
    assert len(text) > 40
    assert ApiToken.objects.values_list("digest", flat=True).get() == hashlib.sha256(text.encode()).hexdigest()
    assert text not in str(list(ApiToken.objects.values()))
    assert str(token) == f"{text[:11]}… (month end)"


def test_a_token_does_what_its_person_may(priya: User) -> None:
    _, text = make_token(user=priya, label="month end")
    assert ask(text).status_code == 200
    assert ask(text, scheme="bearer").status_code == 200
    assert ask(text, method="post").status_code == 200
    assert ask(text, "/api/v1/new/").status_code == 404


@pytest.mark.parametrize("text", ["cw_unknown", "", "cw_" + "x" * 500])
def test_an_unknown_token_is_told_so(text: str) -> None:
    answer = ask(text)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert json.loads(answer.content)["error"]["message"].startswith("This token is not known, or has been revoked.")


def test_a_token_that_was_revoked_or_whose_person_left_counts_no_more(priya: User) -> None:
    token, text = make_token(user=priya, label="month end")
    priya.is_active = False
    priya.save()
    assert ask(text).status_code == 401
    priya.is_active = True
    priya.save()
    revoke_token(token=token, at=datetime(2026, 11, 23, tzinfo=UTC))
    assert ask(text).status_code == 401


def test_a_token_opens_no_page(priya: User) -> None:
    _, text = make_token(user=priya, label="month end")
    assert ask(text, "/desk/hills/").status_code == 302


def test_an_unknown_token_is_not_overlooked_where_one_has_logged_in(priya: User) -> None:
    client = Client()
    client.force_login(priya)
    answer = client.get("/api/v1/loans/", headers={"Authorization": "Bearer cw_unknown"})
    assert answer.status_code == 401


def test_use_is_noted_once_a_day(priya: User, django_assert_num_queries: Any) -> None:
    token, text = make_token(user=priya, label="month end")
    with django_assert_num_queries(2):
        find_token(text, on=TODAY)
    with django_assert_num_queries(1):
        find_token(text, on=TODAY)
    token.refresh_from_db()
    assert token.last_used_on == TODAY


def test_the_command_prints_a_token_that_works(priya: User) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("create_api_token", priya.email.upper(), "--label", "month end", stdout=out, stderr=err)
    text = out.getvalue().strip()
    assert ask(text).status_code == 200
    assert "Priya Nair (month end)" in err.getvalue()
    assert text not in err.getvalue()


def test_the_command_refuses_a_stranger() -> None:
    with pytest.raises(CommandError, match=r"Nobody with the address who@example\.org may log in"):
        call_command("create_api_token", "who@example.org", "--label", "x")
    assert ApiToken.objects.count() == 0


def test_a_new_password_ends_the_tokens_and_the_other_log_ins(priya: User) -> None:
    _, text = make_token(user=priya, label="month end")
    others = Client()
    others.force_login(priya)
    assert (ask(text).status_code, others.get("/desk/hills/").status_code) == (200, 200)
    priya.set_password("the fifth plain sentence")
    priya.save()
    assert ask(text).status_code == 401
    assert others.get("/desk/hills/").status_code == 302
    assert ApiToken.objects.filter(user=priya, revoked_at=None).count() == 0


def test_a_new_password_leaves_other_peoples_tokens_and_a_rehash_ones_own(priya: User, monkeypatch: Any) -> None:
    priya.set_password("the first plain sentence")
    priya.save()
    _, text = make_token(user=priya, label="month end")
    other = make_user()
    other.set_password("the fifth plain sentence")
    other.save()
    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.must_update", lambda self, encoded: True)
    before = User.objects.get(pk=priya.pk)
    assert before.check_password("the first plain sentence")
    assert ask(text).status_code == 200


@pytest.mark.parametrize("way", ["by the command", "in code"])
def test_by_whichever_way_the_password_is_changed(priya: User, way: str, monkeypatch: Any) -> None:
    _, text = make_token(user=priya, label="month end")
    if way == "in code":
        priya.set_password("the fifth plain sentence")
        priya.save(update_fields=["password"])
    else:
        said = "django.contrib.auth.management.commands.changepassword.getpass.getpass"
        monkeypatch.setattr(said, lambda prompt="": "the fifth plain sentence")
        call_command("changepassword", priya.email, stdout=io.StringIO(), stderr=io.StringIO())
    assert ask(text).status_code == 401
