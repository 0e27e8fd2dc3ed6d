"""Statements at the desk: asking for a run, and what was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.desk.forms import StatementRunForm, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.download import document_response
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.runs import waiting_runs
from commonweal.jobs.services import enqueue
from commonweal.jobs.statements import last_period_over, period_of

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:statements"
PER_PAGE = 30


def statements(request: PersonRequest, book: str) -> HttpResponse:
    """The statements issued, and the form that asks for a run."""
    of = book_of(request, book)
    if request.GET.get("download") and (file := download(request, _sheet(request, of))):
        return file
    return _page(request, of, StatementRunForm(initial={"period": last_period_over(of)}))


def statements_issue(request: PersonRequest, book: str) -> HttpResponse:
    """Ask for statements of a period; the job's page tells how it goes."""
    of = book_of(request, book)
    form = StatementRunForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            period = period_of(form.cleaned_data["period"], of)
            arguments = {"book": of.code, "period": period.text}
            job = enqueue(kind="issue_statements", arguments=arguments, by=request.user, book=of)
            return redirect("desk:job", of.code, job.pk)
    return _page(request, of, form)


def document(request: PersonRequest, book: str, document: int) -> HttpResponse:
    """An issued statement, as PDF."""
    of = book_of(request, book)
    return document_response(request.user, get_object_or_404(documents_for(request.user), pk=document, book=of))


def _page(request: PersonRequest, book: Book, form: StatementRunForm) -> HttpResponse:
    found = _issued(request, book)
    context = {
        "form": form,
        "waiting": waiting_runs(book),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "why_not_issue": why_not(request.user, "desk:statements-issue", "POST", book=book.pk),
    }
    return desk_page(request, "desk/statements/list.html", book, section=SECTION, context=context)


def _issued(request: PersonRequest, book: Book) -> QuerySet[Any]:
    found = documents_for(request.user).filter(book=book).select_related("organisation", "investor")
    return found.order_by("-period_end", "number")


def _sheet(request: PersonRequest, book: Book) -> Sheet:
    headings = ("Statement", "Kind", "For", "First day", "Last day", "State", "Issued on", "SHA-256")
    rows = [
        (
            document.number,
            document.title,
            document.recipient,
            document.period_start,
            document.last_day,
            document.get_status_display(),
            document.issued_on,
            document.sha256,
        )
        for document in _issued(request, book)
    ]
    return Sheet(f"statements-{book.code}", headings, rows)
