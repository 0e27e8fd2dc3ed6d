"""How does somebody log in, get home and out again, choose colours, and learn what went wrong?"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from commonweal.access.models import BorrowerMembership, InvestorMembership, StaffMembership, StaffRole, User
from commonweal.public import errors
from commonweal.public.home import home_for
from investors.models import Investor
from tests.borrowers.builders import community_shop
from tests.builders import make_book

PASSWORD = "correct-horse-battery"  # of a person who exists in a test's database alone
REFUSAL = "That e-mail address and password do not match. Check both and try again; nothing was changed."


@pytest.fixture
def jo(db: None) -> User:
    """A person without any membership."""
    return User.objects.create_user(email="jo@example.org", name="Jo Armstrong", password=PASSWORD)


def log_in(client: Client, email: str, password: str, **more: str) -> tuple[int, str, str]:
    """The status, the address led to and the page after an attempt to log in."""
    answer = client.post("/log-in/", {"username": email, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def test_the_address_may_be_typed_in_any_case(client: Client, jo: User) -> None:
    assert log_in(client, " JO@Example.org ", PASSWORD)[:2] == (HTTPStatus.FOUND, "/")


@pytest.mark.parametrize(
    ("email", "password", "active"),
    [("jo@example.org", "wrong", True), ("nobody@example.org", PASSWORD, True), ("jo@example.org", PASSWORD, False)],
)
def test_a_refusal_never_tells_who_exists(client: Client, jo: User, email: str, password: str, active: bool) -> None:
    User.objects.filter(pk=jo.pk).update(is_active=active)
    status, _, page = log_in(client, email, password)
    assert status == HTTPStatus.OK
    assert f"<li>{REFUSAL}</li>" in page
    assert "<title>Error: Log in" in page
    assert f'value="{email}"' in page


def test_what_is_missing_is_said_by_the_field(client: Client) -> None:
    page = log_in(client, "jo", "")[2]
    assert '<a href="#id_username">Enter an e-mail address in the right form, like name@example.org</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page


def test_after_logging_in_one_goes_where_one_wanted_but_never_elsewhere(client: Client, jo: User) -> None:
    assert log_in(client, jo.email, PASSWORD, next="/accessibility/")[1] == "/accessibility/"
    client.post("/log-out/")
    assert log_in(client, jo.email, PASSWORD, next="https://evil.example/")[1] == "/"


def test_a_person_without_pages_is_told_so(client: Client, jo: User) -> None:
    client.force_login(jo)
    assert client.get("/").headers["Location"] == "/no-pages-yet/"
    page = client.get("/no-pages-yet/").content.decode()
    assert "You are logged in, but have no pages yet" in page
    assert "Jo Armstrong" in page


def test_each_side_has_its_own_home_and_the_staff_comes_first(jo: User) -> None:
    assert home_for(jo) == "public:nowhere"
    InvestorMembership.objects.create(
        user=jo, investor=Investor.objects.create(code="TST", name="Tideway", kind="social")
    )
    assert home_for(jo) == "investor:home"
    BorrowerMembership.objects.create(user=jo, organisation=community_shop())
    assert home_for(jo) == "borrower:home"
    StaffMembership.objects.create(user=jo, book=make_book(), role=StaffRole.AUDITOR)
    assert home_for(jo) == "desk:home"


def test_logging_out_is_a_deed_and_no_link_can_do_it(client: Client, jo: User) -> None:
    client.force_login(jo)
    assert client.get("/log-out/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.get("/").headers["Location"] == "/no-pages-yet/"
    assert client.post("/log-out/").headers["Location"] == "/log-in/"
    assert client.get("/").headers["Location"] == "/log-in/?next=/"


def test_a_demo_shows_its_people_and_nothing_else_does(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.DEMO = False
    assert "tom@harbour-hills.example" not in client.get("/log-in/").content.decode()
    settings.DEMO = True
    assert "tom@harbour-hills.example" in client.get("/log-in/").content.decode()


@pytest.mark.parametrize(("chosen", "attribute"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"')])
def test_colours_are_kept_and_written_on_the_page(client: Client, chosen: str, attribute: str) -> None:
    assert client.post("/colours/", {"theme": chosen, "next": "/log-in/"}).headers["Location"] == "/log-in/"
    assert attribute in client.get("/log-in/").content.decode()
    client.post("/colours/", {"theme": "", "next": "/log-in/"})
    assert "data-theme" not in client.get("/log-in/").content.decode()


def test_colours_that_do_not_exist_are_not_kept_and_lead_nowhere_else(client: Client) -> None:
    answer = client.post("/colours/", {"theme": '"><script>', "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
    assert answer.cookies["theme"].value == ""
    client.cookies["theme"] = "neon"
    assert "neon" not in client.get("/log-in/").content.decode()


@pytest.mark.parametrize("address", ["/accessibility/", "/how-we-use-your-data/", "/styleguide/", "/log-in/"])
def test_open_pages_need_neither_log_in_nor_database(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def request_to(path: str) -> HttpRequest:
    """A request that no middleware has seen: neither session nor person."""
    return RequestFactory().get(path)


def test_an_unknown_address_says_what_to_do_and_its_incident_is_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "commonweal.incident"):
        answer = client.get("/nope/%0aforged")
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "There is no page here for you" in page
    (incident,) = re.findall(r'<span class="hash">([0-9a-f]{8})</span>', page)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "commonweal.incident"]
    assert line == rf"incident {incident}: GET '/nope/\nforged' answered 404"


def test_errors_say_what_happened_and_leak_nothing() -> None:
    secret = "relation loans_loan does not exist"
    pages = {
        400: errors.bad_request(request_to("/x/"), ValueError(secret)),
        404: errors.not_found(request_to("/x/"), Http404(secret)),
        500: errors.server_error(request_to("/x/")),
    }
    for status, answer in pages.items():
        page = answer.content.decode()
        assert answer.status_code == status
        assert secret not in page
        assert 'class="hash"' in page
        assert "Go to your home page" in page


def test_a_refusal_gives_the_reason_that_was_given_for_it() -> None:
    reason = "Only a fund manager may approve <an> application. Ask Tom Ashworth. Nothing was changed."
    page = errors.forbidden(request_to("/x/"), PermissionDenied(reason)).content.decode()
    assert "Only a fund manager may approve &lt;an&gt; application. Ask Tom Ashworth." in page
    assert (
        "Ask a colleague whose role allows it."
        in errors.forbidden(request_to("/x/"), PermissionDenied()).content.decode()
    )


def test_a_stale_form_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/log-in/", {"username": "jo@example.org", "password": PASSWORD})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "The form was open for too long" in answer.content.decode()


def test_programs_are_told_in_their_own_form() -> None:
    answer = errors.server_error(request_to("/api/v1/loans/"))
    assert answer.headers["Content-Type"] == "application/json"
    assert b'"code":"internal_server_error"' in answer.content


@pytest.mark.parametrize(("path", "body"), [("/desk/", "Back in a moment"), ("/api/v1/books/", "service_unavailable")])
def test_a_database_that_is_away_is_said_plainly_and_when_to_try_again(path: str, body: str) -> None:
    try:
        raise OperationalError("connection to server on socket failed: secret-host")
    except OperationalError:
        response = errors.server_error(RequestFactory().get(path))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response["Retry-After"] == "30"
    assert body in response.content.decode()
    assert "secret-host" not in response.content.decode()
