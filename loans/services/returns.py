"""Agreeing what a business reports, opening its returns, saving each step, and sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Max

from borrowers.domain.names import refuse_hidden_signs, refuse_turning_signs
from borrowers.domain.outcomes import Group
from borrowers.domain.readings import Answer, ReadingPeriod, ShownBy, grade_reached
from borrowers.queries import current_answers
from borrowers.services import Said, record_reading
from loans.domain.errors import ReturnPlanRefused, ReturnRefused, StoryRefused
from loans.domain.kept_files import KeptKind
from loans.domain.returns import ReturnAnswerKind, ReturnCalendar, refuse_too_many_questions
from loans.domain.words import date_text
from loans.models import (
    ImpactReturn,
    ReadingEvidence,
    ReturnAnswer,
    ReturnPlan,
    ReturnQuestion,
    ReturnSent,
    StoredFile,
    Story,
    StoryWithdrawal,
)
from loans.returns_queries import answers_to, return_plans, returns_in
from loans.services.files import keep_file

if TYPE_CHECKING:
    from borrowers.models import Indicator, Organisation, Reading
    from ledger.models import Book

ANSWERS = {
    ReturnAnswerKind.VALUE: Answer.VALUE,
    ReturnAnswerKind.NOTHING: Answer.NOTHING,
    ReturnAnswerKind.NOT_APPLICABLE: Answer.NOT_APPLICABLE,
    ReturnAnswerKind.REFUSED: Answer.REFUSED,
}
"""What becomes a reading; a call for help does not."""

LONGEST_TITLE, LONGEST_STORY = 120, 3000


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it was sent: what its sender calls it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody answers to one question."""

    answer: ReturnAnswerKind
    value: Decimal | None = None
    is_same: bool = False
    parts: Mapping[Group, Decimal] = field(default_factory=dict)
    shown_by: ShownBy = ShownBy.ESTIMATE
    source: str = ""
    upload: Upload | None = None


@transaction.atomic
def agree_returns(
    *,
    book: Book,
    organisation: Organisation,
    calendar: ReturnCalendar,
    indicators: Sequence[Indicator],
    on: date,
    by: AbstractBaseUser,
    consented: str = "",
) -> ReturnPlan:
    """Agree what a business reports. What was agreed before gives way; who agreed to that is `consented`.

    Raises ReturnPlanRefused.
    """
    refuse_too_many_questions(len({one.pk for one in indicators}))
    if own := next((one for one in indicators if one.from_ledger), None):
        raise ReturnPlanRefused(
            "indicators", f"{own} is what the ledger answers by itself. Leave it out; nothing was changed."
        )
    before = return_plans(book).filter(organisation=organisation).first()
    if before is not None and not consented.strip():
        raise ReturnPlanRefused(
            "consented",
            f"{organisation} agreed on {date_text(before.agreed_on)} what it reports. Say who of it agreed to the "
            "change, and how; nothing was changed.",
        )
    try:
        with transaction.atomic():
            plan = ReturnPlan.objects.create(
                book=book,
                organisation=organisation,
                first_start=calendar.first_start,
                every_months=calendar.every_months,
                due_days=calendar.due_days,
                agreed_on=on,
                agreed_by_id=by.pk,
                replaces=before,
                consented=consented.strip(),
            )
    except IntegrityError as error:
        raise ReturnPlanRefused(
            "", f"What {organisation} reports was changed by somebody else. Look at it again; nothing was changed."
        ) from error
    ReturnQuestion.objects.bulk_create(
        ReturnQuestion(plan=plan, place=place, indicator=indicator)
        for place, indicator in enumerate(dict.fromkeys(indicators), start=1)
    )
    return plan


def open_returns(*, book: Book, on: date) -> list[ImpactReturn]:
    """Open the return of each period that is over; again, it opens nothing more. What a plan replaced asks no more."""
    opened = dict(
        ImpactReturn.objects.filter(book=book).order_by().values_list("organisation").annotate(last=Max("period_end"))
    )
    new = [
        ImpactReturn(
            plan=plan,
            book=book,
            organisation_id=plan.organisation_id,
            period_start=start,
            period_end=end,
            due_on=due_on,
            opened_on=on,
        )
        for plan in return_plans(book)
        for start, end, due_on in plan.calendar.periods_over(on)
        if end > opened.get(plan.organisation_id, date.min)
    ]
    ImpactReturn.objects.bulk_create(new, ignore_conflicts=True)
    keys = {(one.organisation_id, one.period_end) for one in new}
    found = returns_in(book).filter(organisation__in={key for key, _ in keys}) if new else []
    return [one for one in found if (one.organisation_id, one.period_end) in keys]


@transaction.atomic
def save_answer(
    *, impact_return: ImpactReturn, question: ReturnQuestion, step: Step, by: AbstractBaseUser
) -> ReturnAnswer:
    """Keep what was answered to one question; another answer takes its place until the return is sent.

    Raises ReturnRefused, ReadingMalformed, ReadingOutOfRange, NameMalformed and ledger's FileRefused.
    """
    _refuse_foreign(impact_return, question)
    source = step.source.strip()
    refuse_hidden_signs(source)
    if step.answer in ANSWERS:
        said_in(step, has_file=step.upload is not None).refuse_malformed(question.indicator)
    kept = _kept(impact_return, step.upload, by) if step.upload else None
    return ReturnAnswer.objects.create(
        impact_return=impact_return,
        question=question,
        answer=step.answer,
        value=step.value,
        is_same=step.is_same,
        parts={str(group): format(part, "f") for group, part in step.parts.items()},
        shown_by=step.shown_by,
        source=source,
        file=kept or _file_before(impact_return, question, step),
        saved_by_id=by.pk,
    )


@transaction.atomic
def send_return(*, impact_return: ImpactReturn, on: date, by: AbstractBaseUser) -> ReturnSent:
    """Send a return: each answer becomes a reading. Sent again, it is the one that was sent.

    The row that says so is unique, so of two at once the second waits for the first and finds it. Raises ReturnRefused.
    """
    sent, is_new = ReturnSent.objects.get_or_create(
        impact_return=impact_return, defaults={"sent_on": on, "sent_by_id": by.pk}
    )
    if not is_new:
        return sent
    questions = list(impact_return.plan.questions.select_related("indicator").order_by("place"))
    answers = answers_to([impact_return])[impact_return.pk]
    if missing := [str(one.place) for one in questions if one.pk not in answers]:
        raise ReturnRefused(
            f"Question {missing[0]} has no answer yet. Answer it, or say that you need help with it; nothing was sent."
        )
    for question in questions:
        _read(impact_return, question, answers[question.pk], on, by)
    return sent


@transaction.atomic
def add_evidence(*, book: Book, reading: Reading, upload: Upload, by: AbstractBaseUser) -> ReadingEvidence:
    """Keep a document that shows a reading; sent again it is there already. Its grade stays: a figure is restated.

    Raises ledger.domain.file_errors.FileRefused for what may not be kept, borrowers.domain.errors.NameMalformed.
    """
    kept = keep_file(
        book=book,
        organisation=reading.organisation,
        kind=KeptKind.EVIDENCE,
        name=upload.name,
        content=upload.content,
        by=by,
    )
    shown, _ = ReadingEvidence.objects.get_or_create(reading=reading, file=kept, defaults={"added_by_id": by.pk})
    return shown


def tell_story(
    *,
    book: Book,
    organisation: Organisation,
    title: str,
    text: str,
    on: date,
    by: AbstractBaseUser,
    photo: StoredFile | None = None,
    replaces: Story | None = None,
) -> Story:
    """Keep what a business tells. It is shown to nobody unless its consents say so. Raises StoryRefused."""
    refuse_hidden_signs(title.strip())
    refuse_turning_signs(text)
    if not 1 <= len(title.strip()) <= LONGEST_TITLE or not 1 <= len(text.strip()) <= LONGEST_STORY:
        raise StoryRefused(
            f"A story has a title of 1 to {LONGEST_TITLE} characters and a text of 1 to {LONGEST_STORY:,}; this title "
            f"has {len(title.strip()):,}, this text {len(text.strip()):,}. Correct it; nothing was kept."
        )
    try:
        with transaction.atomic():
            return Story.objects.create(
                book=book,
                organisation=organisation,
                title=title.strip(),
                text=text.strip(),
                photo=photo,
                told_on=on,
                told_by_id=by.pk,
                replaces=replaces,
            )
    except IntegrityError as error:
        raise StoryRefused(
            "This story was changed by somebody else in the meantime. Look at it again; nothing was kept."
        ) from error


def withdraw_story(*, story: Story, on: date, by: AbstractBaseUser) -> StoryWithdrawal:
    """Take one story back: it stands nowhere new from then on, and what was issued keeps it. Again, nothing happens."""
    found, _ = StoryWithdrawal.objects.get_or_create(
        story=story, defaults={"withdrawn_on": on, "withdrawn_by_id": by.pk}
    )
    return found


def said_in(step: Step, *, has_file: bool) -> Said:
    """A step as a reading says it; its grade is what its proof reaches."""
    if step.answer is not ReturnAnswerKind.VALUE:
        return Said(value=step.value, answer=ANSWERS[step.answer], parts=step.parts)
    evidence = step.source.strip() or (step.shown_by.words if step.shown_by is not ShownBy.ESTIMATE else "")
    return Said(
        value=step.value,
        grade=grade_reached(step.shown_by, has_file=has_file),
        evidence=evidence or ("Document kept" if has_file else "Same as last time" if step.is_same else ""),
        is_same=step.is_same,
        parts=step.parts,
    )


def _refuse_foreign(impact_return: ImpactReturn, question: ReturnQuestion) -> None:
    if question.plan_id != impact_return.plan_id:
        raise ReturnRefused("This question is of another return. Choose one of its own; nothing was saved.")
    if ReturnSent.objects.filter(impact_return=impact_return).exists():
        raise ReturnRefused(
            f"The return to {date_text(impact_return.period.last_day)} was sent already. To put a figure right, write "
            "to the fund; nothing was changed."
        )


def _kept(impact_return: ImpactReturn, upload: Upload, by: AbstractBaseUser) -> StoredFile:
    return keep_file(
        book=impact_return.book,
        organisation=impact_return.organisation,
        kind=KeptKind.EVIDENCE,
        name=upload.name,
        content=upload.content,
        by=by,
    )


def _file_before(impact_return: ImpactReturn, question: ReturnQuestion, step: Step) -> StoredFile | None:
    """The proof that was sent with this question before: a corrected figure keeps it."""
    if step.answer is not ReturnAnswerKind.VALUE:
        return None
    last = ReturnAnswer.objects.filter(impact_return=impact_return, question=question).order_by("-pk").first()
    return last.file if last else None


def _read(
    impact_return: ImpactReturn, question: ReturnQuestion, answer: ReturnAnswer, on: date, by: AbstractBaseUser
) -> Reading | None:
    """The reading that an answer becomes; one that the fund recorded for the same period gives way to it."""
    kind = ReturnAnswerKind(answer.answer)
    if kind not in ANSWERS:
        return None
    step = Step(
        answer=kind,
        value=answer.value,
        is_same=answer.is_same,
        parts={Group(group): Decimal(part) for group, part in answer.parts.items()},
        shown_by=ShownBy(answer.shown_by),
        source=answer.source,
    )
    period: ReadingPeriod = impact_return.period
    standing = current_answers(impact_return.organisation).filter(
        indicator=question.indicator, period_start=period.start, period_end=period.end
    )
    before = standing.first()
    made = record_reading(
        organisation=impact_return.organisation,
        indicator=question.indicator,
        period=period,
        said=said_in(step, has_file=answer.file_id is not None),
        on=on,
        by=by,
        replaces=before,
        reason="The business sent its own return" if before else "",
    )
    if answer.file is not None:
        ReadingEvidence.objects.create(reading=made, file=answer.file, added_by_id=by.pk)
    return made
