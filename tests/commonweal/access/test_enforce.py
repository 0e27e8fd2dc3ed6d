"""What each person is answered, on a small product whose table says everything that a table can say."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client

from commonweal.access.models import StaffMembership, User
from tests.builders import make_book, make_user
from tests.commonweal.access import urls
from tests.commonweal.access.people import Answer, ask, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.commonweal.access.urls")]

ASKED = """
# who        what                        is answered
  nobody     GET     /desk/hills/        log in
  nobody     POST    /desk/hills/        log in
  nobody     DELETE  /desk/hills/        log in
  nobody     GET     /log-in/            200
  nobody     DELETE  /log-in/            405
  nobody     GET     /api/v1/loans/      401
  nobody     GET     /api/v1/schema/     200
  nobody     GET     /api/v1/new/        404
  nobody     GET     /nowhere/           404
  manager    GET     /desk/hills/        200
  manager    HEAD    /desk/hills/        200
  manager    POST    /desk/hills/        200
  manager    PUT     /desk/hills/        405
  manager    OPTIONS /desk/hills/        405
  manager    GET     /desk/vale/         404
  manager    GET     /desk/no-book/      404
  manager    GET     /borrower/          404
  manager    GET     /investor/          404
  manager    GET     /nameless/          404
  manager    GET     /api/v1/new/        404
  manager    GET     /api/v1/loans/      200
  manager    POST    /api/v1/loans/      403
  manager    PATCH   /api/v1/loans/      405
  officer    POST    /api/v1/loans/      200
  officer    POST    /desk/hills/        403
  auditor    GET     /desk/hills/        200
  auditor    POST    /desk/hills/        403
  auditor    POST    /desk/any/          403
  nothing    GET     /desk/hills/        404
  nothing    POST    /desk/hills/        404
  nothing    DELETE  /desk/hills/        404
  nothing    GET     /api/v1/loans/      404
  nothing    GET     /api/v1/schema/     200
  nothing    GET     /log-in/            302
"""


@pytest.fixture(autouse=True)
def small_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small product's table in place of the real one."""
    monkeypatch.setattr("commonweal.access.enforce.TABLE", urls.RULES)


@pytest.fixture
def people() -> dict[str, User | None]:
    """Staff of the book `hills`; `vale` is another fund's."""
    hills, _vale = make_book(code="hills"), make_book(code="vale")
    staff = {role: make_staff(hills, role) for role in ("manager", "officer", "auditor")}
    return {**staff, "nothing": make_user(), "nobody": None}


def in_words(answer: Answer) -> str:
    return "log in" if answer.status == 302 and answer.is_log_in else str(answer.status)


def test_each_person_is_answered_as_the_table_says(people: dict[str, User | None]) -> None:
    lines = [line.split(maxsplit=3) for line in ASKED.splitlines() if line.strip() and "#" not in line]
    answers = [[who, method, path, in_words(ask(people[who], method, path))] for who, method, path, _ in lines]
    assert answers == lines


def test_an_address_of_the_other_side_looks_like_no_address(people: dict[str, User | None]) -> None:
    for who in ("manager", "nothing"):
        assert ask(people[who], "GET", "/borrower/") == ask(people[who], "GET", "/no-such-page/")
        assert ask(people[who], "GET", "/api/v1/new/") == ask(people[who], "GET", "/api/v1/no-such-thing/")
    assert ask(people["nothing"], "GET", "/api/v1/loans/") == ask(people["nothing"], "GET", "/api/v1/no-such-thing/")


def test_an_address_without_a_line_is_refused_and_named_in_the_log(
    people: dict[str, User | None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="commonweal.access"):
        assert ask(people["manager"], "GET", "/api/v1/new/").status == 404
    assert "/api/v1/new/ ('api:new') has no line in the access table" in caplog.text


def test_a_refusal_says_who_may_what_the_person_is_and_whom_to_ask(people: dict[str, User | None]) -> None:
    said = ask(people["auditor"], "POST", "/desk/hills/").body
    assert (
        "Only a fund manager or a finance officer may post a journal. You are an auditor. "
        "Ask manager of hills. Nothing was changed."
    ) in said


def test_the_api_says_the_same_in_its_envelope(people: dict[str, User | None]) -> None:
    said = json.loads(ask(people["manager"], "POST", "/api/v1/loans/").body)["error"]
    assert said["code"] == "forbidden"
    assert said["message"].startswith("Only a loan officer may write a loan. You are a fund manager.")


def test_a_person_counts_only_for_the_books_where_the_role_is_held(people: dict[str, User | None]) -> None:
    both = people["manager"]
    assert both is not None
    vale = make_book(code="vale-2", name="Vale")
    StaffMembership.objects.create(user=both, book=vale, role="auditor")
    hills = StaffMembership.objects.get(user=both, role="manager").book_id
    answers = {
        (method, path): ask(both, method, path)
        for method, path in [("POST", "/desk/any/"), ("GET", "/desk/vale-2/"), ("POST", "/desk/vale-2/")]
    }
    assert json.loads(answers["POST", "/desk/any/"].body) == {"books": [hills]}
    assert json.loads(answers["GET", "/desk/vale-2/"].body) == {"books": [vale.pk]}
    assert answers["POST", "/desk/vale-2/"].status == 403


def test_logging_in_leads_back_to_the_page_but_never_to_an_act() -> None:
    assert ask(None, "GET", "/desk/hills/?as_of=2026-11-23").location == (
        "/log-in/?next=/desk/hills/%3Fas_of%3D2026-11-23"
    )
    assert ask(None, "POST", "/desk/hills/").location == "/log-in/?next=/"


def test_a_fragment_is_not_filled_with_the_log_in_page() -> None:
    answer = ask(None, "GET", "/desk/hills/", headers={"HX-Request": "true"})
    assert (answer.status, answer.body) == (200, "")


def test_who_somebody_is_costs_one_query(
    people: dict[str, User | None], django_assert_num_queries: Any, client: Client
) -> None:
    manager = people["manager"]
    assert manager is not None
    client.force_login(manager)
    with django_assert_num_queries(3):  # the session, the person, the roles
        client.get("/desk/hills/")
