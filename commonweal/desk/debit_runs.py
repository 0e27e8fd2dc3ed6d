"""A run of Direct Debits at the desk: what a day would collect, the file by two people, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reads import record_read
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.debit_forms import ChallengeForm, ReturnForm, RunDecisionForm, RunForm, first_of
from commonweal.desk.debits import RUN_STATES, SECTION, crumbs_to
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import day_in
from commonweal.jobs.debits import take_back
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day
from loans.debit_files import CONTENT_TYPE, file_name
from loans.debits import collection_days, collections, debit_runs, outcome_of, rules_on, run_lines, to_collect
from loans.domain.direct_debit.mandate import Scheme
from loans.models import DebitLine, DebitOutcome, DebitRun
from loans.services import (
    CameBack,
    approve_run,
    challenge_claim,
    decline_run,
    make_run,
    may_again,
    withdraw_run,
)

if TYPE_CHECKING:
    from django.forms import Form

    from ledger.models import Book

ONE = "desk:debit-run"


def debit_run_new(request: PersonRequest, book: str) -> HttpResponse:
    """What a day would collect, to be chosen from; and the run that is made of it."""
    of = book_of(request, book)
    asked = request.POST if request.method == "POST" else request.GET
    scheme = Scheme.SEPA if asked.get("scheme") == Scheme.SEPA else Scheme.BACS
    days = collection_days(of, scheme, of.business_date)
    earliest = rules_on(of, scheme, of.business_date).earliest_file(of.business_date)
    on = day_in(asked.get("on", "")) or first_of(days, earliest)
    found = to_collect(of, scheme, on, of.business_date)
    form = RunForm(request.POST or None, found=found, again=_again(of, scheme))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            run = make_run(book=of, scheme=scheme, collect_on=on, asked=form.asked(), by=request.user)
            messages.success(request, f"{run} waits for a second person. Nothing is sent yet.")
            return redirect(ONE, of.code, run.pk)
    context = {
        "form": form,
        "scheme": scheme,
        "on": on,
        "days": days,
        "rows": list(form.rows()),
        "rows_again": list(form.rows_again()),
        "total": sum((one.amount for one in found), 0),
        "why_not_make": why_not(request.user, "desk:debit-run-new", "POST", book=of.pk),
    }
    crumbs = crumbs_to(of, f"Collect on {day(on)}")
    return desk_page(request, "desk/debits/run_new.html", of, section=SECTION, crumbs=crumbs, context=context)


def debit_run(request: PersonRequest, book: str, run: int) -> HttpResponse:
    """A run: what it asks of whom, who decided, and what came of it."""
    of = book_of(request, book)
    found = _run(of, run)
    return download(request, _sheet(found)) or _page(request, found, RunDecisionForm())


def debit_run_decide(request: PersonRequest, book: str, run: int) -> HttpResponse:
    """Approve exactly the file that was shown, decline it, or withdraw one's own."""
    of = book_of(request, book)
    found = _run(of, run)
    if request.POST.get("decision") == "withdraw":
        try:
            withdraw_run(run=found, by=request.user)
            messages.success(request, f"{found} is withdrawn. It is never sent.")
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        return redirect(ONE, of.code, found.pk)
    form = RunDecisionForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            reason = form.cleaned_data["reason"]
            if form.cleaned_data["decision"] == "approve":
                approve_run(run=found, shown_sha256=request.POST.get("sha256", ""), by=request.user, reason=reason)
                messages.success(request, f"{found} is approved: download the file and send it to the bank.")
            else:
                decline_run(run=found, reason=reason, by=request.user)
                messages.success(request, f"{found} is declined; {found.made_by} reads why. It is never sent.")
            return redirect(ONE, of.code, found.pk)
    return _page(request, found, form)


def debit_run_file(request: PersonRequest, book: str, run: int) -> HttpResponse:
    """The file of an approved run, as it was approved; that it was read is recorded."""
    of = book_of(request, book)
    found = _run(of, run)
    if found.state != "approved":
        messages.error(request, f"{found} is not approved, so there is no file to send. A colleague decides first.")
        return redirect(ONE, of.code, found.pk)
    record_read(user=request.user, what="Direct Debit file", subject=str(found.pk))
    answer = HttpResponse(found.file.encode(), content_type=CONTENT_TYPE[Scheme(found.setting.scheme)])
    answer["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    return answer


def debit_return(request: PersonRequest, book: str, collection: int) -> HttpResponse:
    """Record by hand that a collection came back."""
    of = book_of(request, book)
    line = _collection(of, collection)
    form = ReturnForm(request.POST, scheme=line.mandate.scheme)
    if form.is_valid():
        given = form.cleaned_data
        code = given["code"].partition(":")[2]
        back = CameBack(DebitOutcome.Kind(given["kind"]), given["on"], code)
        with refusals_in(form):
            outcome = take_back(line=line, back=back, by=request.user)
            messages.success(
                request, f"{outcome.get_kind_display()}: {outcome.words}. {line.mandate.loan} owes it again."
            )
            return redirect(ONE, of.code, line.run_id)
    return _page(request, _run(of, line.run_id), RunDecisionForm(), back=form, back_of=line)


def debit_challenge(request: PersonRequest, book: str, collection: int) -> HttpResponse:
    """Record that the fund disputes a claim."""
    of = book_of(request, book)
    line = _collection(of, collection)
    form, outcome = ChallengeForm(request.POST), outcome_of(line)
    try:
        if form.is_valid() and outcome is not None:
            challenge_claim(outcome=outcome, words=form.cleaned_data["words"], on=of.business_date, by=request.user)
            messages.success(request, f"The claim on {line.mandate.loan} is challenged.")
        else:
            messages.error(request, "Say why the claim is wrong. Nothing was changed.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect(ONE, of.code, line.run_id)


def _again(book: Book, scheme: Scheme) -> list[DebitLine]:
    """The collections that may be presented once more."""
    returned = collections(book).filter(mandate__scheme=scheme, outcomes__kind=DebitOutcome.Kind.RETURNED)
    return [line for line in returned if not may_again(line)]


def _run(book: Book, pk: int) -> DebitRun:
    found: DebitRun = get_object_or_404(debit_runs(book), pk=pk)
    return found


def _collection(book: Book, pk: int) -> DebitLine:
    found: DebitLine = get_object_or_404(collections(book), pk=pk)
    return found


def _page(
    request: PersonRequest,
    run: DebitRun,
    form: Form,
    *,
    back: Form | None = None,
    back_of: DebitLine | None = None,
) -> HttpResponse:
    book = run.book
    lines = list(run_lines(run)) or list(run.lines.select_related("mandate__loan__organisation").order_by("no"))
    context: dict[str, Any] = {
        "run": run,
        "tag": RUN_STATES[run.state],
        "lines": [(line, outcome_of(line)) for line in lines],
        "decision": getattr(run, "decision", None),
        "is_maker": run.made_by_id == request.user.pk,
        "form": back or form,
        "decision_form": form,
        "return_form": back or ReturnForm(scheme=run.setting.scheme, initial={"on": _usual(run)}),
        "return_of": back_of,
        "challenge_form": ChallengeForm(),
        "may_return": run.state == "approved" and run.purpose == DebitRun.Purpose.COLLECT,
        "why_not_decide": _why_not_decide(request, run),
        "why_not_file": why_not(request.user, "desk:debit-run-file", "GET", book=book.pk),
        "why_not_return": why_not(request.user, "desk:debit-return", "POST", book=book.pk),
    }
    crumbs = crumbs_to(book, run.reference)
    return desk_page(request, "desk/debits/run.html", book, section=SECTION, crumbs=crumbs, context=context)


def _usual(run: DebitRun) -> date:
    return max(run.collect_on, run.book.business_date)


def _why_not_decide(request: PersonRequest, run: DebitRun) -> str:
    role = why_not(request.user, "desk:debit-run-decide", "POST", book=run.book_id)
    if role:
        return role
    return "You made this run, so a colleague decides." if run.made_by_id == request.user.pk else ""


def _sheet(run: DebitRun) -> Sheet:
    headings = ("No.", "Loan", "Business", "Mandate", "Code", "Amount", "Came of it", "On", "Reason")
    rows = []
    for line in run.lines.select_related("mandate__loan__organisation").prefetch_related("outcomes").order_by("no"):
        outcome = outcome_of(line)
        came = (outcome.get_kind_display(), outcome.on, outcome.words) if outcome else ("", None, "")
        loan = line.mandate.loan
        rows.append(
            (line.no, loan.reference, str(loan.organisation), line.mandate.reference, line.code, line.money, *came)
        )
    return Sheet(f"{run.reference}-{run.collect_on}", headings, rows)
