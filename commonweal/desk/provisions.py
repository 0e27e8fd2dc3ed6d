"""Provisions at the desk: what each loan should have set aside, by which rule, how it moved, and guarantee schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact, Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.loss_forms import RuleForm, SchemeForm
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import day_in
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day, money, percent
from ledger.domain.money import from_minor
from loans.losses import (
    ProvisionRow,
    guarantee_schemes,
    provision_movement,
    provision_rows,
    provision_rules,
    provision_runs,
    rule_in_force,
    waiting_loss_proposals,
)
from loans.services import enter_scheme, provide, set_provision_rule

if TYPE_CHECKING:
    from ledger.models import Book

SECTION, PAGE = "desk:loans", "desk:provisions"


@dataclass(frozen=True, slots=True)
class RowShown:
    """A loan in the table, with the percentage of its stage in words."""

    row: ProvisionRow
    stage: str
    share: str


def provisions(request: PersonRequest, book: str) -> HttpResponse:
    """What provisions would be on a date, before anything is posted, with the method and how they moved."""
    of = book_of(request, book)
    return _page(request, of, RuleForm(initial={"on": of.business_date}))


def provision_rule(request: PersonRequest, book: str) -> HttpResponse:
    """Set the percentages from a day on."""
    of = book_of(request, book)
    form = RuleForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            set_provision_rule(
                book=of, percentages=form.percentages(), on=given["on"], reason=given["reason"], by=request.user
            )
            messages.success(request, f"These percentages count from {day(given['on'])} on.")
            return redirect(PAGE, of.code)
    return _page(request, of, form)


def provision_run(request: PersonRequest, book: str) -> HttpResponse:
    """Post what was shown, on the date that was shown; a second time it posts nothing."""
    of = book_of(request, book)
    on = day_in(request.POST.get("on", "")) or of.business_date
    try:
        run = provide(book=of, on=on, by=request.user, key=f"desk:{request.POST.get('key') or uuid4().hex}")
        changed = sum(1 for line in run.lines.all() if line.should != line.had)
        messages.success(request, f"Provisions of {day(run.on)} are posted: {changed} loans changed.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect(PAGE, of.code)


def scheme_enter(request: PersonRequest, book: str) -> HttpResponse:
    """Enter a guarantee scheme, or another version of its parameters, as its own guide has them."""
    of = book_of(request, book)
    form = SchemeForm(request.POST or None, currency=of.base_currency, initial={"on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            version = enter_scheme(
                book=of,
                code=given["code"],
                name=given["name"],
                terms=form.terms(),
                source=given["source"],
                by=request.user,
            )
            messages.success(request, f"{version.scheme} is entered with its parameters from {day(given['on'])} on.")
            return redirect(PAGE, of.code)
    crumbs = [Link("Loans", reverse(SECTION, args=[of.code])), Link("Provisions", reverse(PAGE, args=[of.code]))]
    context = {"form": form, "schemes": guarantee_schemes(of)}
    crumbs.append(Link("Guarantee scheme"))
    return desk_page(request, "desk/provisions/scheme.html", of, section=SECTION, crumbs=crumbs, context=context)


def _page(request: PersonRequest, book: Book, form: RuleForm) -> HttpResponse:
    as_of = asked_date(request, book)
    rule = rule_in_force(book, as_of)
    rows = provision_rows(book, as_of, rule) if rule else []
    shown = [RowShown(row, row.provided.exposure.stage.words, _share(row)) for row in rows]
    if file := download(request, _sheet(shown, book, as_of)):
        return file
    starts = asked_date(request, book, "from") if request.GET.get("from") else as_of.replace(day=1)
    runs = list(provision_runs(book)[:12])
    context: dict[str, Any] = {
        "as_of": as_of,
        "at": as_at(as_of, book),
        "sign": sign(book),
        "rule": rule,
        "percentages": [(stage.words, percent(share)) for stage, share in rule.percentages.items()] if rule else [],
        "rules": list(provision_rules(book)[:6]),
        "rows": shown,
        "totals": {
            name: _sum(book, (getattr(row, name) for row in rows)) for name in ("principal", "should", "has", "change")
        },
        "movement": _movement(book, starts, as_of),
        "from_on": starts,
        "runs": runs,
        "is_posted": any(run.on == as_of for run in runs),
        "waiting": waiting_loss_proposals(book),
        "schemes": guarantee_schemes(book),
        "form": form,
        "key": uuid4().hex,
        "why_not_run": why_not(request.user, "desk:provision-run", "POST", book=book.pk),
        "why_not_rule": why_not(request.user, "desk:provision-rule", "POST", book=book.pk),
    }
    crumbs = [Link("Loans", reverse(SECTION, args=[book.code])), Link("Provisions")]
    return desk_page(request, "desk/provisions/list.html", book, section=SECTION, crumbs=crumbs, context=context)


def _share(row: ProvisionRow) -> str:
    return "agreed" if row.provided.share is None else percent(row.provided.share)


def _movement(book: Book, from_on: date, to_on: date) -> list[Fact]:
    moved = provision_movement(book, min(from_on, to_on), to_on)
    lines = [
        ("Opening", moved.opening),
        ("Charge", moved.charge),
        ("Release", -moved.release),
        ("Used for losses", -moved.used),
        *([("Corrections", moved.other)] if moved.other else []),
    ]
    facts = [Fact(label, money(from_minor(minor, book.base_currency)), number=True) for label, minor in lines]
    return [*facts, Fact("Closing", money(from_minor(moved.closing, book.base_currency)), total=True)]


def _sum(book: Book, amounts: Any) -> Money:
    return sum(amounts, from_minor(0, book.base_currency))


def _sheet(rows: Sequence[RowShown], book: Book, as_of: date) -> Sheet:
    headings = ("Loan", "Borrower", "Stage", "Fraction", "Principal", "Guaranteed", "Should have", "Has", "Change")
    listed = [
        (
            shown.row.loan.reference,
            str(shown.row.loan.organisation),
            shown.stage,
            shown.row.provided.share if shown.row.provided.share is not None else Decimal(0),
            *(shown.row.principal, shown.row.guaranteed, shown.row.should, shown.row.has, shown.row.change),
        )
        for shown in rows
    ]
    return Sheet(f"provisions-{book.code}-{as_of}", headings, listed)
