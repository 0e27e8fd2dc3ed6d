"""Month end at the desk: what is closed, what stands in the way, closing and reopening."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.forms import ReopenForm, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.jobs.close import close_month, readiness
from commonweal.jobs.refusals import REFUSALS
from ledger import queries
from ledger.queries import Book
from ledger.services import reopen_period

SECTION = "desk:periods"


def periods(request: PersonRequest, book: str) -> HttpResponse:
    """The periods with their trial balances' hashes, and whether the next one is ready to be closed."""
    of = book_of(request, book)
    through = next_month_end(of)
    context = {
        "periods": queries.periods(of),
        "closed_until": queries.closed_until(of),
        "through": through,
        "checklist": readiness(of, through),
        "form": ReopenForm(),
        "why_not_close": why_not(request.user, "desk:period-close", "POST", book=of.pk),
        "why_not_reopen": why_not(request.user, "desk:period-reopen", "POST", book=of.pk),
    }
    return desk_page(request, "desk/periods/list.html", of, section=SECTION, context=context)


def period_close(request: PersonRequest, book: str) -> HttpResponse:
    """Close the next month, if nothing stands in the way."""
    of = book_of(request, book)
    try:
        event = close_month(book=of, through=next_month_end(of), by=request.user)
        messages.success(
            request, f"The period {event.period.starts_on} to {event.period.ends_on - timedelta(days=1)} is closed."
        )
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect(SECTION, of.code)


def period_reopen(request: PersonRequest, book: str) -> HttpResponse:
    """Reopen the latest closed period, with a reason."""
    of = book_of(request, book)
    form = ReopenForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            reopen_period(book=of, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "The latest period is open again. Close it when you are done.")
            return redirect(SECTION, of.code)
    messages.error(request, "Give a reason for reopening; it stays on record. Nothing was changed.")
    return redirect(SECTION, of.code)


def next_month_end(book: Book) -> date:
    """The last day of the first month that is not closed, or of a reopened period."""
    starts_on = queries.closed_until(book) or book.opened_on
    reopened = queries.periods(book).filter(starts_on=starts_on).first()
    if reopened is not None:
        return reopened.ends_on - timedelta(days=1)
    first_of_next = (starts_on.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first_of_next - timedelta(days=1)
