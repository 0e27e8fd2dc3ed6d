"""Inviting where somebody tries to get round the second person, or round a link that works once."""

from __future__ import annotations

from http import HTTPStatus
from time import monotonic
from typing import Any

import pytest
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.mail import EmailMultiAlternatives
from django.db import Error as DatabaseError
from django.db import OperationalError, transaction
from django.test import Client

from commonweal.access.errors import InvitationRefused, InvitationStale, LastManager
from commonweal.access.invitations import decline_invitation, invite
from commonweal.access.memberships import end_access, give_access
from commonweal.access.models import Invitation, InvitationDecision, StaffMembership, User
from commonweal.demo import story
from commonweal.jobs.people import approve_invitation
from commonweal.letters.models import Letter
from commonweal.letters.own_links import own_link
from commonweal.letters.sending import send_waiting
from commonweal.public.passwords import ANSWERS_AFTER
from ledger.domain.errors import SameTwoEyes
from ledger.models import Approval
from tests.commonweal.access.people import make_staff
from tests.commonweal.access.test_invitations import ANN, BOOK, LINK, PASSWORD, asked, let_in, person, way_in
from tests.demo import Demo
from tests.ledger.at_once import all_at_once
from tests.loans.builders import make_fund
from tests.pages import look


def of_staff(demo: Demo, who: story.Person, role: str) -> Invitation:
    """Tom asks that a colleague may be something else."""
    tom, one = person(demo, story.TOM), person(demo, who)
    return invite(book=demo.book, to=None, email=one.email, name=one.name, role=role, by=tom)


def test_nobody_is_the_second_person_for_themselves(demo: Demo) -> None:
    amina, invitation = person(demo, story.AMINA), of_staff(demo, story.AMINA, "manager")
    with pytest.raises(SameTwoEyes, match="Amina Diallo is who is invited"):
        approve_invitation(invitation=invitation, shown_sha256=invitation.content_sha256, by=amina)
    assert StaffMembership.objects.get(user=amina).role == "finance"
    approval = Approval.objects.create(
        subject=f"invitation:{invitation.pk}",
        content_sha256=invitation.content_sha256,
        made_by=invitation.asked_by,
        made_at=invitation.asked_at,
        checked_by=amina,
    )
    forged = {"invitation": invitation, "outcome": "approved", "approval": approval, "user": amina, "decided_by": amina}
    with pytest.raises(DatabaseError, match="not approved by a second person"), transaction.atomic():
        InvitationDecision.objects.create(**forged)
    page = look(demo.client(story.AMINA), f"{BOOK}/people/invitations/{invitation.pk}/")
    assert "This is for yourself, so somebody else has to approve it." in page.text
    decline_invitation(invitation=invitation, reason="I would rather not", by=amina)


def test_what_was_ended_since_is_not_brought_back(demo: Demo) -> None:
    """Priya is to become a finance officer, leaves meanwhile, and the invitation still waits."""
    priya, invitation = person(demo, story.PRIYA), of_staff(demo, story.PRIYA, "finance")
    by_her = asked(demo)
    end_access(user=priya, side="book", of=demo.book)
    said = {"shown_sha256": invitation.content_sha256, "by": person(demo, story.AMINA)}
    with pytest.raises(InvitationStale, match="access of Priya Nair there was ended"):
        approve_invitation(invitation=invitation, **said)
    with pytest.raises(InvitationStale, match="Priya Nair, who asked for the invitation of ann@"):
        let_in(demo, by_her)
    page = demo.client(story.TOM).post(
        f"{BOOK}/people/invitations/{by_her.pk}/", {"sha256": by_her.content_sha256, "decision": "approve"}
    )
    assert "no longer may. Decline it" in page.content.decode()
    assert not StaffMembership.objects.filter(user=priya).exists()
    assert not User.objects.filter(email=ANN).exists()
    decline_invitation(invitation=invitation, reason="She has left", by=person(demo, story.AMINA))
    anew = of_staff(demo, story.PRIYA, "finance")
    approve_invitation(invitation=anew, shown_sha256=anew.content_sha256, by=person(demo, story.AMINA))
    assert StaffMembership.objects.get(user=priya).role == "finance"


@pytest.mark.parametrize(
    "email",
    [
        "tom@h\N{CYRILLIC SMALL LETTER A}rbour-hills.example",
        "tom@harbour-hills.example\N{ZERO WIDTH SPACE}",
        "m\N{LATIN SMALL LETTER DOTLESS I}ke@tideway.example",
        "\N{KELVIN SIGN}ate@tideway.example",
    ],
)
def test_an_address_that_looks_like_another_is_refused(demo: Demo, email: str) -> None:
    with pytest.raises(InvitationRefused, match=r"holds U\+[0-9A-F]{4} .*xn--") as caught:
        asked(demo, email=email)
    assert caught.value.field == "email"
    assert not Invitation.objects.exists()


def test_a_log_in_that_is_closed_is_not_invited(demo: Demo) -> None:
    User.objects.filter(email=story.JO.email).update(is_active=False)
    with pytest.raises(InvitationRefused, match=f"The log-in of {story.JO.email} is closed"):
        asked(demo, email=story.JO.email)


def test_a_letter_that_waits_does_not_go_to_whose_access_has_ended(
    demo: Demo, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ann = let_in(demo, asked(demo))
    end_access(user=ann, side="investor", of=demo.investor("TST"))
    send_waiting(worker="w")
    letter = Letter.objects.get(kind="invited")
    assert (letter.state, letter.note) == ("held", "The person’s access has ended")
    assert not [one for one in mailoutbox if ANN in one.to[0]]


def test_a_letter_of_which_no_e_mail_can_be_made_keeps_no_other_waiting(
    demo: Demo, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    tom, jo = person(demo, story.TOM), person(demo, story.JO)
    User.objects.filter(pk=tom.pk).update(email="tom@h\N{CYRILLIC SMALL LETTER A}rbour-hills.example")
    for email in (User.objects.get(pk=tom.pk).email, jo.email):
        Client().post("/password/", {"email": email})
    send_waiting(worker="w")
    states = Letter.objects.filter(kind="password").order_by("pk").values_list("person", "state")
    assert list(states) == [(tom.pk, "failed"), (jo.pk, "sent")]
    assert "No e-mail can be made of it" in Letter.objects.get(person=tom, kind="password").note
    assert jo.email in mailoutbox[-1].to[0]


def test_no_link_stands_in_the_log(
    demo: Demo,
    mailoutbox: list[EmailMultiAlternatives],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The database goes away while somebody follows a link, which still works afterwards."""
    Client().post("/password/", {"email": story.JO.email})
    path = way_in(mailoutbox)

    def away(*_: Any) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(PasswordResetConfirmView, "get_user", away)
        answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    (said,) = [record.getMessage() for record in caplog.records if record.name == "commonweal.incident"]
    *_, key, token, _ = path.split("/")
    assert f"'/password/{key}/…/' answered 503" in said
    assert token not in said


def test_the_time_of_the_answer_does_not_tell_who_is_known(demo: Demo) -> None:
    """Four times for somebody whom the fund knows, the last of which writes no letter, and for somebody unknown."""

    def took(email: str) -> float:
        began = monotonic()
        Client().post("/password/", {"email": email})
        return monotonic() - began

    known, unknown = ([took(email) for _ in range(4)] for email in (story.JO.email, "nobody@nowhere.example"))
    assert Letter.objects.filter(kind="password").count() == 3
    assert min(known + unknown) >= ANSWERS_AFTER


@pytest.mark.committing
def test_a_link_that_two_use_at_once_works_once() -> None:
    tom = make_staff(make_fund().book, "manager", "Tom Ashworth")
    found = LINK.search(own_link(tom))
    assert found
    browsers = [Client(), Client()]
    forms = [browser.get(found[1], follow=True).request["PATH_INFO"] for browser in browsers]

    def choose(number: int) -> bool:
        password = f"{PASSWORD} {number}"
        said = {"new_password1": password, "new_password2": password}
        return "Your password is kept" in browsers[number].post(forms[number], said, follow=True).content.decode()

    kept = all_at_once([lambda: choose(0), lambda: choose(1)])
    assert sorted(map(str, kept)) == ["False", "True"]
    assert User.objects.get(pk=tom.pk).check_password(f"{PASSWORD} {kept.index(True)}")


@pytest.mark.committing
def test_the_same_asked_twice_at_once_is_one_that_waits() -> None:
    book = make_fund().book
    tom = make_staff(book, "manager", "Tom Ashworth")

    def ask() -> Invitation:
        return invite(book=book, to=None, email=ANN, name="Ann Lee", role="officer", by=tom)

    one, other = all_at_once([ask, ask])
    assert one == other == Invitation.objects.get()


@pytest.mark.committing
def test_of_two_managers_who_leave_or_step_down_at_once_one_stays() -> None:
    book = make_fund().book
    tom, tim = make_staff(book, "manager", "Tom Ashworth"), make_staff(book, "manager", "Tim Bell")

    def leave() -> str:
        return _said(lambda: end_access(user=tom, side="book", of=book))

    def step_down() -> str:
        return _said(lambda: give_access(user=tim, side="book", of=book, role="officer"))

    said = all_at_once([leave, step_down])
    assert sorted(map(str, said)) == ["LastManager", "done"]
    assert StaffMembership.objects.filter(book=book, role="manager").count() == 1


def _said(doing: Any) -> str:
    try:
        doing()
    except LastManager as refusal:
        return type(refusal).__name__
    return "done"
