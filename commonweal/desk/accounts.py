"""A business's accounts at the desk: the figures that stand, what was said before, and giving them for the business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from borrowers.domain.accounts import AccountsKind, Line
from borrowers.models import Accounts, Organisation
from borrowers.queries import accounts_history, current_accounts
from borrowers.services import give_accounts
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for, organisations_for
from commonweal.accounts_form import AccountsForm, initial_of, next_days
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.loans import SECTION
from commonweal.documents.list_files import Sheet, download
from commonweal.templatetags.commonweal import span
from loans.covenants import needed_figures

if TYPE_CHECKING:
    from ledger.models import Book

SHOWN = 8
"""Sets of accounts in the table, the latest first; the file has all."""


def accounts(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """The figures side by side, the latest first, with what was restated."""
    of = book_of(request, book)
    found = _organisation(request, organisation)
    standing = list(current_accounts(found))
    headings = ("From", "To", "Kind", "Currency", *(line.label for line in Line), "Surplus", "Given by")
    rows = [
        (
            one.period_start,
            one.span.last_day,
            one.get_kind_display(),
            one.currency,
            *(one.money(line) for line in Line),
            one.surplus,
            str(one.recorded_by),
        )
        for one in standing
    ]
    if file := download(request, Sheet(f"accounts-{found.pk}", headings, rows)):
        return file
    shown = standing[:SHOWN]
    context = {
        "organisation": found,
        "shown": shown,
        "rows": [(line.label, [one.money(line) for one in shown]) for line in Line],
        "surpluses": [one.surplus for one in shown],
        "restated": [accounts_history(one) for one in standing if one.replaces_id],
        "loans": loans_for(request.user).filter(book=of, organisation=found).order_by("reference"),
        "count": len(standing),
        "new_url": reverse("desk:accounts-new", args=[of.code, found.pk]),
        "why_not_give": why_not(request.user, "desk:accounts-new", "POST", book=of.pk),
    }
    crumbs = _crumbs(of, found)
    return desk_page(request, "desk/accounts/list.html", of, section=SECTION, crumbs=crumbs, context=context)


def accounts_new(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """Give figures for a business, or restate those that `replaces` in the query string names."""
    of = book_of(request, book)
    found = _organisation(request, organisation)
    replaced = _replaced(request, found)
    last = current_accounts(found).first()
    form = AccountsForm(
        request.POST or None,
        currency=replaced.currency if replaced else of.base_currency,
        needed=needed_figures(found),
        last=last,
        replaces=replaced,
        initial=initial_of(replaced) if replaced else next_days(last, of.business_date),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            give_accounts(
                organisation=found,
                span=form.span,
                kind=AccountsKind(form.cleaned_data["kind"]),
                currency=form.currency,
                figures=form.figures,
                on=of.business_date,
                by=request.user,
                replaces=replaced,
                reason=form.cleaned_data.get("reason", ""),
            )
            days = span(form.span.start, form.span.last_day)
            messages.success(
                request, f"The figures of {found} for {days} are kept; its covenants are tested with them."
            )
            return redirect("desk:accounts", of.code, found.pk)
    context = {"organisation": found, "form": form, "replaced": replaced}
    crumbs = _crumbs(of, found, "Restate" if replaced else "Give figures")
    return desk_page(request, "desk/accounts/new.html", of, section=SECTION, crumbs=crumbs, context=context)


def _organisation(request: PersonRequest, pk: int) -> Organisation:
    return get_object_or_404(organisations_for(request.user), pk=pk)


def _replaced(request: PersonRequest, organisation: Organisation) -> Accounts | None:
    """The standing accounts that are to be restated, if the query string names any of the business's."""
    key = request.GET.get("replaces", "")
    return current_accounts(organisation).filter(pk=int(key)).first() if key.isdecimal() and len(key) < 15 else None


def _crumbs(book: Book, organisation: Organisation, label: str = "") -> list[Link]:
    loans = Link("Loans", reverse(SECTION, args=[book.code]))
    if not label:
        return [loans, Link(f"Accounts of {organisation}")]
    return [loans, Link("Accounts", reverse("desk:accounts", args=[book.code, organisation.pk])), Link(label)]
