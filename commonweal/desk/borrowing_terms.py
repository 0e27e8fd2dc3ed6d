"""What the fund agrees with its lenders, at the desk: proposed by one person, decided by another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for
from commonweal.desk.borrowing_forms import DecideTermsForm, FacilityForm, as_initial
from commonweal.desk.borrowings import SECTION, agreement_facts, crumbs, facility_of
from commonweal.desk.forms import offer, refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from investors.models import Facility, FacilityTerms
from investors.queries.borrowings import agreement_of, facility_terms, life_of
from investors.services import approve_facility_terms, decline_facility_terms, propose_facility, propose_terms
from loans.domain.schedule import planned_schedule

PLANNED = 12
STATES = {
    "waiting": ("watch", "Waits for a second person"),
    "approved": ("good", "Approved"),
    "declined": ("closed", "Declined"),
}


def facility_new(request: PersonRequest, book: str) -> HttpResponse:
    """Propose that the fund borrows from a lender."""
    of = book_of(request, book)
    form = FacilityForm(request.POST or None, initial={"effective_on": of.business_date})
    offer(form, "lender", investors_for(request.user).order_by("name"))
    use_currency(form, of.base_currency)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = {"lender": form.cleaned_data["lender"], "reason": form.cleaned_data["reason"]}
            made = propose_facility(book=of, agreement=form.agreement(), by=request.user, **given)
            return _proposed(request, made)
    context = {"form": form, "facility": None, "sign": sign(of)}
    way = crumbs(of, label="Borrow")
    return desk_page(request, "desk/borrowings/new.html", of, section=SECTION, crumbs=way, context=context)


def terms_new(request: PersonRequest, book: str, facility: int) -> HttpResponse:
    """Propose other terms of a facility, from a day on."""
    of = book_of(request, book)
    found = facility_of(of, facility)
    initial = as_initial(life_of(found).agreement) | {"effective_on": of.business_date}
    form = FacilityForm(request.POST or None, initial=initial)
    del form.fields["lender"]
    use_currency(form, of.base_currency)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            reason = form.cleaned_data["reason"]
            made = propose_terms(facility=found, agreement=form.agreement(), reason=reason, by=request.user)
            return _proposed(request, made)
    context = {"form": form, "facility": found, "sign": sign(of)}
    way = crumbs(of, found, "New terms")
    return desk_page(request, "desk/borrowings/new.html", of, section=SECTION, crumbs=way, context=context)


def terms(request: PersonRequest, book: str, facility: int, version: int) -> HttpResponse:
    """A version of what is agreed: what it says, the schedule that it plans, and who decides."""
    of = book_of(request, book)
    return _page(request, _version(facility_of(of, facility), version), DecideTermsForm())


def terms_decide(request: PersonRequest, book: str, facility: int, version: int) -> HttpResponse:
    """Approve exactly what was shown, or decline it with a reason."""
    of = book_of(request, book)
    found = _version(facility_of(of, facility), version)
    form = DecideTermsForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            messages.success(request, _decided(request, found, form))
            return redirect("desk:facility", of.code, found.facility_id)
    return _page(request, found, form)


def _proposed(request: PersonRequest, made: FacilityTerms) -> HttpResponse:
    facility = made.facility
    messages.success(
        request, f"{facility} with {facility.lender} is proposed. A colleague checks it; nothing counts yet."
    )
    return redirect("desk:facility-terms", facility.book.code, facility.pk, made.version)


def _decided(request: PersonRequest, found: FacilityTerms, form: DecideTermsForm) -> str:
    shown, reason = request.POST.get("sha256", ""), form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "decline":
        decline_facility_terms(terms=found, shown_sha256=shown, reason=reason, by=request.user)
        return f"{found} is declined."
    approve_facility_terms(terms=found, shown_sha256=shown, reason=reason, by=request.user)
    return f"{found} is approved."


def _version(facility: Facility, version: int) -> FacilityTerms:
    row: FacilityTerms = get_object_or_404(facility_terms(facility), version=version)
    return row


def _page(request: PersonRequest, found: FacilityTerms, form: DecideTermsForm) -> HttpResponse:
    facility, agreement = found.facility, agreement_of(found)
    book = facility.book
    rows = list(planned_schedule(agreement.terms))
    state, words = STATES[found.state]
    context = {
        "found": found,
        "facility": facility,
        "agreement": agreement,
        "facts": agreement_facts(agreement),
        "state": state,
        "words": words,
        "rows": rows[:PLANNED],
        "left_out": max(len(rows) - PLANNED, 0),
        "decision": getattr(found, "decision", None),
        "form": form,
        "is_own": found.proposed_by_id == request.user.pk,
        "why_not": why_not(request.user, "desk:facility-terms-decide", "POST", book=book.pk),
        "sign": sign(book),
    }
    way = crumbs(book, facility, f"Version {found.version}")
    return desk_page(request, "desk/borrowings/terms.html", book, section=SECTION, crumbs=way, context=context)
