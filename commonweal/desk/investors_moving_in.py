"""Investors that come in from another system, at the desk: a list is tried, looked at, and brought in as shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.investor_templates import template_file
from commonweal.desk.sent_file import SentFile, sent_file
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.words import counted
from commonweal.form_fields import PlainForm
from commonweal.jobs.bringing_in_investors import InvestorsTold, bring_in_investors, read_sent, try_investors
from commonweal.jobs.moving_in import SentSheet
from commonweal.jobs.refusals import REFUSALS
from investors.domain.brought_investors import InvestorSheet
from ledger.services import keep_spreadsheet

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:investors"
HERE = "desk:investors-moving-in"
TRY = "desk:investors-moving-in-try"
PURPOSE = "investors-moving-in"
PER_PAGE = 50
FIELDS = {"investors": InvestorSheet.INVESTORS, "totals": InvestorSheet.TOTALS}


class InvestorsFileForm(PlainForm):
    """The list of investors and its control totals."""

    investors = forms.FileField(label="Investors", help_text="CSV, or one XLSX workbook with both sheets.")
    totals = forms.FileField(
        label="Control totals", help_text="CSV, as the other system gives them.", required=False
    )  # fmt: skip

    def kept(self, book: Book, request: PersonRequest) -> dict[str, str]:
        """Keep what was sent, by the fields that it came in, and lead to it. Raises a FileRefused."""
        found = {}
        for name in FIELDS:
            if file := self.cleaned_data.get(name):
                kept = keep_spreadsheet(name=file.name, content=file.read(), by=request.user)
                found[name] = SentFile(PURPOSE, book.pk, kept.pk, file.name).token
        return found


def moving_in(request: PersonRequest, book: str) -> HttpResponse:
    """The templates, and the form; a post keeps a list that can be read, and leads to what would come of it."""
    of = book_of(request, book)
    if file := template_file(request):
        return file
    form = InvestorsFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form), transaction.atomic():
            tokens = form.kept(of, request)
            read_sent(_sent(of, tokens))
            return redirect(f"{reverse(TRY, args=[of.code])}?{urlencode(tokens)}")
    context = {"form": form, "why_not_try": why_not(request.user, HERE, "POST", book=of.pk)}
    return desk_page(request, "desk/investors/moving_in.html", of, section=SECTION, crumbs=_crumbs(of), context=context)


def try_list(request: PersonRequest, book: str) -> HttpResponse:
    """What each row of a list that was sent would do; a post brings all of it in."""
    of = book_of(request, book)
    asked = request.POST if request.method == "POST" else request.GET
    tokens = {name: asked[name] for name in FIELDS if asked.get(name)}
    if "investors" not in tokens:
        return redirect(HERE, of.code)
    files = _sent(of, tokens)
    try:
        listed = read_sent(files)
        if request.method == "POST":
            told = bring_in_investors(book=of, listed=listed, by=request.user)
            messages.success(request, _done(told))
            return redirect(SECTION, of.code)
        told = try_investors(book=of, listed=listed, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(HERE, of.code)
    if file := download(request, _faults_sheet(of, told)):
        return file
    context = {
        "name": files[InvestorSheet.INVESTORS][0],
        "told": told,
        "rows": Paginator(told.rows, PER_PAGE).get_page(request.GET.get("page")),
        "tokens": tokens,
        "query": urlencode(tokens),
        "why_not_bring": why_not(request.user, TRY, "POST", book=of.pk),
    }
    crumbs = [*_crumbs(of, more=True), Link("What would come of it")]
    return desk_page(request, "desk/investors/moving_in_try.html", of, section=SECTION, crumbs=crumbs, context=context)


def _sent(book: Book, tokens: Mapping[str, str]) -> dict[InvestorSheet, SentSheet]:
    sent = {FIELDS[name]: sent_file(PURPOSE, book, token) for name, token in tokens.items()}
    return {sheet: (file.name, file.content) for sheet, file in sent.items()}


def _done(told: InvestorsTold) -> str:
    if not told.new:
        return "All that the list says stands here already, so nothing was changed."
    changed = counted(told.new, "investor is", "investors are")
    waiting = sum("its bank account is proposed" in one.does for one in told.rows)
    accounts = counted(waiting, "bank account waits", "bank accounts wait")
    return f"{changed} brought in.{f' {accounts} for a call back.' if waiting else ''}"


def _faults_sheet(book: Book, told: InvestorsTold) -> Sheet:
    rows = [(str(one.part), one.row or None, one.column, one.message) for one in told.faults]
    return Sheet(f"investors-moving-in-{book.code}", ("Sheet", "Row", "Column", "What is wrong"), rows)


def _crumbs(book: Book, *, more: bool = False) -> list[Link]:
    here = reverse(HERE, args=[book.code]) if more else ""
    return [Link("Investors", reverse(SECTION, args=[book.code])), Link("Move investors in", here)]
