"""Moving in at the desk: files go up, the dry run says what would fail, a colleague confirms, and all of it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PlainForm
from commonweal.jobs.moving_in import WORKBOOK, ask_for_dry_run, ask_to_move_in
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import figure
from ledger.domain.money import from_minor
from loans.domain.moving_in.findings import Part
from loans.domain.moving_in.loan_row import LOANS
from loans.domain.moving_in.other_rows import HISTORY, TRIAL_BALANCE
from loans.domain.moving_in.totals import COUNTED, NAMES, TOTALS
from loans.models import MovingIn
from loans.moving_in_queries import moving_ins
from loans.services import BroughtFile, confirm_moving_in, prepare_moving_in, withdraw_moving_in

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:loans"
PER_PAGE = 50
OPEN_STATES = ("prepared", "refused", "ready")
FIELDS = {"loans": Part.LOANS, "trial_balance": Part.TRIAL_BALANCE, "totals": Part.TOTALS, "history": Part.HISTORY}


TEMPLATES = {
    "loans": Sheet("loans", (*LOANS.required, *LOANS.optional), []),
    "trial-balance": Sheet("trial-balance", (*TRIAL_BALANCE.required, *TRIAL_BALANCE.optional), []),
    "totals": Sheet("totals", (*TOTALS.required, *TOTALS.optional), [(name, "") for name in NAMES]),
    "history": Sheet("history", (*HISTORY.required, *HISTORY.optional), []),
}
"""An empty sheet of each kind, to be filled in."""


class MovingInForm(PlainForm):
    """The files of a book of loans, and the day from which it is serviced here."""

    cut_over_on = DayField(
        noun="the first day here",
        label="First day here",
        help_text="Balances are those of the evening before; what falls due on this day falls due here.",
    )
    loans = forms.FileField(label="Loans", help_text="CSV, or one XLSX workbook with all the sheets.")
    trial_balance = forms.FileField(label="Opening trial balance", help_text="CSV.", required=False)
    totals = forms.FileField(label="Control totals", help_text="CSV.", required=False)
    history = forms.FileField(label="History, if there is any", help_text="CSV.", required=False)

    def sent_files(self) -> dict[str, BroughtFile]:
        """What was sent, by the sheet that each file is; a workbook holds them all."""
        sent = {part: self.cleaned_data.get(name) for name, part in FIELDS.items()}
        found = {str(part): BroughtFile(file.name, file.read()) for part, file in sent.items() if file}
        if len(found) == 1 and found[Part.LOANS].name.lower().endswith(".xlsx"):
            return {WORKBOOK: found[Part.LOANS]}
        return found


@dataclass(frozen=True, slots=True)
class TotalShown:
    """A control total as it was given, as the rows make it, and as it stands in the books."""

    name: str
    given: str
    made: str
    brought: str
    ties: bool


def moving_in_list(request: PersonRequest, book: str) -> HttpResponse:
    """The books of loans that came from elsewhere, and the form for another one."""
    of = book_of(request, book)
    template = TEMPLATES.get(request.GET.get("template", ""))
    if file := download(request, template or _list_sheet(of)):
        return file
    return _list_page(request, of, MovingInForm(initial={"cut_over_on": of.business_date}))


def moving_in_new(request: PersonRequest, book: str) -> HttpResponse:
    """Keep the files and ask for the dry run; the job's page tells how it goes."""
    of = book_of(request, book)
    form = MovingInForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form), transaction.atomic():
            day = form.cleaned_data["cut_over_on"]
            made = prepare_moving_in(book=of, cut_over_on=day, files=form.sent_files(), by=request.user)
            job = ask_for_dry_run(moving_in=made, by=request.user)
            return redirect("desk:job", of.code, job.pk)
    return _list_page(request, of, form)


def moving_in(request: PersonRequest, book: str, moving_in: int) -> HttpResponse:
    """One book of loans: what its dry run found, its totals, and the decision of the second person."""
    of = book_of(request, book)
    found = get_object_or_404(moving_ins(of), pk=moving_in)
    if file := download(request, _sheet(of, found)):
        return file
    why = why_not(request.user, "desk:moving-in-confirm", "POST", book=of.pk)
    if found.prepared_by_id == request.user.pk and not why:
        why = "You prepared this, so a colleague has to confirm it."
    context = {
        "found": found,
        "files": found.files.all(),
        "page": Paginator(found.findings.all(), PER_PAGE).get_page(request.GET.get("page")),
        "totals": _totals(found),
        "is_open": found.state in OPEN_STATES,
        "why_not_confirm": why,
        "why_not_withdraw": why_not(request.user, "desk:moving-in-withdraw", "POST", book=of.pk),
        "sign": sign(of),
    }
    crumbs = [*_crumbs(of), Link(str(found))]
    return desk_page(request, "desk/moving_in/one.html", of, section=SECTION, crumbs=crumbs, context=context)


def moving_in_confirm(request: PersonRequest, book: str, moving_in: int) -> HttpResponse:
    """Agree, as a second person, that exactly these files move in, and ask for it."""
    of = book_of(request, book)
    found = get_object_or_404(moving_ins(of), pk=moving_in)
    try:
        with transaction.atomic():
            confirmed = confirm_moving_in(moving_in=found, shown_sha256=request.POST.get("sha256", ""), by=request.user)
            job = ask_to_move_in(moving_in=confirmed, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:moving-in", of.code, found.pk)
    return redirect("desk:job", of.code, job.pk)


def moving_in_withdraw(request: PersonRequest, book: str, moving_in: int) -> HttpResponse:
    """Take back what is not confirmed."""
    of = book_of(request, book)
    found = get_object_or_404(moving_ins(of), pk=moving_in)
    try:
        withdraw_moving_in(moving_in=found, by=request.user)
        messages.success(request, f"{found} is withdrawn. Nothing was brought in.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:moving-in", of.code, found.pk)


def _list_sheet(book: Book) -> Sheet:
    headings = ("Number", "First day here", "Loans", "Prepared by", "State")
    rows = [
        (str(one), one.cut_over_on, (one.found or {}).get("rows"), str(one.prepared_by), one.get_state_display())
        for one in moving_ins(book)
    ]
    return Sheet(f"moving-in-{book.code}-{book.business_date}", headings, rows)


def _list_page(request: PersonRequest, book: Book, form: MovingInForm) -> HttpResponse:
    found = Paginator(moving_ins(book), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": found,
        "templates": TEMPLATES,
        "why_not_new": why_not(request.user, "desk:moving-in-new", "POST", book=book.pk),
    }
    crumbs = _crumbs(book)[:-1]
    crumbs.append(Link("Moving in"))
    return desk_page(request, "desk/moving_in/list.html", book, section=SECTION, crumbs=crumbs, context=context)


def _totals(found: MovingIn) -> list[TotalShown]:
    tried, brought = found.found or {}, found.brought or {}
    given, made = tried.get("given", {}), tried.get("made", {})
    currency = found.book.base_currency
    return [
        TotalShown(
            name.capitalize(),
            given=_told(name, given.get(name), currency),
            made=_told(name, made.get(name), currency),
            brought=_told(name, brought.get(name), currency),
            ties=given.get(name) == made.get(name),
        )
        for name in NAMES
        if given
    ]


def _told(name: str, value: int | None, currency: str) -> str:
    if value is None:
        return ""
    return f"{value:,}" if name in COUNTED else str(figure(from_minor(value, currency)))


def _sheet(book: Book, found: MovingIn) -> Sheet:
    rows: list[tuple[Any, ...]] = [
        (one.part, one.row or None, one.column, one.message) for one in found.findings.order_by("place")
    ]
    return Sheet(f"moving-in-{book.code}-{found.number}", ("Sheet", "Row", "Column", "What is wrong"), rows)


def _crumbs(book: Book) -> list[Link]:
    return [
        Link("Loans", reverse(SECTION, args=[book.code])),
        Link("Moving in", reverse("desk:moving-ins", args=[book.code])),
    ]
