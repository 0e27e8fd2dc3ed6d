"""Which entries make a figure of my account with the fund? They add up to it."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from commonweal.access.requests import PersonRequest
from commonweal.investor_portal.account import Movement, account_moves
from commonweal.investor_portal.frame import standing
from commonweal.investor_portal.holding import Row, entries_page, what_happened
from ledger.domain.money import from_minor

NOTE = "Each entry with what it adds; a reversal takes off again"


def moved(request: PersonRequest, what: str) -> HttpResponse:
    """The entries behind one line of the account, in order, with their sum so far."""
    about = standing(request)
    if about is None or what not in set(Movement):
        raise Http404
    movement, sum_so_far, rows = Movement(what), from_minor(0, about.book.base_currency), []
    for one in account_moves(about):
        if movement in one.adds:
            sum_so_far += one.adds[movement]
            words = what_happened(one.entry.kind, one.entry.narrative, gives=one.adds[movement].amount < 0)
            rows.append(Row(one.entry.effective_on, one.entry.pk, words, one.adds[movement], sum_so_far))
    return entries_page(request, about, name=what, title=movement.label, note=NOTE, rows=rows, closing=sum_so_far)
