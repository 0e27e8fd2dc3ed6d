"""Applications at the desk: the list, and preparing or changing what is asked for with its schedule in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import applications_for, organisations_for
from commonweal.components import Fact, Link
from commonweal.desk.forms import ApplicationForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.preview import Preview, preview_of
from commonweal.desk.product_words import brings, limits_in_words, price_in_words
from commonweal.documents.list_files import Sheet, download
from loans import queries, services
from loans.domain.application import ApplicationStatus, Move, allowed_moves
from loans.domain.conventions import Tranche
from loans.models import Application, ProductVersion
from loans.services import Asked

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:applications"


def applications(request: PersonRequest, book: str) -> HttpResponse:
    """The applications, those that wait for a decision first."""
    of = book_of(request, book)
    found = queries.applications(of)
    headings = ("Application", "Business", "Amount", "Annual rate", "Months", "Status", "Prepared by", "Applied on")
    rows = [
        (
            a.reference,
            str(a.organisation),
            a.amount,
            a.annual_rate,
            a.months,
            a.get_status_display(),
            str(a.prepared_by),
            a.applied_on,
        )
        for a in found
    ]
    if file := download(request, Sheet(f"applications-{of.code}", headings, rows)):
        return file
    context = {
        "applications": sorted(found, key=lambda a: a.status != ApplicationStatus.SUBMITTED),
        "why_not_new": why_not(request.user, "desk:application-new", "POST", book=of.pk),
        "new_url": reverse("desk:application-new", args=[of.code]),
        "sign": sign(of),
    }
    return desk_page(request, "desk/applications/list.html", of, section=SECTION, context=context)


def application_new(request: PersonRequest, book: str) -> HttpResponse:
    """Prepare an application; "Work out the schedule" only shows what its terms would mean."""
    of = book_of(request, book)
    form = ApplicationForm(request.POST or None, book=of, organisations=organisations_for(request.user))
    context: dict[str, Any] = {"form": form, "products": _products(of), "book": of}
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            if "work_out" in request.POST:
                version = queries.version_in_force(form.cleaned_data["product"], of.business_date)
                context["preview"] = _preview(form, version)
            else:
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
    return desk_page(request, "desk/applications/edit.html", of, section=SECTION, crumbs=crumbs, context=context)


def application_edit(request: PersonRequest, book: str, application: int) -> HttpResponse:
    """Write other terms; whoever does so has prepared them and cannot approve them."""
    of = book_of(request, book)
    found = application_of(request, of, application)
    if Move.REVISE not in allowed_moves(ApplicationStatus(found.status)):
        messages.error(
            request, f"{found} is {found.get_status_display().lower()}; its terms stand. Nothing was changed."
        )
        return redirect("desk:application", of.code, found.pk)
    theirs = organisations_for(request.user)
    form = ApplicationForm(request.POST or None, book=of, organisations=theirs, initial=_initial(found))
    form.fields["organisation"].disabled = form.fields["product"].disabled = True
    context: dict[str, Any] = {"form": form, "application": found, "products": [_limits(found.product_version)]}
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            if "work_out" in request.POST:
                context["preview"] = _preview(form, found.product_version)
            else:
                purpose, on = form.cleaned_data["purpose"], of.business_date
                services.revise(application=found, asked=_asked(form), purpose=purpose, on=on, by=request.user)
                messages.success(
                    request, f"{found} has new terms, prepared by you. A decision about the old ones is void."
                )
                return redirect("desk:application", of.code, found.pk)
    crumbs = application_crumbs(found, "Change")
    return desk_page(request, "desk/applications/edit.html", of, section=SECTION, crumbs=crumbs, context=context)


def application_of(request: PersonRequest, book: Book, pk: int) -> Application:
    """The application in the address, if it is one of the person's in this book; otherwise the page does not exist."""
    found = applications_for(request.user).select_related(
        "organisation", "product_version__product", "product_version__index", "product", "prepared_by", "book"
    )
    return get_object_or_404(found, pk=pk, book=book)


def application_crumbs(found: Application, label: str = "") -> list[Link]:
    """The way to an application, or to something that is done with it."""
    book = found.book.code
    here = Link(found.reference, reverse("desk:application", args=[book, found.pk]) if label else "")
    return [Link("Applications", reverse(SECTION, args=[book])), here, *([Link(label)] if label else [])]


def _initial(found: Application) -> dict[str, Any]:
    terms = queries.terms_asked(found)
    first = (Tranche(terms.drawn_on, terms.principal),) if terms.drawn_on else ()
    return {
        "interest_only_periods": terms.interest_only_periods,
        "payment": Money(terms.payment, terms.currency) if terms.payment else None,
        "drawdowns": terms.drawdowns or first,
        "organisation": found.organisation_id,
        "product": found.product_id,
        "amount": found.amount,
        "annual_rate": None if found.product_version.index_id else found.annual_rate,
        "months": found.months,
        "first_due_on": found.first_due_on,
        "purpose": found.purpose,
    }


def _asked(form: ApplicationForm) -> Asked:
    given = form.cleaned_data
    return Asked(
        **{name: given[name] for name in ("amount", "annual_rate", "months", "first_due_on", "drawdowns")},
        interest_only_periods=given["interest_only_periods"] or 0,
        payment=given["payment"].amount if given["payment"] else None,
    )


def _preview(form: ApplicationForm, version: ProductVersion) -> Preview:
    """The schedule of the terms in the form. Raises ImpossibleTerms, OutsideProduct, BaseRateGap, UnknownCalendar."""
    return preview_of(queries.terms_for_product(version, _asked(form)), "preview")


def _products(book: Book) -> list[Fact]:
    on = book.business_date
    return [_limits(version) for version in queries.versions_in_force(book, on)]


def _limits(version: ProductVersion) -> Fact:
    """What a product allows, and what it brings."""
    return Fact(version.product.name, f"{limits_in_words(version)}; {price_in_words(version)}", note=brings(version))
