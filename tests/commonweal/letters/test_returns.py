"""Returns by letter: one when it opens, reminders 7 days and 1 day before, a call for help once, and a receipt once."""

from __future__ import annotations

from datetime import date

from commonweal.demo.story import JO
from commonweal.jobs.returns import finish_return, save_step
from commonweal.letters.models import Contact, Letter, Message
from commonweal.letters.returns import open_and_remind
from loans.domain.returns import ReturnAnswerKind
from loans.models import ImpactReturn
from loans.services import Step
from tests.demo import Demo

KINDS = ("ret_open", "ret_week", "ret_day", "ret_sent")


def kinds() -> list[str]:
    return list(Letter.objects.filter(kind__in=KINDS).order_by("pk").values_list("kind", flat=True))


def answer_all(demo: Demo, found: ImpactReturn) -> None:
    for question in found.plan.questions.all():
        step = Step(answer=ReturnAnswerKind.NOTHING)
        on = demo.book.business_date
        save_step(impact_return=found, question=question, step=step, on=on, by=demo.user(JO))


def test_reminders_come_seven_days_and_one_day_before_and_only_while_it_is_open(demo: Demo) -> None:
    for day in (date(2027, 1, 7), date(2027, 1, 8), date(2027, 1, 9), date(2027, 1, 14), date(2027, 1, 15)):
        open_and_remind(demo.book, day)
    assert kinds() == ["ret_week", "ret_day"]
    first = Letter.objects.get(kind="ret_week")
    assert first.subject == "Your return to 31 October 2026 is due on Friday 15 January 2027"
    assert "has 4 questions. It takes about three minutes" in first.text
    assert "/borrower/achieved/" in first.text


def test_the_next_return_opens_with_a_letter_once_and_one_that_was_sent_is_not_reminded_of(demo: Demo) -> None:
    found, jo = ImpactReturn.objects.get(), demo.user(JO)
    answer_all(demo, found)
    for _ in range(2):
        finish_return(impact_return=found, on=demo.book.business_date, by=jo)
    assert kinds() == ["ret_sent"]
    assert "How many hours did volunteers give? Nothing to report" in Letter.objects.get(kind="ret_sent").text
    for day in (date(2027, 1, 10), date(2027, 10, 31), date(2027, 11, 1), date(2027, 11, 2)):
        open_and_remind(demo.book, day)
    assert kinds() == ["ret_sent", "ret_open"]
    assert ImpactReturn.objects.count() == 2


def test_help_is_called_for_once(demo: Demo) -> None:
    found, jo, on = ImpactReturn.objects.get(), demo.user(JO), demo.book.business_date
    question = found.plan.questions.get(place=3)
    before = Message.objects.count()
    for _ in range(2):
        save_step(impact_return=found, question=question, step=Step(answer=ReturnAnswerKind.HELP), on=on, by=jo)
    assert Message.objects.count() == before + 1
    assert Message.objects.latest("pk").text.endswith("“How many hours did volunteers give?”")
    contact = Contact.objects.latest("pk")
    assert (contact.next_step, contact.next_step_on) == ("Ring Jo Armstrong about the return", date(2026, 11, 24))
