"""Does a letter go once, whatever happens to the worker or the mail server, and is what came back kept?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client

from commonweal.demo.story import JO, TOM
from commonweal.jobs.letters import ask_to_send
from commonweal.jobs.models import Job
from commonweal.jobs.worker import run
from commonweal.letters.choices import choices_of, choose, token_for
from commonweal.letters.errors import LetterGone
from commonweal.letters.kinds import LetterKind
from commonweal.letters.models import Letter, LetterReturn
from commonweal.letters.sending import UNCERTAIN, claim, hold, send, send_waiting
from commonweal.letters.writing import tell_answer
from tests.demo import Demo

NOTICE = """From: postmaster@mail.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; jo@netherby-shop.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: x
--b--
"""


@pytest.fixture
def letter(demo: Demo) -> Letter:
    """A letter to Jo that waits."""
    (written,) = tell_answer(loan=demo.loan, on=date(2026, 11, 23), what="You asked for a repayment holiday.")
    return written


def state(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.note


def lose(letter: Letter) -> None:
    """The worker is killed: its lease runs out and nothing is noted."""
    Letter.objects.filter(pk=letter.pk).update(lease_until=Now() - timedelta(minutes=1))


def test_a_letter_goes_in_both_forms_from_the_fund_with_a_way_to_stop_it(
    letter: Letter, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert send_waiting(worker="w") == (1, 1)
    assert send_waiting(worker="w") == (0, 0)
    (mail,) = mailoutbox
    assert mail.from_email == "Harbour & Hills Community Fund <letters@localhost>"
    assert mail.alternatives[0].mimetype == "text/html"
    assert mail.extra_headers["Message-ID"] == letter.message_id
    assert mail.extra_headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/stop-e-mails/")
    assert state(letter) == ("sent", "")


def test_a_worker_that_dies_in_between_costs_one_more_copy_at_most(letter: Letter, mailoutbox: list[Any]) -> None:
    first = claim(worker="one")
    assert first is not None
    assert claim(worker="two") is None
    send(first)
    Letter.objects.filter(pk=letter.pk).update(state="sending", sent_at=None, lease_owner="one", lease_until=Now())
    lose(letter)
    again = claim(worker="two")
    assert again is not None
    send(again)
    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [letter.message_id] * 2
    assert not send(first), "who lost the lease notes nothing"
    Letter.objects.filter(pk=letter.pk).update(state="sending", sent_at=None, lease_owner="two", lease_until=Now())
    lose(letter)
    assert claim(worker="three") is None
    assert state(letter) == ("failed", UNCERTAIN)


def test_a_mail_server_that_does_not_answer_is_tried_again_later(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: EmailMultiAlternatives) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMultiAlternatives, "send", fails)
    assert send_waiting(worker="w") == (0, 1)
    assert state(letter) == ("waiting", "SMTPServerDisconnected: gone")
    assert claim(worker="w") is None
    for _ in range(4):
        Letter.objects.filter(pk=letter.pk).update(not_before=None)
        send_waiting(worker="w")
    assert state(letter)[0] == "failed"


def test_an_address_that_is_refused_is_kept_and_not_tried_again(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: EmailMultiAlternatives) -> int:
        raise SMTPRecipientsRefused({JO.email: (550, b"no such user")})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuses)
    send_waiting(worker="w")
    assert state(letter) == ("failed", "The mail server refused it: no such user")
    assert (LetterReturn.objects.get().code, LetterReturn.objects.get().is_final) == ("550", True)


def test_what_comes_back_later_is_read_from_its_notice_once(letter: Letter, tmp_path: Path) -> None:
    file = tmp_path / "notice.eml"
    file.write_text(NOTICE.format(message_id=letter.message_id))
    call_command("record_returns", file)
    call_command("record_returns", file)
    assert (letter.returns.get().code, letter.returns.get().detail) == ("5.1.1", "smtp; 550 no such user")
    file.write_text(NOTICE.format(message_id="<letter-1.2@elsewhere.example>"))
    call_command("record_returns", file)
    assert LetterReturn.objects.count() == 1


def test_what_is_stopped_or_held_or_too_late_does_not_go(demo: Demo, letter: Letter, mailoutbox: list[Any]) -> None:
    hold(letter=letter, reason="We called instead")
    assert send_waiting(worker="w") == (0, 0)
    with pytest.raises(LetterGone):
        hold(letter=letter, reason="Twice")
    (later,) = tell_answer(loan=demo.loan, on=date(2026, 11, 22), what="You asked for new terms.")
    choose(person=demo.user(JO), wanted={LetterKind.ANSWERED: False})
    assert send_waiting(worker="w") == (0, 0)
    assert state(later) == ("held", "Not wanted any more")
    assert mailoutbox == []


def test_the_job_sends_and_without_a_mail_server_letters_wait(
    demo: Demo, letter: Letter, mailoutbox: list[Any], settings: Any
) -> None:
    settings.LETTERS_ARE_SENT = False
    asked = ask_to_send(book=demo.book, by=demo.user(TOM))
    assert asked is not None
    Job.objects.filter(pk=asked.pk).update(state="running", lease_owner="w", lease_until=Now(), attempts=1)
    asked.refresh_from_db()
    run(asked)
    asked.refresh_from_db()
    assert asked.result == {"sent": 0, "tried": 0, "words": "No mail server is set up (EMAIL_URL), so letters wait."}
    assert state(letter)[0] == "waiting"


def test_the_link_in_a_letter_stops_its_kind_and_nothing_else(demo: Demo) -> None:
    jo = demo.user(JO)
    path = f"/stop-e-mails/{token_for(jo, LetterKind.MISSED)}/"
    client = Client(enforce_csrf_checks=True)
    assert b"Stop these e-mails?" in client.get(path).content
    assert choices_of(jo)[LetterKind.MISSED]
    assert b"These e-mails are stopped" in client.post(path, {"List-Unsubscribe": "One-Click"}).content
    assert [kind for kind, wanted in choices_of(jo).items() if not wanted] == [LetterKind.MISSED]
    assert client.get(f"{path[:-3]}xx/").status_code == 404
    assert client.post(f"/stop-e-mails/{token_for(jo, LetterKind.RATE)}/").status_code == 404
