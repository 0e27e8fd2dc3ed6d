"""A return in three minutes: one question a page, each step kept, checked, sent, and something given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from borrowers.domain.readings import counted, is_tenfold
from borrowers.models import Reading
from borrowers.queries import readings_of
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import organisations_for
from commonweal.achieved import achieved_by, paragraph
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.borrower_portal.return_forms import FigureForm
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.returns import finish_return, save_step
from commonweal.letters.returns import answer_text
from commonweal.templatetags.commonweal import day, span
from loans.domain.returns import ReturnAnswerKind
from loans.models import ImpactReturn, ImpactTarget, ReturnAnswer, ReturnQuestion
from loans.returns_queries import answers_to, returns_of
from loans.services import Step

SECTION = "borrower:impact"

OTHERS = {
    "nothing": ReturnAnswerKind.NOTHING,
    "not-applicable": ReturnAnswerKind.NOT_APPLICABLE,
    "refused": ReturnAnswerKind.REFUSED,
    "help": ReturnAnswerKind.HELP,
}
"""What is said with one tap, by the name on its button."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a return, with its answer so far."""

    question: ReturnQuestion
    answer: ReturnAnswer | None

    @property
    def words(self) -> str:
        """The answer as it is read."""
        return answer_text(self.answer, self.question) if self.answer else "No answer yet"


@dataclass(frozen=True, slots=True)
class Filling:
    """A return while it is filled in."""

    found: ImpactReturn
    asked: Sequence[Asked]

    @property
    def done(self) -> int:
        """How many questions have an answer."""
        return sum(1 for one in self.asked if one.answer)

    @property
    def saved_at(self) -> Any:
        """When the last step was saved."""
        return max((one.answer.saved_at for one in self.asked if one.answer), default=None)

    def next_place(self, after: int = 0) -> int | None:
        """The next question without an answer, from the one after `after` on and then from the beginning."""
        empty = [one.question.place for one in self.asked if one.answer is None]
        return next((place for place in empty if place > after), empty[0] if empty else None)


def impact_return(request: PersonRequest, impact_return: int) -> HttpResponse:
    """Go on where somebody stopped, on whichever device."""
    filling = _filling(request, impact_return)
    if filling.found.sending:
        return redirect("borrower:return-sent", impact_return)
    return _go_on(filling)


def question(request: PersonRequest, impact_return: int, place: int) -> HttpResponse:
    """One question, with last time's answer first."""
    filling = _filling(request, impact_return)
    if filling.found.sending:
        return redirect("borrower:return-sent", impact_return)
    asked = next((one for one in filling.asked if one.question.place == place), None)
    if asked is None:
        raise Http404
    earlier = _earlier(filling.found, asked.question)
    last = earlier[-1] if earlier else None
    form = FigureForm(indicator=asked.question.indicator, answer=asked.answer)
    if request.method == "POST":
        saved = _save(request, filling.found, asked.question, last)
        if isinstance(saved, ReturnAnswer):
            return _after(request, impact_return, place, saved, last)
        form = saved
    context = {
        "filling": filling,
        "asked": asked,
        "last": last,
        "form": form,
        "history": _history(filling.found, asked.question, earlier),
        "tenfold": "tenfold" in request.GET and asked.answer is not None,
        "following": filling.next_place(place),
    }
    return _page(request, "question", filling, context)


def check(request: PersonRequest, impact_return: int) -> HttpResponse:
    """Check the answers, and send them; sent again, nothing more happens."""
    filling = _filling(request, impact_return)
    if filling.found.sending:
        return redirect("borrower:return-sent", impact_return)
    refused = ""
    if request.method == "POST":
        try:
            finish_return(impact_return=filling.found, on=filling.found.book.business_date, by=request.user)
        except REFUSALS as refusal:
            refused = str(refusal)
        else:
            return redirect("borrower:return-sent", impact_return)
    return _page(request, "check", filling, {"filling": filling, "refused": refused})


def sent(request: PersonRequest, impact_return: int) -> HttpResponse:
    """The receipt, the business's own trend, and a paragraph that it may reuse."""
    filling = _filling(request, impact_return)
    if not filling.found.sending:
        return _go_on(filling)
    organisation = filling.found.organisation
    loans = [loan for loan in own_loans(request) if loan.organisation_id == organisation.pk]
    named = {one.question.indicator_id for one in filling.asked}
    achieved = [one for one in achieved_by([organisation], loans) if one.indicator.pk in named]
    context = {"filling": filling, "achieved": achieved, "paragraph": paragraph(organisation, achieved)}
    return _page(request, "sent", filling, context)


def _go_on(filling: Filling) -> HttpResponse:
    place = filling.next_place()
    if place is None:
        return redirect("borrower:return-check", filling.found.pk)
    return redirect("borrower:return-question", filling.found.pk, place)


def _after(
    request: PersonRequest, impact_return: int, place: int, saved: ReturnAnswer, last: Reading | None
) -> HttpResponse:
    """The next page: the same one with a warning after a tenfold change, else what is next."""
    if saved.value is not None and is_tenfold(saved.value, last.value if last else None):
        response = redirect("borrower:return-question", impact_return, place)
        response["Location"] += "?tenfold=1"
        return response
    if saved.answer == ReturnAnswerKind.HELP:
        messages.success(request, "We will ring you about this one. You can carry on meanwhile.")
    following = _filling(request, impact_return).next_place(place)
    if following is None:
        return redirect("borrower:return-check", impact_return)
    return redirect("borrower:return-question", impact_return, following)


def _save(
    request: PersonRequest, found: ImpactReturn, asked: ReturnQuestion, last: Reading | None
) -> ReturnAnswer | FigureForm:
    """The answer that was kept, or the form with what was not right."""
    said = request.POST.get("answer", "")
    step: Step | None = None
    if said in OTHERS:
        step = Step(answer=OTHERS[said])
    elif said == "same" and last is not None:
        step = Step(answer=ReturnAnswerKind.VALUE, value=last.value, is_same=True)
    form = FigureForm(request.POST, request.FILES, indicator=asked.indicator)
    if step is None and not form.is_valid():
        return form
    try:
        on = found.book.business_date
        return save_step(impact_return=found, question=asked, step=step or form.step(), on=on, by=request.user)
    except REFUSALS as refusal:
        form.is_valid()
        form.add_error("file" if request.FILES else "value", str(refusal))
        return form


def _filling(request: PersonRequest, pk: int) -> Filling:
    """One of the returns of the person's businesses. Raises Http404."""
    own: Any = returns_of(organisations_for(request.user))
    found: ImpactReturn = get_object_or_404(own, pk=pk)
    answers: Mapping[int, ReturnAnswer] = answers_to([found]).get(found.pk, {})
    return Filling(found, [Asked(one, answers.get(one.pk)) for one in found.plan.questions.all()])


def _earlier(found: ImpactReturn, asked: ReturnQuestion) -> list[Reading]:
    """The figures of earlier periods, the latest last."""
    return list(readings_of(found.organisation, asked.indicator).filter(period_end__lt=found.period_end))


def _history(found: ImpactReturn, asked: ReturnQuestion, earlier: Sequence[Reading]) -> list[tuple[str, str]]:
    """What was told before, and what was agreed to aim for, as rows of words."""
    unit = asked.indicator.unit
    targets = list(ImpactTarget.objects.filter(loan__organisation=found.organisation, indicator=asked.indicator))
    before = [(f"Before the loan, {day(one.baseline_on)}", one.baseline) for one in targets]
    told = [(span(one.period_start, one.period.last_day), one.value) for one in earlier]
    aims = [(f"What we agreed to aim for by {day(one.target_by)}", one.target) for one in targets]
    return [(when, counted(figure, unit)) for when, figure in [*before, *told, *aims] if figure is not None]


def _page(request: PersonRequest, name: str, filling: Filling, context: Mapping[str, Any]) -> HttpResponse:
    book = filling.found.book
    template = f"borrower_portal/return_{name}.html"
    return portal_page(request, template, section=SECTION, book=book, context=context)
