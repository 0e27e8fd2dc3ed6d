"""One application at the desk: what is asked for, what it would mean, and the decision of a second pair of eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact, Moment
from commonweal.desk.applications import SECTION, application_crumbs, application_of
from commonweal.desk.forms import DecisionForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.preview import preview_of
from commonweal.desk.product_words import brings, rate_in_words
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day, money
from loans import queries, services
from loans.domain.application import ApplicationStatus, Move, allowed_moves
from loans.domain.terms import Terms
from loans.models import Application

if TYPE_CHECKING:
    from ledger.models import Book

TOLD = {
    Move.REVISE: "Terms changed by",
    Move.SUBMIT: "Submitted by",
    Move.SEND_BACK: "Sent back by",
    Move.APPROVE: "Approved by",
    Move.DECLINE: "Declined by",
}


def application(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """The terms, the schedule they make, and the decision panel."""
    of = book_of(request, book)
    return _page(request, of, application_of(request, of, application), DecisionForm())


def application_submit(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """Put it before somebody who may decide."""
    of = book_of(request, book)
    found = application_of(request, of, application)
    try:
        services.submit(application=found, on=of.business_date, by=request.user)
        messages.success(request, f"{found} waits for a decision by a colleague.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:application", of.code, found.pk)


def application_decide(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """Approve, send back or decline exactly the terms that were shown."""
    of = book_of(request, book)
    found = application_of(request, of, application)
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
    why_not_decide = why_not(request.user, "desk:application-decide", "POST", book=book.pk)
    if not why_not_decide and found.prepared_by_id == request.user.pk:
        why_not_decide = "You prepared this application, so a colleague has to decide."
    context = {
        "application": found,
        "facts": _facts(found),
        "preview": preview_of(queries.terms_asked(found), f"preview-{found.pk}"),
        "moments": _moments(found),
        "form": form,
        "sha256": queries.asked_terms_sha256(found),
        "why_not_decide": why_not_decide,
        "can_change": Move.REVISE in allowed_moves(ApplicationStatus(found.status)),
        "edit_url": reverse("desk:application-edit", args=[book.code, found.pk]),
        "why_not_edit": why_not(request.user, "desk:application-edit", "POST", book=book.pk),
        "sign": sign(book),
    }
    crumbs = application_crumbs(found)
    return desk_page(
        request, "desk/applications/application.html", book, section=SECTION, crumbs=crumbs, context=context
    )


def _moments(found: Application) -> list[Moment]:
    """What happened to the application, the latest first."""
    steps = found.steps.select_related("recorded_by").order_by("-pk")
    return [
        Moment(step.effective_on, f"{TOLD[Move(step.move)]} {step.recorded_by}", step.reason, state="done")
        for step in steps
    ]


def _wishes(terms: Terms) -> list[Fact]:
    """What is asked for besides, where anything is."""
    drawn = "; ".join(f"{money(tranche.amount)} on {day(tranche.on)}" for tranche in terms.drawdowns)
    first = f"All on {day(terms.drawn_on)}" if terms.drawn_on and not drawn else ""
    only = f"{terms.interest_only_periods}" if terms.interest_only_periods else ""
    payment = money(Money(terms.payment, terms.currency)) if terms.payment else ""
    told = (("Planned drawdowns", drawn or first), ("Interest-only periods", only), ("Given payment", payment))
    return [Fact(label, value) for label, value in told if value]


def _facts(found: Application) -> list[Fact]:
    return [
        Fact("Business", str(found.organisation)),
        Fact("Legal form", found.organisation.get_legal_form_display().capitalize()),
        Fact("Place", f"{found.organisation.place}, {found.organisation.get_region_display()}"),
        Fact("Purpose", found.purpose or "–"),
        Fact("Amount", money(found.amount)),
        Fact("Nominal rate", f"{rate_in_words(found)}, {found.day_count.upper()}"),
        Fact("Term", f"{found.months} months, first due {day(found.first_due_on)}"),
        *_wishes(queries.terms_asked(found)),
        Fact("Product", str(found.product_version), note=brings(found.product_version)),
        Fact("Applied on", day(found.applied_on)),
    ]
