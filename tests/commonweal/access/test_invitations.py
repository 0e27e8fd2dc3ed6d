"""Letting people in: one asks, another approves, then an e-mail brings the way; who leaves sees nothing any more."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import Error as DatabaseError
from django.db import transaction
from django.test import Client

from commonweal.access.errors import (
    AccessAlready,
    InvitationDecided,
    InvitationRefused,
    InvitationWaiting,
    LastManager,
)
from commonweal.access.invitations import decline_invitation, invite
from commonweal.access.memberships import end_access
from commonweal.access.models import AccessChange, InvestorMembership, Invitation, InvitationDecision, User
from commonweal.demo import story
from commonweal.jobs.people import approve_invitation
from commonweal.letters.models import Letter
from commonweal.letters.sending import send_waiting
from ledger.domain.errors import ContentChanged, SameTwoEyes
from ledger.models import Approval
from tests.demo import Demo
from tests.pages import Shown, look

ANN, PASSWORD = "ann@tideway.example", "three words apart"
BOOK = f"/desk/{story.BOOK}"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/password/\S+/\S+/)")


def person(demo: Demo, who: story.Person) -> User:
    return User.objects.get(email=who.email)


def asked(demo: Demo, **given: Any) -> Invitation:
    """Ann is invited by Priya to read what is Tideway's."""
    said = {"to": demo.investor("TST"), "email": ANN, "name": "Ann Lee", "role": "reads"} | given
    return invite(book=demo.book, by=person(demo, story.PRIYA), **said)


def let_in(demo: Demo, invitation: Invitation) -> User:
    user = approve_invitation(
        invitation=invitation, shown_sha256=invitation.content_sha256, by=person(demo, story.TOM)
    ).user
    assert user is not None
    return user


def way_in(mailoutbox: list[EmailMultiAlternatives]) -> str:
    """The path in the e-mail that came last."""
    send_waiting(worker="w")
    found = LINK.search(str(mailoutbox[-1].body))
    assert found, mailoutbox[-1].body
    return found[1]


def choose(path: str, password: str = PASSWORD) -> tuple[Client, Any]:
    """Follow a link in a browser of one's own and choose a password."""
    client = Client()
    form = client.get(path, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"new_password1": password, "new_password2": password}, follow=True)
    return client, answer


def test_from_the_invitation_to_the_first_page(demo: Demo, mailoutbox: list[EmailMultiAlternatives]) -> None:
    """Priya invites, Tom lets in, Ann chooses a password and sees Tideway's money."""
    tideway = demo.investor("TST")
    priya, tom = demo.client(story.PRIYA), demo.client(story.TOM)
    here = f"{BOOK}/people/investors/{tideway.pk}/"
    priya.post(here, {"name": "Ann Lee", "email": " Ann@Tideway.example ", "role": "reads"})
    assert look(priya, here).rows("Invitations that wait")[0].startswith("Ann Lee ann@tideway.example")
    assert "Ann Lee to Tideway Social Trust, by Priya Nair" in look(tom, f"{BOOK}/").text
    assert not User.objects.filter(email=ANN).exists(), "nobody is let in before it is approved"
    (waiting,) = Invitation.objects.all()
    decide = f"{BOOK}/people/invitations/{waiting.pk}/"
    said = {"sha256": waiting.content_sha256, "decision": "approve"}
    assert demo.client(story.PRIYA).post(decide, said).status_code == HTTPStatus.FORBIDDEN
    tom.post(decide, said)
    path = way_in(mailoutbox)
    assert mailoutbox[-1].to == ["Ann Lee <ann@tideway.example>"]
    kept = Letter.objects.get(kind="invited")
    assert not LINK.search(kept.text), "the link is not kept with the letter"
    assert not LINK.search(kept.html)
    client, answer = choose(path)
    assert "Your password is kept" in answer.content.decode()
    client.post("/log-in/", {"username": ANN, "password": PASSWORD})
    assert client.get("/investor/", follow=True).status_code == HTTPStatus.OK
    assert client.get(f"{BOOK}/").status_code == HTTPStatus.NOT_FOUND
    assert "This link works no more" in Client().get(path, follow=True).content.decode()
    page = look(tom, here)
    assert "Ann Lee ann@tideway.example | Reads" in page.rows("Who may log in")[0]
    assert "Tom Ashworth" in page.rows("What was given, changed and ended")[0]


def test_who_leaves_sees_nothing_any_more_and_it_stays_noted(demo: Demo) -> None:
    tideway = demo.investor("TST")
    ann = let_in(demo, asked(demo))
    client = Client()
    client.force_login(ann)
    page = "/investor/"
    assert client.get(page, follow=True).status_code == HTTPStatus.OK
    ended = demo.client(story.TOM).post(f"{BOOK}/people/{ann.pk}/end/", {"investor": tideway.pk}, follow=True)
    assert "Ann Lee has no access to Tideway Social Trust any more." in ended.content.decode()
    assert client.get(page).status_code == HTTPStatus.NOT_FOUND
    noted = AccessChange.objects.filter(user=ann).values_list("kind", "by__name")
    assert list(noted) == [("given", "Tom Ashworth"), ("ended", "Tom Ashworth")]
    again = demo.client(story.TOM).post(f"{BOOK}/people/{ann.pk}/end/", {"investor": tideway.pk})
    assert again.status_code == HTTPStatus.NOT_FOUND


def test_a_second_person_lets_in_exactly_what_was_shown(demo: Demo) -> None:
    invitation, priya, tom = asked(demo), person(demo, story.PRIYA), person(demo, story.TOM)
    with pytest.raises(SameTwoEyes):
        approve_invitation(invitation=invitation, shown_sha256=invitation.content_sha256, by=priya)
    with pytest.raises(ContentChanged, match=f"invitation of {ANN} to Tideway Social Trust is not what"):
        approve_invitation(invitation=invitation, shown_sha256="0" * 64, by=tom)
    let_in(demo, invitation)
    with pytest.raises(InvitationDecided):
        let_in(demo, invitation)
    with pytest.raises(InvitationDecided):
        decline_invitation(invitation=invitation, reason="Too late", by=tom)
    assert InvestorMembership.objects.get(user__email=ANN).role == "reads"


def test_asking_again_waits_once_and_what_is_known_is_refused(demo: Demo) -> None:
    invitation = asked(demo)
    assert asked(demo) == invitation
    with pytest.raises(InvitationWaiting, match="as reads, asked for by Priya Nair, waits"):
        asked(demo, role="acts")
    let_in(demo, invitation)
    with pytest.raises(AccessAlready, match=f"{ANN} may do that for Tideway Social Trust already"):
        asked(demo)
    user = let_in(demo, asked(demo, role="acts", name="Another name"))
    assert (user.name, InvestorMembership.objects.get(user=user).role) == ("Ann Lee", "acts")
    with pytest.raises(InvitationRefused, match="auditor is no role at an investor"):
        asked(demo, role="auditor")
    refused = asked(demo, to=demo.loan.organisation, role="acts")
    with pytest.raises(InvitationRefused, match="Say why"):
        decline_invitation(invitation=refused, reason=" ", by=person(demo, story.TOM))
    decline_invitation(invitation=refused, reason="Not of this business", by=person(demo, story.PRIYA))
    assert asked(demo, to=demo.loan.organisation, role="acts").no == refused.no + 1


def test_only_a_manager_invites_a_colleague_and_the_last_one_stays(demo: Demo) -> None:
    tom = person(demo, story.TOM)
    with pytest.raises(InvitationRefused, match="Only a fund manager invites a colleague"):
        asked(demo, to=None, role="manager")
    page = look(demo.client(story.TOM), f"{BOOK}/people/")
    assert any("Tom Ashworth" in row for row in page.rows("Who may log in"))
    ended = demo.client(story.TOM).post(f"{BOOK}/people/{tom.pk}/end/", follow=True)
    assert "Tom Ashworth is the last fund manager" in ended.content.decode()
    colleague = invite(book=demo.book, to=None, email=ANN, name="Ann Lee", role="manager", by=tom)
    amina = person(demo, story.AMINA)
    approve_invitation(invitation=colleague, shown_sha256=colleague.content_sha256, by=amina)
    assert end_access(user=tom, side="book", of=demo.book, by=tom)
    with pytest.raises(LastManager):
        end_access(user=User.objects.get(email=ANN), side="book", of=demo.book)


def test_the_database_lets_nobody_in_by_one_person(demo: Demo) -> None:
    """Whoever writes past the service needs an approval that names who asked and who decided, for this person."""
    invitation, tom = asked(demo), person(demo, story.TOM)
    approval = Approval.objects.create(
        subject=f"invitation:{invitation.pk}",
        content_sha256=invitation.content_sha256,
        made_by=invitation.asked_by,
        made_at=invitation.asked_at,
        checked_by=tom,
    )
    ann = User.objects.create_user(email=ANN, name="Ann Lee")
    forged = {"invitation": invitation, "outcome": "approved", "approval": approval}
    for wrong in ({"user": tom, "decided_by": tom}, {"user": ann, "decided_by": person(demo, story.AMINA)}):
        with pytest.raises(DatabaseError, match="not approved by a second person"), transaction.atomic():
            InvitationDecision.objects.create(**forged, **wrong)
    InvitationDecision.objects.create(**forged, user=ann, decided_by=tom)


def test_whoever_asks_for_a_new_password_learns_nothing(demo: Demo, mailoutbox: list[EmailMultiAlternatives]) -> None:
    """The answer is the same for an address that nobody has; a letter comes at most three times a day."""
    client = Client()
    told = {
        Shown(client.post("/password/", {"email": email})).text.replace(email, "…")
        for email in (story.JO.email, "nobody@nowhere.example")
    }
    assert len(told) == 1
    for _ in range(4):
        client.post("/password/", {"email": story.JO.email.upper()})
    assert Letter.objects.filter(kind="password").count() == 3
    path = way_in(mailoutbox)
    _, too_short = choose(path, "short")
    assert "too short" in too_short.content.decode()
    for _ in range(6):
        client.post("/log-in/", {"username": story.JO.email, "password": "guessed"})
    _, answer = choose(path)
    assert "Your password is kept" in answer.content.decode()
    jo = Client()
    jo.post("/log-in/", {"username": story.JO.email, "password": PASSWORD})
    assert jo.get("/borrower/", follow=True).status_code == HTTPStatus.OK, "the brake is loosened for who has the link"


def test_the_link_of_somebody_who_left_works_no_more(demo: Demo, mailoutbox: list[EmailMultiAlternatives]) -> None:
    Client().post("/password/", {"email": story.JO.email})
    path = way_in(mailoutbox)
    User.objects.filter(email=story.JO.email).update(is_active=False)
    Client().post("/password/", {"email": story.JO.email})
    assert Letter.objects.filter(kind="password").count() == 1
    choose(path)
    jo = Client()
    jo.post("/log-in/", {"username": story.JO.email, "password": PASSWORD})
    assert jo.get("/borrower/").status_code == HTTPStatus.FOUND
