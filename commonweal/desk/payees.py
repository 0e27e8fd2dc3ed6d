"""Bank details at the desk: what waits for a call back, which accounts are in force, and proposing a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reads import record_read
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for, organisations_for
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.payees import DecideDetailsForm, ProposeDetailsForm, names_of, of_investor, of_organisation
from ledger import queries
from ledger.domain.bank_details import read_bank_details
from ledger.services import confirm_details, decline_details, propose_details

if TYPE_CHECKING:
    from ledger.models import Book, PayeeDetails

SECTION = "desk:repayments"


def payees(request: PersonRequest, book: str) -> HttpResponse:
    """What waits first, then the accounts in force; the last four digits of each."""
    of = book_of(request, book)
    waiting, in_force = list(queries.details_waiting(of)), list(queries.all_details_in_force(of))
    names = names_of(each.subject for each in (*waiting, *in_force))
    listed = [_row(each, names) for each in (*waiting, *in_force)]
    headings = ("Payee", "Account", "State", "Proposed on", "Proposed by", "Confirmed on", "Confirmed by")
    if file := download(request, Sheet(f"bank-details-{of.code}-{of.business_date}", headings, listed)):
        return file
    context = {
        "waiting": [(each, names.get(each.subject, each.subject)) for each in waiting],
        "in_force": [
            (each, names.get(each.subject, each.subject), queries.is_recent(each, of.business_date))
            for each in in_force
        ],
        "why_not_propose": why_not(request.user, "desk:payee-new", "POST", book=of.pk),
        "why_not_look": why_not(request.user, "desk:payee", "GET", book=of.pk),
    }
    return desk_page(request, "desk/payees/list.html", of, section=SECTION, crumbs=_crumbs(of), context=context)


def _row(details: PayeeDetails, names: Mapping[str, str]) -> tuple[str | date | None, ...]:
    """Of an account no more than the screen shows: its last four digits."""
    decision = getattr(details, "decision", None)
    named = (names.get(details.subject, details.subject), details.details.masked)
    proposed = (details.proposed_at.date(), str(details.proposed_by))
    decided = (decision.decided_on, str(decision.decided_by)) if decision else (None, "")
    return (*named, "In force" if decision else "Waiting for a call back", *proposed, *decided)


def payee_new(request: PersonRequest, book: str) -> HttpResponse:
    """Propose the account to which a business or an investor is paid."""
    of = book_of(request, book)
    form = ProposeDetailsForm(request.POST or None)
    payees = {of_organisation(one): str(one) for one in organisations_for(request.user)}
    payees |= {of_investor(one): str(one) for one in investors_for(request.user)}
    form.fields["payee"].choices = [("", "Choose who is paid"), *payees.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = {name: value for name, value in form.cleaned_data.items() if name != "payee"}
            subject = form.cleaned_data["payee"]
            made = propose_details(book=of, subject=subject, details=read_bank_details(**given), by=request.user)
            messages.success(
                request,
                f"The {made.details.masked} of {payees[subject]} is proposed. A colleague calls back and confirms.",
            )
            return redirect("desk:payees", of.code)
    crumbs = _crumbs(of, "Propose bank details")
    return desk_page(request, "desk/payees/new.html", of, section=SECTION, crumbs=crumbs, context={"form": form})


def payee(request: PersonRequest, book: str, details: int) -> HttpResponse:
    """One proposal in full, for whoever confirms; the reading is recorded."""
    of = book_of(request, book)
    found: PayeeDetails = get_object_or_404(queries.payee_details(of), pk=details)
    record_read(user=request.user, what="bank details", subject=str(found.pk))
    form = DecideDetailsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            decided = {"details": found, "how": form.cleaned_data["how"], "on": of.business_date, "by": request.user}
            if form.cleaned_data["decision"] == "confirm":
                confirm_details(shown_sha256=request.POST.get("sha256", ""), **decided)
                messages.success(request, f"The {found.details.masked} is confirmed and in force.")
            else:
                decline_details(**decided)
                messages.success(request, f"The {found.details.masked} is declined. What was in force stays in force.")
            return redirect("desk:payees", of.code)
    before = queries.details_in_force(of, found.subject)
    others = queries.payees_of_same_account(found)
    names = names_of([found.subject, *others])
    context = {
        "details": found,
        "payee": names.get(found.subject, found.subject),
        "others": [names.get(other, other) for other in others],
        "before": before if before and before.pk != found.pk else None,
        "form": form,
        "is_own": found.proposed_by_id == request.user.pk,
        "decision": getattr(found, "decision", None),
    }
    crumbs = _crumbs(of, f"Version {found.version}")
    return desk_page(request, "desk/payees/payee.html", of, section=SECTION, crumbs=crumbs, context=context)


def _crumbs(book: Book, label: str = "") -> list[Link]:
    here = Link("Bank details", reverse("desk:payees", args=[book.code]) if label else "")
    return [Link("Repayments", reverse(SECTION, args=[book.code])), here, *([Link(label)] if label else [])]
