"""Naming a neighbourhood, keeping what its residents say it needs, and saying which loans answer that.

Nothing is edited. A page for the public is opened and closed by a record of who did so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from borrowers.domain.areas import area_written
from borrowers.domain.names import looks_personal, refuse_hidden_signs
from borrowers.domain.words import date_text
from borrowers.services import refuse_unknown_area
from loans.domain.errors import NeighbourhoodRefused
from loans.models import Loan, Neighbourhood, NeighbourhoodArea, NeighbourhoodShowing, Priority, PriorityAnswer
from loans.neighbourhoods import priorities_of, shown_neighbourhoods

if TYPE_CHECKING:
    from ledger.models import Book

MOST_AREAS = 100


@transaction.atomic
def name_neighbourhood(*, book: Book, name: str, areas: Sequence[str], by: AbstractBaseUser) -> Neighbourhood:
    """Look at one or several small areas as one place, for good.

    Raises NeighbourhoodRefused where there is no area or one stands twice, or the name is taken; NoSuchPlace for a code
    that is none, or that no loaded table has; NameMalformed.
    """
    refuse_hidden_signs(name.strip())
    codes = [area_written(area) for area in areas]
    if not name.strip() or not 1 <= len(codes) <= MOST_AREAS or len(set(codes)) < len(codes):
        raise NeighbourhoodRefused(
            f"A neighbourhood has a name and 1 to {MOST_AREAS} small areas, each once; {len(codes)} are given, "
            f"{len(set(codes))} of them different. Correct them; nothing was kept."
        )
    for code in codes:
        refuse_unknown_area(code)
    try:
        with transaction.atomic():
            made = Neighbourhood.objects.create(book=book, name=name.strip()[:100], named_by_id=by.pk)
    except IntegrityError as error:
        raise NeighbourhoodRefused(
            f"{name.strip()} is a neighbourhood already. Choose another name; nothing was kept."
        ) from error
    NeighbourhoodArea.objects.bulk_create(NeighbourhoodArea(neighbourhood=made, area=code) for code in codes)
    return made


def record_priority(
    *,
    neighbourhood: Neighbourhood,
    text: str,
    source: str,
    told_on: date,
    on: date,
    by: AbstractBaseUser,
    replaces: Priority | None = None,
) -> Priority:
    """Keep what residents say that their neighbourhood needs, where they said so and when.

    `replaces` is what it stands instead of; its loans have to be named anew. Raises NeighbourhoodRefused where words
    are missing, look like somebody's address or telephone number, are told of a day to come, or replace what was
    replaced already; NameMalformed.
    """
    given = (text.strip(), source.strip())
    for words in given:
        refuse_hidden_signs(words)
    if not all(given) or len(given[0]) > 300 or len(given[1]) > 200:
        raise NeighbourhoodRefused(
            "Say what residents want in at most 300 characters, and where they said so in at most 200; nothing was "
            "kept."
        )
    _refuse_personal(*given)
    if told_on > on:
        raise NeighbourhoodRefused(
            f"Nobody has told anything on {date_text(told_on)} yet: it is {date_text(on)}. Correct the day; "
            "nothing was kept."
        )
    if replaces is not None and replaces.neighbourhood_id != neighbourhood.pk:
        raise NeighbourhoodRefused("That priority is of another neighbourhood. Choose one of this; nothing was kept.")
    try:
        with transaction.atomic():
            return Priority.objects.create(
                neighbourhood=neighbourhood,
                text=given[0],
                source=given[1],
                told_on=told_on,
                recorded_by_id=by.pk,
                replaces=replaces,
            )
    except IntegrityError as error:
        raise NeighbourhoodRefused(
            "This priority was replaced by somebody else in the meantime. Look at it again; nothing was kept."
        ) from error


def say_answer(
    *, priority: Priority, loan: Loan, how: str, by: AbstractBaseUser, is_answer: bool = True
) -> PriorityAnswer:
    """Say that a loan answers a priority, and how; or, with `is_answer` false, that it does not after all, and why.

    Raises NeighbourhoodRefused where the words are missing or personal, the priority no longer stands, or the loan is
    of another fund; NameMalformed.
    """
    refuse_hidden_signs(how.strip())
    if not 1 <= len(how.strip()) <= 300:
        raise NeighbourhoodRefused(
            "Say in 1 to 300 characters how the loan answers it, or why it does not. Nothing was kept."
        )
    _refuse_personal(how)
    if loan.book_id != priority.neighbourhood.book_id:
        raise NeighbourhoodRefused("That loan is of another fund. Choose one of this fund; nothing was kept.")
    if not priorities_of([priority.neighbourhood]).filter(pk=priority.pk).exists():
        raise NeighbourhoodRefused("That priority was replaced. Name the loan with the later one; nothing was kept.")
    return PriorityAnswer.objects.create(
        priority=priority, loan=loan, how=how.strip(), is_answer=is_answer, said_by_id=by.pk
    )


@transaction.atomic
def show_neighbourhood(*, neighbourhood: Neighbourhood, is_shown: bool, by: AbstractBaseUser) -> NeighbourhoodShowing:
    """Open a neighbourhood's page for anybody, or close it.

    Raises NeighbourhoodRefused where it is so already, has no priority yet, or shares an area with another one that is
    shown: what is told of one could be taken off the other, and what is left would tell of few.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('loans.show_neighbourhood'), %s)", [neighbourhood.book_id]
        )
    others = list(shown_neighbourhoods().filter(book=neighbourhood.book_id))
    if (neighbourhood in others) == is_shown:
        raise NeighbourhoodRefused(
            f"{neighbourhood} {'is shown already' if is_shown else 'is not shown'}. Nothing was changed."
        )
    if is_shown:
        _refuse_to_show(neighbourhood, others)
    return NeighbourhoodShowing.objects.create(neighbourhood=neighbourhood, is_shown=is_shown, said_by_id=by.pk)


def _refuse_to_show(neighbourhood: Neighbourhood, others: Sequence[Neighbourhood]) -> None:
    if not priorities_of([neighbourhood]).exists():
        raise NeighbourhoodRefused(
            f"Nobody has recorded yet what residents of {neighbourhood} want. Record that first; nothing was shown."
        )
    mine = neighbourhood.areas.values("area")
    shared = NeighbourhoodArea.objects.filter(neighbourhood__in=others, area__in=mine).select_related("neighbourhood")
    if (found := shared.first()) is not None:
        raise NeighbourhoodRefused(
            f"{neighbourhood} and {found.neighbourhood} share {found.area}. Side by side they would tell by "
            "subtraction what small numbers hide. Take that page off first, or name neighbourhoods that do not "
            "overlap; nothing was shown."
        )


def _refuse_personal(*words: str) -> None:
    if any(looks_personal(text) for text in words):
        raise NeighbourhoodRefused(
            "The words hold what looks like an e-mail address or a telephone number. Say what residents want and where "
            "they said so, and never who; nothing was kept."
        )
