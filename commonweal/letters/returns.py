"""Letters about returns: that one can be filled in, that it is due soon, a receipt, and a call for help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from borrowers.domain.readings import counted
from commonweal.access.models import User
from commonweal.letters.contacts import NextStep, log_contact
from commonweal.letters.kinds import ContactKind, LetterKind, Side
from commonweal.letters.messages import write_message
from commonweal.letters.models import Letter
from commonweal.letters.wording import Link
from commonweal.letters.worries import next_working_day
from commonweal.letters.writing import ToWrite, people_of, write
from ledger.domain.words import date_text
from loans.domain.returns import REMINDED_BEFORE, ReturnAnswerKind
from loans.models import ImpactReturn, Loan, ReturnAnswer, ReturnQuestion, ReturnSent
from loans.returns_queries import answers_to, returns_in
from loans.services import open_returns

if TYPE_CHECKING:
    from ledger.models import Book

FILL_IN = Link("Fill in the return", "borrower:impact")
ACHIEVED = Link("See what you achieved", "borrower:impact")


def open_and_remind(book: Book, on: date) -> int:
    """Open the returns whose period is over, and remind of those that are due soon; how many letters were written.

    Opening and the letter that tells of it are one transaction, so neither is there without the other.
    """
    with transaction.atomic():
        opened = [one for one in open_returns(book=book, on=on) if one.due_on >= on]
        letters = sum(len(_write(one, LetterKind.RET_OPEN, one.opened_on)) for one in opened)
    return letters + _remind(book, on)


def receipt(sent: ReturnSent) -> list[Letter]:
    """Tell all who act for the business what was sent, and by whom."""
    found = sent.impact_return
    told = answers_to([found])[found.pk]
    questions = found.plan.questions.select_related("indicator").order_by("place")
    answers = [(one.indicator.asked, answer_text(told[one.pk], one)) for one in questions if one.pk in told]
    facts = {"answers": answers, "sent_by": sent.sent_by}
    return _write(found, LetterKind.RET_SENT, sent.sent_on, facts, link=ACHIEVED)


def answer_text(answer: ReturnAnswer, question: ReturnQuestion) -> str:
    """An answer as it is read: "6 people", or one of the others in words."""
    if answer.value is None:
        return ReturnAnswerKind(answer.answer).words
    same = ", the same as last time" if answer.is_same else ""
    return f"{counted(answer.value, question.indicator.unit)}{same}"


@transaction.atomic
def call_for_help(*, impact_return: ImpactReturn, question: ReturnQuestion, on: date, by: User) -> None:
    """Let the fund know that somebody would like to be rung about a question: a message, and a task for tomorrow."""
    book, organisation = impact_return.book, impact_return.organisation
    asked = f"We need help with a question of our return to {date_text(impact_return.period.last_day)}:"
    text = f"{asked} “{question.indicator.asked}”"
    write_message(book=book, party=organisation, side=Side.BUSINESS, text=text, by=by)
    loan = Loan.objects.filter(book=book, organisation=organisation).order_by("-pk").first()
    if loan is not None:
        log_contact(
            loan=loan,
            kind=ContactKind.MESSAGE,
            on=on,
            with_whom=by.name,
            said=text,
            next_step=NextStep(f"Ring {by.name} about the return", next_working_day(on)),
            by=by,
        )


def _remind(book: Book, on: date) -> int:
    """The letter a week before, or the day before; missed days are caught up while there is a day left."""
    week, day = REMINDED_BEFORE
    soon = list(returns_in(book).filter(sent__isnull=True, due_on__gt=on, due_on__lte=on + timedelta(days=week)))
    answered = answers_to(soon)
    letters = 0
    for one in soon:
        kind = LetterKind.RET_DAY if (one.due_on - on).days <= day else LetterKind.RET_WEEK
        letters += len(_write(one, kind, one.due_on, {"answered": len(answered.get(one.pk, {}))}))
    return letters


def _write(
    found: ImpactReturn, kind: LetterKind, on: date, facts: Mapping[str, Any] | None = None, *, link: Link = FILL_IN
) -> list[Letter]:
    said = {
        "organisation": found.organisation,
        "last_day": found.period.last_day,
        "due_on": found.due_on,
        "questions": found.plan.questions.count(),
        "on": on,
        **(facts or {}),
    }
    useful_to = None if kind is LetterKind.RET_SENT else found.due_on
    one = ToWrite(found.book, f"return:{found.pk}", kind, on, link, said, useful_to=useful_to)
    return write(one, people_of(found.organisation))
