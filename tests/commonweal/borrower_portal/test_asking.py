"""Does a business see what a pause or smaller payments would do before it asks, and hear what became of it?"""

from __future__ import annotations

from http import HTTPStatus

from commonweal.demo.story import JO, PRIYA, SAM
from commonweal.jobs.servicing import reply
from commonweal.letters.models import Letter
from loans.domain.events import HolidayGranted, Restructured
from loans.domain.servicing import HolidayInterest
from loans.models import Answer, BorrowerRequest, LoanEvent
from loans.services.proposals import event_proposed
from tests.demo import Demo
from tests.pages import look, send

HOME = "/borrower/"
PAUSE = {"payments": "3", "interest": "paid", "afterwards": "later"}


def test_a_pause_is_seen_before_it_is_asked_for(demo: Demo) -> None:
    jo, path = demo.client(JO), f"{HOME}loans/{demo.loan.pk}/pause/"
    events = LoanEvent.objects.count()
    seen = look(jo, path, **PAUSE)
    assert seen.facts("Your answers") == {
        "A pause of": "3 payments",
        "The interest": "We keep paying the interest",
        "After the pause": "The loan ends later, by as many payments",
    }
    would = {row[0]: row[1:] for row in seen.table("What it would do")[1:]}
    assert would["Next payment"] == ["£676.65 1 Dec 2026", "£127.88 1 Dec 2026"]
    assert would["Last payment"] == ["1 May 2030", "1 Aug 2030"]
    assert would["Extra interest in all"][1].startswith("£3")
    rows = seen.rows("Your payments then")
    assert [row.split(" | ")[3] for row in rows[:3]] == ["0.00"] * 3
    assert (LoanEvent.objects.count(), BorrowerRequest.objects.count()) == (events, 0)
    assert look(jo, path, **PAUSE, change="1").value("payments") == "3"
    assert look(jo, path, payments="0", interest="paid").problems()


def test_it_waits_is_taken_back_and_asked_for_again_and_answered(demo: Demo) -> None:
    jo, path = demo.client(JO), f"{HOME}loans/{demo.loan.pk}/pause/"
    sent = send(jo, path, **PAUSE, message="The oven is broken")
    assert "Your request is sent. Priya Nair will answer" in sent.text
    assert "What you asked for A pause of 3 payments We are looking at it" in sent.text
    first = BorrowerRequest.objects.get()
    assert event_proposed(first) == HolidayGranted(demo.book.business_date, 0, 3, HolidayInterest.PAID, extends=True)
    assert "You have asked already." in look(jo, path).text
    assert send(jo, path, **PAUSE).problems()[0].startswith("A pause was asked for already")
    withdraw = f"{HOME}requests/{first.pk}/withdraw/"
    assert demo.client(SAM).post(withdraw).status_code == HTTPStatus.NOT_FOUND
    assert "You took it back" in send(jo, withdraw).text
    send(jo, path, **PAUSE)
    again = BorrowerRequest.objects.get(answer=None)
    reply(request=again, answer=Answer.DECLINED, words="Two are possible.", by=demo.user(PRIYA))
    home = look(jo, HOME)
    assert "Not agreed Harbour & Hills Community Fund writes: “Two are possible.”" in home.text
    letter = Letter.objects.latest("pk")
    assert "We have answered what you asked for." in letter.text
    assert "676" not in letter.text


def test_smaller_payments_spread_what_is_left(demo: Demo) -> None:
    jo, path = demo.client(JO), f"{HOME}loans/{demo.loan.pk}/smaller-payments/"
    seen = look(jo, path, payments="12")
    assert seen.facts("Your answers") == {"What is left, over": "54 payments instead of 42"}
    would = {row[0]: row[1:] for row in seen.table("What it would do")[1:]}
    assert would["Last payment"] == ["1 May 2030", "1 May 2031"]
    send(jo, path, payments="12")
    event = event_proposed(BorrowerRequest.objects.get())
    assert isinstance(event, Restructured)
    assert event.terms.instalments == 54
