"""Applications at the desk: prepare, submit, and decide with a second pair of eyes on exactly the terms shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import applications_for, organisations_for
from commonweal.components import Fact, Link
from commonweal.desk.downloads import Sheet, download
from commonweal.desk.forms import ApplicationForm, DecisionForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.preview import preview_of
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day, money, percent
from ledger.queries import Book
from loans import queries, services
from loans.models import Application
from loans.services import Asked

SECTION = "desk:applications"


def applications(request: PersonRequest, book: str) -> HttpResponse:
    """The applications, those that wait for a decision first."""
    of = book_of(request, book)
    found = queries.applications(of)
    rows = [
        (a.reference, str(a.organisation), a.amount, a.annual_rate, a.months, a.get_status_display(), a.applied_on)
        for a in found
    ]
    headings = ("Application", "Business", "Amount", "Annual rate", "Months", "Status", "Applied on")
    if file := download(request, Sheet(f"applications-{of.code}", headings, rows)):
        return file
    waiting = [a for a in found if a.status == "submitted"]
    context = {
        "applications": [*waiting, *(a for a in found if a.status != "submitted")],
        "why_not_new": why_not(request.user, "desk:application-new", "POST", book=of.pk),
        "sign": sign(of),
    }
    return desk_page(request, "desk/applications/list.html", of, section=SECTION, context=context)


def application_new(request: PersonRequest, book: str) -> HttpResponse:
    """Prepare an application."""
    of = book_of(request, book)
    form = ApplicationForm(request.POST or None, book=of, organisations=organisations_for(request.user))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = services.apply(
                product=form.cleaned_data["product"],
                organisation=form.cleaned_data["organisation"],
                asked=_asked(form),
                purpose=form.cleaned_data["purpose"],
                on=of.business_date,
                by=request.user,
            )
            messages.success(request, f"{made} is prepared. Look at its schedule, then submit it for a decision.")
            return redirect("desk:application", of.code, made.pk)
    crumbs = [Link("Applications", reverse(SECTION, args=[of.code])), Link("New application")]
    return desk_page(request, "desk/applications/edit.html", of, section=SECTION, crumbs=crumbs, context={"form": form})


def application_edit(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """Write other terms; whoever does so has prepared them and cannot approve them."""
    of = book_of(request, book)
    found = _application(request, of, application)
    initial = {
        "organisation": found.organisation_id,
        "product": found.product_id,
        "amount": found.amount,
        "annual_rate": found.annual_rate,
        "months": found.months,
        "first_due_on": found.first_due_on,
        "purpose": found.purpose,
    }
    theirs = organisations_for(request.user)
    form = ApplicationForm(request.POST or None, book=of, organisations=theirs, initial=initial)
    form.fields["organisation"].disabled = form.fields["product"].disabled = True
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            purpose, on = form.cleaned_data["purpose"], of.business_date
            services.revise(application=found, asked=_asked(form), purpose=purpose, on=on, by=request.user)
            messages.success(request, f"{found} has new terms. A decision about the old ones is void.")
            return redirect("desk:application", of.code, found.pk)
    context = {"form": form, "application": found}
    return desk_page(
        request,
        "desk/applications/edit.html",
        of,
        section=SECTION,
        crumbs=_crumbs(of, found, "Change"),
        context=context,
    )


def application(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """The terms, the schedule they make, and the decision panel."""
    of = book_of(request, book)
    found = _application(request, of, application)
    return _page(request, of, found, DecisionForm())


def application_submit(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """Put it before somebody who may decide."""
    of = book_of(request, book)
    found = _application(request, of, application)
    try:
        services.submit(application=found, on=of.business_date, by=request.user)
        messages.success(request, f"{found} waits for a decision by a colleague.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:application", of.code, found.pk)


def application_decide(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """Approve, send back or decline exactly the terms that were shown."""
    of = book_of(request, book)
    found = _application(request, of, application)
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            return _decide(request, of, found, form)
    return _page(request, of, found, form)


def _decide(request: PersonRequest, book: Book, found: Application, form: DecisionForm) -> HttpResponse:
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    shown, on = request.POST.get("sha256", ""), book.business_date
    if decision == "approve":
        loan = services.approve(application=found, shown_sha256=shown, reason=reason, on=on, by=request.user)
        messages.success(request, f"{found} is approved and is now the loan {loan}. No money has moved yet.")
        return redirect("desk:loan", book.code, loan.pk)
    refuse = services.send_back if decision == "send_back" else services.decline
    refuse(application=found, shown_sha256=shown, reason=reason, on=on, by=request.user)
    messages.success(request, f"{found} is {'sent back' if decision == 'send_back' else 'declined'}. Nothing was lent.")
    return redirect("desk:application", book.code, found.pk)


def _page(request: PersonRequest, book: Book, found: Application, form: DecisionForm) -> HttpResponse:
    why = why_not(request.user, "desk:application-decide", "POST", book=book.pk)
    if not why and found.prepared_by_id == request.user.pk:
        why = "You prepared this application, so a colleague has to decide."
    context = {
        "application": found,
        "facts": _facts(found),
        "form": form,
        "sha256": queries.asked_terms_sha256(found),
        "why_not_decide": why,
        "why_not_edit": why_not(request.user, "desk:application-edit", "POST", book=book.pk),
        "steps": found.steps.select_related("recorded_by"),
        "sign": sign(book),
        **preview_of(found),
    }
    return desk_page(
        request,
        "desk/applications/application.html",
        book,
        section=SECTION,
        crumbs=_crumbs(book, found),
        context=context,
    )


def _application(request: PersonRequest, book: Book, pk: int) -> Application:
    found = applications_for(request.user).select_related("organisation", "product", "prepared_by", "book")
    return get_object_or_404(found, pk=pk, book=book)


def _asked(form: ApplicationForm) -> Asked:
    return Asked(**{name: form.cleaned_data[name] for name in ("amount", "annual_rate", "months", "first_due_on")})


def _facts(found: Application) -> list[Fact]:
    return [
        Fact("Business", str(found.organisation), found.organisation.get_legal_form_display()),
        Fact("Place", f"{found.organisation.place}, {found.organisation.region}"),
        Fact("Amount", money(found.amount)),
        Fact("Nominal rate", f"{percent(found.annual_rate)} a year, fixed, {found.day_count}"),
        Fact("Term", f"{found.months} months, first due {day(found.first_due_on)}"),
        Fact("Product", str(found.product)),
        Fact("Purpose", found.purpose or "–"),
        Fact("Applied on", day(found.applied_on)),
    ]


def _crumbs(book: Book, found: Application, label: str = "") -> list[Link]:
    here = Link(found.reference, reverse("desk:application", args=[book.code, found.pk]) if label else "")
    return [Link("Applications", reverse(SECTION, args=[book.code])), here, *([Link(label)] if label else [])]
