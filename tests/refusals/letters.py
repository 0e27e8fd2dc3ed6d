"""What is said about letters, messages, contacts, reminders and calendars."""

from __future__ import annotations

from datetime import date

from commonweal.letters import errors
from commonweal.letters.calendars import MOST, make_calendar
from commonweal.letters.candidates import late_positions
from commonweal.letters.choices import choose
from commonweal.letters.contacts import NextStep, log_contact
from commonweal.letters.kinds import Act, ContactKind, LetterKind, LetterState, Side, Worry
from commonweal.letters.ladder import Step, leave_out, planned, set_ladder
from commonweal.letters.messages import write_message
from commonweal.letters.models import Letter
from commonweal.letters.sending import hold
from commonweal.letters.worries import tell_worry
from commonweal.letters.writing import tell_answer
from tests.builders import make_user
from tests.commonweal.access.people import make_borrower
from tests.loans.builders import TODAY, make_drawn_loan, make_fund, make_netherby
from tests.refusals.scenes import ends_in


@ends_in(errors.NothingSaid)
def an_empty_message() -> object:
    fund = make_fund()
    shop = make_netherby(fund).organisation
    return write_message(book=fund.book, party=shop, side=Side.FUND, text="  ", by=fund.priya)


@ends_in(errors.ContactUnclear)
def too_far_ahead() -> object:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    return tell_worry(loan=loan, worry=Worry.LATE, pay_on=date(2027, 11, 1), on=TODAY, by=make_user(name="Jo"))


@ends_in(errors.StepSettled)
def done_twice() -> object:
    fund = make_fund()
    said = {"loan": make_drawn_loan(fund), "kind": ContactKind.CALL, "on": TODAY, "by": fund.priya}
    first = log_contact(**said, said="Nobody there", next_step=NextStep("Call again", TODAY))
    log_contact(**said, said="All is well", settles=first)
    return log_contact(**said, said="All is well", settles=first)


@ends_in(errors.LegalNotice)
def no_notice_of_a_rate() -> object:
    return choose(person=make_user(), wanted={LetterKind.RATE: False})


@ends_in(errors.LetterGone)
def sent_already() -> object:
    loan = make_netherby(make_fund())
    make_borrower(loan.organisation)
    (letter,) = tell_answer(loan=loan, on=TODAY, what="You asked for new terms.")
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, sent_at=letter.written_at)
    return hold(letter=letter, reason="We called instead")


@ends_in(errors.ReminderTaken)
def left_out_twice() -> object:
    fund = make_fund()
    make_drawn_loan(fund)
    one = planned(fund.book, late_positions(fund.book, TODAY), TODAY)[0]
    leave_out(one=one, reason="Paid by cheque", on=TODAY, by=fund.priya)
    return leave_out(one=one, reason="Paid by cheque", on=TODAY, by=fund.priya)


@ends_in(errors.LadderUnclear)
def two_on_one_day() -> object:
    fund = make_fund()
    return set_ladder(book=fund.book, steps=[Step(7, Act.CALL), Step(7, Act.LETTER)], by=fund.tom)


@ends_in(errors.TooManyCalendars)
def one_too_many() -> object:
    person = make_user()
    for number in range(MOST):
        make_calendar(person=person, label=f"Phone {number}")
    return make_calendar(person=person, label="Another")
