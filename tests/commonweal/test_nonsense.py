"""Does a request that makes no sense get a page or a refusal, and never a fault of ours? What no answer may lack."""

from __future__ import annotations

import logging
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from commonweal.demo.story import AMINA, HANA, JO, PRIYA, TOM
from commonweal.form_fields import DayField, day_in
from commonweal.public import errors
from ledger import queries
from loans.models import Loan
from tests.demo import Demo

DESK = "/desk/harbour-hills/"
NO_DAYS = ("9999-12-31", "0001-01-01", "9999-99-99", "-1", "1" + "0" * 30, "\0", "2026-11-23T00:00")


@pytest.mark.parametrize("text", NO_DAYS)
def test_a_day_that_books_cannot_have_is_no_day(text: str) -> None:
    assert day_in(text) is None
    assert DayField(noun="the date").clean("2026-11-23") is not None
    with pytest.raises(ValidationError, match="Enter the date as a real date"):
        DayField(noun="the date").clean(text)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2199-12-31", "1900-01-01"])
def test_the_ends_of_the_calendar_are_answered(demo: Demo, day: str) -> None:
    bank = queries.account(demo.book, "1010/MAIN")
    loan = Loan.objects.get(reference="L-0108")
    assert bank is not None
    dated = ("", "investors/", "ledger/", "loans/", f"loans/{loan.pk}/")
    pages = [(TOM, f"{DESK}{page}?as_of={day}") for page in dated]
    pages += [(TOM, f"{DESK}ledger/accounts/{bank.pk}/?{name}={day}") for name in ("from", "to")]
    pages += [(HANA, f"/investor/?as_of={day}"), (HANA, f"/investor/holdings/{loan.pk}/?as_of={day}")]
    answers = {path: demo.client(person).get(path).status_code for person, path in pages}
    assert set(answers.values()) <= {HTTPStatus.OK, HTTPStatus.NOT_FOUND}, answers


def test_a_form_with_a_day_off_the_calendar_is_shown_again(demo: Demo) -> None:
    answer = demo.client(AMINA).post(f"{DESK}month-end/year-end/", {"on": "9999-12-31"})
    assert answer.status_code in (HTTPStatus.OK, HTTPStatus.FOUND)


def test_a_search_for_no_letter_at_all_is_answered(demo: Demo) -> None:
    assert demo.client(PRIYA).get(f"{DESK}ledger/journal/", {"q": "a\0b"}).status_code == HTTPStatus.OK


@pytest.mark.parametrize("key", [r'"\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', "aaaaaaaa", "A" * 32, "x" * 3000])
@pytest.mark.django_db
def test_a_session_that_cannot_be_is_like_none(key: str) -> None:
    answer = Client(headers={"Cookie": f"sessionid={key}"}).get("/desk/")
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.FOUND, "/log-in/?next=/desk/")


@pytest.mark.parametrize("back", ["nowhere", "public:home", "\ufffd", "a b", "."])
def test_the_choice_of_colours_leads_back_to_any_text_without_a_fault(client: Client, back: str) -> None:
    assert client.post("/colours/", {"theme": "dark", "next": back}).status_code == HTTPStatus.FOUND


def test_every_kind_of_answer_forbids_what_no_page_needs(client: Client) -> None:
    answers = [
        client.get("/static/commonweal/tokens.css"),
        client.get("/static/no-such-file.css"),
        client.get("/nope/"),
        client.get("/log-in/"),
        client.get("/", headers={"Host": "evil.example"}),
        client.get("/api/v1/books/"),
        client.get("/api/schema/"),
    ]
    for answer in answers:
        answer.close()
        where = answer.request["PATH_INFO"]
        policy = answer.headers["Content-Security-Policy"]
        assert all(f"{what} 'none'" in policy for what in ("object-src", "base-uri", "frame-ancestors")), where
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff", where
        assert answer.headers["X-Frame-Options"] == "DENY", where
        assert answer.headers["Referrer-Policy"] == "same-origin", where


def test_what_somebody_sees_is_kept_by_no_browser(demo: Demo) -> None:
    ledger, borrower, refused = f"{DESK}ledger/", "/borrower/", f"{DESK}month-end/reopen/"
    seen = [
        demo.client(TOM).get(ledger),
        demo.client(TOM).get(f"{ledger}?download=csv"),
        demo.client(JO).get(borrower),
        demo.client(JO).get(DESK),
        demo.client(AMINA).post(refused),
    ]
    assert [answer.headers["Cache-Control"] for answer in seen] == ["private, no-store"] * 5
    assert "Cache-Control" not in Client().get("/accessibility/").headers


def test_a_fault_of_ours_is_in_the_log_with_where_it_happened(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "commonweal.incident"):
        try:
            raise ZeroDivisionError("the cause")
        except ZeroDivisionError:
            errors.server_error(RequestFactory().get("/x/"))
        errors.not_found(RequestFactory().get("/y/"), LookupError())
    fault, absent = caplog.records
    assert fault.exc_info is not None
    assert isinstance(fault.exc_info[1], ZeroDivisionError)
    assert absent.exc_info is None
