"""A return as its business works on it: a step is saved, help is called for once, and sending brings a receipt."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.letters import ask_to_send
from commonweal.letters.returns import call_for_help, receipt
from loans.domain.returns import ReturnAnswerKind
from loans.models import ImpactReturn, ReturnAnswer, ReturnQuestion, ReturnSent
from loans.services import Step, save_answer, send_return


@transaction.atomic
def save_step(*, impact_return: ImpactReturn, question: ReturnQuestion, step: Step, on: date, by: User) -> ReturnAnswer:
    """Keep an answer; “I need help” also tells the fund, once for each question.

    Raises what `loans.services.save_answer` raises.
    """
    called = ReturnAnswer.objects.filter(
        impact_return=impact_return, question=question, answer=ReturnAnswerKind.HELP
    ).exists()
    saved = save_answer(impact_return=impact_return, question=question, step=step, by=by)
    if step.answer is ReturnAnswerKind.HELP and not called:
        call_for_help(impact_return=impact_return, question=question, on=on, by=by)
    return saved


@transaction.atomic
def finish_return(*, impact_return: ImpactReturn, on: date, by: User) -> ReturnSent:
    """Send a return, with a receipt by e-mail; again, it is the one that was sent. Raises ReturnRefused."""
    sent = send_return(impact_return=impact_return, on=on, by=by)
    receipt(sent)
    ask_to_send(book=impact_return.book, by=by)
    return sent
