"""Many bank lines at once: the best suggestion for each, what accepting it would post, and the booking of just that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import EntryShown, Link
from commonweal.desk.act_preview import entries_to_come
from commonweal.desk.bank_suggested import suggested_for, token_of
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.repayments import PER_PAGE, SECTION, LineShown, lines_of, lines_shown
from commonweal.jobs.errors import MatchRefused
from commonweal.jobs.matching import Outcome, Wanted, match_lines, refuse_unseen, rehearse
from ledger import queries
from ledger.domain.suggestion import Part

if TYPE_CHECKING:
    from ledger.models import Book

_PART = re.compile(r"([a-z]+)-([0-9]{1,18})-([0-9]{1,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ToMatch:
    """A line that was ticked: what it is to be matched to, what that would post, or why not."""

    shown: LineShown
    label: str
    token: str
    outcome: Outcome
    entries: Sequence[EntryShown]

    @property
    def region(self) -> str:
        """The name of its table, for who hears the page."""
        return f"Entries for bank line {self.shown.line.pk}"

    @property
    def booked_later(self) -> date | None:
        """The day of its first entry, where the books of the line's own day are closed."""
        is_late = self.outcome.wanted.books_later
        return min((one.effective_on for one in self.outcome.entries), default=None) if is_late else None


def bank_lines_match(request: PersonRequest, book: str) -> HttpResponse:
    """What matching the ticked lines would post, or why one is refused; confirmed, each is booked in its own step."""
    of = book_of(request, book)
    wanted = _wanted(request, of)
    if not wanted:
        messages.error(request, "Tick at least one line that has a suggestion. Nothing was changed.")
        return redirect(SECTION, of.code)
    if "confirmed" in request.POST:
        done = match_lines(book=of, wanted=wanted, by=request.user)
        refused = [one for one in done if one.refusal]
        if len(done) > len(refused):
            messages.success(request, _said(len(done) - len(refused)))
        if not refused:
            return redirect(SECTION, of.code)
        return _page(request, of, refused, after=True)
    return _page(request, of, rehearse(book=of, wanted=wanted, by=request.user), after=False)


def _said(number: int) -> str:
    return "1 bank line is matched." if number == 1 else f"{number} bank lines are matched."


def _wanted(request: PersonRequest, book: Book) -> list[Wanted]:
    """The ticked lines with what each is to be matched to, the oldest first; what cannot be read is left out."""
    ticked = [int(text) for text in request.POST.getlist("line") if text.isascii() and text.isdigit()][:PER_PAGE]
    days = dict(lines_of(book).filter(pk__in=ticked).values_list("pk", "booked_on"))
    closed_until, wanted = queries.closed_until(book), []
    for line in sorted(days, key=lambda pk: (days[pk], pk)):
        parts = _read(request.POST.get(f"for-{line}", ""))
        try:
            refuse_unseen(book=book, parts=parts, by=request.user)
        except MatchRefused:
            continue
        if parts:
            is_late = closed_until is not None and days[line] < closed_until
            wanted.append(Wanted(line, parts, request.POST.get(f"shown-{line}", ""), books_later=is_late))
    return wanted


def _page(request: PersonRequest, book: Book, outcomes: Sequence[Outcome], *, after: bool) -> HttpResponse:
    found = {one.line.pk: one for one in lines_shown(lines_of(book).filter(pk__in=[x.wanted.line for x in outcomes]))}
    named = _labels(book, list(found.values()))
    entries = entries_to_come(book, [entry for one in outcomes for entry in one.entries])
    rows, at = [], 0
    for one in outcomes:
        token = token_of(one.wanted.parts)
        label = named.get((one.wanted.line, token), "")
        rows.append(ToMatch(found[one.wanted.line], label, token, one, entries[at : at + len(one.entries)]))
        at += len(one.entries)
    context = {
        "rows": rows,
        "ready": sum(1 for row in rows if not row.outcome.refusal),
        "after": after,
        "sign": sign(book),
    }
    crumbs = [Link("Repayments", reverse(SECTION, args=[book.code])), Link("What will be posted")]
    return desk_page(request, "desk/repayments/matching.html", book, section=SECTION, crumbs=crumbs, context=context)


def _labels(book: Book, shown: Sequence[LineShown]) -> dict[tuple[int, str], str]:
    """What the accepted suggestions were called."""
    found = suggested_for(book, [one.line for one in shown if one.rest])
    return {(key, one.token): one.label for key, several in found.items() for one in several}


def _read(token: str) -> tuple[Part, ...]:
    found = [_PART.fullmatch(text) for text in token.split(".")[:20]]
    return tuple(Part(one[1], int(one[2]), int(one[3])) for one in found if one) if all(found) else ()
