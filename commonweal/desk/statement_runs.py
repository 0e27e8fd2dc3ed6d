"""A run of statements at the desk: what is prepared, what to look at first, and publishing it by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact, Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.download import prepared_response
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.models import PreparedStatement, StatementRun
from commonweal.documents.runs import decline_run, run_sha256, runs_of, samples, state_of
from commonweal.form_fields import PlainForm
from commonweal.jobs.statements import publish_statements
from commonweal.templatetags.commonweal import day, figure, moment, span

if TYPE_CHECKING:
    from ledger.models import Book

SECTION, PAGE = "desk:statements", "desk:statement-run"
PER_PAGE = 30
State = StatementRun.State
COLOURS = {
    State.PREPARING: "due",
    State.WAITING: "watch",
    State.OVERTAKEN: "closed",
    State.PUBLISHED: "good",
    State.DECLINED: "closed",
}


class DecideRunForm(PlainForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("publish", "Publish all"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


def statement_runs(request: PersonRequest, book: str) -> HttpResponse:
    """Every run, the latest first."""
    of = book_of(request, book)
    found = runs_of(of)
    if file := download(request, _runs_sheet(of, found)):
        return file
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(run, COLOURS[state_of(run)], state_of(run).label) for run in page]
    crumbs = [Link("Statements", reverse(SECTION, args=[of.code])), Link("Runs")]
    context = {"rows": rows, "page": page}
    return desk_page(request, "desk/statements/runs.html", of, section=SECTION, crumbs=crumbs, context=context)


def statement_run(request: PersonRequest, book: str, statement_run: int) -> HttpResponse:
    """One run: what is prepared, samples to look at, and who decides."""
    of = book_of(request, book)
    run = _run(of, statement_run)
    if file := download(request, _sheet(run)):
        return file
    return _page(request, run, DecideRunForm())


def statement_run_decide(request: PersonRequest, book: str, statement_run: int) -> HttpResponse:
    """Publish exactly what was shown, or decline it with a reason."""
    of = book_of(request, book)
    run, form = _run(of, statement_run), DecideRunForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            messages.success(request, _decided(request, run, form))
            return redirect(PAGE, of.code, run.pk)
    return _page(request, run, form)


def prepared_statement(request: PersonRequest, book: str, prepared: int) -> HttpResponse:
    """A statement as it would be published, as PDF."""
    of = book_of(request, book)
    found = get_object_or_404(PreparedStatement.objects.select_related("run"), pk=prepared, run__book=of)
    return prepared_response(request.user, found)


def _decided(request: PersonRequest, run: StatementRun, form: forms.Form) -> str:
    """Decide a run as the form says, and say what came of it."""
    shown, reason = request.POST.get("sha256", ""), form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "decline":
        decline_run(run=run, shown_sha256=shown, reason=reason, by=request.user)
        return f"{run} is declined. Nobody but staff has seen its statements; have them prepared again."
    publish_statements(run=run, shown_sha256=shown, reason=reason, by=request.user)
    return f"{run} is published. Whoever has a new statement is told of it by e-mail, once."


def _run(book: Book, pk: int) -> Any:
    return get_object_or_404(runs_of(book), pk=pk)


def _page(request: PersonRequest, run: Any, form: forms.Form) -> HttpResponse:
    of, state = run.book, state_of(run)
    waits = state == State.WAITING
    context = {
        "run": run,
        "period": span(run.period_start, run.last_day),
        "state": COLOURS[state],
        "state_words": state.label,
        "form": form,
        "facts": _facts(run),
        "samples": samples(run) if waits else [],
        "page": Paginator(_prepared(run), PER_PAGE).get_page(request.GET.get("page")),
        "decision": getattr(run, "decision", None),
        "waits": waits,
        "sha256": run_sha256(run) if waits else "",
        "is_own": run.prepared_by_id == request.user.pk,
        "why_not": why_not(request.user, "desk:statement-run-decide", "POST", book=of.pk),
    }
    crumbs = [Link("Statements", reverse(SECTION, args=[of.code])), Link(str(run))]
    return desk_page(request, "desk/statements/run.html", of, section=SECTION, crumbs=crumbs, context=context)


def _prepared(run: StatementRun) -> QuerySet[PreparedStatement]:
    found = PreparedStatement.objects.filter(run=run).select_related("organisation", "investor", "replaces", "stands")
    return found.order_by("kind", "subject")


def _facts(run: Any) -> list[Fact]:
    standing = PreparedStatement.objects.filter(run=run).exclude(stands=None).count()
    return [
        Fact("Prepared", f"{figure(run.ready)} of {figure(len(run.planned))}", number=True),
        Fact("New", figure(run.ready - standing), "rendered, and published together", number=True),
        Fact("Unchanged", figure(standing), "the statement that stands says the same", number=True),
        Fact("State of the books", run.get_status_display()),
        Fact("Dated", day(run.issued_on)),
        Fact("Books sealed", run.seal.rpartition(":")[0]),
        Fact("Prepared by", f"{run.prepared_by}", moment(run.prepared_at)),
    ]


def _runs_sheet(book: Book, runs: QuerySet[Any]) -> Sheet:
    headings = ("Run", "First day", "Last day", "Books", "Statements", "Dated", "Prepared by", "State", "Decided by")
    rows = (
        (
            str(run),
            run.period_start,
            run.last_day,
            run.get_status_display(),
            run.ready,
            run.issued_on,
            str(run.prepared_by),
            state_of(run).label,
            str(run.decision.decided_by) if hasattr(run, "decision") else "",
        )
        for run in runs
    )
    return Sheet(f"statement-runs-{book.code}", headings, rows)


def _sheet(run: Any) -> Sheet:
    headings = ("Statement", "Kind", "For", "Replaces", "State", "Bytes", "SHA-256")
    rows = (
        (
            one.number,
            one.title,
            one.recipient,
            str(one.replaces or ""),
            "Unchanged" if one.stands else "New",
            one.size,
            one.file_id,
        )
        for one in _prepared(run)
    )
    return Sheet(f"statement-run-{run}", headings, rows)
