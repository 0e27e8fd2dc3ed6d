"""Direct Debit at the desk: what waits, what is to be collected when, the mandates, and what the banks report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.debit_forms import AdviceForm, SettingForm
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.jobs.debits import bring_in_advices
from commonweal.jobs.refusals import REFUSALS
from commonweal.letters.debits import can_be_told
from commonweal.templatetags.commonweal import day
from ledger import queries as ledger
from loans.debits import (
    Standing,
    collection_days,
    debit_runs,
    debit_settings,
    mandates,
    mandates_to_tell,
    notices_to_give,
    standings,
)
from loans.domain.direct_debit.mandate import MandateState, Scheme
from loans.models import DebitScheme
from loans.services import instructions_to_send, make_instructions, set_debits

if TYPE_CHECKING:
    from ledger.models import Book

SECTION, PAGE = "desk:repayments", "desk:debits"
LATEST = 20
DAYS = 6
STATES = {
    MandateState.SIGNED: "watch",
    MandateState.LODGED: "due",
    MandateState.LIVE: "good",
    MandateState.CANCELLED: "closed",
    MandateState.LAPSED: "closed",
}
RUN_STATES = {"waiting": "watch", "approved": "good", "declined": "closed", "withdrawn": "closed"}


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate in the list, with its state as a tag and the next collection that was told."""

    standing: Standing
    tag: str
    next_on: date | None


def debits(request: PersonRequest, book: str) -> HttpResponse:
    """What waits, what is to be collected, and every mandate."""
    of = book_of(request, book)
    rows = mandate_rows(standings(mandates(of), of.business_date))
    return download(request, _sheet(of, rows)) or _page(request, of, rows, AdviceForm())


def debit_advice(request: PersonRequest, book: str) -> HttpResponse:
    """Do what a bank's report says."""
    of = book_of(request, book)
    form = AdviceForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form):
            content = form.cleaned_data["file"].read()
            messages.success(request, bring_in_advices(book=of, content=content, by=request.user).words)
            return redirect(PAGE, of.code)
    return _page(request, of, mandate_rows(standings(mandates(of), of.business_date)), form)


def debit_instruct(request: PersonRequest, book: str) -> HttpResponse:
    """Make the file that tells the banks of new and ended mandates."""
    of = book_of(request, book)
    try:
        run = make_instructions(book=of, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(PAGE, of.code)
    messages.success(request, f"{run} waits for a second person.")
    return redirect("desk:debit-run", of.code, run.pk)


def debit_settings_page(request: PersonRequest, book: str) -> HttpResponse:
    """How the book collects, and since when."""
    of = book_of(request, book)
    accounts = [(one.code, one.name) for one in ledger.bank_accounts(of)]
    first = {"effective_on": of.business_date, "presents_again": True, "creditor_name": of.fund_name[:70]}
    form = SettingForm(request.POST or None, accounts=accounts, initial=first)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            setting = set_debits(
                bank_account=ledger.bank_accounts(of).get(code=given["bank_account"]),
                scheme=Scheme(given["scheme"]),
                collects=form.collects(),
                effective_on=given["effective_on"],
                by=request.user,
            )
            messages.success(request, f"{setting.get_scheme_display()} is set from {day(setting.effective_on)} on.")
            return redirect("desk:debit-settings", of.code)
    found = list(debit_settings(of))
    context = {
        "form": form,
        "settings": found,
        "why_not_set": why_not(request.user, "desk:debit-settings", "POST", book=of.pk),
    }
    headings = ("Scheme", "From", "Number", "Name", "Credited to", "Notice", "Set by")
    listed = [
        (
            one.get_scheme_display(),
            one.effective_on,
            one.identifier,
            one.creditor_name,
            one.bank_account.name,
            one.period.words,
            str(one.set_by),
        )
        for one in found
    ]
    if file := download(request, Sheet(f"direct-debit-settings-{of.code}-{of.business_date}", headings, listed)):
        return file
    crumbs = crumbs_to(of, "Settings")
    return desk_page(request, "desk/debits/settings.html", of, section=SECTION, crumbs=crumbs, context=context)


def mandate_rows(found: Sequence[Standing]) -> list[MandateRow]:
    """Mandates as the list shows them."""
    return [MandateRow(one, STATES[one.state], _next_on(one)) for one in found]


def _next_on(one: Standing) -> date | None:
    if not one.state.stands:
        return None
    return min((told.collect_on for told in one.told if told.collect_on > one.on), default=None)


def crumbs_to(book: Book, *labels: str) -> list[Link]:
    """The way to the pages about Direct Debit."""
    here = Link("Direct Debit", reverse(PAGE, args=[book.code]) if labels else "")
    return [Link("Repayments", reverse(SECTION, args=[book.code])), here, *(Link(label) for label in labels)]


def _page(request: PersonRequest, book: Book, rows: list[MandateRow], form: AdviceForm) -> HttpResponse:
    on = book.business_date
    runs = list(debit_runs(book)[:LATEST])
    context: dict[str, Any] = {
        "rows": rows,
        "runs": [(run, RUN_STATES[run.state]) for run in runs],
        "days": [
            (scheme, label, collect_on)
            for scheme, label in DebitScheme.choices
            for collect_on in collection_days(book, scheme, on)[:DAYS]
        ],
        "by_post": _by_post(book, on),
        "instructions": len(instructions_to_send(book, on)),
        "is_set": debit_settings(book).exists(),
        "form": form,
        "why_not_run": why_not(request.user, "desk:debit-run-new", "POST", book=book.pk),
        "why_not_advice": why_not(request.user, "desk:debit-advice", "POST", book=book.pk),
        "why_not_instruct": why_not(request.user, "desk:debit-instruct", "POST", book=book.pk),
    }
    return desk_page(request, "desk/debits/list.html", book, section=SECTION, crumbs=crumbs_to(book), context=context)


def _by_post(book: Book, on: date) -> list[tuple[Standing, int]]:
    """Whom nobody can write an e-mail to, with how many days they have to be told of."""
    found = notices_to_give(mandates_to_tell(book, on), on)
    return [(one, len(days)) for one, days in found if not can_be_told(one.mandate.loan)]


def _sheet(book: Book, rows: Sequence[MandateRow]) -> Sheet:
    headings = ("Mandate", "Loan", "Business", "Scheme", "Account", "Signed on", "State", "Next collection")
    listed = [
        (
            row.standing.mandate.reference,
            row.standing.mandate.loan.reference,
            str(row.standing.mandate.loan.organisation),
            row.standing.mandate.get_scheme_display(),
            row.standing.details.masked,
            row.standing.mandate.signed_on,
            str(row.standing.state),
            row.next_on,
        )
        for row in rows
    ]
    return Sheet(f"mandates-{book.code}-{book.business_date}", headings, listed)
