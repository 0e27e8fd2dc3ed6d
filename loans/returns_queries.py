"""What is a business asked to report, which returns are open, late or sent, and what was said in each?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from borrowers.domain.outcomes import Use
from borrowers.keys import among
from borrowers.queries import who_allows
from loans.models import ImpactReturn, ReadingEvidence, ReturnAnswer, ReturnPlan, ReturnQuestion, Story

if TYPE_CHECKING:
    from borrowers.models import Organisation, Reading
    from ledger.models import Book


def return_plans(book: Book) -> QuerySet[ReturnPlan]:
    """What each business of a fund reports now, with its questions."""
    found = ReturnPlan.objects.filter(book=book, replaced_by__isnull=True).select_related("organisation", "agreed_by")
    return found.prefetch_related(_questions()).order_by("organisation__name", "pk")


def return_plan_of(book: Book, organisation: Organisation) -> ReturnPlan | None:
    """What one business reports to a fund now; None where nothing is agreed."""
    return return_plans(book).filter(organisation=organisation).first()


def questions_of(book: Book, organisations: Collection[int]) -> QuerySet[ReturnQuestion]:
    """What businesses, by their keys, are asked by a fund now: each question of their plans."""
    return ReturnQuestion.objects.filter(
        among("plan__organisation", organisations), plan__book=book, plan__replaced_by__isnull=True
    )


def return_plans_of(book: Book, organisation: Organisation) -> QuerySet[ReturnPlan]:
    """What one business agreed to report to a fund, now and before, what holds now first."""
    found = ReturnPlan.objects.filter(book=book, organisation=organisation)
    return found.select_related("agreed_by", "replaced_by").prefetch_related(_questions()).order_by("-pk")


def returns_of(organisations: Iterable[Organisation]) -> QuerySet[ImpactReturn]:
    """The returns of businesses, the latest period first."""
    return _returns().filter(among("organisation", organisations)).order_by("-period_end", "-pk")


def open_returns_of(organisations: Iterable[Organisation]) -> QuerySet[ImpactReturn]:
    """The returns that businesses have still to send, the one that is due first."""
    return returns_of(organisations).filter(sent__isnull=True).order_by("due_on", "pk")


def returns_in(book: Book, *, start: date | None = None, end: date | None = None) -> QuerySet[ImpactReturn]:
    """The returns of a fund whose period ended after `start` and by `end`, the latest first: who was asked."""
    found = _returns().filter(book=book)
    if start is not None:
        found = found.filter(period_end__gt=start)
    if end is not None:
        found = found.filter(period_end__lte=end)
    return found.order_by("-period_end", "organisation__name", "pk")


def answers_to(found: Iterable[ImpactReturn]) -> dict[int, dict[int, ReturnAnswer]]:
    """The latest answer to each question of each return, by the keys of the return and the question."""
    saved = ReturnAnswer.objects.filter(among("impact_return", found))
    latest = saved.order_by("impact_return_id", "question_id", "-pk").distinct("impact_return_id", "question_id")
    by_return: dict[int, dict[int, ReturnAnswer]] = defaultdict(dict)
    for answer in latest.select_related("file", "saved_by", "question__indicator"):
        by_return[answer.impact_return_id][answer.question_id] = answer
    return by_return


def evidence_of(readings: Iterable[Reading]) -> dict[int, list[ReadingEvidence]]:
    """The documents that show each reading, by the reading's key; those that were withdrawn are left out."""
    found: dict[int, list[ReadingEvidence]] = defaultdict(list)
    for one in _evidence().filter(among("reading", readings)):
        found[one.reading_id].append(one)
    return dict(found)


def evidence_for(reading: Reading) -> QuerySet[ReadingEvidence]:
    """The documents that show one reading, the first one first, without their bytes."""
    shown = _evidence().filter(reading=reading)
    return shown.select_related("file__attachment").defer("file__attachment__content")


def stories_of(organisations: Iterable[Organisation]) -> QuerySet[Story]:
    """What businesses tell, as it stands, the latest first; whoever shows it asks `shown_stories_of`."""
    return every_story_of(organisations).filter(withdrawal=None)


def every_story_of(organisations: Iterable[Organisation]) -> QuerySet[Story]:
    """The same with what its teller took back again."""
    found = Story.objects.filter(among("organisation", organisations), replaced_by__isnull=True)
    return found.select_related("organisation", "book", "told_by", "photo", "withdrawal__withdrawn_by").order_by(
        "-told_on", "-pk"
    )


def shown_stories_of(organisations: Iterable[Organisation]) -> list[tuple[Story, bool]]:
    """The stories that may be shown now, each with whether its picture may be."""
    asked = list(organisations)
    told, pictured = who_allows(asked, Use.STORY), who_allows(asked, Use.PHOTO)
    return [
        (story, story.photo is not None and story.organisation_id in pictured)
        for story in stories_of(asked)
        if story.organisation_id in told
    ]


def _evidence() -> QuerySet[ReadingEvidence]:
    return ReadingEvidence.objects.filter(file__withdrawal=None).select_related("file").order_by("pk")


def _returns() -> QuerySet[ImpactReturn]:
    found = ImpactReturn.objects.select_related("plan", "book", "organisation", "sent__sent_by")
    return found.prefetch_related(Prefetch("plan__questions", _asked()))


def _questions() -> Prefetch:
    return Prefetch("questions", _asked())


def _asked() -> QuerySet[ReturnQuestion]:
    return ReturnQuestion.objects.select_related("indicator").order_by("place")
