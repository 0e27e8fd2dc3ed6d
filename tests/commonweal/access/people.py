"""People with every role, in one fund or another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from borrowers.models import Organisation
from commonweal.access.models import BorrowerMembership, InvestorMembership, StaffMembership, StaffRole, User
from commonweal.access.rules import Role
from investors.models import Investor
from ledger.models import Book
from tests.builders import make_user


def make_staff(book: Book, role: str, name: str = "") -> User:
    """A person with a role in a book."""
    user = make_user(name=name or f"{role} of {book.code}")
    StaffMembership.objects.create(user=user, book=book, role=role)
    return user


def make_borrower(organisation: Organisation) -> User:
    """A person who acts for a community business."""
    user = make_user(name=f"person of {organisation.name}")
    BorrowerMembership.objects.create(user=user, organisation=organisation)
    return user


def make_investor_person(investor: Investor) -> User:
    """A person who acts for an investor."""
    user = make_user(name=f"person of {investor.name}")
    InvestorMembership.objects.create(user=user, investor=investor)
    return user


def held_by(who: str) -> frozenset[Role]:
    """The roles of one of `make_people`; the investor's person acts for it, so reads as well."""
    return frozenset({Role(who)} | ({Role.INVESTOR_ACTS} if who == Role.INVESTOR else set()))


def make_people(book: Book, organisation: Organisation, investor: Investor) -> dict[str, User]:
    """One person for each role."""
    staff = {role: make_staff(book, role) for role in StaffRole.values}
    return {**staff, "borrower": make_borrower(organisation), "investor": make_investor_person(investor)}


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, and the body without the number of the incident."""

    status: int
    location: str
    body: str

    @property
    def is_log_in(self) -> bool:
        """Whether the person was sent to the log-in page, or told by the API to say who they are."""
        return self.status == 401 or (self.status == 302 and self.location.startswith("/log-in/?next="))


def ask(
    user: User | None,
    method: str,
    path: str,
    data: Mapping[str, Any] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    changed: Callable[[], object] | None = None,
) -> Answer:
    """What a person is answered; whatever the request changed is taken back, after `changed` has looked at it."""
    client = _client()
    client.cookies.clear()
    if user is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
    with transaction.atomic():
        kind = {"content_type": "application/json"} if path.startswith("/api/") and method != "GET" else {}
        response = getattr(client, method.lower())(path, data or {}, headers=headers, **kind)
        answer = Answer(response.status_code, response.headers.get("Location", ""), _body(response))
        if changed is not None:
            changed()
        transaction.set_rollback(True)
    return answer


@cache
def _client() -> Client:
    """One for all, whose way through the middleware is made once."""
    return Client(raise_request_exception=False)


def session_of(user: User) -> str:
    """The key of a session in which the person is logged in; made once."""
    known: str | None = getattr(user, "session_of_test", None)
    if known is None:
        client = Client()
        client.force_login(user)
        known = user.session_of_test = client.cookies[settings.SESSION_COOKIE_NAME].value
    return known


def _body(response: HttpResponseBase) -> str:
    content = b"".join(response) if response.streaming else getattr(response, "content", b"")
    text = bytes(content).decode("utf-8", errors="replace")
    return re.sub(r"[Ii]ncident\W+(<[^>]*>)?[0-9a-f ]{8,9}", "incident", text)
