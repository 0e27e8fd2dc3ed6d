"""Can both sides say what they have to say, and see what was said, on their pages?"""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from commonweal.demo.story import HANA, JO, PRIYA, RUTH, TOM
from commonweal.letters.choices import choices_of
from commonweal.letters.kinds import LEGAL, LetterKind
from commonweal.letters.models import Contact, Letter
from commonweal.letters.rounds import write_letters
from ledger.services import move_business_date
from tests.demo import Demo
from tests.pages import csv_rows, look, send

WORRIED = "/borrower/worried/"
HARD_WORDS = ("penalty", "arrears", "default", "overdue", "fee", "late fee", "action", "immediately")


def test_worried_is_one_click_from_every_page_and_names_a_person_and_a_number(demo: Demo) -> None:
    jo = demo.client(JO)
    for path in ("", "messages/", "achieved/", "documents/", "e-mails/", "calendar/", f"loans/{demo.loan.pk}/"):
        assert WORRIED in look(jo, f"/borrower/{path}").links(), path
    page = look(jo, WORRIED)
    assert f"{demo.book.contact_name} looks after your loan: call {demo.book.contact_phone}" in page.text
    assert not [word for word in HARD_WORDS if word in page.text.lower().split()]


def test_what_a_business_says_becomes_a_message_and_a_task_at_the_desk(demo: Demo) -> None:
    jo, priya = demo.client(JO), demo.client(PRIYA)
    assert send(jo, WORRIED, worry="late").problems() == [
        "Choose a day after 23 November 2026, at most three months ahead, or choose “I would like to talk first”. "
        "Nothing was sent yet."
    ]
    page = send(jo, WORRIED, worry="late", pay_on="2026-12-10", words="The till broke.")
    assert page.notices()[0].endswith("by Tuesday 24 November 2026. Nothing about your loan has changed.")
    assert "We will pay late: on 10 December 2026 (loan L-0108). The till broke." in page.text
    assert "Not read yet" in page.text
    assert "1 Message not read" in look(priya, "/desk/harbour-hills/").text
    desk = look(priya, f"/desk/harbour-hills/messages/{demo.loan.organisation_id}/")
    assert "The till broke." in desk.text
    assert "Read on" in look(jo, "/borrower/messages/").text
    assert look(priya, "/desk/harbour-hills/contacts/").rows("Next steps")[0].startswith("24 Nov 2026 | Netherby")
    assert "1 new" not in look(jo, "/borrower/").text


def test_an_answer_is_read_in_the_portal_and_told_by_e_mail_once_a_day(demo: Demo) -> None:
    path = f"/desk/harbour-hills/messages/{demo.loan.organisation_id}/"
    for text in ("We have seen it.", "Priya will call."):
        assert send(demo.client(PRIYA), path, text=text).notices() == ["Sent to Netherby Corner Shop Society."]
    assert [one.kind for one in Letter.objects.all()] == ["message"]
    jo = demo.client(JO)
    assert "2 new" in look(jo, "/borrower/").source.replace('<span class="hidden">', "")
    assert "Priya will call." in look(jo, "/borrower/messages/").text
    assert "Send" in look(demo.client(RUTH), path).forbidden()


def test_an_investor_asks_and_is_answered_at_the_desk(demo: Demo) -> None:
    hana, priya, trust = demo.client(HANA), demo.client(PRIYA), demo.investor("TST")
    asked = send(hana, "/investor/messages/", topic="document", text="May we have the deed?")
    assert asked.notices() == ["Sent to Harbour & Hills Community Fund. You will get an answer here, and by e-mail."]
    assert "Ask for a document May we have the deed?" in asked.text
    assert "1 Message not read Tideway Social Trust" in look(priya, "/desk/harbour-hills/").text
    (row,) = look(priya, "/desk/harbour-hills/messages/").rows("Conversations")
    assert row.startswith("Tideway Social Trust Investor | Ask for a document | May we have the deed?")
    path = f"/desk/harbour-hills/messages/investors/{trust.pk}/"
    assert "Read by Hana Okafor" in look(priya, path).text
    assert "Read on" in look(hana, "/investor/messages/").text
    assert send(priya, path, text="It is under Documents.").notices() == ["Sent to Tideway Social Trust."]
    letter = Letter.objects.get(kind="message")
    assert letter.person == demo.user(HANA)
    assert "/investor/messages/" in letter.text
    assert "It is under" not in letter.text
    assert "1 new" in look(hana, "/investor/").source.replace('<span class="hidden">', "")
    assert csv_rows(hana, "/investor/messages/")[-1][4] == "It is under Documents."
    assert "It is under Documents." not in look(demo.client(JO), "/borrower/messages/").text
    assert "Send" in look(demo.client(RUTH), path).forbidden()


def test_a_contact_stands_on_the_loan_with_what_comes_next_and_settles_a_step(demo: Demo) -> None:
    tom, loan = demo.client(TOM), f"/desk/harbour-hills/loans/{demo.loan.pk}/"
    said = {"kind": "call", "on": "2026-11-23", "with_whom": "Jo", "said": "A quiet month"}
    assert send(tom, f"{loan}contacts/new/", **said, next_step="Call again").problems() == [
        "Enter the day by which the next step is to be done"
    ]
    page = send(tom, f"{loan}contacts/new/", **said, next_step="Call again", next_step_on="2026-11-23")
    assert "Call with Jo A quiet month Next: Call again, by 23 November 2026. Recorded by Tom Ashworth." in page.text
    assert "Next step due" in look(tom, "/desk/harbour-hills/").text
    (row,) = csv_rows(tom, "/desk/harbour-hills/contacts/")[1:]
    assert row[:4] == ["2026-11-23", "L-0108", "Netherby Corner Shop Society", "Call again"]
    first = Contact.objects.get()
    send(tom, f"{loan}contacts/new/", **said, settles=first.pk)
    assert look(tom, "/desk/harbour-hills/contacts/").text.endswith("from businesses that are worried.")
    assert list(look(demo.client(RUTH), loan).forbidden())[0:1]


def test_reminders_are_seen_before_they_go_and_can_be_left_out(demo: Demo) -> None:
    tom, page = demo.client(TOM), "/desk/harbour-hills/letters/"
    move_business_date(book=demo.book, to=date(2026, 12, 2))
    rows = look(tom, page).rows("Reminders to come")
    assert [row.split(" | ")[:1] for row in rows] == [["4 Dec 2026"], ["8 Dec 2026"]]
    step = {"loan": demo.loan.pk, "due_on": "2026-12-01", "act": "email"}
    assert "Say why" in send(tom, f"{page}leave-out/", **step).notices()[0]
    assert send(tom, f"{page}leave-out/", **step, reason="Paid by cheque").notices() == [
        "The friendly e-mail for L-0108 is left out."
    ]
    assert len(look(tom, page).rows("Reminders to come")) == 1
    assert send(tom, f"{page}steps/", email="2", letter="5").notices()[0].startswith("The steps are changed")


def test_a_letter_is_read_and_held_at_the_desk_without_the_link_that_stops_it(demo: Demo) -> None:
    move_business_date(book=demo.book, to=date(2026, 11, 26))
    write_letters(demo.book, date(2026, 11, 26))
    path = reverse("desk:letter", args=["harbour-hills", Letter.objects.get().pk])
    page = look(demo.client(TOM), path)
    assert "Please pay it by bank transfer with the reference HH-0108." in page.text
    assert "stop-e-mails" not in page.source
    assert "does not go out" in send(demo.client(TOM), f"{path}hold/", reason="She rang").notices()[0]


def test_each_side_chooses_its_e_mails(demo: Demo) -> None:
    jo = demo.client(JO)
    assert "When the interest rate changes" in look(jo, "/borrower/e-mails/").text
    send(jo, "/borrower/e-mails/", wanted=["missed", "message"])
    wanted = {kind for kind, is_wanted in choices_of(demo.user(JO)).items() if is_wanted}
    assert wanted == {LetterKind.MISSED, LetterKind.MESSAGE, *LEGAL}
    send(demo.client(HANA), "/investor/e-mails/")
    assert not choices_of(demo.user(HANA))[LetterKind.STATEMENT]


def test_a_calendar_address_is_shown_once_and_removed(demo: Demo) -> None:
    jo = demo.client(JO)
    page = send(jo, "/borrower/calendar/", label="My phone")
    assert "http://127.0.0.1:8000/calendar/" in page.text
    again = look(jo, "/borrower/calendar/")
    assert ".ics" not in again.source
    (form,) = [each.get("action") for each in again.tree.iter("form") if "revoke" in (each.get("action") or "")]
    assert send(jo, form).notices() == ["The address for “My phone” does not work any more."]
