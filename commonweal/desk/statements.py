"""Statements at the desk: asking for a run, and what was issued."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.desk.forms import StatementRunForm, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.download import document_response
from commonweal.jobs.services import enqueue
from commonweal.jobs.statements import last_period_over, period_of
from ledger.queries import Book

SECTION = "desk:statements"


def statements(request: PersonRequest, book: str) -> HttpResponse:
    """The statements issued, and the form that asks for a run."""
    of = book_of(request, book)
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
    context = {
        "form": form,
        "documents": documents_for(request.user).filter(book=book).order_by("-period_end", "number"),
        "why_not_issue": why_not(request.user, "desk:statements-issue", "POST", book=book.pk),
    }
    return desk_page(request, "desk/statements/list.html", book, section=SECTION, context=context)
