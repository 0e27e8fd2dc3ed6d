"""Is each letter written once, in plain words, and each step of the reminders taken once for each missed payment?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from commonweal.demo.story import INSTALMENT, JO, PRIYA, TOM
from commonweal.jobs.close import close_days
from commonweal.jobs.letters import KIND
from commonweal.jobs.models import Job
from commonweal.letters.calendars import keep_all_dates
from commonweal.letters.candidates import late_positions, loans_that_moved, loans_to_tell
from commonweal.letters.choices import choose
from commonweal.letters.contacts import open_steps
from commonweal.letters.errors import LadderUnclear, LegalNotice, ReminderTaken
from commonweal.letters.kinds import Act, LetterKind, Worry
from commonweal.letters.ladder import USUAL, Step, ladder_of, leave_out, planned, set_ladder
from commonweal.letters.models import CalendarDate, Contact, Letter, Reminder
from commonweal.letters.rounds import Round, write_letters
from commonweal.letters.worries import tell_worry
from commonweal.letters.writing import tell_answer
from ledger.services import move_business_date
from loans.models import Loan, RateNotice
from loans.services import add_index, bring_all_up_to_date, record_base_rate, record_repayment
from tests.demo import Demo
from tests.loans.builders import Fund, make_fund
from tests.loans.direct_debit.collected import collects, live
from tests.loans.test_bringing_in import moved_rows
from tests.moving_in import loan_row

DUE = date(2026, 12, 1)


def round_on(demo: Demo, on: date) -> list[str]:
    """What a day brought, as kind and subject."""
    known = set(Letter.objects.values_list("pk", flat=True))
    move_business_date(book=demo.book, to=on)
    write_letters(demo.book, on, by=demo.user(TOM))
    return [f"{one.kind}: {one.subject}" for one in Letter.objects.exclude(pk__in=known).order_by("pk")]


def test_a_week_and_a_day_before_each_once(demo: Demo) -> None:
    assert round_on(demo, date(2026, 11, 23)) == []
    week = "due_week: Your payment of £676.65 is due on Tuesday 1 December 2026"
    assert round_on(demo, date(2026, 11, 26)) == [week]
    assert round_on(demo, date(2026, 11, 27)) == []
    day = "due_day: Your payment of £676.65 is due tomorrow, Tuesday 1 December 2026"
    assert round_on(demo, date(2026, 11, 30)) == [day]
    assert round_on(demo, date(2026, 11, 30)) == []


def test_a_letter_has_one_link_a_person_and_a_way_to_stop(demo: Demo) -> None:
    round_on(demo, date(2026, 11, 26))
    letter = Letter.objects.get()
    assert letter.text.splitlines()[0] == "Hello Jo Armstrong,"
    assert "reference HH-0108" in letter.text
    assert "Tell us if paying is hard: http://127.0.0.1:8000/borrower/worried/" in letter.text
    body, _, foot = letter.text.partition("\n--\n")
    assert (body.count("http"), foot.count("http")) == (1, 1)
    assert demo.book.contact_phone in body
    assert demo.book.contact_name in body
    assert letter.html.count('<a href="http') == 2
    assert (letter.address, letter.useful_to) == (JO.email, date(2026, 11, 30))


def test_a_missing_payment_is_told_without_shame_and_the_steps_come_once(demo: Demo) -> None:
    round_on(demo, DUE)
    assert round_on(demo, date(2026, 12, 3)) == []
    shown = planned(demo.book, late_positions(demo.book, date(2026, 12, 3)), date(2026, 12, 31))
    assert [(one.step.act, one.on) for one in shown] == [
        (Act.EMAIL, date(2026, 12, 4)),
        (Act.CALL, date(2026, 12, 8)),
        (Act.LETTER, date(2026, 12, 22)),
    ]
    assert round_on(demo, date(2026, 12, 4)) == ["missed: We have not seen your payment of 1 December 2026 yet"]
    text = Letter.objects.get(kind="missed").text
    assert "Most businesses have a hard month now and then." in text
    assert not {"penalty", "default", "arrears", "overdue", "must"} & set(text.lower().split())
    assert round_on(demo, date(2026, 12, 8)) == []
    assert [one.next_step for one in open_steps(demo.book)] == ["Call Netherby Corner Shop Society"]
    assert round_on(demo, date(2026, 12, 9)) == []
    assert Reminder.objects.filter(due_on=DUE).count() == 2


def test_a_step_is_not_to_be_taken_any_more_once_nothing_is_late_and_does_not_come_back(demo: Demo) -> None:
    round_on(demo, date(2026, 12, 8))
    assert [one.next_step for one in open_steps(demo.book)] == ["Call Netherby Corner Shop Society"]
    paid = {"amount": INSTALMENT, "on": date(2026, 12, 8), "bank_account": "MAIN", "key": "at-last"}
    record_repayment(loan=demo.loan, by=demo.user(PRIYA), **paid)
    assert not open_steps(demo.book)
    round_on(demo, date(2026, 12, 9))
    assert Contact.objects.get(settles__isnull=False).said == "Nothing is late any more."
    round_on(demo, date(2027, 1, 8))
    assert not open_steps(demo.book).filter(said__contains="1 December 2026")


def test_days_that_were_missed_bring_the_last_step_and_not_all_of_them(demo: Demo) -> None:
    assert round_on(demo, date(2026, 12, 10)) == []
    assert [(one.act, bool(one.left_out)) for one in Reminder.objects.all()] == [("email", True), ("call", False)]


def test_a_promise_puts_the_reminders_off(demo: Demo) -> None:
    move_business_date(book=demo.book, to=date(2026, 12, 2))
    said = {"loan": demo.loan, "worry": Worry.LATE, "by": demo.user(JO), "on": date(2026, 12, 2)}
    tell_worry(**said, pay_on=date(2026, 12, 14))
    assert round_on(demo, date(2026, 12, 14)) == []
    assert round_on(demo, date(2026, 12, 15)) == []
    assert Reminder.objects.get(left_out="").act == "call"


def test_a_step_may_be_left_out_with_a_reason_and_not_twice(demo: Demo) -> None:
    round_on(demo, date(2026, 12, 3))
    one = planned(demo.book, late_positions(demo.book, date(2026, 12, 3)), date(2026, 12, 4))[0]
    leave_out(one=one, reason="Paid by cheque", on=date(2026, 12, 3), by=demo.user(PRIYA))
    assert round_on(demo, date(2026, 12, 4)) == []
    with pytest.raises(ReminderTaken):
        leave_out(one=one, reason="Again", on=date(2026, 12, 3), by=demo.user(PRIYA))


def test_the_steps_are_data_of_the_fund(demo: Demo) -> None:
    assert ladder_of(demo.book) == USUAL
    set_ladder(book=demo.book, steps=[Step(14, Act.LETTER), Step(5, Act.CALL)], by=demo.user(TOM))
    assert ladder_of(demo.book) == (Step(5, Act.CALL), Step(14, Act.LETTER))
    with pytest.raises(LadderUnclear):
        set_ladder(book=demo.book, steps=[Step(5, Act.LETTER), Step(5, Act.CALL)], by=demo.user(TOM))


def test_who_switched_a_kind_off_does_not_get_it_and_a_legal_notice_comes_all_the_same(demo: Demo) -> None:
    jo = demo.user(JO)
    choose(person=jo, wanted={LetterKind.DUE_WEEK: False})
    assert round_on(demo, date(2026, 11, 26)) == []
    with pytest.raises(LegalNotice):
        choose(person=jo, wanted={LetterKind.RATE: False})
    (answer,) = tell_answer(loan=demo.loan, on=DUE, what="You asked for a repayment holiday.")
    assert answer.subject == "We have answered what you asked about your loan"


def test_a_borrower_is_told_of_a_new_rate_once(demo: Demo) -> None:
    index, on = add_index(book=demo.book, code="bank-rate", name="Bank Rate"), date(2027, 1, 1)
    rate = record_base_rate(index=index, effective_on=on, annual_rate=Decimal("0.04"), by=demo.user(TOM))
    RateNotice.objects.create(
        loan=demo.loan,
        base_rate=rate,
        takes_effect_on=on,
        tell_by=date(2026, 12, 18),
        old_rate=Decimal("0.06"),
        new_rate=Decimal("0.07"),
        old_payment=67665,
        new_payment=68112,
    )
    assert round_on(demo, date(2026, 11, 23)) == ["rate: The interest rate of your loan changes on 1 January 2027"]
    text = Letter.objects.get(kind=LetterKind.RATE).text
    assert "7% a year instead of 6%. It follows Bank Rate, which is 4% from 1 January 2027." in text
    assert "the next one is £681.12 instead of £676.65" in text
    assert "so it cannot be switched off" in text
    assert "rate" not in {said.partition(":")[0] for said in round_on(demo, date(2026, 11, 24))}


def test_the_close_of_a_day_writes_the_next_days_letters_and_asks_for_them_to_be_sent(demo: Demo) -> None:
    close_days(book=demo.book, through=date(2026, 11, 25), today=date(2026, 11, 26), by=demo.user(TOM))
    assert Letter.objects.get().kind == "due_week"
    assert Job.objects.get(kind=KIND).state == "queued"


def test_the_command_writes_and_sends_and_again_sends_nothing(demo: Demo, mailoutbox: list[object]) -> None:
    move_business_date(book=demo.book, to=date(2026, 11, 26))
    call_command("send_letters", book=demo.book.code)
    call_command("send_letters")
    assert len(mailoutbox) == 1


QUIET = {
    "fees due": "",
    "overdue principal": "",
    "overdue interest": "",
    "oldest due on": "",
    "next due on": "2027-01-28",
}
LATE = {"next due on": "2026-11-28"}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_a_round_costs_what_the_loans_cost_that_have_something_to_say(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """One loan is late, and no other has anything to say, however many they are."""
    fund, on = make_fund(today=date(2026, 11, 2)), date(2026, 12, 4)
    moved_rows(fund, [loan_row(number) | QUIET | (LATE if number == 1 else {}) for number in range(1, count + 1)])
    bring_all_up_to_date(book=fund.book, loans=Loan.objects.all(), on=on, by=fund.tom)
    move_business_date(book=fund.book, to=on)
    assert [loan.reference for loan in loans_to_tell(fund.book, on, 7)] == ["OLD-00001"]
    with django_assert_num_queries(25):
        assert write_letters(fund.book, on).steps == 1
    with django_assert_num_queries(13):
        keep_all_dates(book=fund.book, on=on)
    assert [*loans_to_tell(fund.book, on, 7), *loans_that_moved(fund.book, on)] == []
    assert CalendarDate.objects.values("loan").distinct().count() == count
    with django_assert_num_queries(14):
        assert write_letters(fund.book, on) == Round(0, 0)
    with django_assert_num_queries(5):
        keep_all_dates(book=fund.book, on=on)
    with django_assert_num_queries(6):
        assert {one.loan.reference for one in planned(fund.book, late_positions(fund.book, on), on)} <= {"OLD-00001"}


def test_a_payer_is_told_once_what_is_collected_and_is_not_asked_to_pay_it(demo: Demo) -> None:
    fund = Fund(demo.book, demo.loan.product, demo.user(PRIYA), demo.user(TOM))
    collects(fund)
    live(fund, demo.loan)
    told, asked = round_on(demo, date(2026, 11, 26))
    assert told == "debit: The payments that we will collect, from 4 January 2027 on"
    assert asked.startswith("due_week"), "the payment of 1 December was too near to be told"
    text = Letter.objects.get(kind=LetterKind.DEBIT).text
    assert "£676.65 on 4 January 2027, 1 February 2027," in " ".join(text.split())
    assert "account ending 5678" in text
    assert [one for one in round_on(demo, date(2026, 12, 28)) if one.startswith(("debit", "due"))] == []
