"""What a business asks its fund for, and what becomes of it."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from loans.domain.errors import ReasonMissing, RequestRefused
from loans.domain.event_content import event_content
from loans.domain.events import Happened
from loans.models import Answer, BorrowerRequest, Loan, RequestAnswer, RequestKind
from loans.services.acts import preview


@transaction.atomic
def ask(*, loan: Loan, kind: RequestKind, event: Happened, message: str, by: AbstractBaseUser) -> BorrowerRequest:
    """Keep what a business asks for, as the event that would grant it. Nothing changes on the loan.

    Raises RequestRefused where one of the same kind waits for its answer, and what `preview` raises.
    """
    locked = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    waiting = BorrowerRequest.objects.filter(loan=locked, kind=kind, answer=None).first()
    if waiting:
        raise RequestRefused(
            f"{waiting.get_kind_display()} was asked for already, and the answer is still to come. Wait for it, or "
            "withdraw that request first; nothing was changed."
        )
    preview(loan=locked, event=event)
    return BorrowerRequest.objects.create(
        loan=locked,
        kind=kind,
        content=event_content(event, locked.currency),
        message=message.strip(),
        asked_on=locked.book.business_date,
        asked_by_id=by.pk,
    )


@transaction.atomic
def answer_request(*, request: BorrowerRequest, answer: Answer, words: str, by: AbstractBaseUser) -> RequestAnswer:
    """Answer a business, in words that it reads. Raises RequestRefused for what is answered, ReasonMissing."""
    Loan.objects.select_for_update(of=("self",)).get(pk=request.loan_id)
    if RequestAnswer.objects.filter(request=request).exists():
        raise RequestRefused(f"{request} is answered already. Look at the answer; nothing was changed.")
    if answer is Answer.DECLINED and not words.strip():
        raise ReasonMissing("Say why, and what could help instead: the business reads it. Nothing was changed.")
    return RequestAnswer.objects.create(request=request, answer=answer, words=words.strip(), answered_by_id=by.pk)
