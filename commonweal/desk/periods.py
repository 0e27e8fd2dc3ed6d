"""Month end at the desk: what is closed, what stands in the way, closing and reopening."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.close_form import CloseForm
from commonweal.desk.forms import ReopenForm, YearEndForm, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.month_end import next_month_end, open_year_end
from commonweal.documents.list_files import Sheet, download
from commonweal.jobs.close import ask_to_close, ask_to_close_days
from commonweal.jobs.queries import under_way
from commonweal.jobs.readiness import readiness
from commonweal.jobs.year_end import YearEndState, year_closed_uncarried, year_end_within
from commonweal.templatetags.commonweal import span
from ledger import queries
from ledger.services import reopen_period

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:periods"


def periods(request: PersonRequest, book: str) -> HttpResponse:
    """The periods with their trial balances' hashes, and whether the next one is ready to be closed."""
    of = book_of(request, book)
    if request.GET.get("download") and (file := download(request, _sheet(of))):
        return file
    return periods_page(request, of)


def period_close(request: PersonRequest, book: str) -> HttpResponse:
    """Ask for the close of the month that was shown; the job's page tells how it goes. Sent twice, closed once."""
    of = book_of(request, book)
    through = _day(request.POST.get("through", "")) or next_month_end(of)
    form = CloseForm(request.POST, through=through, items=readiness(of, through))
    if form.is_valid():
        with refusals_in(form):
            job = ask_to_close(book=of, through=through, by=request.user, reasons=form.reasons)
            return redirect("desk:job", of.code, job.pk)
    return periods_page(request, of, close=form)


def day_close(request: PersonRequest, book: str) -> HttpResponse:
    """Ask for the close of the days that are over; the job's page tells how it goes. Sent twice, closed once."""
    of, today = book_of(request, book), localdate()
    job = ask_to_close_days(book=of, through=today - timedelta(days=1), today=today, by=request.user)
    return redirect("desk:job", of.code, job.pk)


def period_reopen(request: PersonRequest, book: str) -> HttpResponse:
    """Reopen the latest closed period, with a reason."""
    of = book_of(request, book)
    form = ReopenForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            period = reopen_period(book=of, reason=form.cleaned_data["reason"], by=request.user).period
            name = span(period.starts_on, period.last_day)
            messages.success(request, f"{name} is open again. Close it when you are done.")
            return redirect(SECTION, of.code)
    return periods_page(request, of, reopen=form)


def periods_page(
    request: PersonRequest,
    book: Book,
    *,
    close: CloseForm | None = None,
    reopen: ReopenForm | None = None,
    year_end: YearEndForm | None = None,
) -> HttpResponse:
    """The page, with a form that was refused where there is one."""
    through = next_month_end(book)
    is_shown = close is not None and close.through == through
    to_close = close if close and is_shown else CloseForm(through=through, items=readiness(book, through))
    closed_until = queries.closed_until(book)
    found = list(queries.periods(book))
    closed = [period for period in found if closed_until and period.ends_on == closed_until]
    context = {
        "periods": [(period, span(period.starts_on, period.last_day)) for period in found],
        "closed_until": closed_until,
        "latest_closed": span(closed[0].starts_on, closed[0].last_day) if closed else "",
        "through": through,
        "next_name": span(through.replace(day=1), through),
        "close": to_close,
        "year_end_due": _year_end_due(book, through),
        "year_uncarried": year_closed_uncarried(book),
        "under_way": under_way(book, "close_month"),
        "form": close or reopen or year_end,
        "reopen": reopen or ReopenForm(),
        "year_end": year_end or YearEndForm(initial={"on": open_year_end(book)}),
        "why_not_day": why_not(request.user, "desk:day-close", "POST", book=book.pk),
        "why_not_close": why_not(request.user, "desk:period-close", "POST", book=book.pk) or to_close.why_not,
        "why_not_reopen": why_not(request.user, "desk:period-reopen", "POST", book=book.pk),
        "why_not_year_end": why_not(request.user, "desk:year-end", "POST", book=book.pk),
    }
    return desk_page(request, "desk/periods/list.html", book, section=SECTION, context=context)


def _year_end_due(book: Book, through: date) -> YearEndState | None:
    """The year end that the close of the month would pass over without its journal."""
    found = year_end_within(book, through)
    return found if found and not found.is_carried else None


def _day(text: str) -> date | None:
    """The date that a form sent, or None where it cannot be read."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _sheet(book: Book) -> Sheet:
    headings = (
        *("First day", "Last day", "What happened", "By", "Reason", "Left open"),
        "Hash of the trial balance",
    )
    rows = [
        (
            period.starts_on,
            period.last_day,
            event.get_kind_display(),
            str(event.recorded_by),
            event.reason,
            "; ".join(str(one) for one in event.left),
            event.trial_balance_sha256 or "",
        )
        for period in queries.periods(book)
        for event in period.events.all()
    ]
    return Sheet(f"periods-{book.code}", headings, rows)
