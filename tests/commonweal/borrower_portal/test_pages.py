"""Does a business read in everyday words what is next, what arrived and what is left; and nothing of its lenders?"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from http import HTTPStatus

import pytest
from moneyed import Money

from commonweal.access.models import BorrowerMembership, ReadRecord
from commonweal.demo.story import BEA, INSTALMENT, JO, SAM, TOM
from commonweal.documents.models import Document
from ledger.services import move_business_date
from loans.models import Application
from loans.queries import asked_terms_sha256, loan_by_reference, position_of
from loans.returns_queries import shown_stories_of, stories_of
from loans.services import approve, decline, record_repayment
from tests.builders import make_user
from tests.demo import Demo
from tests.demo_more import lend_more
from tests.pages import look, send

HOME = "/borrower/"
PAGES = (HOME, "/borrower/achieved/", "/borrower/documents/")
JARGON = ("principal", "instalment", "arrears", "drawdown", "participation", "outstanding", "Journal", "E-")


def pay(demo: Demo, amount: Money, on: date) -> None:
    key = f"test:{on}"
    record_repayment(loan=demo.loan, amount=amount, on=on, bank_account="MAIN", by=demo.user(JO), key=key)


def test_the_next_payment_stands_in_one_sentence(demo: Demo) -> None:
    page = look(demo.client(JO), HOME)
    assert "Your next payment is £676.65 on Tuesday 1 December 2026." in page.text
    assert "Pay by bank transfer with the reference HH-0108" in page.text
    assert page.title == "Your loan · Netherby Corner Shop Society"


def test_how_far_one_has_come(demo: Demo) -> None:
    page = look(demo.client(JO), HOME)
    come = "You have paid back £9,423.88 of the £35,000.00 you borrowed. £25,576.12 is left, over 42 more payments"
    assert f"{come}, the last on 1 May 2030." in page.text
    assert "As it stands on 23 November 2026." in page.text
    assert "2 November 2026 £676.65 arrived, thank you 1 October 2026 £676.65 arrived" in page.text
    assert page.rows("Your payments")[1:4] == [
        "2 Nov 2026 Paid | 676.65 | 130.61 | 546.04 | 25,576.12",
        "1 Dec 2026 Next | 676.65 | 127.88 | 548.77 | 25,027.35",
        "4 Jan 2027 To come | 676.65 | 125.14 | 551.51 | 24,475.84",
    ]


def test_a_payment_made_early_moves_the_sentence_on(demo: Demo) -> None:
    pay(demo, INSTALMENT, date(2026, 11, 23))
    page = look(demo.client(JO), HOME)
    assert "Your next payment is £676.65 on Monday 4 January 2027." in page.text
    held = "£676.65 that you paid early is kept for your next payments. It covers the payment of 1 December 2026."
    assert held in page.text
    assert "over 41 more payments" in page.text
    covered = "1 Dec 2026 Covered by what you paid in advance"
    assert page.rows("Your payments")[2] == f"{covered} | 676.65 | 127.88 | 548.77 | 25,027.35"
    page = look(demo.client(JO), f"{HOME}loans/{demo.loan.pk}/")
    assert held in page.text
    assert page.rows("All your payments")[18].startswith(f"{covered} · 19 | 676.65")


def test_money_in_advance_is_told_for_the_payments_that_it_covers_and_for_a_part(demo: Demo) -> None:
    pay(demo, 2 * INSTALMENT + Money("250.00", "GBP"), date(2026, 11, 23))
    page = look(demo.client(JO), HOME)
    assert "It covers 2 payments, up to the one of 4 January 2027." in page.text
    assert "over 40 more payments" in page.text
    assert page.rows("Your payments")[4].startswith("1 Feb 2027 Next, £250.00 of it covered in advance | 676.65")


def test_a_late_payment_is_said_without_shame_and_with_a_person(demo: Demo) -> None:
    move_business_date(book=demo.book, to=date(2026, 12, 8))
    page = look(demo.client(JO), HOME)
    late = "£676.65 is late. Your next payment is £676.65 on Monday 4 January 2027."
    assert late in page.text
    assert "Please talk to us: we can work something out." in page.text
    assert "1 Dec 2026 7 days late" in page.text
    assert page.link("Call 01632 960 417") == "tel:01632960417"
    assert page.link("Write to Priya Nair") == "mailto:priya@harbour-hills.example"


def test_what_brings_a_late_loan_up_to_date_is_said_with_its_interest_and_does(
    living_demo: Demo,
) -> None:
    bakery, on = loan_by_reference(living_demo.book, "L-0103"), living_demo.book.business_date
    assert bakery is not None
    page = look(living_demo.client(BEA), HOME)
    assert "To be up to date, pay £856.03 today: £0.21 of it is interest for paying late." in page.text
    paid = {"amount": position_of(bakery, on).brings_up_to_date, "on": on, "bank_account": "MAIN", "key": "up-to-date"}
    record_repayment(loan=bakery, by=living_demo.user(BEA), **paid)
    assert not position_of(bakery, on).arrears
    assert "is late" not in look(living_demo.client(BEA), HOME).text


def test_a_loan_that_is_paid_off_says_so(demo: Demo) -> None:
    last = date(2030, 5, 1)
    move_business_date(book=demo.book, to=last)
    pay(demo, position_of(demo.loan, last).owed_in_all, last)
    page = look(demo.client(JO), HOME)
    assert "Your loan is paid off. Thank you. Nothing more is due." in page.text


def test_all_payments_from_the_first_to_the_last(demo: Demo) -> None:
    page = look(demo.client(JO), f"{HOME}loans/{demo.loan.pk}/")
    rows = page.rows("All your payments")
    assert len(rows) == 60
    assert rows[0] == "2 Jun 2025 Paid · 1 | 676.65 | 175.00 | 501.65 | 34,498.35"
    assert rows[18].startswith("1 Dec 2026 Next · 19 | 676.65")
    assert rows[59] == "1 May 2030 To come · 60 | 676.54 | 3.37 | 673.17 | 0.00"
    assert "You pay 6% a year on what you still owe; there is no flat rate." in page.text


def test_what_was_promised_and_achieved(demo: Demo) -> None:
    page = look(demo.client(JO), "/borrower/achieved/")
    assert "You began with 3 and aim for 6 people by 31 March 2028." in page.text
    assert page.rows("People in work") == [
        "October 2024 to September 2025 | 4 | Payroll summary Third-party record",
        "October 2025 to September 2026 | 5 | Payroll summary Third-party record",
    ]


def test_one_s_own_statements_are_downloaded_and_the_reading_recorded(demo: Demo) -> None:
    page = look(demo.client(JO), "/borrower/documents/")
    assert [row.split(" | ")[1] for row in page.rows("Your statements")] == ["Not final yet", "Final", "Final"]
    document = Document.objects.get(number="2026-Q3-L-0108")
    path = page.link("July to September 2026 (PDF)")
    assert path == f"/borrower/documents/{document.pk}/"
    answer = demo.client(JO).get(path)
    assert sha256(answer.content).hexdigest() == document.sha256
    assert ReadRecord.objects.filter(user=demo.user(JO), what="document", subject=str(document.pk)).exists()


def test_several_loans_each_have_their_sentence(demo: Demo) -> None:
    second = lend_more(demo, 1)
    page = look(demo.client(JO), HOME)
    assert "Your next payment is £676.65 on Tuesday 1 December 2026." in page.text
    assert f"Community business loan, {second} Your next payment is £" in page.text
    assert page.source.count("<h1") == 1
    assert look(demo.client(JO), "/borrower/achieved/").text.count("aim for") == 2


def test_nothing_of_the_lenders_and_none_of_the_desk_s_words(demo: Demo) -> None:
    for path in (*PAGES, f"{HOME}loans/{demo.loan.pk}/"):
        page = look(demo.client(JO), path)
        for name in ("Northmoor", "Tideway", "Lottery", "NRB", "TST"):
            assert name not in page.source
        assert [word for word in JARGON if word.lower() in page.text.lower().replace("e-mail", "")] == []


def test_another_business_s_things_answer_like_ones_that_do_not_exist(demo: Demo) -> None:
    sam = demo.client(SAM)
    theirs = Document.objects.get(number="2026-Q3-L-0108").pk
    lenders = Document.objects.get(number="2026-Q3-TST").pk
    for path in (f"{HOME}loans/{demo.loan.pk}/", f"{HOME}documents/{theirs}/"):
        assert sam.get(path).status_code == HTTPStatus.NOT_FOUND
    for path in (f"{HOME}loans/987654/", f"{HOME}documents/987654/", f"{HOME}documents/{lenders}/"):
        assert demo.client(JO).get(path).status_code == HTTPStatus.NOT_FOUND


def _decline(demo: Demo) -> None:
    asked = Application.objects.get(reference="A-0132")
    given = {"shown_sha256": asked_terms_sha256(asked), "on": demo.book.business_date, "by": demo.user(TOM)}
    decline(application=asked, reason="Too early", **given)


def test_who_has_asked_and_not_been_answered_reads_so(demo: Demo) -> None:
    page = look(demo.client(SAM), HOME)
    assert page.title == "Your application · Millrace Makers Co-operative"
    assert "£20,000.00 for Millrace Makers Co-operative" in page.text
    assert "We are looking at it" in page.text
    assert "You asked on 19 November 2026; our reference is A-0132." in page.text
    _decline(demo)
    assert "No loan yet" in look(demo.client(SAM), HOME).text


@pytest.mark.parametrize("path", PAGES)
def test_a_business_with_nothing_yet_reads_what_will_come(demo: Demo, path: str) -> None:
    newcomer = make_user(name="Newcomer")
    shop = Application.objects.get(reference="A-0132").organisation
    _decline(demo)
    BorrowerMembership.objects.create(user=newcomer, organisation=shop)
    client = demo.client(JO)
    client.force_login(newcomer)
    empty = look(client, path).tree.xpath("//section[@class='empty']")
    assert len(empty) == 1


def test_a_loan_that_is_agreed_and_not_drawn_waits_for_its_money(demo: Demo) -> None:
    waits = Application.objects.get(reference="A-0132")
    shown, on = asked_terms_sha256(waits), demo.book.business_date
    loan = approve(application=waits, shown_sha256=shown, on=on, by=demo.user(TOM))
    page = look(demo.client(SAM), HOME)
    assert "Your loan of £20,000.00 is agreed. The money has not been sent yet." in page.text
    assert "No payments yet" in look(demo.client(SAM), f"{HOME}loans/{loan.pk}/").text


def test_a_story_says_whether_it_is_shown_and_how_to_take_it_back(demo: Demo) -> None:
    jo, shop = demo.client(JO), demo.loan.organisation
    consents = f"/borrower/consents/{shop.pk}/"
    words = {"title": "Bread on Mondays", "text": "There was none before.", "photo": ""}
    send(jo, consents, named="on")
    page = send(jo, f"/borrower/stories/{shop.pk}/new/", **words)
    assert "Bread on Mondays Not shown There was none before." in page.text
    page = send(jo, consents, story="on")
    assert "Bread on Mondays Shown There was none before." in page.text
    page = send(jo, consents)
    assert "Bread on Mondays Not shown" in page.text
    assert "It is shown once you tick “Tell our story” above." in page.text
    told = stories_of([shop]).get(title="Bread on Mondays")
    send(jo, consents, story="on")
    taken = send(jo, f"/borrower/stories/{shop.pk}/{told.pk}/withdraw/")
    assert "Bread on Mondays Taken back There was none before." in taken.text
    assert "The counter that stayed Shown" in taken.text
    assert told not in [one for one, _ in shown_stories_of([shop])]
    assert demo.client(SAM).post(f"/borrower/stories/{shop.pk}/{told.pk}/withdraw/").status_code == 404
